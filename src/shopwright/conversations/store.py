"""Writing a turn: one statement stores what came in and reads the memory, one stores the answer.

Two messages of one conversation get their places in order, since the row of the conversation is locked for the
moment of the first statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.errors import Conflict, InvalidInput, NotFound
from shopwright.kit.ids import uuid7

LIVE_MESSAGES = 15
BLOCKS = {"products"}
# A message without an answer for this long lost its turn, such as by a crash: sent again it gets a new one.
BEING_ANSWERED_SECONDS = 30

# This commit need not wait for the disk: nobody is told of it, and the one that stores the answer, which is waited
# for, puts it on the disk as well.
_OPEN = sa.text(
    "with talk as (insert into conversations (tenant_id, id, bot_id, session_id, metadata, message_count)"
    " values (:tenant, :conversation, :bot, :session_id, cast(:metadata as jsonb), 2)"
    " on conflict (tenant_id, session_id) do update set message_count = conversations.message_count + 2,"
    # What a page says of its visitor later is added, up to a size.
    " metadata = case when length((conversations.metadata || excluded.metadata)::text) <= 20000"
    "  then conversations.metadata || excluded.metadata else conversations.metadata end,"
    " updated_at = now() returning id, bot_id, status, message_count, cleared_to),"
    " inbound as (insert into messages (tenant_id, id, conversation_id, ordinal, direction, author, parts, client_key)"
    " select :tenant, :message, id, message_count - 1, 'inbound', 'contact', cast(:parts as jsonb), :client_key"
    " from talk where bot_id = :bot on conflict (tenant_id, conversation_id, client_key)"
    " where client_key is not null do nothing returning id)"
    " select set_config('synchronous_commit', 'off', true), talk.id, talk.bot_id, talk.status,"
    " talk.message_count, (select id from inbound) as stored,"
    " (select jsonb_agg(jsonb_build_object('author', h.author, 'parts', h.parts,"
    "  'outcome', h.outcome) order by h.ordinal) from"
    "  (select author, parts, ordinal, outcome from messages m where m.tenant_id = :tenant"
    "   and m.conversation_id = talk.id"
    "   and m.ordinal > talk.cleared_to order by ordinal desc limit :memory) h) as history from talk"
)
_ANSWERED = sa.text(
    "select m.id as inbound_id, m.parts as asked, m.created_at > now() - make_interval(secs => :seconds) as fresh,"
    " a.id, a.parts, a.outcome, a.citations, a.usage from messages m"
    " left join turns t on t.tenant_id = m.tenant_id and t.inbound_message_id = m.id"
    " and t.conversation_id = m.conversation_id"
    " left join messages a on a.tenant_id = t.tenant_id and a.id = t.id"
    " where m.tenant_id = :tenant and m.conversation_id = :conversation and m.client_key = :client_key"
    " order by a.created_at limit 1"
)
_GIVE_BACK = sa.text(
    "update conversations set message_count = message_count - 2 where tenant_id = :tenant and id = :conversation"
)
_CLOSE = sa.text(
    "with outbound as (insert into messages (tenant_id, id, conversation_id, ordinal, direction, author, parts,"
    " outcome, citations, usage) values (:tenant, :message, :conversation, :ordinal, 'outbound', 'bot',"
    " cast(:parts as jsonb), :outcome, cast(:citations as jsonb), cast(:usage as jsonb))),"
    " turn as (insert into turns (tenant_id, id, conversation_id, bot_id, inbound_message_id, outcome, provider, model,"
    " prompt_tokens, completion_tokens, cost_minor, currency, total_ms, trace) values (:tenant, :message,"
    " :conversation, :bot, :inbound, :outcome, :provider, :model, :prompt_tokens, :completion_tokens, :cost_minor,"
    " :currency, :total_ms, cast(:trace as jsonb)))"
    " update conversations set status = case when :handoff then 'handoff' else status end,"
    " language = :language, updated_at = now() where tenant_id = :tenant and id = :conversation"
)


class MessageKeyReused(InvalidInput):
    """The Idempotency-Key was used for another message of this session; use a new one."""

    code = "idempotency_key_reused"


class StillAnswering(Conflict):
    """The message is still being answered; send it again in a moment to get the answer."""

    code = "still_answering"


@dataclass(frozen=True, slots=True)
class Said:
    author: str
    text: str
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A turn whose question is stored."""

    conversation_id: UUID
    session_id: str
    inbound_message_id: UUID
    ordinal: int  # the answer's place in the conversation
    status: str
    history: list[Said]
    # The answer this message already got, when it was sent twice.
    replay: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What is kept of an answer."""

    message_id: UUID
    text: str
    outcome: str
    citations: list[dict[str, Any]]
    usage: dict[str, Any]
    provider: str
    model: str
    language: str
    total_ms: float
    trace: dict[str, Any] = field(default_factory=dict)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    quick_replies: list[str] = field(default_factory=list)


async def open_turn(
    session: AsyncSession,
    tenant_id: UUID,
    bot_id: UUID,
    session_id: str,
    text: str,
    *,
    metadata: dict[str, Any],
    client_key: str | None,
    parts: Sequence[dict[str, Any]] = (),
    takes_over: bool = False,
) -> OpenTurn:
    """Store an inbound message and read what was said before.

    Args:
        parts: what the message holds beside its text.
        takes_over: the caller knows that nobody else is still at work on this message.

    Raises:
        NotFound: the session belongs to another bot.
        MessageKeyReused: another message was sent with this key.
        StillAnswering: this message came a moment ago and has no answer yet.
    """
    message_id = uuid7()
    row = (
        await session.execute(
            _OPEN,
            {
                "tenant": tenant_id, "conversation": uuid7(), "bot": bot_id, "session_id": session_id,
                "metadata": _json(metadata), "message": message_id, "parts": _json([*_parts(text), *parts]),
                "client_key": client_key, "memory": LIVE_MESSAGES,
            },
        )
    ).one()  # fmt: skip
    if row.bot_id != bot_id:
        raise NotFound(what="session")
    history = [Said(h["author"], text_of(h["parts"]), h["outcome"]) for h in row.history or ()]
    replay = None
    if row.stored is None:
        found = await session.execute(
            _ANSWERED,
            {
                "tenant": tenant_id, "conversation": row.id, "client_key": client_key,
                "seconds": BEING_ANSWERED_SECONDS,
            },
        )  # fmt: skip
        earlier = found.one()
        if text_of(earlier.asked) not in {text, ""}:
            raise MessageKeyReused(reason="")
        if earlier.id is None and earlier.fresh and not takes_over:
            raise StillAnswering(headers={"Retry-After": "2"}, reason="")
        message_id = earlier.inbound_id
        if earlier.id is not None:
            # The places taken above stay free: the row is locked, so nobody has got later ones.
            await session.execute(_GIVE_BACK, {"tenant": tenant_id, "conversation": row.id})
            replay = {
                "message_id": earlier.id, "answer": text_of(earlier.parts), "outcome": earlier.outcome,
                "citations": earlier.citations, "usage": earlier.usage, "blocks": blocks_of(earlier.parts),
                "quick_replies": quick_replies_of(earlier.parts),
            }  # fmt: skip
    return OpenTurn(
        row.id, session_id, message_id, row.message_count, row.status, [h for h in history if h.text], replay
    )


async def close_turn(
    session: AsyncSession, tenant_id: UUID, bot_id: UUID, turn: OpenTurn, answer: StoredAnswer
) -> None:
    """Store the answer, its trace and what it cost, before it is said to be done."""
    await session.execute(
        _CLOSE,
        {
            "tenant": tenant_id, "message": answer.message_id, "conversation": turn.conversation_id,
            "ordinal": turn.ordinal, "parts": _json(_parts(answer.text, answer.blocks, answer.quick_replies)),
            "outcome": answer.outcome,
            "citations": _json(answer.citations), "usage": _json(answer.usage), "bot": bot_id,
            "inbound": turn.inbound_message_id, "provider": answer.provider, "model": answer.model,
            "prompt_tokens": answer.usage["prompt_tokens"], "completion_tokens": answer.usage["completion_tokens"],
            "cost_minor": answer.usage["cost_minor"], "currency": answer.usage["currency"],
            "total_ms": answer.total_ms, "trace": _json(answer.trace), "handoff": answer.outcome == "handoff",
            "language": answer.language,
        },
    )  # fmt: skip


def text_of(parts: list[dict[str, Any]]) -> str:
    """The text of a message; parts of other kinds are left out."""
    return "\n".join(part["text"] for part in parts if part.get("type") == "text")


def blocks_of(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a message shows beside its text, such as product cards."""
    return [part for part in parts if part.get("type") in BLOCKS]


def quick_replies_of(parts: list[dict[str, Any]]) -> list[str]:
    return [item for part in parts if part.get("type") == "quick_replies" for item in part["items"]]


def _parts(text: str, blocks: Sequence[dict[str, Any]] = (), quick_replies: Sequence[str] = ()) -> list[dict[str, Any]]:
    replies = [{"type": "quick_replies", "items": list(quick_replies)}] if quick_replies else []
    return [{"type": "text", "text": text}, *blocks, *replies]


def _json(value: object) -> str:
    return orjson.dumps(value, default=str).decode()
