"""Rules of tenants, members and keys. Nothing here knows of HTTP, and nothing here commits."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.crypto import token_hash
from shopwright.kit.db import TenantRepository, UniqueViolation, enter_tenant, violated
from shopwright.kit.errors import InvalidInput, NotFound
from shopwright.kit.ids import uuid7
from shopwright.kit.sentences import sentence
from shopwright.tenants import directory
from shopwright.tenants.errors import EmailTaken, LastOwner, SlugTaken
from shopwright.tenants.models import ApiKey, Member, MemberSession, Tenant
from shopwright.tenants.permissions import PUBLISHABLE_SCOPES, Role
from shopwright.tenants.principals import PUBLISHABLE_PREFIX, SECRET_PREFIX, new_tenant_token
from shopwright.tenants.schemas import ApiKeyCreate, ApiKeyUpdate, MemberCreate, TenantCreate

PREFIX_SHOWN = 12
MAX_YEAR = 9000


async def create_tenant(session: AsyncSession, new: TenantCreate, password_hash: str) -> Tenant:
    """Add a tenant and its owner, in an administrator's session.

    Raises:
        SlugTaken: another tenant has the slug.
    """
    tenant = Tenant(id=uuid7(), **new.model_dump(exclude={"password"}))
    return await add_tenant(session, tenant, Member(email=new.email, name=new.name, password_hash=password_hash))


async def add_tenant(session: AsyncSession, tenant: Tenant, owner: Member) -> Tenant:
    """Store a tenant and its owner, in an administrator's session.

    Raises:
        SlugTaken: another tenant has the slug; the transaction goes on.
    """
    try:
        async with session.begin_nested():
            session.add(tenant)
            await session.flush()
    except UniqueViolation as exc:
        raise SlugTaken(slug=tenant.slug) from exc
    await session.refresh(tenant)
    await enter_tenant(session, tenant.id)
    owner.tenant_id, owner.email, owner.role = tenant.id, owner.email.lower(), Role.OWNER
    session.add(owner)
    await directory.add_email(session, owner.email, tenant.id)
    await session.flush()
    return tenant


@dataclass(frozen=True, slots=True)
class Members:
    session: AsyncSession
    tenant_id: UUID

    @property
    def rows(self) -> TenantRepository[Member]:
        return TenantRepository(self.session, self.tenant_id, Member)

    async def create(self, new: MemberCreate, password_hash: str) -> Member:
        """Add a person.

        Raises:
            EmailTaken: somebody in this tenant has the address.
        """
        check_owner(new.role, new.client_id)
        member = Member(
            email=new.email.lower(), name=new.name, role=new.role, client_id=new.client_id, password_hash=password_hash
        )
        try:
            added = await self.rows.add(member)
        except UniqueViolation as exc:
            raise EmailTaken(reason="") from exc
        await directory.add_email(self.session, new.email, self.tenant_id)
        return added

    async def get(self, member_id: UUID) -> Member:
        member = await self.rows.find(member_id)
        if member is None:
            raise NotFound(what="member")
        return member

    async def change(self, member: Member, *, role: Role | None, is_active: bool | None) -> None:
        """Change role or state; a changed or stopped person is signed out everywhere.

        Raises:
            LastOwner: nobody would own the tenant.
        """
        loses = (role is not None and role != Role.OWNER) or is_active is False
        if member.role == Role.OWNER and member.is_active and loses:
            await self._keep_an_owner(member)
        if role is not None:
            check_owner(role, member.client_id)
            member.role = role
        if is_active is not None:
            member.is_active = is_active
            if not is_active:
                await self.sign_out(member.id)
        await self.session.flush()

    async def delete(self, member: Member) -> None:
        if member.role == Role.OWNER and member.is_active:
            await self._keep_an_owner(member)
        await directory.remove_email(self.session, member.email, self.tenant_id)
        await self.rows.delete(member)

    async def sign_out(self, member_id: UUID) -> None:
        await self.session.execute(
            sa.update(MemberSession)
            .where(MemberSession.tenant_id == self.tenant_id, MemberSession.member_id == member_id)
            .values(revoked_at=sa.func.now())
        )
        await self.session.execute(
            sa.update(Member)
            .where(Member.tenant_id == self.tenant_id, Member.id == member_id)
            .values(signed_out_at=sa.func.now())
        )

    async def _keep_an_owner(self, leaving: Member) -> None:
        # Locked in one order, so that two who leave at the same moment wait for each other instead of blocking.
        query = self.rows.select().where(Member.role == Role.OWNER, Member.is_active).order_by(Member.id)
        with self.session.no_autoflush:
            owners = list(await self.session.scalars(query.with_for_update()))
        if not [owner for owner in owners if owner.id != leaving.id]:
            raise LastOwner(reason="")


def check_owner(role: str, client_id: UUID | None) -> None:
    """An owner belongs to the whole tenant.

    Raises:
        InvalidInput: it is of one client.
    """
    if role == Role.OWNER and client_id is not None:
        raise InvalidInput(
            reason=sentence("An owner belongs to the whole tenant, not to one client; choose another role.")
        )


@dataclass(frozen=True, slots=True)
class ApiKeys:
    session: AsyncSession
    tenant_id: UUID

    @property
    def rows(self) -> TenantRepository[ApiKey]:
        return TenantRepository(self.session, self.tenant_id, ApiKey)

    async def create(self, new: ApiKeyCreate, client_id: UUID | None = None) -> tuple[ApiKey, str]:
        """Make a key; the text of a secret one is returned here once and stored only as a hash.

        Raises:
            InvalidInput: a publishable key without a bot or origins, or with scopes beyond chat; or an unknown bot.
        """
        publishable = new.kind == "publishable"
        if publishable and (new.bot_id is None or not new.allowed_origins):
            raise InvalidInput(
                reason=sentence("A publishable key needs bot_id and at least one origin in allowed_origins.")
            )
        if publishable and not set(new.scopes) <= PUBLISHABLE_SCOPES:
            raise InvalidInput(
                reason=sentence("A publishable key stands in a web page: it can only have chat:read and chat:write.")
            )
        self._check(new.kind, new.allowed_origins, new.expires_at)
        text = new_tenant_token(PUBLISHABLE_PREFIX if publishable else SECRET_PREFIX, self.tenant_id)
        await self._check_bot(new.bot_id)
        given = new.model_dump(exclude={"client_id"})
        key = ApiKey(**given, client_id=client_id, key_hash=token_hash(text), key_prefix=text[:PREFIX_SHOWN])
        key.key = text if publishable else None
        try:
            return await self.rows.add(key), text
        except UniqueViolation as exc:
            if violated(exc).startswith("fk_"):
                raise InvalidInput(reason=sentence("There is no bot with this id.")) from exc
            raise

    async def update(self, key: ApiKey, change: ApiKeyUpdate) -> ApiKey:
        """Change a key; only the fields that are sent change.

        Raises:
            InvalidInput: a publishable key without origins, a secret one with them, or a moment in the past.
        """
        given = change.model_dump(exclude_unset=True)
        for name, value in given.items():
            if value is not None or name == "expires_at":
                setattr(key, name, value)
        if key.kind == "publishable" and not key.allowed_origins:
            raise InvalidInput(reason=sentence("A publishable key needs at least one origin in allowed_origins."))
        self._check(key.kind, key.allowed_origins, given.get("expires_at"))
        return await self.rows.save(key)

    async def _check_bot(self, bot_id: UUID | None) -> None:
        # A foreign key alone would let a client's people name a bot of another client.
        bots = sa.table("bots", sa.column("tenant_id"), sa.column("id"))
        seen = sa.select(bots.c.id).where(bots.c.tenant_id == self.tenant_id, bots.c.id == bot_id)
        if bot_id is not None and await self.session.scalar(seen) is None:
            raise InvalidInput(reason=sentence("There is no bot with this id."))

    @staticmethod
    def _check(kind: str, origins: list[str], expires_at: datetime | None) -> None:
        if kind != "publishable" and origins:
            raise InvalidInput(
                reason=sentence("Only publishable keys have allowed_origins; choose kind 'publishable'.")
            )
        if expires_at is not None and expires_at <= datetime.now(UTC):
            raise InvalidInput(reason=sentence("expires_at lies in the past; choose a later moment, or leave it out."))
        if expires_at is not None and expires_at.year > MAX_YEAR:
            reason = sentence("expires_at lies after the year {year}; leave it out for no end.", year=MAX_YEAR)
            raise InvalidInput(reason=reason)

    async def get(self, key_id: UUID) -> ApiKey:
        key = await self.rows.find(key_id)
        if key is None:
            raise NotFound(what="API key")
        return key
