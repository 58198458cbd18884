"""Questions about many conversations: lists with filters, what was used, what could not be answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from shopwright.conversations.models import Attachment, Conversation, Message, MessageFeedback, Turn
from shopwright.conversations.schemas import AttachmentRead, Delivery, MessageRead
from shopwright.conversations.store import text_of

SHOWN_CHARACTERS = 160
ON_NO_PLATFORM = "web"
# Of the package above this one, which may not be imported.
_OUTBOX = sa.table("outbox", *map(sa.column, ("tenant_id", "id", "state", "receipt", "error")))
_LIKE_SIGNS = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


@dataclass(frozen=True, slots=True)
class Filters:
    """Which conversations; None leaves a side open."""

    bot_id: UUID | None = None
    client_id: UUID | None = None
    outcome: str | None = None
    rating: str | None = None
    channel: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """What a list shows of a conversation beside its row."""

    last_message: str = ""
    rating: str | None = None
    outcomes: tuple[str, ...] = ()


def conditions(tenant_id: UUID, wanted: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.bot_id is not None:
        found.append(Conversation.bot_id == wanted.bot_id)
    if wanted.client_id is not None:
        bots = sa.table("bots", sa.column("tenant_id"), sa.column("id"), sa.column("client_id"))
        own = sa.select(bots.c.id).where(bots.c.tenant_id == tenant_id, bots.c.client_id == wanted.client_id)
        found.append(Conversation.bot_id.in_(own))
    if wanted.since is not None:
        found.append(Conversation.updated_at >= wanted.since)
    if wanted.until is not None:
        found.append(Conversation.created_at < wanted.until)
    if wanted.outcome is not None:
        found.append(_has(Turn, tenant_id, Turn.outcome == wanted.outcome))
    if wanted.rating is not None:
        found.append(_has(MessageFeedback, tenant_id, MessageFeedback.rating == wanted.rating))
    if wanted.channel is not None:
        channel = Conversation.meta["channel"].astext
        found.append(channel.is_(None) if wanted.channel == ON_NO_PLATFORM else channel == wanted.channel)
    if wanted.text:
        pattern = f"%{wanted.text.translate(_LIKE_SIGNS)}%"
        said = sa.cast(Message.parts.op("->")(0).op("->>")("text"), sa.Text)
        found.append(_has(Message, tenant_id, said.ilike(pattern, escape="\\")))
    return found


def _has(model: Any, tenant_id: UUID, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return sa.exists().where(model.tenant_id == tenant_id, model.conversation_id == Conversation.id, condition)


async def glances(session: AsyncSession, tenant_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Glance]:
    """The last message, the outcomes and the worst rating of each conversation, in one statement."""
    rows = await session.execute(
        sa.text(
            "select c.id, (select m.parts from messages m where m.tenant_id = :tenant and m.conversation_id = c.id"
            "  order by m.ordinal desc limit 1) as parts,"
            " (select array_agg(distinct t.outcome) from turns t where t.tenant_id = :tenant"
            "  and t.conversation_id = c.id) as outcomes,"
            " (select min(f.rating) from message_feedback f where f.tenant_id = :tenant"
            "  and f.conversation_id = c.id) as rating"  # "down" comes before "up"
            " from conversations c where c.tenant_id = :tenant and c.id = any(:ids)"
        ),
        {"tenant": tenant_id, "ids": list(ids)},
    )
    return {
        row.id: Glance(_short(text_of(row.parts or [])), row.rating, tuple(sorted(row.outcomes or ()))) for row in rows
    }


@dataclass(frozen=True, slots=True)
class Fate:
    """What came of a message: the visitor's rating, and where it went to a platform, whether it arrived."""

    rating: str | None
    comment: str
    delivery: Delivery | None


async def fates(session: AsyncSession, tenant_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Fate]:
    """What came of each of these messages, in one statement."""
    box, rated = _OUTBOX.c, MessageFeedback
    rows = await session.execute(
        sa.select(Message.id, rated.rating, rated.comment, box.state, box.receipt, box.error)
        .outerjoin(rated, sa.and_(rated.tenant_id == Message.tenant_id, rated.id == Message.id))
        .outerjoin(_OUTBOX, sa.and_(box.tenant_id == Message.tenant_id, box.id == Message.id))
        .where(Message.tenant_id == tenant_id, Message.id.in_(ids))
    )
    return {
        row.id: Fate(row.rating, row.comment or "", _delivery(row.state, row.receipt, row.error) if row.state else None)
        for row in rows
    }


async def files_of(
    session: AsyncSession, tenant_id: UUID, messages: Sequence[MessageRead]
) -> dict[UUID, list[AttachmentRead]]:
    """What became of the files that these messages name, in one statement."""
    named = {
        message.id: [UUID(part["id"]) for part in message.parts if part.get("type") == "attachment" and "id" in part]
        for message in messages
    }
    ids = [id_ for of_message in named.values() for id_ in of_message]
    if not ids:
        return {message.id: [] for message in messages}
    rows = await session.scalars(sa.select(Attachment).where(Attachment.tenant_id == tenant_id, Attachment.id.in_(ids)))
    found = {row.id: AttachmentRead.model_validate(row) for row in rows}
    return {id_: [found[one] for one in of_message if one in found] for id_, of_message in named.items()}


def _delivery(state: str, receipt: str | None, error: str) -> Delivery:
    if state == "dead":
        return Delivery(state="failed", reason=error)
    if state == "pending":
        return Delivery(state="waiting", reason=error)
    return Delivery(state=cast("Literal['sent', 'delivered', 'read', 'failed']", receipt or "sent"))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """One day (UTC) of turns, by outcome, with tokens and money. `cost_minor` is in hundredths of the currency."""

    day: date
    currency: str
    turns: int
    answered: int
    declined: int
    refused: int
    handoff: int
    prompt_tokens: int
    completion_tokens: int
    cost_minor: float


async def usage(
    session: AsyncSession, tenant_id: UUID, since: datetime, until: datetime, bot_id: UUID | None = None
) -> list[DayOfUse]:
    """What was used, day by day; a day in two currencies has a row for each."""
    day = sa.cast(sa.func.timezone("UTC", Turn.created_at), sa.Date).label("day")
    outcomes = [
        sa.func.count().filter(Turn.outcome == name).label(name)
        for name in ("answered", "declined", "refused", "handoff")
    ]
    sums = [
        sa.func.coalesce(sa.func.sum(column), 0).label(column.key)
        for column in (Turn.prompt_tokens, Turn.completion_tokens, Turn.cost_minor)
    ]
    query = (
        sa.select(day, Turn.currency, sa.func.count().label("turns"), *outcomes, *sums)
        .where(Turn.tenant_id == tenant_id, Turn.created_at >= since, Turn.created_at < until)
        .group_by(day, Turn.currency)
        .order_by(day)
    )
    if bot_id is not None:
        query = query.where(Turn.bot_id == bot_id)
    return [DayOfUse(**row) for row in (await session.execute(query)).mappings()]
