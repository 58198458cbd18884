"""Signing in and staying signed in: password to token pair, refresh with rotation, sign out.

A refresh token is used once. If one comes back that was used before, somebody copied it: the whole sign-in ends.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.crypto import token_hash
from shopwright.kit.db import Database
from shopwright.kit.errors import Unauthenticated
from shopwright.kit.ids import uuid7
from shopwright.kit.passwords import Passwords
from shopwright.kit.tokens import Claims, TokenKind, Tokens
from shopwright.tenants import directory
from shopwright.tenants.errors import WrongCredentials
from shopwright.tenants.models import (
    Admin,
    AdminAudit,
    AdminSession,
    AuditEntry,
    Member,
    MemberSession,
    Tenant,
)
from shopwright.tenants.principals import tenant_of_token
from shopwright.tenants.schemas import TokenPair
from shopwright.tenants.settings import LiveSettings

REFRESH_LIFETIME = timedelta(days=30)
MAX_TENANTS_TRIED = 5
REFRESH_PREFIX = "rt_"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Opens its own transactions: a password check takes long, and no connection waits for it."""

    db: Database
    tokens: Tokens
    passwords: Passwords
    live_settings: LiveSettings

    async def member(self, email: str, password: str) -> TokenPair:
        """Sign a member in.

        Raises:
            WrongCredentials: no such person, wrong password, or not active; it is not said which.
        """
        async with self.db.nobody() as session, session.begin():
            tenants = await directory.tenants_of_email(session, email, MAX_TENANTS_TRIED)
        compared = False
        for tenant_id in tenants:
            async with self.db.tenant(tenant_id) as session, session.begin():
                row = (
                    await session.execute(
                        sa.select(Member.id, Member.password_hash)
                        .join(Tenant, Tenant.id == Member.tenant_id)
                        .where(
                            Member.tenant_id == tenant_id, Member.email == email.lower(), Member.is_active,
                            Tenant.is_active,
                        )
                    )
                ).first()  # fmt: skip
            if row is None:
                continue
            compared = True
            if await self.passwords.matches(row.password_hash, password):
                audited = (await self.live_settings.audit_logging()).enabled
                async with self.db.tenant(tenant_id) as session, session.begin():
                    return await self._open_member(session, tenant_id, row.id, audited=audited)
        if not compared:
            await self.passwords.matches(None, password)
        raise WrongCredentials

    async def admin(self, email: str, password: str) -> TokenPair:
        """Sign an administrator in.

        Raises:
            WrongCredentials: as for members.
        """
        async with self.db.nobody() as session, session.begin():
            row = (
                await session.execute(
                    sa.select(Admin.id, Admin.password_hash).where(Admin.email == email.lower(), Admin.is_active)
                )
            ).first()
        if not await self.passwords.matches(row.password_hash if row else None, password) or row is None:
            raise WrongCredentials
        async with self.db.nobody() as session, session.begin():
            token, sid = _refresh_token(UUID(int=0)), uuid7()
            session.add(AdminSession(id=sid, admin_id=row.id, token_hash=token_hash(token), expires_at=_expiry()))
            session.add(AdminAudit(actor=str(row.id), action="sign_in", subject=str(sid)))
        return self._pair(TokenKind.ADMIN, Claims(str(row.id), "", str(sid)), token)

    async def refresh(self, refresh_token: str) -> TokenPair:
        """Trade a refresh token for a new pair.

        Raises:
            Unauthenticated: unknown, used before, expired or ended.
        """
        tenant_id = tenant_of_token(refresh_token, REFRESH_PREFIX)
        if tenant_id.int == 0:
            return await self._refresh_admin(refresh_token)
        async with self.db.tenant(tenant_id) as session:
            async with session.begin():
                row = await self._turn_over(session, MemberSession, refresh_token, tenant_id)
            if row is None:
                raise Unauthenticated
            row_, token = row
            return self._pair(TokenKind.MEMBER, Claims(str(row_.member_id), str(tenant_id), str(row_.id)), token)

    async def _refresh_admin(self, refresh_token: str) -> TokenPair:
        async with self.db.nobody() as session:
            async with session.begin():
                row = await self._turn_over(session, AdminSession, refresh_token, None)
            if row is None:
                raise Unauthenticated
            row_, token = row
            return self._pair(TokenKind.ADMIN, Claims(str(row_.admin_id), "", str(row_.id)), token)

    async def _turn_over(
        self,
        session: AsyncSession,
        model: type[MemberSession] | type[AdminSession],
        old: str,
        tenant_id: UUID | None,
    ) -> tuple[sa.Row[UUID, UUID], str] | None:
        """Replace the token of a sign-in in one statement; a second use of the old one ends the sign-in."""
        new, old_hash = _refresh_token(tenant_id or UUID(int=0)), token_hash(old)
        mine = model.tenant_id == tenant_id if model is MemberSession else sa.true()
        person = MemberSession.member_id if model is MemberSession else AdminSession.admin_id
        turned = await session.execute(
            sa.update(model)
            .where(
                mine,
                model.token_hash == old_hash,
                model.revoked_at.is_(None),
                model.expires_at > sa.func.now(),
            )
            .values(token_hash=token_hash(new), previous_hash=old_hash, expires_at=_expiry())
            .returning(model.id, person)
        )
        row = turned.first()
        if row is not None:
            return row, new
        await session.execute(
            sa.update(model).where(mine, model.previous_hash == old_hash).values(revoked_at=sa.func.now())
        )
        return None

    async def sign_out(self, refresh_token: str) -> None:
        """End the sign-in of a refresh token; an unknown one is no error."""
        tenant_id = tenant_of_token(refresh_token, REFRESH_PREFIX)
        model: type[MemberSession | AdminSession] = MemberSession if tenant_id.int else AdminSession
        async with self.db.tenant(tenant_id) as session, session.begin():
            await session.execute(
                sa.update(model).where(model.token_hash == token_hash(refresh_token)).values(revoked_at=sa.func.now())
            )

    async def _open_member(
        self, session: AsyncSession, tenant_id: UUID, member_id: UUID, *, audited: bool
    ) -> TokenPair:
        token, sid = _refresh_token(tenant_id), uuid7()
        session.add(
            MemberSession(
                tenant_id=tenant_id,
                id=sid,
                member_id=member_id,
                token_hash=token_hash(token),
                expires_at=_expiry(),
            )
        )
        if audited:
            session.add(
                AuditEntry(
                    tenant_id=tenant_id,
                    actor_kind="member",
                    actor_id=str(member_id),
                    action="sign_in",
                    subject=str(sid),
                )
            )
        return self._pair(TokenKind.MEMBER, Claims(str(member_id), str(tenant_id), str(sid)), token)

    def _pair(self, kind: TokenKind, claims: Claims, refresh_token: str) -> TokenPair:
        return TokenPair(
            access_token=self.tokens.sign(kind, claims),
            expires_in=self.tokens.lifetime_seconds,
            refresh_token=refresh_token,
        )


def _refresh_token(tenant_id: UUID) -> str:
    return REFRESH_PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(32) + tenant_id.bytes).decode()


def _expiry() -> datetime:
    return datetime.now(UTC) + REFRESH_LIFETIME
