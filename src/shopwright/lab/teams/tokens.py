"""Who may call whom: tokens that bots get for their secret, and the connector's own, signed with its key.

Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication, read
2026-11.
"""

import secrets
import time
from functools import cache
from typing import Any, Final

import orjson
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

ISSUER: Final = "https://api.botframework.com"
SECONDS: Final = 86_399
# How long a token of the connector's is good; clocks may differ by five minutes.
_CONNECTOR_SECONDS: Final = 3600


@cache
def signing_key() -> jwk.RSAKey:
    """The connector's key, as long as this process lives."""
    return jwk.RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": secrets.token_urlsafe(16)})


def public_keys() -> dict[str, Any]:
    """What is published, with the channels that the key is endorsed for."""
    return {"keys": [{**signing_key().as_dict(private=False), "endorsements": ["msteams", "webchat", "directline"]}]}


def metadata(keys_url: str) -> dict[str, Any]:
    return {
        "issuer": ISSUER, "authorization_endpoint": "https://invalid.botframework.com", "jwks_uri": keys_url,
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    }  # fmt: skip


def connector_token(app_id: str, service_url: str) -> str:
    """What stands in front of a request to a bot."""
    key, now = signing_key(), int(time.time())
    claims = {"serviceurl": service_url, "iss": ISSUER, "aud": app_id, "nbf": now, "exp": now + _CONNECTOR_SECONDS}
    header = {"typ": "JWT", "alg": "RS256", "kid": key.kid, "x5t": key.kid}
    return jwt.encode(header, claims, key, algorithms=["RS256"])


def bot_token(app_id: str, password: str, tenant: str) -> str:
    """A token for a bot that has shown its secret; good also when the lab was started again meanwhile."""
    now = int(time.time())
    claims = {
        "aud": ISSUER, "iss": f"https://sts.windows.net/{tenant}/", "appid": app_id, "tid": tenant,
        "iat": now, "nbf": now, "exp": now + SECONDS,
    }  # fmt: skip
    return jwt.encode({"typ": "JWT", "alg": "HS256"}, claims, jwk.OctKey.import_key(password), algorithms=["HS256"])


def bot_of(token: str) -> str:
    """The bot that a token says it is of, not yet checked; nothing when it is no token."""
    try:
        payload = orjson.loads(jws.extract_compact(token.encode()).payload) if token else {}
    except (JoseError, ValueError, KeyError):
        return ""
    return str(payload.get("appid", ""))


def is_good(token: str, password: str) -> bool:
    """Whether it is a token that the bot with this secret was given, and still good."""
    try:
        claims = jwt.decode(token, jwk.OctKey.import_key(password), algorithms=["HS256"]).claims
    except (JoseError, ValueError):
        return False
    return claims.get("aud") == ISSUER and int(claims.get("exp", 0)) > time.time()
