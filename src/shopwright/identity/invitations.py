"""Invitations: a link to an address, with a role. Nobody gives more than they hold, not even later."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.identity.errors import AlreadyInvited, LinkExpired
from shopwright.identity.mails import Letters
from shopwright.identity.memberships import Membership, Proof
from shopwright.identity.models import Invitation
from shopwright.identity.people import Who, fingerprint
from shopwright.identity.schemas import InvitationAccept, InvitationCreate, InvitationLook
from shopwright.identity.sessions import Device, Sessions
from shopwright.identity.sign_in import SignIn
from shopwright.kit.crypto import token_hash
from shopwright.kit.db import Database, TenantRepository, UniqueViolation
from shopwright.kit.errors import NotFound, Unauthenticated
from shopwright.kit.ids import uuid7
from shopwright.kit.passwords import Passwords, check_new_password
from shopwright.notifications.outbox import Outbox
from shopwright.tenants import directory
from shopwright.tenants.errors import EmailTaken
from shopwright.tenants.models import Member, Tenant
from shopwright.tenants.permissions import ROLE_PERMISSIONS, Role
from shopwright.tenants.principals import new_tenant_token, tenant_of_token
from shopwright.tenants.schemas import TokenPair
from shopwright.tenants.service import check_owner

LIFETIME = timedelta(days=7)
PREFIX = "in_"


@dataclass(frozen=True, slots=True)
class Invitations:
    """Inviting, in the caller's transaction."""

    session: AsyncSession
    tenant_id: UUID
    outbox: Outbox
    letters: Letters

    @property
    def rows(self) -> TenantRepository[Invitation]:
        return TenantRepository(self.session, self.tenant_id, Invitation)

    async def get(self, invitation_id: UUID) -> Invitation:
        row = await self.rows.find(invitation_id, lock=True)
        if row is None:
            raise NotFound(what="invitation")
        return row

    async def create(self, new: InvitationCreate, inviter: UUID) -> Invitation:
        """Invite somebody.

        Raises:
            InvalidInput: an owner of one client only.
            EmailTaken: somebody in this tenant has the address.
            AlreadyInvited: the address has an open invitation.
        """
        check_owner(new.role, new.client_id)
        email = new.email.lower()
        taken = sa.select(Member.id).where(Member.tenant_id == self.tenant_id, Member.email == email)
        if await self.session.scalar(taken) is not None:
            raise EmailTaken(reason="")
        expired = sa.and_(Invitation.accepted_at.is_(None), Invitation.expires_at < sa.func.now())
        mine = sa.and_(Invitation.tenant_id == self.tenant_id, Invitation.email == email)
        await self.session.execute(sa.delete(Invitation).where(mine, expired))
        token = new_tenant_token(PREFIX, self.tenant_id)
        row = Invitation(
            email=email, role=new.role, client_id=new.client_id, token_hash=token_hash(token), invited_by=inviter,
            expires_at=_expiry(),
        )  # fmt: skip
        try:
            row = await self.rows.add(row)
        except UniqueViolation as exc:
            raise AlreadyInvited(reason="") from exc
        await self._mail(row, token)
        return row

    async def resend(self, row: Invitation, inviter: UUID) -> Invitation:
        """Mail an invitation again; the link before stops working.

        Raises:
            NotFound: it was accepted.
        """
        if row.accepted_at is not None:
            raise NotFound(what="open invitation")
        token = new_tenant_token(PREFIX, self.tenant_id)
        row.token_hash, row.expires_at, row.invited_by = token_hash(token), _expiry(), inviter
        row = await self.rows.save(row)
        await self._mail(row, token)
        return row

    async def _mail(self, row: Invitation, token: str) -> None:
        query = (
            sa.select(Member.name, Member.email, Member.language, Tenant.name.label("tenant"))
            .join(Tenant, Tenant.id == Member.tenant_id)
            .where(Member.tenant_id == self.tenant_id, Member.id == row.invited_by)
        )
        by = (await self.session.execute(query)).one()
        letter = self.letters.write(
            "invitation", by.language, row.email, f"/invitation#token={token}",
            role=row.role, inviter=by.name or by.email, tenant=by.tenant,
        )  # fmt: skip
        await self.outbox.send(self.session, letter)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Joining with a link. Opens its own transactions."""

    db: Database
    passwords: Passwords
    sessions: Sessions
    sign_in: SignIn

    async def look(self, token: str) -> InvitationLook:
        """What the holder of a link may see.

        Raises:
            LinkExpired: unknown, used, withdrawn or too old.
        """
        tenant_id = _tenant(token)
        async with self.db.tenant(tenant_id) as session, session.begin():
            row = await self._open(session, tenant_id, token)
            tenant = await session.get(Tenant, tenant_id)
            if tenant is None or not tenant.is_active:
                raise LinkExpired
            elsewhere = set(await directory.tenants_of_email(session, row.email, 2)) - {tenant_id}
        return InvitationLook(email=row.email, tenant_name=tenant.name, role=Role(row.role), elsewhere=bool(elsewhere))

    async def accept(self, token: str, given: InvitationAccept, device: Device) -> TokenPair:
        """Join, and be signed in.

        Raises:
            LinkExpired: unknown, used, withdrawn or too old; or who invited may not give this role any more.
            EmailTaken: somebody has joined with this address meanwhile.
            WeakPassword: the password is one of the first that are guessed.
        """
        tenant_id, look = _tenant(token), await self.look(token)
        password = given.password.get_secret_value()
        check_new_password(password, look.email)
        others = await self.sign_in.matching(look.email, password)  # the same password lets one go from here to there
        password_hash, audited = await self.passwords.hash(password), await self.sessions.audited()
        member_id = uuid7()
        proof = await Proof.make(self.db, [*others, Membership(tenant_id, member_id, fingerprint(password_hash))])
        async with self.db.tenant(tenant_id) as session, session.begin():
            row = await self._open(session, tenant_id, token)
            row.accepted_at = datetime.now(UTC)
            member = Member(
                id=member_id, email=row.email, name=given.name, role=row.role, client_id=row.client_id,
                password_hash=password_hash,
            )  # fmt: skip
            try:
                member = await TenantRepository(session, tenant_id, Member).add(member)
            except UniqueViolation as exc:
                raise EmailTaken(reason="") from exc
            await directory.add_email(session, row.email, tenant_id)
            who = Who(member.id, tenant_id)
            who.note(session, "invitation.accept", row.id, audited=audited)
            return self.sessions.open(session, who, device, audited=audited, proof=proof.text)

    async def _open(self, session: AsyncSession, tenant_id: UUID, token: str) -> Invitation:
        good = (
            Invitation.tenant_id == tenant_id,
            Invitation.token_hash == token_hash(token),
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > sa.func.now(),
        )
        row = (await session.scalars(sa.select(Invitation).where(*good).with_for_update())).one_or_none()
        if row is None:
            raise LinkExpired
        by = sa.select(Member.role).where(Member.tenant_id == tenant_id, Member.id == row.invited_by, Member.is_active)
        role = await session.scalar(by)
        if role is None or not ROLE_PERMISSIONS[Role(row.role)] <= ROLE_PERMISSIONS[Role(role)]:
            raise LinkExpired
        return row


def _tenant(token: str) -> UUID:
    try:
        return tenant_of_token(token, PREFIX)
    except Unauthenticated:
        raise LinkExpired from None


def _expiry() -> datetime:
    return datetime.now(UTC) + LIFETIME
