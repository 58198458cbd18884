"""Who signs in: a member of a tenant, or an administrator, who has none. What follows is the same for both."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from shopwright.kit.db import Database
from shopwright.kit.errors import Unauthenticated
from shopwright.kit.tokens import TokenKind
from shopwright.tenants.models import (
    Admin,
    AdminAudit,
    AdminSession,
    AuditEntry,
    Member,
    MemberSession,
    Person,
    SignInColumns,
)
from shopwright.tenants.principals import Principal

NO_TENANT = UUID(int=0)


def fingerprint(password_hash: str) -> str:
    """What tells one password of a person from the next, and nothing of either."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Who:
    """A person, named by tenant and id. Administrators are in no tenant."""

    id: UUID
    tenant_id: UUID | None = None

    @classmethod
    def calling(cls, principal: Principal) -> "Who":
        return cls(UUID(principal.id), principal.tenant_id)

    @property
    def kind(self) -> TokenKind:
        return TokenKind.MEMBER if self.tenant_id else TokenKind.ADMIN

    @property
    def challenge_kind(self) -> TokenKind:
        return TokenKind.MEMBER_CHALLENGE if self.tenant_id else TokenKind.ADMIN_CHALLENGE

    @property
    def people(self) -> type[Person]:
        return Member if self.tenant_id else Admin

    @property
    def sign_ins(self) -> type[SignInColumns]:
        return MemberSession if self.tenant_id else AdminSession

    @property
    def table(self) -> str:
        return "members" if self.tenant_id else "admin_users"

    def session(self, db: Database) -> AsyncSession:
        return db.tenant(self.tenant_id) if self.tenant_id else db.nobody()

    def is_me(self) -> ColumnElement[bool]:
        """The condition under which a row of people is this person's."""
        mine = self.people.id == self.id
        return sa.and_(mine, Member.tenant_id == self.tenant_id) if self.tenant_id else mine

    def is_mine(self) -> ColumnElement[bool]:
        """The condition under which a sign-in is this person's."""
        if self.tenant_id:
            return sa.and_(MemberSession.tenant_id == self.tenant_id, MemberSession.member_id == self.id)
        return AdminSession.admin_id == self.id

    async def read(self, session: AsyncSession, *, lock: bool = False) -> Person:
        """Load the person.

        Raises:
            Unauthenticated: gone, or switched off.
        """
        query = sa.select(self.people).where(self.is_me(), self.people.is_active)
        person = (await session.scalars(query.with_for_update() if lock else query)).one_or_none()
        if person is None:
            raise Unauthenticated
        return person

    def note(self, session: AsyncSession, action: str, subject: object, *, audited: bool = True) -> None:
        """Write down something about this person, in the transaction of the change."""
        if self.tenant_id is None:
            session.add(AdminAudit(actor=str(self.id), action=action, subject=str(subject)))
        elif audited:
            session.add(
                AuditEntry(
                    tenant_id=self.tenant_id,
                    actor_kind="member",
                    actor_id=str(self.id),
                    action=action,
                    subject=str(subject),
                )
            )
