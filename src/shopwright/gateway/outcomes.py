"""What became of a message: each answer of a platform is written down under the claim that asked for it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.port import OutboundMessage, Rejected, Sent
from shopwright.contacts.service import mark_gone
from shopwright.deployments.models import Deployment
from shopwright.deployments.service import set_status
from shopwright.gateway.models import Outbound, Thread
from shopwright.gateway.services import defer_send
from shopwright.gateway.stored import event_json
from shopwright.kit.sentences import sentence

if TYPE_CHECKING:
    from shopwright.gateway.sending import Outgoing

TOUCH_SECONDS = 5
CLOSED = sentence("The customer wrote too long ago: this platform now takes only a template, and none is set.")


async def _record(session: AsyncSession, outgoing: "Outgoing", **values: Any) -> bool:
    """Write, unless another worker has taken the message meanwhile."""
    done = await session.execute(
        sa.update(Outbound)
        .where(
            Outbound.tenant_id == outgoing.deployment.tenant_id, Outbound.id == outgoing.id,
            Outbound.claim == outgoing.claim, Outbound.state == "pending",
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return isinstance(done, CursorResult) and done.rowcount == 1


async def record_sent(session: AsyncSession, outgoing: "Outgoing", sent: Sent, part: int, parts: int) -> bool:
    """One part arrived, perhaps the last."""
    values: dict[str, Any] = {"sent_parts": part, "error": ""}
    if sent.message_id:
        values["external_ids"] = Outbound.external_ids.op("||")(sa.cast([sent.message_id], Outbound.external_ids.type))
    if part == parts:
        values |= {"state": "sent", "sent_at": sa.func.now(), "message": sa.null()}
    recorded = await _record(session, outgoing, **values)
    if recorded and part == parts:
        await _note_success(session, outgoing)
    return recorded


async def record_wait(session: AsyncSession, outgoing: "Outgoing", reason: str, seconds: float) -> None:
    """It is tried again later; the messages behind it wait too."""
    later = sa.func.now() + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    if await _record(session, outgoing, attempts=outgoing.attempts + 1, error=reason, next_at=later):
        await defer_send(session, outgoing.deployment.tenant_id, outgoing.thread_id, seconds)


def in_a_template(settings: Mapping[str, Any], message: OutboundMessage) -> OutboundMessage | None:
    """What goes out in the place of a message that comes too late, when there is something."""
    template = str(settings.get("template") or "")
    if not template or message.template:
        return None
    values = (message.text,) if settings.get("template_takes_text") else ()
    return replace(message, template=template, template_values=values)


async def record_template(session: AsyncSession, outgoing: "Outgoing", message: OutboundMessage) -> None:
    """The platform's window is closed: its template goes out in the place of the message."""
    await _record(session, outgoing, message=event_json(message), sent_parts=0, external_ids=[], as_template=True)


async def record_rejected(session: AsyncSession, outgoing: "Outgoing", rejected: Rejected) -> None:
    """It will never be accepted; what that says about the person or the account is noted too."""
    if not await _record(session, outgoing, state="dead", attempts=outgoing.attempts + 1, error=rejected.reason):
        return
    tenant_id: UUID = outgoing.deployment.tenant_id
    if rejected.gone:
        await _note_gone(session, outgoing, rejected.reason)
    problem = {"last_error": rejected.reason, "last_error_at": sa.func.now()}
    if rejected.account:
        await set_status(
            session, tenant_id, outgoing.deployment.id, "failed", rejected.reason, "credentials", **problem
        )
    else:
        await session.execute(_deployment(outgoing).values(**problem))


async def _note_gone(session: AsyncSession, outgoing: "Outgoing", reason: str) -> None:
    tenant_id = outgoing.deployment.tenant_id
    contact_id = await session.scalar(
        sa.update(Thread)
        .where(Thread.tenant_id == tenant_id, Thread.id == outgoing.thread_id)
        .values(gone=reason)
        .returning(Thread.contact_id)
        .execution_options(synchronize_session=False)
    )
    if contact_id is not None:
        await mark_gone(session, tenant_id, contact_id, outgoing.deployment.channel, reason)


async def _note_success(session: AsyncSession, outgoing: "Outgoing") -> None:
    old = sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 0, 0, TOUCH_SECONDS)
    stale = sa.or_(Deployment.last_outbound_at.is_(None), Deployment.last_outbound_at < old)
    await session.execute(_deployment(outgoing).where(stale).values(last_outbound_at=sa.func.now()))


def _deployment(outgoing: "Outgoing") -> sa.Update:
    return sa.update(Deployment).where(
        Deployment.tenant_id == outgoing.deployment.tenant_id, Deployment.id == outgoing.deployment.id
    )
