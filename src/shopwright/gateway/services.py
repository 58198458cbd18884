"""What the gateway works with, and the names of its jobs."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.deployments.calling import Platforms
from shopwright.deployments.live import LiveDeployment
from shopwright.engine.turns import Engine
from shopwright.kit.crypto import Envelope
from shopwright.kit.db import Database
from shopwright.kit.files import FileStore
from shopwright.kit.jobs import defer_once
from shopwright.kit.rates import Limiter

QUEUE, TURN, SEND, MAIL, MEDIA = "gateway", "gateway.turn", "gateway.send", "gateway.mail", "gateway.media"
# Messages that follow each other as quickly as this are one turn.
DEBOUNCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Gateway:
    """What routes and jobs of the gateway need."""

    db: Database
    envelope: Envelope
    platforms: Platforms
    engine: Engine
    limiter: Limiter
    files: FileStore
    max_file_bytes: int

    def tell(self, deployment: LiveDeployment, conversation_id: UUID | None = None, *, dead: bool = False) -> None:
        """Let who looks at a conversation, or at what got stuck (`dead`), read it again in a moment."""
        soon, bot_id = self.engine.announcer.soon, deployment.bot_id
        if conversation_id is not None:
            soon(deployment.tenant_id, "conversation", id=conversation_id, bot_id=bot_id)
        if dead:
            soon(deployment.tenant_id, "deployment", id=deployment.id, bot_id=bot_id)


async def defer_turn(session: AsyncSession, tenant_id: UUID, thread_id: UUID, delay_seconds: float) -> None:
    """Have a thread's new events looked at, by one job at a time."""
    await defer_once(
        session, TURN, tenant_id=tenant_id, lock=f"turn:{thread_id}", queue=QUEUE, delay_seconds=delay_seconds,
        thread_id=str(thread_id),
    )  # fmt: skip


async def defer_send(session: AsyncSession, tenant_id: UUID, thread_id: UUID, delay_seconds: float = 0) -> None:
    """Have a thread's messages sent in order, by one job at a time."""
    await defer_once(
        session, SEND, tenant_id=tenant_id, lock=f"send:{thread_id}", queue=QUEUE, delay_seconds=delay_seconds,
        thread_id=str(thread_id),
    )  # fmt: skip
