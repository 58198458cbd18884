"""The way to a provider and back: authorization code with PKCE, state and nonce.

A random secret in a cookie binds the way back to the browser that set out. Nonce and PKCE verifier are derived from it
and the state, so nothing secret is stored; the attempt's row is deleted by whoever comes back first.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import sqlalchemy as sa

from shopwright.identity.errors import SecondFactorRequired, TenantChoice
from shopwright.identity.memberships import Proof
from shopwright.identity.models import OidcAttempt, OidcProvider
from shopwright.identity.oidc.client import Exchange, OidcClient, Registration
from shopwright.identity.oidc.errors import OidcFailed
from shopwright.identity.oidc.people import Matching, Stranger
from shopwright.identity.sessions import Device
from shopwright.identity.sign_in import SignIn
from shopwright.kit.crypto import Envelope, Place, token_hash
from shopwright.kit.db import Database
from shopwright.kit.egress import EgressPolicy
from shopwright.kit.errors import NotFound
from shopwright.tenants.schemas import TokenPair

LIFETIME = timedelta(minutes=10)
MAX_PATH = 500


@dataclass(frozen=True, slots=True)
class Departure:
    address: str
    browser_secret: str


@dataclass(frozen=True, slots=True)
class Return:
    """What the provider sent the browser back with."""

    state: str
    code: str
    error: str
    issuer: str
    browser_secret: str


def safe_path(path: str) -> str:
    """A path of our own to go on to; anything else becomes the front page."""
    plain = path.isprintable() and len(path) <= MAX_PATH and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"


def oidc_place(provider_id: UUID) -> Place:
    return Place("", "oidc_providers", "client_secret", str(provider_id))


@dataclass(frozen=True)
class OidcSignIn:
    db: Database
    envelope: Envelope
    policy: EgressPolicy
    sign_in: SignIn
    base_url: str
    allow_sign_up: bool
    client: OidcClient = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "client", OidcClient(self.policy))

    def redirect_uri(self, slug: str) -> str:
        return f"{self.base_url}/v1/auth/oidc/{slug}/callback"

    async def choices(self) -> list[tuple[str, str]]:
        query = (
            sa.select(OidcProvider.slug, OidcProvider.name).where(OidcProvider.is_active).order_by(OidcProvider.name)
        )
        async with self.db.nobody() as session, session.begin():
            return [(row.slug, row.name) for row in await session.execute(query)]

    async def depart(self, slug: str, next_path: str, browser_secret: str | None) -> Departure:
        """Prepare the way to a provider.

        Raises:
            NotFound: there is no such provider.
            OidcFailed: it does not answer.
        """
        row = await self._provider(slug)
        provider = await self.client.discover(row.issuer)
        if browser_secret is None or not 40 <= len(browser_secret) <= 60:
            browser_secret = secrets.token_urlsafe(32)
        state = secrets.token_urlsafe(32)
        attempt = OidcAttempt(
            provider_id=row.id,
            state_hash=token_hash(state),
            browser_hash=token_hash(browser_secret),
            next_path=safe_path(next_path),
            expires_at=datetime.now(UTC) + LIFETIME,
        )
        async with self.db.nobody() as session, session.begin():
            session.add(attempt)
        query = {
            "response_type": "code",
            "client_id": row.client_id,
            "redirect_uri": self.redirect_uri(slug),
            "scope": " ".join(dict.fromkeys(["openid", *row.scopes.split()])),
            "state": state,
            "nonce": _derived(browser_secret, state, "nonce"),
            "code_challenge": _challenge(_derived(browser_secret, state, "verifier")),
            "code_challenge_method": "S256",
        }
        glue = "&" if urlsplit(provider.authorization_endpoint).query else "?"
        return Departure(provider.authorization_endpoint + glue + urlencode(query), browser_secret)

    async def arrive(self, slug: str, back: Return, device: Device) -> tuple[TokenPair, str]:
        """Sign in who comes back; returns the tokens and the path to go on to.

        Raises:
            NotFound: there is no such provider.
            OidcFailed: it did not come about.
            SecondFactorRequired: the person wants a second proof.
            TenantChoice: the person is in several tenants.
        """
        row = await self._provider(slug)
        gone = sa.delete(OidcAttempt).where(
            OidcAttempt.state_hash == token_hash(back.state),
            OidcAttempt.provider_id == row.id,
            OidcAttempt.expires_at > sa.func.now(),
        )
        async with self.db.nobody() as session, session.begin():
            left = await session.execute(gone.returning(OidcAttempt.browser_hash, OidcAttempt.next_path))
            attempt = left.first()
        if attempt is None or not hmac.compare_digest(attempt.browser_hash, token_hash(back.browser_secret)):
            raise OidcFailed("oidc_state")
        if back.error or not back.code:
            raise OidcFailed("oidc_refused", "the provider sent an error")
        if back.issuer and back.issuer != (await self.client.discover(row.issuer)).issuer:
            raise OidcFailed("oidc_state", "issuer")
        what = Exchange(
            code=back.code,
            redirect_uri=self.redirect_uri(slug),
            verifier=_derived(back.browser_secret, back.state, "verifier"),
            nonce=_derived(back.browser_secret, back.state, "nonce"),
        )
        claims = await self.client.redeem(self._registration(row), what)
        matching = Matching(self.db, await self.sign_in.sessions.audited())
        may_sign_up = self.allow_sign_up and row.allow_sign_up
        found = await matching.find(row, Stranger.read(claims, row), may_sign_up=may_sign_up)
        try:
            proof = await Proof.make(self.db, found)
            return await self.sign_in.enter_one(proof, device, action="sign_in.oidc"), attempt.next_path
        except (SecondFactorRequired, TenantChoice) as exc:
            exc.members["next"] = attempt.next_path
            raise

    async def _provider(self, slug: str) -> OidcProvider:
        query = sa.select(OidcProvider).where(OidcProvider.slug == slug, OidcProvider.is_active)
        async with self.db.nobody() as session, session.begin():
            row = (await session.scalars(query)).one_or_none()
        if row is None:
            raise NotFound(what="sign-in provider")
        return row

    def _registration(self, row: OidcProvider) -> Registration:
        secret = self.envelope.decrypt(row.client_secret, oidc_place(row.id)) if row.client_secret else None
        return Registration(row.issuer, row.client_id, secret)


def _derived(browser_secret: str, state: str, purpose: str) -> str:
    digest = hmac.digest(browser_secret.encode(), f"{purpose}|{state}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
