"""Sign-ins: opening them, turning their refresh token over, ending them.

A refresh token is used once. All tokens of a sign-in share a secret family, so any old one that comes back is known
for a copy, however old it is, and the sign-in ends.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.identity.people import NO_TENANT, Who
from shopwright.kit.crypto import token_hash
from shopwright.kit.db import Database
from shopwright.kit.errors import NotFound, Unauthenticated
from shopwright.kit.ids import uuid7
from shopwright.kit.tokens import Claims, Tokens
from shopwright.tenants.models import AdminSession, Member, MemberSession, SignInColumns
from shopwright.tenants.schemas import TokenPair
from shopwright.tenants.settings import LiveSettings

LIFETIME = timedelta(days=30)
PREFIX = "rt_"
SECRET_BYTES, FAMILY_BYTES, TENANT_BYTES = 32, 24, 16
# A browser that reloads in the middle of a refresh never saw the answer: its last token may come once more.
RELOAD_SECONDS = 10
MAX_LISTED = 100


@dataclass(frozen=True, slots=True)
class Device:
    """From where somebody signs in, as the person is shown it."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class RefreshToken:
    text: str
    family: bytes
    tenant_id: UUID

    @classmethod
    def new(cls, tenant_id: UUID, family: bytes | None = None) -> "RefreshToken":
        family = family or secrets.token_bytes(FAMILY_BYTES)
        raw = secrets.token_bytes(SECRET_BYTES) + family + tenant_id.bytes
        return cls(PREFIX + base64.urlsafe_b64encode(raw).decode(), family, tenant_id)

    @classmethod
    def read(cls, text: str) -> "RefreshToken":
        """Take a token apart; only its hashes prove anything.

        Raises:
            Unauthenticated: it has not the form of one.
        """
        try:
            raw = base64.urlsafe_b64decode(text.removeprefix(PREFIX).encode())
        except ValueError:
            raise Unauthenticated from None
        if len(raw) != SECRET_BYTES + FAMILY_BYTES + TENANT_BYTES:
            raise Unauthenticated
        family, tenant = raw[SECRET_BYTES : SECRET_BYTES + FAMILY_BYTES], raw[-TENANT_BYTES:]
        return cls(text, family, UUID(bytes=tenant))

    @property
    def family_hash(self) -> str:
        return token_hash(self.family.hex())


