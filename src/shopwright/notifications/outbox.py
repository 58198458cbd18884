"""Mail leaves through an outbox: stored and enqueued in the caller's transaction, sent by a job with retries.

The job carries the id only. What is stored is sealed, since a link in a mail is as good as a password.
"""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit import metrics
from shopwright.kit.crypto import Envelope, Place
from shopwright.kit.db import Database
from shopwright.kit.ids import uuid7
from shopwright.kit.jobs import Task, defer
from shopwright.kit.logs import get_logger
from shopwright.kit.mail import Mail, MailDelayed, MailRefused, MailSender
from shopwright.notifications.models import OutgoingMail

log = get_logger("shopwright.mail")
SEND = "mail.send"
# 4, 16, 64 s … : a server that asks to come back later is asked for about six hours.
ATTEMPTS, WAIT_BASE = 8, 4


@dataclass(frozen=True, slots=True)
class Outbox:
    """Puts sealed things into a transaction, with the job that takes them out."""

    envelope: Envelope

    async def send(self, session: AsyncSession, mail: Mail) -> None:
        """Send a mail when, and only when, the caller's transaction is committed."""
        await self.put(session, SEND, asdict(mail))

    async def put(self, session: AsyncSession, task: str, content: dict[str, Any]) -> None:
        """Hand something to a job that nobody shall read on the way."""
        mail_id = uuid7()
        sealed = self.envelope.encrypt(orjson.dumps(content).decode(), _place(mail_id))
        session.add(OutgoingMail(id=mail_id, content=sealed))
        await session.flush()
        await defer(session, task, mail_id=str(mail_id))

    async def open(self, session: AsyncSession, mail_id: UUID) -> dict[str, Any] | None:
        """What was put in, or None when it was dealt with before. The row stays locked until the transaction ends."""
        row = await session.get(OutgoingMail, mail_id, with_for_update=True)
        if row is None or row.content is None:
            return None
        content: dict[str, Any] = orjson.loads(self.envelope.decrypt(row.content, _place(mail_id)))
        return content

    async def remove(self, session: AsyncSession, mail_id: UUID) -> None:
        await session.execute(sa.delete(OutgoingMail).where(OutgoingMail.id == mail_id))


@dataclass(frozen=True, slots=True)
class MailServices:
    db: Database
    outbox: Outbox
    sender: MailSender


async def send_mail(services: MailServices, *, mail_id: str, attempt: int) -> None:
    """Send one mail; a refused one is kept without its content, for who looks why nothing came."""
    key = UUID(mail_id)
    async with services.db.nobody() as session, session.begin():
        content = await services.outbox.open(session, key)
    if content is None:
        return
    try:
        await services.sender.send(Mail(**content), key)
    except MailDelayed as exc:
        log.warning("mail_delayed", mail=mail_id, reason=str(exc), attempt=attempt)
        if attempt < ATTEMPTS:
            raise
        await _give_up(services, key, str(exc))
        return
    except MailRefused as exc:
        log.warning("mail_refused", mail=mail_id, reason=str(exc))
        await _give_up(services, key, str(exc))
        return
    metrics.mails.labels("sent").inc()
    async with services.db.nobody() as session, session.begin():
        await services.outbox.remove(session, key)


async def _give_up(services: MailServices, mail_id: UUID, reason: str) -> None:
    metrics.mails.labels("failed").inc()
    async with services.db.nobody() as session, session.begin():
        await session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.id == mail_id)
            .values(content=None, status="failed", detail=reason[:300])
        )


def _place(mail_id: UUID) -> Place:
    return Place("", "outgoing_mails", "content", str(mail_id))


TASKS: tuple[Task[MailServices], ...] = (Task(SEND, send_mail, max_attempts=ATTEMPTS, wait_base=WAIT_BASE),)
