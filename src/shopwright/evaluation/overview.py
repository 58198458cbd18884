"""The home of a bot: is it live and well, what was asked this week, what it could not answer, what to do next."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.bots.schemas import Overview, OverviewDocument, OverviewStep, OverviewWeek, Unanswered
from shopwright.conversations.store import text_of
from shopwright.kit.errors import NotFound

WEEK = timedelta(days=7)
MOST_UNANSWERED, MOST_DOCUMENTS, MOST_STEPS = 10, 5, 3
ENOUGH_TO_LOOK_AT = 3

_FACTS = sa.text(
    "select b.is_active, b.is_public, b.revision, b.allowed_domains, b.name,"
    " p.status as provider_status, (s.id is not null) as has_scope,"
    " (select count(*) from bot_datasets l join documents d on d.tenant_id = l.tenant_id"
    "  and d.dataset_id = l.dataset_id where l.tenant_id = :tenant and l.bot_id = b.id and l.is_active) as documents,"
    " (select count(*) from bot_datasets l join documents d on d.tenant_id = l.tenant_id"
    "  and d.dataset_id = l.dataset_id where l.tenant_id = :tenant and l.bot_id = b.id and l.is_active"
    "  and d.status = 'failed') as failed,"
    " (select count(*) from conversations c where c.tenant_id = :tenant and c.bot_id = b.id"
    "  and c.updated_at >= :since) as conversations"
    " from bots b left join tenant_ai_providers p on p.tenant_id = b.tenant_id and p.id = b.tenant_ai_provider_id"
    " left join scopes s on s.tenant_id = b.tenant_id and s.bot_id = b.id"
    " where b.tenant_id = :tenant and b.id = :bot"
)
_WEEK = sa.text(
    "select count(*) as turns, count(*) filter (where t.outcome = 'answered') as answered,"
    " count(*) filter (where t.outcome = 'declined') as declined,"
    " count(*) filter (where t.outcome = 'refused') as refused,"
    " count(*) filter (where t.outcome = 'handoff') as handoff,"
    " count(*) filter (where f.rating = 'up') as up, count(*) filter (where f.rating = 'down') as down"
    " from turns t left join message_feedback f on f.tenant_id = t.tenant_id and f.id = t.id"
    " where t.tenant_id = :tenant and t.bot_id = :bot and t.created_at >= :since"
)
_UNANSWERED = sa.text(
    "select t.id, t.conversation_id, t.created_at, m.parts from turns t join messages m"
    " on m.tenant_id = t.tenant_id and m.id = t.inbound_message_id"
    " where t.tenant_id = :tenant and t.bot_id = :bot and t.created_at >= :since and t.outcome = 'declined'"
    " order by t.created_at desc limit :most"
)
_DOCUMENTS = sa.text(
    "select c ->> 'document_id' as document_id, min(c ->> 'title') as title, count(*) as citations"
    " from turns t join messages m on m.tenant_id = t.tenant_id and m.id = t.id,"
    " jsonb_array_elements(m.citations) c"
    " where t.tenant_id = :tenant and t.bot_id = :bot and t.created_at >= :since"
    " group by 1 order by 3 desc, 1 limit :most"
)


@dataclass(frozen=True, slots=True)
class _Situation:
    bot_id: UUID
    facts: Any
    week: Any


async def load_overview(session: AsyncSession, tenant_id: UUID, bot_id: UUID) -> Overview:
    """What its owner wants to know first.

    Raises:
        NotFound: there is no such bot.
    """
    ids = {"tenant": tenant_id, "bot": bot_id, "since": datetime.now(UTC) - WEEK}
    facts = (await session.execute(_FACTS, ids)).first()
    if facts is None:
        raise NotFound(what="bot")
    week = (await session.execute(_WEEK, ids)).one()
    unanswered = await session.execute(_UNANSWERED, {**ids, "most": MOST_UNANSWERED})
    documents = await session.execute(_DOCUMENTS, {**ids, "most": MOST_DOCUMENTS})
    return Overview(
        bot_id=bot_id,
        live=facts.is_active and facts.is_public,
        healthy=facts.is_active and facts.failed == 0 and facts.provider_status != "invalid" and facts.documents > 0,
        revision=facts.revision,
        week=OverviewWeek(
            conversations=facts.conversations, turns=week.turns, answered=week.answered, declined=week.declined,
            refused=week.refused, handoff=week.handoff, up=week.up, down=week.down,
        ),
        unanswered=[
            Unanswered(
                text=text_of(row.parts), at=row.created_at, message_id=row.id, conversation_id=row.conversation_id
            )
            for row in unanswered
        ],
        top_documents=[
            OverviewDocument(document_id=UUID(row.document_id), title=row.title or "", citations=row.citations)
            for row in documents
        ],
        next_steps=_next_steps(_Situation(bot_id, facts, week)),
    )  # fmt: skip


def _next_steps(now: _Situation) -> list[OverviewStep]:
    """At most three, the most urgent first."""
    facts, week, bot = now.facts, now.week, f"/bots/{now.bot_id}"
    talks = f"/conversations?bot_id={now.bot_id}"
    steps = [
        (facts.documents == 0, "add_knowledge", "Add knowledge",
         "The bot has nothing to answer from yet. Add your website, files or text.", f"{bot}/knowledge"),
        (facts.provider_status == "invalid", "mend_provider", "Check the AI key",
         "The AI provider refused the key, so the bot quotes its documents only.", "/settings/providers"),
        (facts.failed > 0, "mend_documents", "Look at documents that could not be read",
         f"{facts.failed} could not be read; each one says why.", f"{bot}/knowledge"),
        (not facts.is_active, "switch_on", "Switch the bot on", "It answers nobody while it is off.",
         f"{bot}/answers"),
        (week.declined >= ENOUGH_TO_LOOK_AT, "answer_questions", "Answer what it could not",
         f"{week.declined} questions this week had no answer in your documents.", f"{talks}&outcome=declined"),
        (week.down >= ENOUGH_TO_LOOK_AT, "read_feedback", "Read what customers did not like",
         f"{week.down} answers were rated down this week.", f"{talks}&rating=down"),
        (not facts.has_scope, "set_scope", "Say what it may talk about",
         "Without topics it talks about all that stands in its documents.", f"{bot}/topics"),
        (facts.is_public and not facts.allowed_domains, "set_domains", "Say which websites may use it",
         "Any page may show this bot at the moment.", f"{bot}/access"),
        (not facts.is_public, "go_live", "Put it on your website", "Copy one line into your page.", f"{bot}/live"),
    ]  # fmt: skip
    wanted = [step for step in steps if step[0]]
    return [
        OverviewStep(code=code, title=title, detail=detail, link=link)
        for _, code, title, detail, link in wanted[:MOST_STEPS]
    ]
