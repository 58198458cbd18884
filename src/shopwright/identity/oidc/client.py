"""Speaks to OpenID providers: discovery, keys, the exchange of a code, userinfo; all through the egress module."""

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlsplit

from shopwright.identity.oidc.errors import OidcFailed
from shopwright.identity.oidc.tokens import Expected, UnknownKey, read_id_token
from shopwright.kit.egress import AddressRefused, CallFailed, EgressPolicy, create_client, fetch

KEEP_SECONDS = 3600
ASK_AGAIN_SECONDS = 10  # for an unknown key: not with every forged token
MAX_KEPT = 64
TIMEOUT_SECONDS = 10
MAX_BYTES = 500_000
MAX_KEYS = 50


@dataclass(frozen=True, slots=True)
class Registration:
    """How this installation is known at a provider."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)


@dataclass(slots=True)
class Provider:
    """What a provider says of itself, and its keys."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str | None
    jwks_uri: str
    secret_in_body: bool
    read_at: float
    keys: list[dict[str, Any]]
    keys_read_at: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a browser came back with, and what it was sent away with."""

    code: str
    redirect_uri: str
    verifier: str
    nonce: str


class OidcClient:
    """One for the process; what providers say of themselves is kept for an hour."""

    def __init__(self, policy: EgressPolicy) -> None:
        self._policy = policy
        self._http = create_client(policy, timeout_seconds=TIMEOUT_SECONDS, max_connections=20, max_bytes=MAX_BYTES)
        self._known: dict[str, Provider] = {}

    async def close(self) -> None:
        await self._http.aclose()

    def check_address(self, url: str) -> None:
        """Refuse an address that must not be called, or that is unencrypted and not listed by the operator.

        Raises:
            AddressRefused: it is.
        """
        self._policy.check_url(url)
        parts = urlsplit(url)
        if parts.scheme != "https" and not self._policy.lists(parts.hostname or "", parts.port or 80):
            raise AddressRefused

    async def discover(self, issuer: str) -> Provider:
        """What the provider says of itself.

        Raises:
            OidcFailed: it does not answer, or with something else.
        """
        known = self._known.get(issuer)
        if known is not None and time.monotonic() - known.read_at < KEEP_SECONDS:
            return known
        said = await self._json("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
        try:
            methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
            provider = Provider(
                issuer=said["issuer"],
                authorization_endpoint=said["authorization_endpoint"],
                token_endpoint=said["token_endpoint"],
                userinfo_endpoint=said.get("userinfo_endpoint"),
                jwks_uri=said["jwks_uri"],
                secret_in_body="client_secret_basic" not in methods,
                read_at=time.monotonic(),
                keys=[],
                keys_read_at=-KEEP_SECONDS,
            )
            self.check_address(provider.authorization_endpoint)
        except (KeyError, TypeError, AttributeError, AddressRefused):
            raise OidcFailed("oidc_unreachable", "discovery") from None
        if provider.issuer.rstrip("/") != issuer.rstrip("/"):
            raise OidcFailed("oidc_unreachable", "issuer")
        while len(self._known) >= MAX_KEPT:
            self._known.pop(next(iter(self._known)))
        self._known[issuer] = provider
        return provider

    async def redeem(self, us: Registration, what: Exchange) -> dict[str, Any]:
        """Trade a code for a person: the claims of the checked ID token, completed by userinfo.

        Raises:
            OidcFailed: the provider refused the code, or a token is wrong.
        """
        provider = await self.discover(us.issuer)
        form = {
            "grant_type": "authorization_code", "code": what.code, "redirect_uri": what.redirect_uri,
            "code_verifier": what.verifier, "client_id": us.client_id,
        }  # fmt: skip
        headers = {}
        if us.client_secret is not None and provider.secret_in_body:
            form["client_secret"] = us.client_secret
        elif us.client_secret is not None:
            pair = f"{quote_plus(us.client_id)}:{quote_plus(us.client_secret)}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        answer = await self._json("POST", provider.token_endpoint, headers=headers, form=form, refusal="oidc_refused")
        id_token, access_token = answer.get("id_token"), answer.get("access_token")
        if not isinstance(id_token, str):
            raise OidcFailed("oidc_token", "missing")
        expected = Expected(provider.issuer, us.client_id, what.nonce, time.time())
        claims = await self._read(provider, id_token, expected)
        if isinstance(access_token, str) and provider.userinfo_endpoint and "email_verified" not in claims:
            claims = await self._complete(provider.userinfo_endpoint, access_token, claims)
        return claims

    async def _read(self, provider: Provider, token: str, expected: Expected) -> dict[str, Any]:
        """Check a token; a key that is not known may be a new one."""
        if time.monotonic() - provider.keys_read_at > KEEP_SECONDS:
            await self._read_keys(provider)
        try:
            return read_id_token(token, provider.keys, expected)
        except UnknownKey:
            if time.monotonic() - provider.keys_read_at > ASK_AGAIN_SECONDS:
                await self._read_keys(provider)
            try:
                return read_id_token(token, provider.keys, expected)
            except UnknownKey:
                raise OidcFailed("oidc_token", "unknown key") from None

    async def _read_keys(self, provider: Provider) -> None:
        keys = (await self._json("GET", provider.jwks_uri)).get("keys")
        provider.keys = [key for key in keys[:MAX_KEYS] if isinstance(key, dict)] if isinstance(keys, list) else []
        provider.keys_read_at = time.monotonic()

    async def _complete(self, url: str, access_token: str, claims: dict[str, Any]) -> dict[str, Any]:
        """Many providers tell the e-mail address only here."""
        said = await self._json("GET", url, headers={"authorization": f"Bearer {access_token}"})
        if said.get("sub") != claims["sub"]:
            raise OidcFailed("oidc_token", "userinfo of somebody else")
        more: dict[str, Any] = {name: said[name] for name in ("email", "email_verified", "name") if name in said}
        # An address and the word that it was proved belong together: both are from one source.
        if more.get("email", claims.get("email")) != claims.get("email"):
            claims = {name: value for name, value in claims.items() if name != "xms_edov"}
        return {**claims, **more}

    async def _json(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
        refusal: str = "oidc_unreachable",
    ) -> dict[str, Any]:
        try:
            self.check_address(url)
            asked = {"accept": "application/json", **(headers or {})}
            status, body = await fetch(self._http, method, url, headers=asked, form=form, max_bytes=MAX_BYTES)
        except (CallFailed, AddressRefused) as exc:
            raise OidcFailed("oidc_unreachable", str(exc) or type(exc).__name__) from None
        if status != 200:
            raise OidcFailed(refusal if status < 500 else "oidc_unreachable", f"status {status}")
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise OidcFailed("oidc_unreachable", "no JSON object")
        return said
