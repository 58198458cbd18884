"""A message that went out already, or was given up, goes out again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.port import CitedSource, OutboundMessage
from shopwright.conversations.models import Message
from shopwright.conversations.store import text_of
from shopwright.gateway.models import Outbound, Thread
from shopwright.gateway.services import defer_send


def sources_of(citations: Sequence[dict[str, Any]]) -> tuple[CitedSource, ...]:
    found = {c["number"]: CitedSource(c["number"], c["title"] or "", c["url"] or "") for c in citations}
    return tuple(found[number] for number in sorted(found))


async def said(session: AsyncSession, tenant_id: UUID, row: Outbound) -> OutboundMessage | None:
    """The message as its conversation has it: our own copy is emptied when the platform took it.

    None where the conversation has forgotten it.
    """
    message = await session.get(Message, (tenant_id, row.id))
    thread = await session.get(Thread, (tenant_id, row.thread_id))
    if message is None or thread is None:
        return None
    return OutboundMessage(
        key=str(row.id),
        text=text_of(message.parts),
        sources=sources_of(message.citations),
        language=thread.language or "en",
    )


async def send_again(session: AsyncSession, tenant_id: UUID, row: Outbound) -> None:
    """Let it go out as if it were new."""
    row.state, row.attempts, row.error, row.receipt = "pending", 0, "", None
    row.next_at = row.pending_since = sa.func.now()
    await defer_send(session, tenant_id, row.thread_id)
