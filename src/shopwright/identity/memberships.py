"""Which shops one proof opens: a person may be in several tenants, with a password, a role and a second factor in each.

A password proves only the memberships it is the password of, a sign-in provider those it vouches for: whoever runs one
shop can write anybody's address into its team, and must not get into that person's other shops with it.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from shopwright.identity.people import Who, fingerprint
from shopwright.kit.db import Database
from shopwright.kit.errors import Unauthenticated
from shopwright.tenants.models import Member, Tenant

_PARTS = 3


@dataclass(frozen=True, slots=True)
class Membership:
    """A person in one tenant, and the password it had when this was proved."""

    tenant_id: UUID
    member_id: UUID
    fingerprint: str

    @property
    def who(self) -> Who:
        return Who(self.member_id, self.tenant_id)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved at once, at a moment in milliseconds of the database's clock."""

    at: int
    memberships: tuple[Membership, ...]

    @classmethod
    async def make(cls, db: Database, memberships: Sequence[Membership]) -> "Proof":
        """Say that these were proved now."""
        if len(memberships) < 2:
            return cls(0, tuple(memberships))
        async with db.nobody() as session, session.begin():
            now: datetime = (await session.execute(sa.select(sa.func.now()))).scalar_one()
        return cls(int(now.timestamp() * 1000), tuple(memberships))

    @classmethod
    def read(cls, text: str) -> "Proof":
        """Take a proof apart that we have written; an empty one opens nothing more."""
        at, *found = text.split(",")
        parts = [one.split(".") for one in found]
        known = (Membership(UUID(p[0]), UUID(p[1]), p[2]) for p in parts if len(p) == _PARTS)
        return cls(int(at or 0), tuple(known))

    @property
    def text(self) -> str:
        """As it travels and is kept; nothing when there is no choice."""
        if len(self.memberships) < 2:
            return ""
        named = (f"{one.tenant_id.hex}.{one.member_id.hex}.{one.fingerprint}" for one in self.memberships)
        return ",".join([str(self.at), *named])

    def of(self, tenant_id: UUID) -> Membership | None:
        return next((one for one in self.memberships if one.tenant_id == tenant_id), None)


@dataclass(frozen=True, slots=True)
class OpenTenant:
    """A tenant that can be entered, as the person is shown it."""

    id: UUID
    name: str
    slug: str


async def open_tenants(db: Database, proof: Proof) -> list[OpenTenant]:
    """The tenants that a proof still opens, by name."""
    found = [tenant for one in proof.memberships if (tenant := await _opened(db, one, proof.at)) is not None]
    return sorted(found, key=lambda tenant: (tenant.name.casefold(), str(tenant.id)))


async def membership_in(db: Database, proof: Proof, tenant_id: UUID) -> Membership:
    """The membership in a tenant that a proof still opens.

    Raises:
        Unauthenticated: it never did, or does no more.
    """
    membership = proof.of(tenant_id)
    if membership is None or await _opened(db, membership, proof.at) is None:
        raise Unauthenticated
    return membership


async def _opened(db: Database, membership: Membership, at: int) -> OpenTenant | None:
    """The tenant, unless the person left it, has a new password there, or ended all sign-ins there since the proof."""
    query = (
        sa.select(Tenant.id, Tenant.name, Tenant.slug, Member.password_hash)
        .join(Tenant, Tenant.id == Member.tenant_id)
        .where(
            Member.tenant_id == membership.tenant_id, Member.id == membership.member_id, Member.is_active,
            Tenant.is_active,
            sa.or_(Member.signed_out_at.is_(None), Member.signed_out_at < datetime.fromtimestamp(at / 1000, UTC)),
        )
    )  # fmt: skip
    async with db.tenant(membership.tenant_id) as session, session.begin():
        row = (await session.execute(query)).first()
    if row is None or not hmac.compare_digest(fingerprint(row.password_hash), membership.fingerprint):
        return None
    return OpenTenant(row.id, row.name, row.slug)
