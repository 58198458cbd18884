"""Passwords: forgotten and chosen anew by a mailed link, or changed by who knows the old one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.identity.errors import LinkExpired, WrongCredentials
from shopwright.identity.mails import Letters
from shopwright.identity.models import PasswordReset
from shopwright.identity.people import Who
from shopwright.identity.sessions import Sessions, end_all
from shopwright.identity.sign_in import MAX_TENANTS
from shopwright.identity.sign_up import MailJobs
from shopwright.kit.crypto import token_hash
from shopwright.kit.db import Database, enter_tenant
from shopwright.kit.errors import Unauthenticated
from shopwright.kit.passwords import Passwords, check_new_password
from shopwright.notifications.outbox import Outbox
from shopwright.tenants import directory
from shopwright.tenants.models import Member, Tenant
from shopwright.tenants.principals import new_tenant_token, tenant_of_token

LIFETIME = timedelta(hours=1)
PREFIX = "pr_"
MAIL_RESET = "identity.forgot"


@dataclass(frozen=True, slots=True)
class Resets:
    db: Database
    passwords: Passwords
    sessions: Sessions
    outbox: Outbox
    letters: Letters

    async def ask(self, email: str) -> None:
        """Have links mailed; whether there is anybody with this address is found out by the job."""
        async with self.db.nobody() as session, session.begin():
            await self.outbox.put(session, MAIL_RESET, {"email": email.lower()})

    async def reset(self, token: str, password: str) -> None:
        """Set a new password; all sign-ins of the person end.

        Raises:
            LinkExpired: unknown, used or too old.
            WeakPassword: the password is one of the first that are guessed.
        """
        try:
            tenant_id = tenant_of_token(token, PREFIX)
        except Unauthenticated:
            raise LinkExpired from None
        good = sa.and_(
            PasswordReset.tenant_id == tenant_id,
            PasswordReset.token_hash == token_hash(token),
            PasswordReset.expires_at > sa.func.now(),
        )
        whose = sa.select(Member.id, Member.email).join(
            PasswordReset, sa.and_(PasswordReset.tenant_id == Member.tenant_id, PasswordReset.member_id == Member.id)
        )
        async with self.db.tenant(tenant_id) as session, session.begin():
            found = (await session.execute(whose.where(good, Member.is_active))).first()
        if found is None:
            raise LinkExpired
        check_new_password(password, found.email)
        password_hash, audited = await self.passwords.hash(password), await self.sessions.audited()
        who = Who(found.id, tenant_id)
        async with self.db.tenant(tenant_id) as session, session.begin():
            used = await session.execute(sa.delete(PasswordReset).where(good).returning(PasswordReset.id))
            if used.first() is None:
                raise LinkExpired
            who.note(session, "password.reset", who.id, audited=audited)
            await self._store(session, who, password_hash)
            await end_all(session, who)

    async def change(self, who: Who, current: str, new: str, *, keep: UUID) -> None:
        """Change one's own password; all other sign-ins end.

        Raises:
            WrongCredentials: the current password is wrong.
            WeakPassword: the new one is one of the first that are guessed.
        """
        email = await self.prove(who, current)
        check_new_password(new, email)
        password_hash, audited = await self.passwords.hash(new), await self.sessions.audited()
        async with who.session(self.db) as session, session.begin():
            who.note(session, "password.change", who.id, audited=audited)
            await self._store(session, who, password_hash)
            await end_all(session, who, keep=keep)

    async def prove(self, who: Who, password: str) -> str:
        """Check somebody's own password; returns the e-mail address.

        Raises:
            WrongCredentials: it is wrong.
        """
        async with who.session(self.db) as session, session.begin():
            person = await who.read(session)
        if not await self.passwords.matches(person.password_hash, password):
            raise WrongCredentials
        return person.email

    async def _store(self, session: AsyncSession, who: Who, password_hash: str) -> None:
        """Store a password and tell its owner; links that were mailed before stop working."""
        await session.execute(sa.update(who.people).where(who.is_me()).values(password_hash=password_hash))
        if who.tenant_id is None:
            return
        mine = sa.and_(PasswordReset.tenant_id == who.tenant_id, PasswordReset.member_id == who.id)
        await session.execute(sa.delete(PasswordReset).where(mine))
        query = sa.select(Member.email, Member.name, Member.language, Tenant.name.label("tenant"))
        query = query.join(Tenant, Tenant.id == Member.tenant_id).where(who.is_me())
        to = (await session.execute(query)).one()
        letter = self.letters.write("changed", to.language, to.email, "/sign-in", name=to.name, tenant=to.tenant)
        await self.outbox.send(session, letter)


async def mail_reset_links(services: MailJobs, *, mail_id: str, attempt: int) -> None:  # noqa: ARG001 - every job has it
    """Mail a link for each tenant in which somebody has this address; to nobody when there is none."""
    key = UUID(mail_id)
    async with services.db.nobody() as session, session.begin():
        asked = await services.outbox.open(session, key)
        if asked is None:
            return
        await services.outbox.remove(session, key)
        email = asked["email"]
        for tenant_id in await directory.tenants_of_email(session, email, MAX_TENANTS):
            await enter_tenant(session, tenant_id)
            await _mail_link(services, session, tenant_id, email)


async def _mail_link(services: MailJobs, session: AsyncSession, tenant_id: UUID, email: str) -> None:
    query = (
        sa.select(Member.id, Member.name, Member.language, Tenant.name.label("tenant"))
        .join(Tenant, Tenant.id == Member.tenant_id)
        .where(Member.tenant_id == tenant_id, Member.email == email, Member.is_active, Tenant.is_active)
    )
    found = (await session.execute(query)).first()
    if found is None:
        return
    token = new_tenant_token(PREFIX, tenant_id)
    session.add(
        PasswordReset(
            tenant_id=tenant_id,
            member_id=found.id,
            token_hash=token_hash(token),
            expires_at=datetime.now(UTC) + LIFETIME,
        )
    )
    await session.flush()  # under the policy of this tenant
    path = f"/reset-password#token={token}"
    letter = services.letters.write("reset", found.language, email, path, name=found.name, tenant=found.tenant)
    await services.outbox.send(session, letter)