@dataclass(frozen=True, slots=True)
class Sessions:
    db: Database
    tokens: Tokens
    live_settings: LiveSettings

    async def audited(self) -> bool:
        return (await self.live_settings.audit_logging()).enabled

    def open(
        self,
        session: AsyncSession,
        who: Who,
        device: Device,
        *,
        audited: bool,
        action: str = "sign_in",
        proof: str = "",
    ) -> TokenPair:
        """Begin a sign-in in the caller's transaction; `proof` names the tenants it may be changed for."""
        token, sid = RefreshToken.new(who.tenant_id or NO_TENANT), uuid7()
        columns = {
            "id": sid,
            "token_hash": token_hash(token.text),
            "family_hash": token.family_hash,
            "expires_at": datetime.now(UTC) + LIFETIME,
            "address": device.address,
            "user_agent": device.user_agent,
        }
        if who.tenant_id:
            session.add(MemberSession(tenant_id=who.tenant_id, member_id=who.id, proof=proof, **columns))
        else:
            session.add(AdminSession(admin_id=who.id, **columns))
        who.note(session, action, sid, audited=audited)
        return self._pair(who, sid, token)

    async def refresh(self, text: str, device: Device, *, by_cookie: bool) -> TokenPair:
        """Trade a refresh token for a new pair.

        Raises:
            Unauthenticated: unknown, used before, expired or ended.
        """
        old = RefreshToken.read(text)
        new = RefreshToken.new(old.tenant_id, old.family)
        model: type[SignInColumns] = MemberSession if old.tenant_id.int else AdminSession
        person = MemberSession.member_id if old.tenant_id.int else AdminSession.admin_id
        family = sa.and_(
            model.family_hash == old.family_hash,
            MemberSession.tenant_id == old.tenant_id if old.tenant_id.int else sa.true(),
            model.revoked_at.is_(None),
        )
        fits = model.token_hash == token_hash(text)
        if by_cookie:
            just_now = model.turned_at > sa.func.now() - timedelta(seconds=RELOAD_SECONDS)
            fits = sa.or_(fits, sa.and_(model.previous_hash == token_hash(text), just_now))
        turn = sa.update(model).where(family, fits, model.expires_at > sa.func.now())
        turn = turn.values(
            token_hash=token_hash(new.text),
            previous_hash=model.token_hash,
            turned_at=sa.func.now(),
            last_used_at=sa.func.now(),
            expires_at=datetime.now(UTC) + LIFETIME,
            address=device.address,
            user_agent=device.user_agent,
        )
        audited = await self.audited()
        async with self._session(old.tenant_id) as session, session.begin():
            turned = (await session.execute(turn.returning(model.id, person))).first()
            if turned is None:
                end = sa.update(model).where(family).values(revoked_at=sa.func.now())
                ended = (await session.execute(end.returning(model.id, person))).first()
                if ended is not None:
                    Who(ended[1], _tenant(old)).note(session, "sign_in.copied_token", ended[0], audited=audited)
        if turned is None:
            raise Unauthenticated
        return self._pair(Who(turned[1], _tenant(old)), turned[0], new)

    async def sign_out(self, text: str) -> None:
        """End the sign-in of a refresh token; an unknown one is no error.

        Raises:
            Unauthenticated: it is no refresh token at all.
        """
        token = RefreshToken.read(text)
        model: type[SignInColumns] = MemberSession if token.tenant_id.int else AdminSession
        end = sa.update(model).where(model.token_hash == token_hash(text), model.revoked_at.is_(None))
        async with self._session(token.tenant_id) as session, session.begin():
            await session.execute(end.values(revoked_at=sa.func.now()))

    def _session(self, tenant_id: UUID) -> AsyncSession:
        return self.db.tenant(tenant_id) if tenant_id.int else self.db.nobody()

    def _pair(self, who: Who, session_id: UUID, token: RefreshToken) -> TokenPair:
        claims = Claims(str(who.id), str(who.tenant_id or ""), str(session_id))
        return TokenPair(
            access_token=self.tokens.sign(who.kind, claims),
            expires_in=self.tokens.lifetime_seconds,
            refresh_token=token.text,
            kind="member" if who.tenant_id else "admin",
        )


def _tenant(token: RefreshToken) -> UUID | None:
    return token.tenant_id if token.tenant_id.int else None


async def list_sign_ins(session: AsyncSession, who: Who) -> list[SignInColumns]:
    """A person's sign-ins that are still good, newest first."""
    model = who.sign_ins
    query = (
        sa.select(model)
        .where(who.is_mine(), model.revoked_at.is_(None), model.expires_at > sa.func.now())
        .order_by(model.last_used_at.desc(), model.id.desc())
        .limit(MAX_LISTED)
    )
    return list((await session.scalars(query)).all())


async def end_sign_in(session: AsyncSession, who: Who, sign_in_id: UUID) -> None:
    """End one sign-in of a person.

    Raises:
        NotFound: there is none with this id, or it has ended.
    """
    model = who.sign_ins
    end = sa.update(model).where(who.is_mine(), model.id == sign_in_id, model.revoked_at.is_(None))
    if (await session.execute(end.values(revoked_at=sa.func.now()).returning(model.id))).first() is None:
        raise NotFound(what="sign-in")


async def end_all(session: AsyncSession, who: Who, *, keep: UUID | None = None) -> None:
    """End all sign-ins of a person, but for the one that is kept."""
    model = who.sign_ins
    end = sa.update(model).where(who.is_mine(), model.revoked_at.is_(None))
    if keep is not None:
        end = end.where(model.id != keep)
    await session.execute(end.values(revoked_at=sa.func.now()))
    if who.tenant_id is not None:  # nor is there a way back from other tenants
        await session.execute(sa.update(Member).where(who.is_me()).values(signed_out_at=sa.func.now()))
