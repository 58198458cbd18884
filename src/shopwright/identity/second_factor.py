"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost.

Every code that is tried is counted in the database before it is looked at, so guesses are few however they arrive.
"""

import base64
import hmac
import io
import secrets
import struct
import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.identity.errors import SecondFactorOff, SecondFactorOn, WrongCode
from shopwright.identity.people import Who, fingerprint
from shopwright.identity.resets import Resets
from shopwright.identity.schemas import TwoFactorSetup
from shopwright.identity.sessions import Device, Sessions
from shopwright.kit.crypto import Envelope, Place, token_hash
from shopwright.kit.db import Database
from shopwright.kit.errors import TooManyRequests, Unauthenticated
from shopwright.kit.tokens import TokenKind
from shopwright.tenants.models import Person
from shopwright.tenants.schemas import TokenPair

STEP_SECONDS = 30
SECRET_BYTES = 20
RECOVERY_CODES, RECOVERY_BYTES = 10, 10
MAX_FAILURES, FAILURES_FOR = 10, timedelta(minutes=15)
ISSUER = "Shopwright"
# What a person without a second factor has.
OFF: dict[str, object] = {"totp_secret": None, "totp_confirmed_at": None, "totp_step": 0, "recovery_codes": []}


def totp(secret: bytes, step: int) -> str:
    """The code of a time step, as RFC 6238 and RFC 4226 say: HMAC-SHA-1, six digits."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    at = digest[-1] & 0xF
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def step_of(secret: bytes, code: str, now: float) -> int | None:
    """The time step a code belongs to: the present one, or one before or after for clocks that differ."""
    present = int(now // STEP_SECONDS)
    matching = [step for step in range(present - 1, present + 2) if hmac.compare_digest(totp(secret, step), code)]
    return matching[0] if matching else None


def qr_svg(text: str) -> str:
    import segno

    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, light="#fff")
    return out.getvalue().decode().strip()


def _plain(code: str) -> str:
    return "".join(c for c in code.lower() if c.isalnum())


def _new_recovery_codes() -> list[str]:
    codes = []
    for _ in range(RECOVERY_CODES):
        text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
        codes.append("-".join(text[i : i + 4] for i in range(0, len(text), 4)))
    return codes


