"""Dead letters: what came and could not be answered, what was to go out and could not be delivered."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.deployments.models import Deployment
from shopwright.gateway.again import said, send_again
from shopwright.gateway.models import Inbound, Outbound
from shopwright.gateway.services import defer_turn
from shopwright.gateway.stored import event_json
from shopwright.kit.errors import NotFound
from shopwright.kit.pagination import Cursor, decode_cursor, encode_cursor

# So many are tried again at once: the request must end.
MANY = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters; None leaves a side open."""

    deployment_id: UUID | None = None
    bot_id: UUID | None = None

    def conditions(self, box: Any, tenant_id: UUID) -> list[sa.ColumnElement[bool]]:
        found = [box.tenant_id == tenant_id, box.state == "dead"]
        if self.deployment_id is not None:
            found.append(box.deployment_id == self.deployment_id)
        else:  # what got stuck in the lab is nobody's, unless it is asked for
            played = sa.select(Deployment.id).where(Deployment.tenant_id == tenant_id, Deployment.lab)
            found.append(box.deployment_id.not_in(played))
        if self.bot_id is not None:
            own = sa.select(Deployment.id).where(Deployment.tenant_id == tenant_id, Deployment.bot_id == self.bot_id)
            found.append(box.deployment_id.in_(own))
        return found


async def page_letters(
    session: AsyncSession, tenant_id: UUID, limit: int, cursor: str | None, wanted: Wanted
) -> tuple[list[Any], str | None]:
    """One page of both boxes, the newest first."""
    asked, said = Inbound.event["text"].astext, Outbound.message["text"].astext
    came = _of(Inbound, "in", Inbound.reason, Inbound.claim, asked, tenant_id, wanted)
    went = _of(Outbound, "out", Outbound.error, Outbound.attempts, said, tenant_id, wanted)
    both = sa.union_all(came, went).subquery()
    order = sa.tuple_(both.c.created_at, both.c.id)
    query = sa.select(both)
    if cursor is not None:
        at = decode_cursor(cursor)
        query = query.where(order < sa.tuple_(sa.literal(at.created_at), sa.literal(at.id)))
    query = query.order_by(both.c.created_at.desc(), both.c.id.desc()).limit(limit + 1)
    rows = list((await session.execute(query)).all())
    if len(rows) <= limit:
        return rows, None
    last: datetime = rows[limit - 1].created_at
    return rows[:limit], encode_cursor(Cursor(last, rows[limit - 1].id))


def _of(
    box: Any, direction: str, reason: Any, attempts: Any, text: Any, tenant_id: UUID, wanted: Wanted
) -> sa.Select[Any]:
    return sa.select(
        box.id, sa.literal(direction).label("direction"), box.deployment_id, box.conversation_id,
        reason.label("reason"), attempts.label("attempts"), text.label("text"), box.created_at,
    ).where(*wanted.conditions(box, tenant_id))  # fmt: skip


async def replay_many(session: AsyncSession, tenant_id: UUID, wanted: Wanted) -> tuple[int, int]:
    """Try the oldest dead letters again, `MANY` at a time; returns how many, and how many are left."""
    boxes = [sa.select(box.id, box.created_at).where(*wanted.conditions(box, tenant_id)) for box in (Inbound, Outbound)]
    both = sa.union_all(*boxes).subquery()
    ids = (await session.scalars(sa.select(both.c.id).order_by(both.c.created_at, both.c.id).limit(MANY))).all()
    replayed = 0
    for letter_id in ids:
        with suppress(NotFound):  # it went with another one of its turn, or somebody else was first
            await replay(session, tenant_id, letter_id)
            replayed += 1
    left = await session.scalar(sa.select(sa.func.count()).select_from(sa.union_all(*boxes).subquery()))
    return replayed, left or 0


async def replay(session: AsyncSession, tenant_id: UUID, letter_id: UUID) -> None:
    """Try a dead letter again, as if it were new.

    Raises:
        NotFound: there is none with this id.
    """
    came = await session.scalar(_dead(Inbound, tenant_id, letter_id))
    if came is not None:
        together = [Inbound.turn_key == came.turn_key] if came.turn_key is not None else [Inbound.id == came.id]
        await session.execute(
            sa.update(Inbound)
            .where(Inbound.tenant_id == tenant_id, Inbound.state == "dead", *together)
            .values(state="new", reason="", claim=0)
        )
        await defer_turn(session, tenant_id, came.thread_id, 0)
        return
    went = await session.scalar(_dead(Outbound, tenant_id, letter_id))
    if went is None:
        raise NotFound(what="dead letter")
    if went.message is None:  # the platform took it, and said later that it did not arrive
        message = await said(session, tenant_id, went)
        if message is None:
            raise NotFound(what="dead letter")
        went.message, went.sent_parts, went.as_template = event_json(message), 0, False
    await send_again(session, tenant_id, went)


def _dead(box: Any, tenant_id: UUID, letter_id: UUID) -> Any:
    return sa.select(box).where(box.tenant_id == tenant_id, box.id == letter_id, box.state == "dead").with_for_update()
