"""The token of the Bot Framework in front of each request.

Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication, section
"Connector to Bot", read 2026-11.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from shopwright.channels.port import InvalidSignature

ISSUER: Final = "https://api.botframework.com"
_SKEW_SECONDS: Final = 300


def check_token(header: str | None, app_id: str, keys: Mapping[str, Any] | None, at: datetime) -> "CheckedToken":
    """Check signature, algorithm, issuer, audience and times of a bearer token.

    Args:
        keys: the platform's key set (`{"keys": [...]}`), each with the channels it is endorsed for.

    Raises:
        InvalidSignature: any of it does not hold, or there is nothing to check it with.
    """
    from joserfc import jwk, jws
    from joserfc.errors import JoseError

    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token or not app_id or not keys:
        raise InvalidSignature
    try:
        signed = jws.extract_compact(token.encode())
        kid = signed.headers()["kid"]
        key = next(k for k in keys["keys"] if k.get("kid") == kid and k.get("kty") == "RSA")
        # One algorithm, whatever the token or the key says of itself.
        found = jws.deserialize_compact(token, jwk.import_key(dict(key), "RSA"), algorithms=["RS256"])
        claims = _claims(found.payload)
        endorsed = tuple(key.get("endorsements") or ())
    except (JoseError, KeyError, StopIteration, ValueError, TypeError, AttributeError) as exc:
        raise InvalidSignature from exc
    now = at.timestamp()
    if claims.get("iss") != ISSUER or claims.get("aud") != app_id:
        raise InvalidSignature
    until, since = claims.get("exp"), claims.get("nbf", now)
    if not isinstance(until, int | float) or not isinstance(since, int | float):
        raise InvalidSignature
    if not since - _SKEW_SECONDS <= now <= until + _SKEW_SECONDS:
        raise InvalidSignature
    return CheckedToken(str(claims.get("serviceurl") or ""), endorsed)


def _claims(payload: bytes) -> dict[str, Any]:
    from shopwright.channels.reading import read_object

    return read_object(payload)


class CheckedToken:
    """What a good token says: where answers may go, and for which channels its key is endorsed."""

    def __init__(self, service_url: str, endorsements: tuple[str, ...]) -> None:
        self.service_url, self.endorsements = service_url, endorsements

    def check_activity(self, activity: Mapping[str, Any]) -> None:
        """The token does not sign the body, so the body must say the same.

        Raises:
            InvalidSignature: it names another address for answers, or a channel the key is not endorsed for.
        """
        url, channel = activity.get("serviceUrl"), activity.get("channelId")
        if not self.service_url or url != self.service_url or channel not in self.endorsements:
            raise InvalidSignature