@dataclass(frozen=True, slots=True)
class SecondFactors:
    db: Database
    envelope: Envelope
    sessions: Sessions
    resets: Resets

    async def begin(self, who: Who, password: str) -> TwoFactorSetup:
        """Make a secret for the authenticator app; it counts from its confirmation on.

        Raises:
            WrongCredentials: the password is wrong.
            SecondFactorOn: there is one already.
        """
        email = await self.resets.prove(who, password)
        secret = secrets.token_bytes(SECRET_BYTES)
        text = base64.b32encode(secret).decode()
        people = who.people
        change = sa.update(people).where(who.is_me(), people.totp_confirmed_at.is_(None))
        change = change.values(totp_secret=self.envelope.encrypt(text, _place(who)), totp_step=0)
        async with who.session(self.db) as session, session.begin():
            if (await session.execute(change.returning(people.id))).first() is None:
                raise SecondFactorOn(reason="")
        query = urlencode({"secret": text, "issuer": ISSUER, "algorithm": "SHA1", "digits": 6, "period": STEP_SECONDS})
        uri = f"otpauth://totp/{quote(ISSUER)}:{quote(email)}?{query}"
        return TwoFactorSetup(secret=text, uri=uri, qr_svg=qr_svg(uri))

    async def confirm(self, who: Who, code: str) -> list[str]:
        """Switch the second factor on with a first code; returns the recovery codes, this once.

        Raises:
            WrongCode: the code is not the app's.
            SecondFactorOff: it was not begun.
            SecondFactorOn: it is on already.
        """
        await self._count(who)
        audited = await self.sessions.audited()
        async with who.session(self.db) as session, session.begin():
            person = await who.read(session, lock=True)
            if person.totp_secret is None:
                raise SecondFactorOff(reason="")
            if person.totp_confirmed_at is not None:
                raise SecondFactorOn(reason="")
            if not await self._take_app_code(session, who, person, code):
                raise WrongCode
            codes = _new_recovery_codes()
            change = sa.update(who.people).where(who.is_me())
            await session.execute(
                change.values(totp_confirmed_at=sa.func.now(), recovery_codes=_hashes(codes), code_failures=0)
            )
            who.note(session, "second_factor.on", who.id, audited=audited)
        return codes

    async def renew_codes(self, who: Who, password: str) -> list[str]:
        """Make new recovery codes; the old ones stop working.

        Raises:
            WrongCredentials: the password is wrong.
            SecondFactorOff: there is no second factor.
        """
        await self.resets.prove(who, password)
        codes, people = _new_recovery_codes(), who.people
        audited = await self.sessions.audited()
        change = sa.update(people).where(who.is_me(), people.totp_confirmed_at.is_not(None))
        async with who.session(self.db) as session, session.begin():
            changed = await session.execute(change.values(recovery_codes=_hashes(codes)).returning(people.id))
            if changed.first() is None:
                raise SecondFactorOff(reason="")
            who.note(session, "second_factor.new_codes", who.id, audited=audited)
        return codes

    async def switch_off(self, who: Who, password: str) -> None:
        """Do without.

        Raises:
            WrongCredentials: the password is wrong.
        """
        await self.resets.prove(who, password)
        audited = await self.sessions.audited()
        async with who.session(self.db) as session, session.begin():
            await session.execute(sa.update(who.people).where(who.is_me()).values(**OFF))
            who.note(session, "second_factor.off", who.id, audited=audited)

    async def enter(self, kind: TokenKind, challenge: str, code: str, device: Device) -> TokenPair:
        """End a sign-in that began with the right password.

        Raises:
            Unauthenticated: the challenge is not good any more.
            WrongCode: the code is wrong or was used.
            TooManyRequests: too many wrong ones; even the right one is not looked at now.
        """
        claims = self.sessions.tokens.read(kind, challenge)
        who = Who(UUID(claims.subject), UUID(claims.tenant) if claims.tenant else None)
        await self._count(who)
        audited = await self.sessions.audited()
        async with who.session(self.db) as session, session.begin():
            person = await who.read(session, lock=True)
            if person.totp_confirmed_at is None or not hmac.compare_digest(
                fingerprint(person.password_hash), claims.session
            ):
                raise Unauthenticated
            by_app = await self._take_app_code(session, who, person, code)
            if not by_app and not await self._take_recovery_code(session, who, code):
                raise WrongCode
            await session.execute(sa.update(who.people).where(who.is_me()).values(code_failures=0))
            action = "sign_in" if by_app else "sign_in.recovery_code"
            return self.sessions.open(session, who, device, audited=audited, action=action, proof=claims.proof)

    async def _count(self, who: Who) -> None:
        """Count a try, in a transaction of its own: a failure later does not take it back."""
        people = who.people
        fresh = people.code_failed_at > sa.func.now() - FAILURES_FOR
        count = (
            sa.update(people)
            .where(who.is_me(), sa.or_(people.code_failures < MAX_FAILURES, sa.not_(sa.func.coalesce(fresh, False))))
            .values(code_failures=sa.case((fresh, people.code_failures + 1), else_=1), code_failed_at=sa.func.now())
        )
        async with who.session(self.db) as session, session.begin():
            if (await session.execute(count.returning(people.id))).first() is None:
                wait = int(FAILURES_FOR.total_seconds())
                raise TooManyRequests(
                    limit=f"{MAX_FAILURES} wrong codes", retry_after=wait, headers={"Retry-After": str(wait)}
                )

    async def _take_app_code(self, session: AsyncSession, who: Who, person: Person, code: str) -> bool:
        """Use a code of the app up; each works once, and none older than the last one."""
        if person.totp_secret is None:
            return False
        secret = base64.b32decode(self.envelope.decrypt(person.totp_secret, _place(who)))
        step = step_of(secret, code.replace(" ", ""), time.time())
        if step is None:
            return False
        people = who.people
        use = sa.update(people).where(who.is_me(), people.totp_step < step).values(totp_step=step)
        return (await session.execute(use.returning(people.id))).first() is not None

    async def _take_recovery_code(self, session: AsyncSession, who: Who, code: str) -> bool:
        people, hashed = who.people, token_hash(_plain(code))
        use = sa.update(people).where(who.is_me(), people.recovery_codes.has_key(hashed))
        use = use.values(recovery_codes=people.recovery_codes.op("-")(sa.cast(hashed, sa.Text)))
        return (await session.execute(use.returning(people.id))).first() is not None


def _hashes(codes: list[str]) -> list[str]:
    return [token_hash(_plain(code)) for code in codes]


def _place(who: Who) -> Place:
    return Place(str(who.tenant_id or ""), who.table, "totp_secret", str(who.id))
