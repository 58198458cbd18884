"""For who has lost phone and recovery codes: somebody else switches the second factor off, and its owner is told.

A person's second factor is one of each tenant (as the password is), so this never touches another tenant's.
"""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.identity.mails import Letters
from shopwright.identity.people import Who
from shopwright.identity.schemas import PersonFound
from shopwright.identity.second_factor import OFF
from shopwright.identity.sessions import end_all
from shopwright.identity.sign_in import MAX_TENANTS
from shopwright.kit.db import enter_tenant
from shopwright.kit.errors import NotFound
from shopwright.notifications.outbox import Outbox
from shopwright.tenants import directory
from shopwright.tenants.models import Admin, AuditEntry, Member, Tenant

# What an administrator's login is called in a mail, where a member's has the name of the shop.
INSTALLATION = "Shopwright"


@dataclass(frozen=True, slots=True)
class LostFactors:
    """Works in the caller's transaction, which writes down who did it."""

    session: AsyncSession
    outbox: Outbox
    letters: Letters

    async def switch_off(self, who: Who, by: str = "") -> bool:
        """Switch somebody's second factor off, end all sign-ins and tell the person; False when there was none.

        Args:
            by: the member who does it; empty for the people who run the installation.

        Raises:
            NotFound: there is no such person.
        """
        people = who.people
        person = (await self.session.scalars(sa.select(people).where(who.is_me()).with_for_update())).one_or_none()
        if person is None:
            raise NotFound(what="member" if who.tenant_id else "administrator")
        if person.totp_confirmed_at is None:
            return False
        await self.session.execute(sa.update(people).where(who.is_me()).values(**OFF, code_failures=0))
        await end_all(self.session, who)
        language, place, door = None, INSTALLATION, "/administration/sign-in"
        if isinstance(person, Member):
            place = (await self.session.scalars(sa.select(Tenant.name).where(Tenant.id == who.tenant_id))).one()
            language, door = person.language, "/sign-in"
        kind = "second_factor_off" if by else "second_factor_off_by_installation"
        letter = self.letters.write(kind, language, person.email, door, name=person.name, tenant=place, by=by)
        await self.outbox.send(self.session, letter)
        return True

    async def enter(self, tenant_id: UUID) -> None:
        """Go into a tenant, as an administrator.

        Raises:
            NotFound: there is none with this id.
        """
        if await self.session.get(Tenant, tenant_id) is None:
            raise NotFound(what="tenant")
        await enter_tenant(self.session, tenant_id)

    def tell_tenant(self, who: Who, kind: str, actor: str, request_id: str = "") -> None:
        """Write into the tenant's own log what somebody from outside did there."""
        self.session.add(
            AuditEntry(
                tenant_id=who.tenant_id, actor_kind=kind, actor_id=actor, action="second_factor.off_for",
                subject=str(who.id), request_id=request_id,
            )
        )  # fmt: skip

    async def find(self, email: str) -> list[PersonFound]:
        """Every login of an address, in an administrator's session."""
        found = [
            PersonFound(id=one.id, name=one.name, two_factor=one.two_factor, is_active=one.is_active)
            for one in await self.session.scalars(sa.select(Admin).where(Admin.email == email.lower()))
        ]
        for tenant_id in await directory.tenants_of_email(self.session, email, MAX_TENANTS):
            await enter_tenant(self.session, tenant_id)
            query = sa.select(Member, Tenant.name).join(Tenant, Tenant.id == Member.tenant_id)
            query = query.where(Member.tenant_id == tenant_id, Member.email == email.lower())
            for one, tenant in await self.session.execute(query):
                found.append(
                    PersonFound(
                        id=one.id, tenant_id=tenant_id, tenant_name=tenant, name=one.name, role=one.role,
                        two_factor=one.two_factor, is_active=one.is_active,
                    )
                )  # fmt: skip
        return found
