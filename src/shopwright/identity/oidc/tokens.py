"""Checks an ID token: who signed it, for whom, for which sign-in, and when (OpenID Connect Core 3.1.3.7)."""

import base64
import hmac
import json
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import import_key

from shopwright.identity.oidc.errors import OidcFailed

# Asymmetric ones only: with "none" or a shared secret anybody, or any client, could write tokens.
KINDS = {
    "RS256": "RSA", "RS384": "RSA", "RS512": "RSA", "PS256": "RSA", "PS384": "RSA", "PS512": "RSA",
    "ES256": "EC", "ES384": "EC", "ES512": "EC", "EdDSA": "OKP",
}  # fmt: skip
LEEWAY_SECONDS = 60
MAX_TOKEN = 20_000
MAX_SUBJECT = 255


class UnknownKey(Exception):
    """The token names a key that is not in the set; the provider may have a new one."""


@dataclass(frozen=True, slots=True)
class Expected:
    issuer: str
    client_id: str
    nonce: str
    now: float


def read_id_token(token: str, keys: list[dict[str, Any]], expected: Expected) -> dict[str, Any]:
    """Check an ID token and return its claims.

    Raises:
        OidcFailed: anything about it is wrong.
        UnknownKey: it may be right, with a newer key.
    """
    algorithm, key = _choose_key(_header(token), keys)
    try:
        claims: dict[str, Any] = jwt.decode(token, import_key(key), algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError, KeyError) as exc:
        raise OidcFailed("oidc_token", type(exc).__name__) from None
    _check(claims, expected)
    return claims


def _header(token: str) -> dict[str, Any]:
    try:
        if len(token) > MAX_TOKEN or token.count(".") != 2:
            raise ValueError
        part = token.split(".", 1)[0]
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise OidcFailed("oidc_token", "no header")
    return header


def _choose_key(header: dict[str, Any], keys: list[dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in KINDS:
        raise OidcFailed("oidc_token", "algorithm")
    fitting = [
        key
        for key in keys
        if key.get("kty") == KINDS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (key_id is None or key.get("kid") == key_id)
    ]
    if len(fitting) != 1:
        raise UnknownKey
    # Its own declarations were looked at; a library's opinion on them makes no difference any more.
    return algorithm, {name: value for name, value in fitting[0].items() if name not in {"key_ops", "x5c", "x5t"}}


def _check(claims: dict[str, Any], expected: Expected) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    expires, issued, begins = (_number(claims.get(name)) for name in ("exp", "iat", "nbf"))
    nonce, subject = claims.get("nonce"), claims.get("sub")
    wrong = None
    if claims.get("iss") != expected.issuer:
        wrong = "issuer"
    elif expected.client_id not in audiences:
        wrong = "audience"
    elif (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != expected.client_id:
        wrong = "authorized party"
    elif expires is None or expires <= expected.now - LEEWAY_SECONDS:
        wrong = "expired"
    elif issued is None or issued > expected.now + LEEWAY_SECONDS:
        wrong = "issued in the future"
    elif begins is not None and begins > expected.now + LEEWAY_SECONDS:
        wrong = "not valid yet"
    elif not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        wrong = "nonce"
    elif not isinstance(subject, str) or not 1 <= len(subject) <= MAX_SUBJECT:
        wrong = "subject"
    if wrong:
        raise OidcFailed("oidc_token", wrong)


def _number(value: object) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
