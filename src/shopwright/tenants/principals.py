"""Who is calling: a member by access token, a program by API key, an administrator, or nobody."""

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from shopwright.kit.crypto import token_hash
from shopwright.kit.db import Database
from shopwright.kit.errors import Unauthenticated
from shopwright.kit.tokens import TokenKind, Tokens
from shopwright.tenants.models import Admin, AdminSession, ApiKey, Member, MemberSession, Tenant
from shopwright.tenants.permissions import CLIENT_PERMISSIONS, ROLE_PERMISSIONS, Access, Permission, Role

SECRET_PREFIX, PUBLISHABLE_PREFIX = "ak_live_", "pk_live_"
_KEY_BYTES = 48
TOUCH_EVERY = timedelta(minutes=1)
TOUCH_SIGN_IN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller whose identity was checked."""

    kind: str  # member, api_key, admin, public
    id: str = ""
    tenant_id: UUID | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    session_id: str = ""
    client_id: UUID | None = None  # sees only what is this client's
    # Of API keys only:
    key_kind: str = ""
    bot_id: UUID | None = None
    allowed_origins: tuple[str, ...] = ()
    rate_limit: int = 0

    def may(self, permission: Permission | Access) -> bool:
        if permission is Access.PUBLIC:
            return True
        if permission is Access.ADMIN:
            return self.kind == "admin"
        if permission is Access.MEMBER:
            return self.kind == "member"
        return permission in self.permissions


NOBODY = Principal("public")


def permissions_of(role: Role, client_id: UUID | None) -> frozenset[Permission]:
    """What a member may do; less for one who belongs to a client."""
    granted = ROLE_PERMISSIONS[role]
    return granted if client_id is None else granted & CLIENT_PERMISSIONS


def new_tenant_token(prefix: str, tenant_id: UUID) -> str:
    """A key or link of 256 random bits that also names its tenant, so that it can be looked up under its policy."""
    return prefix + base64.urlsafe_b64encode(secrets.token_bytes(32) + tenant_id.bytes).decode()


def tenant_of_token(token: str, prefix: str) -> UUID:
    """The tenant a key or link claims to belong to; only its hash proves it.

    Raises:
        Unauthenticated: it has not the form of such a token.
    """
    try:
        raw = base64.urlsafe_b64decode(token.removeprefix(prefix).encode())
    except (ValueError, binascii.Error, UnicodeEncodeError):
        raise Unauthenticated from None
    if len(raw) != _KEY_BYTES:
        raise Unauthenticated
    return UUID(bytes=raw[32:])


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unauthenticated from None


@dataclass(frozen=True, slots=True)
class Authenticator:
    db: Database
    tokens: Tokens

    async def authenticate(self, header: str | None, access: Permission | Access) -> Principal:
        """Find out who calls.

        Raises:
            Unauthenticated: no or no valid credential where one is needed.
        """
        scheme, _, token = (header or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(token) > 4096:
            if access is Access.PUBLIC and not header:
                return NOBODY
            raise Unauthenticated
        if token.startswith((SECRET_PREFIX, PUBLISHABLE_PREFIX)):
            return await self._api_key(token)
        if access is Access.ADMIN:
            return await self._admin(token)
        return await self._member(token)

    async def _member(self, token: str) -> Principal:
        claims = self.tokens.read(TokenKind.MEMBER, token)
        tenant_id, member_id, session_id = map(_id, (claims.tenant, claims.subject, claims.session))
        async with self.db.tenant(tenant_id) as session, session.begin():
            row = (
                await session.execute(
                    sa.select(Member.role, Member.client_id, MemberSession.last_used_at)
                    .join(
                        MemberSession,
                        (MemberSession.tenant_id == Member.tenant_id) & (MemberSession.member_id == Member.id),
                    )
                    .join(Tenant, Tenant.id == Member.tenant_id)
                    .where(
                        Member.tenant_id == tenant_id,
                        Member.id == member_id,
                        MemberSession.id == session_id,
                        MemberSession.revoked_at.is_(None),
                        Member.is_active,
                        Tenant.is_active,
                    )
                )
            ).first()
            if row is None:
                raise Unauthenticated
            if datetime.now(UTC) - row.last_used_at > TOUCH_SIGN_IN_EVERY:
                touch = sa.update(MemberSession).where(
                    MemberSession.tenant_id == tenant_id, MemberSession.id == session_id
                )
                await session.execute(touch.values(last_used_at=sa.func.now()))
        permissions = permissions_of(Role(row.role), row.client_id)
        return Principal(
            "member", claims.subject, tenant_id, permissions, session_id=claims.session, client_id=row.client_id
        )

    async def _admin(self, token: str) -> Principal:
        claims = self.tokens.read(TokenKind.ADMIN, token)
        admin_id, session_id = map(_id, (claims.subject, claims.session))
        async with self.db.nobody() as session, session.begin():
            used_at = await session.scalar(
                sa.select(AdminSession.last_used_at)
                .join(Admin, AdminSession.admin_id == Admin.id)
                .where(
                    Admin.id == admin_id,
                    Admin.is_active,
                    AdminSession.id == session_id,
                    AdminSession.revoked_at.is_(None),
                )
            )
            if used_at is None:
                raise Unauthenticated
            if datetime.now(UTC) - used_at > TOUCH_SIGN_IN_EVERY:
                touch = sa.update(AdminSession).where(AdminSession.id == session_id)
                await session.execute(touch.values(last_used_at=sa.func.now()))
        return Principal("admin", claims.subject, session_id=claims.session)

    async def _api_key(self, token: str) -> Principal:
        prefix = SECRET_PREFIX if token.startswith(SECRET_PREFIX) else PUBLISHABLE_PREFIX
        tenant_id = tenant_of_token(token, prefix)
        now = datetime.now(UTC)
        async with self.db.tenant(tenant_id) as session, session.begin():
            row = (
                await session.execute(
                    sa.select(
                        ApiKey.id, ApiKey.kind, ApiKey.scopes, ApiKey.bot_id, ApiKey.allowed_origins,
                        ApiKey.rate_limit, ApiKey.last_used_at, ApiKey.client_id,
                    )
                    .join(Tenant, Tenant.id == ApiKey.tenant_id)
                    .where(
                        ApiKey.tenant_id == tenant_id,
                        ApiKey.key_hash == token_hash(token),
                        ApiKey.revoked_at.is_(None),
                        sa.or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > sa.func.now()),
                        Tenant.is_active,
                    )
                )
            ).first()  # fmt: skip
            if row is None:
                raise Unauthenticated
            if row.last_used_at is None or now - row.last_used_at > TOUCH_EVERY:
                touch = sa.update(ApiKey).where(ApiKey.tenant_id == tenant_id, ApiKey.id == row.id)
                await session.execute(touch.values(last_used_at=sa.func.now()))
        return Principal(
            "api_key", str(row.id), tenant_id, frozenset(row.scopes), key_kind=row.kind, bot_id=row.bot_id,
            allowed_origins=tuple(row.allowed_origins), rate_limit=row.rate_limit, client_id=row.client_id,
        )  # fmt: skip
