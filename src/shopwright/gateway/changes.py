"""Events that are no message: receipts, edits, deletions, reactions, people who leave and come back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.port import AccountEvent, MessageDeleted, MessageEdited, Reaction, Receipt
from shopwright.contacts.service import mark_gone
from shopwright.conversations.models import Message
from shopwright.deployments.live import LiveDeployment
from shopwright.deployments.service import set_status
from shopwright.gateway.again import said, send_again
from shopwright.gateway.models import Inbound, Outbound, Thread
from shopwright.gateway.outcomes import CLOSED, in_a_template
from shopwright.gateway.stored import event_json, message_name, read_event, thread_id
from shopwright.kit.sentences import sentence

# A receipt for a whole thread says nothing new of messages further back than this.
MAX_READ = 50
_ORDER = {"sent": 1, "delivered": 2, "read": 3, "failed": 4}


async def note_changes(session: AsyncSession, deployment: LiveDeployment, rows: Sequence[Inbound]) -> set[UUID]:
    """Write down what the events other than messages change, in the order they came.

    Returns:
        The conversations that look different now.
    """
    changed: set[UUID] = set()
    for row in rows:
        if row.kind == "message":
            continue
        event = read_event(row.kind, row.event or {})
        if isinstance(event, Receipt):
            row.reason = await _receipt(session, deployment, event, changed)
        elif isinstance(event, MessageEdited | MessageDeleted):
            row.reason = await _correct(session, deployment, event, rows, changed)
        elif isinstance(event, Reaction):
            row.reason = await _react(session, deployment, event, changed)
        elif isinstance(event, AccountEvent):
            await _account(session, deployment, event)
        row.state, row.event = "done", None
    return changed


async def _receipt(
    session: AsyncSession, deployment: LiveDeployment, receipt: Receipt, changed: set[UUID]
) -> str:  # fmt: skip
    """What became of a message of ours. Receipts overtake each other: a later state is not undone by an earlier."""
    sent = sa.select(Outbound).where(
        Outbound.tenant_id == deployment.tenant_id, Outbound.deployment_id == deployment.id, Outbound.state != "pending"
    )
    if receipt.message_id:
        sent = sent.where(Outbound.external_ids.contains([receipt.message_id]))
    else:  # all that was sent to the thread by then
        until = receipt.until or sa.func.now()
        sent = sent.where(Outbound.thread_id == thread_id(deployment.id, receipt.thread), Outbound.sent_at <= until)
        sent = sent.order_by(Outbound.seq.desc()).limit(MAX_READ)
    found = (await session.scalars(sent)).all()
    for row in found:
        if _ORDER[receipt.state] > _ORDER.get(row.receipt or "", 0):
            row.receipt = receipt.state
            changed.add(row.conversation_id)
            if receipt.state == "failed" and not (receipt.window_closed and await _instead(session, deployment, row)):
                late = CLOSED if receipt.window_closed and not row.as_template else ""
                row.state = "dead"
                row.error = late or receipt.reason or sentence("The platform could not deliver it.")
    return "" if found else "of a message that was not sent from here"


async def _instead(session: AsyncSession, deployment: LiveDeployment, row: Outbound) -> bool:
    """The platform took it and found later that its window is closed: its template goes out, if there is one."""
    message = None if row.as_template else await said(session, deployment.tenant_id, row)
    instead = in_a_template(deployment.settings, message) if message else None
    if instead is None:
        return False
    row.message, row.external_ids, row.sent_parts, row.as_template = event_json(instead), [], 0, True
    await send_again(session, deployment.tenant_id, row)
    return True


async def _correct(
    session: AsyncSession, deployment: LiveDeployment, event: MessageEdited | MessageDeleted, rows: Sequence[Inbound],
    changed: set[UUID],
) -> str:  # fmt: skip
    """A message that waits is changed or dropped; one that was answered keeps its answer, and shows the change."""
    name = message_name(event.message_id)
    waiting = next((r for r in rows if r.external_id == name and r.state == "new" and r.turn_key is None), None)
    if waiting is not None:
        if isinstance(event, MessageDeleted):
            waiting.state, waiting.reason, waiting.event = "done", "deleted by its sender", None
        else:
            waiting.event = {**(waiting.event or {}), "text": event.text}
        return ""
    turn_key = await session.scalar(
        sa.select(Inbound.turn_key).where(
            Inbound.tenant_id == deployment.tenant_id, Inbound.deployment_id == deployment.id,
            Inbound.external_id == name,
        )
    )  # fmt: skip
    part: dict[str, Any] = {"type": "deleted"}
    if isinstance(event, MessageEdited):
        part = {"type": "edited", "text": event.text}
    if turn_key is None or not await _add_part(session, deployment, Message.client_key == str(turn_key), part, changed):
        return "of a message that is not known here"
    return ""


async def _react(session: AsyncSession, deployment: LiveDeployment, event: Reaction, changed: set[UUID]) -> str:
    """A reaction is shown with the message of ours it was given to."""
    message_id: UUID | None = await session.scalar(
        sa.select(Outbound.id).where(
            Outbound.tenant_id == deployment.tenant_id, Outbound.deployment_id == deployment.id,
            Outbound.external_ids.contains([event.message_id]),
        )
    )  # fmt: skip
    part = {"type": "reaction", "emoji": event.emoji, "removed": event.removed}
    if message_id is None or not await _add_part(session, deployment, Message.id == message_id, part, changed):
        return "to a message that was not sent from here"
    return ""


async def _add_part(
    session: AsyncSession, deployment: LiveDeployment, which: sa.ColumnElement[bool], part: dict[str, Any],
    changed: set[UUID],
) -> bool:  # fmt: skip
    conversation_id: UUID | None = await session.scalar(
        sa.update(Message)
        .where(Message.tenant_id == deployment.tenant_id, which)
        .values(parts=Message.parts.op("||")(sa.cast([part], Message.parts.type)))
        .returning(Message.conversation_id)
        .execution_options(synchronize_session=False)
    )
    if conversation_id is not None:
        changed.add(conversation_id)
    return conversation_id is not None


async def _account(session: AsyncSession, deployment: LiveDeployment, event: AccountEvent) -> None:
    """Somebody left or came back, or the platform took the token away."""
    if event.kind == "revoked":
        detail = event.detail or sentence("The platform ended our access; send a new token and connect again.")
        await set_status(
            session, deployment.tenant_id, deployment.id, "failed", detail, "revoked", last_error=detail,
            last_error_at=sa.func.now(),
        )  # fmt: skip
        return
    reasons = {
        "blocked": sentence("The customer blocked the bot."),
        "opt_out": sentence("The customer asked for no more messages."),
    }
    gone = reasons.get(event.kind)
    thread = thread_id(deployment.id, event.thread)
    changed = await session.execute(
        sa.update(Thread)
        .where(Thread.tenant_id == deployment.tenant_id, Thread.id == thread)
        .values(gone=gone)
        .returning(Thread.contact_id)
        .execution_options(synchronize_session=False)
    )
    contact_id = changed.scalar_one_or_none()
    if contact_id is not None:
        await mark_gone(session, deployment.tenant_id, contact_id, deployment.channel, gone)
