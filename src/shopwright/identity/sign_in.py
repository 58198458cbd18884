"""Signing in with a password: to a pair of tokens, or to the question for the second factor."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from shopwright.identity.errors import SecondFactorRequired, TenantChoice, WrongCredentials
from shopwright.identity.memberships import Membership, OpenTenant, Proof, membership_in, open_tenants
from shopwright.identity.people import Who, fingerprint
from shopwright.identity.sessions import Device, Sessions
from shopwright.kit.db import Database
from shopwright.kit.passwords import Passwords
from shopwright.kit.tokens import Claims, TokenKind
from shopwright.tenants import directory
from shopwright.tenants.models import Admin, Member, Person, Tenant
from shopwright.tenants.schemas import TokenPair

# In so many tenants one address can be found; each is a password to compare.
MAX_TENANTS = 20
CHALLENGE_SECONDS = CHOICE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class SignIn:
    """Opens its own transactions: a password check takes long, and no connection waits for it."""

    db: Database
    passwords: Passwords
    sessions: Sessions

    async def member(self, email: str, password: str, device: Device, tenant_id: UUID | None = None) -> TokenPair:
        """Sign a member in: to the tenant that is named, where the password opens several.

        Raises:
            WrongCredentials: no such person, wrong password, or not active; it is not said which.
            TenantChoice: the password opens several tenants, and none of them was named.
            SecondFactorRequired: the password was right.
        """
        opened = await self.matching(email, password)
        if not opened:
            raise WrongCredentials
        return await self.enter_one(await Proof.make(self.db, opened), device, tenant_id)

    async def matching(self, email: str, password: str) -> list[Membership]:
        """Every membership of an address that has this password; a password is compared even when there is none."""
        async with self.db.nobody() as session, session.begin():
            tenants = await directory.tenants_of_email(session, email, MAX_TENANTS)
        compared, opened = False, []
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
                opened.append(Membership(tenant_id, row.id, fingerprint(row.password_hash)))
        if not compared:
            await self.passwords.matches(None, password)
        return opened

    async def enter_one(
        self, proof: Proof, device: Device, tenant_id: UUID | None = None, action: str = "sign_in"
    ) -> TokenPair:
        """Let somebody in where the proof opens one tenant, or the one that is named.

        Raises:
            TenantChoice: it opens several; the error carries what to choose with.
            SecondFactorRequired: a second proof is needed.
        """
        named = proof.of(tenant_id) if tenant_id is not None else None
        chosen = named or (proof.memberships[0] if len(proof.memberships) == 1 else None)
        if chosen is None:
            claims = Claims(action, "", "", proof.text)
            choice = self.sessions.tokens.sign(TokenKind.MEMBER_CHOICE, claims, CHOICE_SECONDS)
            raise TenantChoice(members={"choice": choice})
        return await self.enter(chosen.who, device, action, proof.text)

    async def choices(self, choice: str) -> list[OpenTenant]:
        """The tenants to choose from.

        Raises:
            Unauthenticated: the choice is not good any more.
        """
        return await open_tenants(self.db, Proof.read(self.sessions.tokens.read(TokenKind.MEMBER_CHOICE, choice).proof))

    async def choose(self, choice: str, tenant_id: UUID, device: Device) -> TokenPair:
        """End a sign-in that opened several tenants, in one of them.

        Raises:
            Unauthenticated: the choice is not good any more, or does not open this one.
            SecondFactorRequired: a second proof is needed there.
        """
        claims = self.sessions.tokens.read(TokenKind.MEMBER_CHOICE, choice)
        proof = Proof.read(claims.proof)
        membership = await membership_in(self.db, proof, tenant_id)
        return await self.enter(membership.who, device, claims.subject, proof.text)

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

    async def enter(self, who: Who, device: Device, action: str = "sign_in", proof: str = "") -> TokenPair:
        """Let in somebody who proved to be `who`.

        Raises:
            SecondFactorRequired: a second proof is needed; the error carries what to send it with.
        """
        audited = await self.sessions.audited()
        async with who.session(self.db) as session, session.begin():
            person = await who.read(session)
            if person.totp_confirmed_at is not None:
                raise SecondFactorRequired(members={"challenge": self._challenge(who, person, proof)})
            return self.sessions.open(session, who, device, audited=audited, action=action, proof=proof)

    def _challenge(self, who: Who, person: Person, proof: str) -> str:
        """Says for five minutes that the password was right; a changed password ends it."""
        claims = Claims(str(who.id), str(who.tenant_id or ""), fingerprint(person.password_hash), proof)
        return self.sessions.tokens.sign(who.challenge_kind, claims, CHALLENGE_SECONDS)
