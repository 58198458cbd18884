"""From what a provider says of somebody to the member it is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.identity.memberships import Membership
from shopwright.identity.models import MemberIdentity, OidcProvider
from shopwright.identity.oidc.errors import OidcFailed
from shopwright.identity.people import Who, fingerprint
from shopwright.identity.sign_in import MAX_TENANTS
from shopwright.identity.sign_up import found_tenant
from shopwright.kit.db import Database
from shopwright.kit.ids import uuid7
from shopwright.kit.schemas import strip_forbidden
from shopwright.tenants import directory
from shopwright.tenants.models import Member, Tenant

TRUE = (True, "true", "1", 1)
MAX_EMAIL, MAX_NAME = 254, 120


@dataclass(frozen=True, slots=True)
class Stranger:
    """A person as a provider describes it."""

    subject: str
    email: str
    email_proved: bool
    name: str

    @classmethod
    def read(cls, claims: dict[str, Any], provider: OidcProvider) -> "Stranger":
        email = claims.get("email")
        email = email.strip().lower() if isinstance(email, str) else ""
        said = claims.get("email_verified", claims.get("xms_edov"))
        proved = said in TRUE
        if said is None:
            proved = email.rpartition("@")[2] in provider.trusted_email_domains
        usable = 3 <= len(email) <= MAX_EMAIL and "@" in email and email.isprintable() and " " not in email
        name = claims.get("name")
        name = strip_forbidden(name).strip()[:MAX_NAME] if isinstance(name, str) else ""
        return cls(claims["sub"], email if usable else "", proved and usable, name)


@dataclass(frozen=True, slots=True)
class Matching:
    db: Database
    audited: bool

    async def find(self, provider: OidcProvider, stranger: Stranger, *, may_sign_up: bool) -> list[Membership]:
        """The members this person is, in one tenant or several; a new owner of a new tenant where that is allowed.

        Raises:
            OidcFailed: nobody here, or the provider does not vouch for the e-mail address.
        """
        known = await self._linked(provider.id, stranger.subject)
        if not known and not stranger.email_proved:
            raise OidcFailed("oidc_email_unverified")
        here = {one.tenant_id for one in known}
        by_email = await self._by_email(stranger.email) if stranger.email_proved else []
        added = [one for one in by_email if one.tenant_id not in here]
        for one in added:
            async with self.db.tenant(one.tenant_id) as session, session.begin():
                await link(session, one.who, provider.id, stranger.subject)
                one.who.note(session, "oidc.link", provider.slug, audited=self.audited)
        if known or added:
            return known + added
        if not may_sign_up:
            raise OidcFailed("oidc_no_account")
        return [await self._sign_up(provider, stranger)]

    async def _linked(self, provider_id: UUID, subject: str) -> list[Membership]:
        async with self.db.nobody() as session, session.begin():
            tenants = await directory.tenants_of_subject(session, provider_id, subject, MAX_TENANTS)
        same = sa.and_(MemberIdentity.tenant_id == Member.tenant_id, MemberIdentity.member_id == Member.id)
        called = sa.and_(MemberIdentity.provider_id == provider_id, MemberIdentity.subject == subject)
        return await self._members(tenants, sa.exists().where(same, called))

    async def _by_email(self, email: str) -> list[Membership]:
        async with self.db.nobody() as session, session.begin():
            tenants = await directory.tenants_of_email(session, email, MAX_TENANTS)
        return await self._members(tenants, Member.email == email)

    async def _members(self, tenants: list[UUID], which: sa.ColumnElement[bool]) -> list[Membership]:
        found = []
        for tenant_id in tenants:
            query = (
                sa.select(Member.id, Member.password_hash)
                .join(Tenant, Tenant.id == Member.tenant_id)
                .where(Member.tenant_id == tenant_id, which, Member.is_active, Tenant.is_active)
            )
            async with self.db.tenant(tenant_id) as session, session.begin():
                row = (await session.execute(query)).first()
            if row is not None:
                found.append(Membership(tenant_id, row.id, fingerprint(row.password_hash)))
        return found

    async def _sign_up(self, provider: OidcProvider, stranger: Stranger) -> Membership:
        name = stranger.name or stranger.email.partition("@")[0]
        # Without a password: whoever wants one asks for it by mail.
        owner = Member(id=uuid7(), email=stranger.email, name=name, password_hash="")
        async with self.db.admin() as session, session.begin():
            tenant = await found_tenant(session, name, owner)
            who = Who(owner.id, tenant.id)
            await link(session, who, provider.id, stranger.subject)
            who.note(session, "tenant.sign_up", tenant.id, audited=self.audited)
        return Membership(tenant.id, owner.id, fingerprint(""))


async def link(session: AsyncSession, member: Who, provider_id: UUID, subject: str) -> None:
    """Remember what a provider calls a member."""
    assert member.tenant_id is not None
    row = insert(MemberIdentity).values(
        tenant_id=member.tenant_id, id=uuid7(), member_id=member.id, provider_id=provider_id, subject=subject
    )
    await session.execute(row.on_conflict_do_nothing())
    await directory.add_subject(session, provider_id, subject, member.tenant_id)
