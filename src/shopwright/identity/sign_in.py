"""Signing in with a password: to a pair of tokens, or to the question for the second factor."""

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from shopwright.identity.errors import SecondFactorRequired, WrongCredentials
from shopwright.identity.people import Who
from shopwright.identity.sessions import Device, Sessions
from shopwright.kit.db import Database
from shopwright.kit.passwords import Passwords
from shopwright.kit.tokens import Claims
from shopwright.tenants import directory
from shopwright.tenants.models import Admin, Member, Person, Tenant
from shopwright.tenants.schemas import TokenPair

MAX_TENANTS_TRIED = 5
CHALLENGE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class SignIn:
    """Opens its own transactions: a password check takes long, and no connection waits for it."""

    db: Database
    passwords: Passwords
    sessions: Sessions

    async def member(self, email: str, password: str, device: Device) -> TokenPair:
        """Sign a member in.

        Raises:
            WrongCredentials: no such person, wrong password, or not active; it is not said which.
            SecondFactorRequired: the password was right.
        """
        async with self.db.nobody() as session, session.begin():
            tenants = await directory.tenants_of_email(session, email, MAX_TENANTS_TRIED)
        compared = False
        for tenant_id in tenants:
            query = (
                sa.select(Member.id, Member.password_hash)
                .join(Tenant, Tenant.id == Member.tenant_id)
                .where(Member.tenant_id == tenant_id, Member.email == email.lower(), Member.is_active, Tenant.is_active)
            )
            async with self.db.tenant(tenant_id) as session, session.begin():
                row = (await session.execute(query)).first()
            if row is None:
                continue
            compared = True
            if await self.passwords.matches(row.password_hash, password):
                return await self.enter(Who(row.id, tenant_id), device)
        if not compared:
            await self.passwords.matches(None, password)
        raise WrongCredentials

    async def admin(self, email: str, password: str, device: Device) -> TokenPair:
        """Sign an administrator in.

        Raises:
            WrongCredentials, SecondFactorRequired: as for members.
        """
        query = sa.select(Admin.id, Admin.password_hash).where(Admin.email == email.lower(), Admin.is_active)
        async with self.db.nobody() as session, session.begin():
            row = (await session.execute(query)).first()
        if not await self.passwords.matches(row.password_hash if row else None, password) or row is None:
            raise WrongCredentials
        return await self.enter(Who(row.id), device)

    async def enter(self, who: Who, device: Device, action: str = "sign_in") -> TokenPair:
        """Let in somebody who proved to be `who`.

        Raises:
            SecondFactorRequired: a second proof is needed; the error carries what to send it with.
        """
        audited = await self.sessions.audited()
        async with who.session(self.db) as session, session.begin():
            person = await who.read(session)
            if person.totp_confirmed_at is not None:
                raise SecondFactorRequired(members={"challenge": self._challenge(who, person)})
            return self.sessions.open(session, who, device, audited=audited, action=action)

    def _challenge(self, who: Who, person: Person) -> str:
        """Says for five minutes that the password was right; a changed password ends it."""
        claims = Claims(str(who.id), str(who.tenant_id or ""), fingerprint(person))
        return self.sessions.tokens.sign(who.challenge_kind, claims, CHALLENGE_SECONDS)


def fingerprint(person: Person) -> str:
    return hashlib.sha256(person.password_hash.encode()).hexdigest()[:16]
