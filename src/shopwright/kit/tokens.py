"""Signed access tokens. Each kind has its own `typ` and audience and is refused everywhere else."""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from shopwright.kit.errors import Unauthenticated

ALGORITHM = "HS256"
ISSUER = "shopwright"
LEEWAY_SECONDS = 30


class TokenKind(StrEnum):
    MEMBER = "member"
    ADMIN = "admin"
    # The password was right, the second factor is missing.
    MEMBER_CHALLENGE = "member-challenge"
    ADMIN_CHALLENGE = "admin-challenge"
    # The password opens several tenants, and none is chosen yet.
    MEMBER_CHOICE = "member-choice"


@dataclass(frozen=True, slots=True)
class Claims:
    """Who a token speaks for: the person, the tenant (members only) and the sign-in it came from.

    `proof`: which other tenants the same proof opens; only of tokens on the way in.
    """

    subject: str
    tenant: str
    session: str
    proof: str = ""


class Tokens:
    """Signs and reads tokens with a key derived for this purpose only."""

    def __init__(self, secret: bytes, *, lifetime_seconds: int = 900) -> None:
        self._key = OctKey.import_key(secret)
        self.lifetime_seconds = lifetime_seconds

    def sign(self, kind: TokenKind, claims: Claims, lifetime_seconds: int | None = None) -> str:
        now = int(time.time())
        body: dict[str, Any] = {
            "iss": ISSUER,
            "aud": f"{ISSUER}:{kind}",
            "sub": claims.subject,
            "ten": claims.tenant,
            "sid": claims.session,
            "iat": now,
            "exp": now + (lifetime_seconds or self.lifetime_seconds),
        }
        if claims.proof:
            body["prf"] = claims.proof
        return jwt.encode({"alg": ALGORITHM, "typ": f"{kind}+jwt"}, body, self._key)

    def read(self, kind: TokenKind, token: str) -> Claims:
        """Check signature, kind, audience and time.

        Raises:
            Unauthenticated: any of them is wrong; the caller is not told which.
        """
        try:
            decoded = jwt.decode(token, self._key, algorithms=[ALGORITHM])
            claims, header, now = decoded.claims, decoded.header, time.time()
            if (
                header.get("typ") != f"{kind}+jwt"
                or claims["iss"] != ISSUER
                or claims["aud"] != f"{ISSUER}:{kind}"
                or claims["exp"] < now
                or claims["iat"] > now + LEEWAY_SECONDS
            ):
                raise Unauthenticated
            return Claims(str(claims["sub"]), str(claims["ten"]), str(claims["sid"]), str(claims.get("prf", "")))
        except (JoseError, KeyError, TypeError, ValueError):
            raise Unauthenticated from None
