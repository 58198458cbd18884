"""Signing up: a sign-up waits in a table of its own until its e-mail address is proved; then tenant and owner are made.

The route does the same work for a known and an unknown address: what is different happens in a job.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.identity.errors import LinkExpired
from shopwright.identity.mails import Letters
from shopwright.identity.models import SignUp
from shopwright.identity.people import Who
from shopwright.identity.schemas import SignUpIn
from shopwright.identity.sessions import Device, Sessions
from shopwright.kit.crypto import token_hash
from shopwright.kit.db import Database
from shopwright.kit.ids import uuid7
from shopwright.kit.jobs import defer
from shopwright.kit.passwords import Passwords, check_new_password
from shopwright.notifications.outbox import Outbox
from shopwright.tenants import directory
from shopwright.tenants.errors import SlugTaken
from shopwright.tenants.models import Member, Tenant
from shopwright.tenants.schemas import TokenPair
from shopwright.tenants.service import add_tenant

LIFETIME = timedelta(hours=24)
SLUG_TRIES = 5
MAIL_SIGN_UP, RESEND = "identity.sign_up", "identity.resend"


@dataclass(frozen=True, slots=True)
class SignUps:
    db: Database
    passwords: Passwords
    sessions: Sessions
    outbox: Outbox

    async def begin(self, new: SignUpIn) -> None:
        """Keep a sign-up and have a mail sent, whoever the address belongs to.

        Raises:
            WeakPassword: the password is one of the first that are guessed.
        """
        password = new.password.get_secret_value()
        check_new_password(password, new.email)
        row = SignUp(
            id=uuid7(),
            **new.model_dump(exclude={"password", "email"}),
            email=new.email.lower(),
            password_hash=await self.passwords.hash(password),
            expires_at=datetime.now(UTC) + LIFETIME,
        )
        async with self.db.nobody() as session, session.begin():
            session.add(row)
            await session.flush()
            await defer(session, MAIL_SIGN_UP, sign_up_id=str(row.id))

    async def resend(self, email: str) -> None:
        async with self.db.nobody() as session, session.begin():
            await self.outbox.put(session, RESEND, {"email": email.lower()})

    async def verify(self, token: str, device: Device) -> TokenPair:
        """Make tenant and owner of a sign-up, and sign the owner in.

        Raises:
            LinkExpired: unknown, used or too old.
        """
        audited = await self.sessions.audited()
        async with self.db.admin() as session, session.begin():
            new = await self._take(session, token)
            owner = Member(
                id=uuid7(), email=new.email, name=new.name, language=new.language, password_hash=new.password_hash
            )
            await found_tenant(session, new.tenant_name, owner)
            who = Who(owner.id, owner.tenant_id)
            who.note(session, "tenant.sign_up", owner.tenant_id, audited=audited)
            return self.sessions.open(session, who, device, audited=audited)

    async def _take(self, session: AsyncSession, token: str) -> SignUp:
        """Take a sign-up out, with all others of the same address: who proved it has decided which one it is."""
        good = sa.and_(SignUp.token_hash == token_hash(token), SignUp.expires_at > sa.func.now())
        email = await session.scalar(sa.select(SignUp.email).where(good))
        # Locked in one order, so that two links of one address wait for each other instead of blocking.
        all_of_it = sa.select(SignUp).where(SignUp.email == email).order_by(SignUp.id).with_for_update()
        rows = (await session.scalars(all_of_it)).all() if email else ()
        chosen = [row for row in rows if row.token_hash == token_hash(token)]
        if not chosen:
            raise LinkExpired
        await session.execute(sa.delete(SignUp).where(SignUp.email == email))
        return chosen[0]


async def found_tenant(session: AsyncSession, name: str, owner: Member) -> Tenant:
    """Make a tenant with its owner, in an administrator's session; its slug is made from the name."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "shop"
    slug = base if len(base) > 1 else f"{base}-shop"
    for _ in range(SLUG_TRIES):
        try:
            return await add_tenant(session, Tenant(id=uuid7(), name=name, slug=slug, email=owner.email), owner)
        except SlugTaken:
            slug = f"{base}-{secrets.token_hex(3)}"
    raise SlugTaken(slug=slug)


@dataclass(frozen=True, slots=True)
class MailJobs:
    """What the jobs need."""

    db: Database
    outbox: Outbox
    letters: Letters


async def mail_sign_up(services: MailJobs, *, sign_up_id: str, attempt: int) -> None:  # noqa: ARG001 - every job has it
    """Send the link that proves the address, or say that there is a login already."""
    async with services.db.nobody() as session, session.begin():
        row = await session.get(SignUp, UUID(sign_up_id), with_for_update=True)
        if row is None or row.token_hash is not None:
            return
        if await directory.tenants_of_email(session, row.email, 1):
            letter = services.letters.write("already", row.language, row.email, "/sign-in", name=row.name)
            await session.delete(row)
            await services.outbox.send(session, letter)
            return
        await _send_link(services, session, row)


async def resend_link(services: MailJobs, *, mail_id: str, attempt: int) -> None:  # noqa: ARG001
    """Send the link of the last sign-up of an address again; the one before stops working."""
    key = UUID(mail_id)
    async with services.db.nobody() as session, session.begin():
        asked = await services.outbox.open(session, key)
        if asked is None:
            return
        await services.outbox.remove(session, key)
        waiting = sa.select(SignUp).where(SignUp.email == asked["email"], SignUp.expires_at > sa.func.now())
        row = (await session.scalars(waiting.order_by(SignUp.id.desc()).limit(1).with_for_update())).one_or_none()
        if row is not None:
            await _send_link(services, session, row)


async def _send_link(services: MailJobs, session: AsyncSession, row: SignUp) -> None:
    token = secrets.token_urlsafe(32)
    row.token_hash, row.expires_at = token_hash(token), datetime.now(UTC) + LIFETIME
    letter = services.letters.write(
        "verify", row.language, row.email, f"/verify-email#token={token}", name=row.name, tenant=row.tenant_name
    )
    await services.outbox.send(session, letter)
