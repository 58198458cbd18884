"""The first step of a turn: which of a thread's new events it is about. Short statements in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.port import Attachment, Choice, InboundMessage, OutboundMessage
from shopwright.channels.text.choices import understand
from shopwright.contacts.models import ContactIdentity
from shopwright.contacts.service import Place, contact_of
from shopwright.deployments.live import LiveDeployment
from shopwright.deployments.models import Deployment
from shopwright.deployments.service import set_status
from shopwright.deployments.standing import CONNECTED
from shopwright.gateway.models import Inbound, Thread
from shopwright.gateway.stored import event_json, read_event
from shopwright.kit.ids import new_handle
from shopwright.kit.sentences import sentence

# A message that so many workers did not survive, or could not answer, is given up.
MAX_CLAIMS = 8
NEVER_ANSWERED = sentence("It could not be answered in {tries} tries; the log says why. Replay it when that is mended.")
MAX_TEXT = 8_000
# More messages than this at once are several turns, so that none is cut off.
MAX_TOGETHER = 10
# How exactly the times of a deployment are kept: they are written in passing, by many at once.
TOUCH_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Claimed:
    """Messages of one thread that get one answer."""

    deployment: LiveDeployment
    thread: Thread
    turn_key: UUID
    claim: int
    rows: int
    messages: Sequence[InboundMessage]

    @property
    def text(self) -> str:
        """What was said, the earliest first; what a list entry or button stands for is said too."""
        lines = [self._said(message) or _place_name(message) for message in self.messages]
        return "\n".join(line for line in lines if line)[:MAX_TEXT]

    def _said(self, message: InboundMessage) -> str:
        said = message.choice.strip() or message.text.strip()
        offered = OutboundMessage(key="", choices=tuple(Choice(**choice) for choice in self.thread.choices))
        chosen = understand(said, offered) if said and self.thread.choices else None
        return chosen.title if chosen is not None else message.text.strip() or said

    @property
    def changed(self) -> bool:
        """Whether all that came is word of a change that cannot be seen."""
        return all(message.changed for message in self.messages)

    @property
    def language(self) -> str:
        """The customer's language as far as it is known, in two or three letters."""
        known = self.thread.language or self.messages[-1].sender.language
        return known.replace("_", "-").split("-")[0].lower() or "en"

    @property
    def attachments(self) -> list[Attachment]:
        return [attachment for message in self.messages for attachment in message.attachments]


def _place_name(message: InboundMessage) -> str:
    where = message.location
    return ", ".join(part for part in (where.name, where.address) if part) if where else ""


async def waiting_rows(session: AsyncSession, tenant_id: UUID, thread_id: UUID) -> Sequence[Inbound]:
    """A thread's new events, locked, in the order they came."""
    query = (
        sa.select(Inbound)
        .where(Inbound.tenant_id == tenant_id, Inbound.thread_id == thread_id, Inbound.state == "new")
        .order_by(Inbound.seq)
        .with_for_update()
    )
    rows: Sequence[Inbound] = (await session.scalars(query)).all()
    return rows


def give_up(rows: Sequence[Inbound], reason: str) -> None:
    for row in rows:
        row.state, row.reason = "dead", reason


async def claim(session: AsyncSession, deployment: LiveDeployment, rows: Sequence[Inbound]) -> Claimed | None:
    """Take the messages of the next turn: those of one that was begun before, else all there are.

    A rerun takes the same ones, so that the same question gets the same key.
    """
    messages = [row for row in rows if row.kind == "message" and row.state == "new"]
    if not messages:
        return None
    begun = next((row.turn_key for row in messages if row.turn_key is not None), None)
    mine = [row for row in messages if row.turn_key == begun] if begun else messages[:MAX_TOGETHER]
    turn_key = begun or mine[0].id
    number = max(row.claim for row in mine) + 1
    if number > MAX_CLAIMS:
        give_up(mine, sentence(NEVER_ANSWERED, tries=MAX_CLAIMS))
        return None
    for row in mine:
        row.turn_key, row.claim = turn_key, number
    said = sorted(
        (read_event("message", row.event or {}) for row in mine),
        key=lambda message: message.sent_at.timestamp() if message.sent_at else 0.0,
    )  # stable: without times they stay in the order they came
    await _touch(session, deployment)
    place = Place(deployment.channel, deployment.account, deployment.client_id)
    contact, identity = await contact_of(session, deployment.tenant_id, place, said[-1].sender)
    if contact.blocked:
        for row in mine:
            row.state, row.reason, row.event = "done", "The contact is blocked.", None
        return None
    thread = await _thread(session, deployment, identity, mine[0].thread_id, said[-1])
    return Claimed(deployment, thread, turn_key, number, len(mine), said)


async def _thread(
    session: AsyncSession, deployment: LiveDeployment, identity: ContactIdentity, thread_id: UUID, last: InboundMessage
) -> Thread:
    """The thread with its contact, made when it is new."""
    tenant_id = deployment.tenant_id
    told = {
        "route": event_json(last)["route"], "contact_id": identity.contact_id, "identity_id": identity.id, "gone": None
    }  # fmt: skip
    await session.execute(
        insert(Thread)
        .values(
            tenant_id=tenant_id, id=thread_id, deployment_id=deployment.id, thread=last.thread,
            session_id=new_handle(tenant_id), language=last.sender.language, last_inbound_at=sa.func.now(), **told,
        )
        .on_conflict_do_update(index_elements=["tenant_id", "id"], set_={**told, "last_inbound_at": sa.func.now()})
    )  # fmt: skip
    thread: Thread = (
        await session.scalars(sa.select(Thread).where(Thread.tenant_id == tenant_id, Thread.id == thread_id))
    ).one()
    return thread


async def _touch(session: AsyncSession, deployment: LiveDeployment) -> None:
    if deployment.status == "pending":
        await set_status(
            session, deployment.tenant_id, deployment.id, "connected", CONNECTED, registered_at=sa.func.now()
        )
    old = sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 0, 0, TOUCH_SECONDS)
    await session.execute(
        sa.update(Deployment)
        .where(
            Deployment.tenant_id == deployment.tenant_id, Deployment.id == deployment.id,
            sa.or_(Deployment.last_inbound_at.is_(None), Deployment.last_inbound_at < old),
        )
        .values(last_inbound_at=sa.func.now())
        .execution_options(synchronize_session=False)
    )  # fmt: skip
