"""Who may talk to a bot: the public when the bot is public and the page is one of its own, and holders of a key."""

import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request

from shopwright.bots.live import LiveBot
from shopwright.kit.errors import AppError, Conflict, NotFound
from shopwright.kit.ids import handle_of
from shopwright.kit.logs import get_logger
from shopwright.kit.rates import Limiter, Rate, enforce
from shopwright.tenants.principals import Principal

log = get_logger("shopwright.widget")
DAY = 86_400
MIN_UNGUESSABLE = 16


class OriginNotAllowed(AppError):
    """This bot may not be used from {origin}; its owner can add the address to its allowed domains."""

    status, code = 403, "origin_not_allowed"


class BotSwitchedOff(Conflict):
    """This bot is switched off."""

    code = "bot_switched_off"


@dataclass(frozen=True, slots=True)
class Visit:
    """One call of the chat API: who makes it, and from which page."""

    principal: Principal
    origin: str | None
    own_origins: frozenset[str]
    limiter: Limiter

    async def check(self, bot: LiveBot) -> None:
        """Let the call through.

        Raises:
            NotFound: the bot is not public and the caller has no key of its tenant.
            OriginNotAllowed: the page is not one of the bot's.
            BotSwitchedOff: it is.
            TooManyRequests: a limit is used up.
        """
        self.admit(bot)
        limits = [
            (f"bot|{bot.id}", Rate(bot.rate_limit_per_second, 1, "requests a second for this bot")),
            (f"bot|{bot.id}", Rate(bot.rate_limit_per_minute, 60, "requests a minute for this bot")),
        ]
        if self.principal.kind == "api_key":
            limits.append(
                (
                    f"key|{self.principal.id}",
                    Rate(self.principal.rate_limit, DAY, "requests a day for this key"),
                )
            )
        await enforce(self.limiter, *limits)

    def admit(self, bot: LiveBot) -> None:
        """Whether this caller and this page may use the bot at all; costs nothing of the limits.

        Raises:
            NotFound: the bot is not public and the caller has no key of its tenant.
            OriginNotAllowed: the page is not one of the bot's.
            BotSwitchedOff: it is.
        """
        public = self.principal.kind == "public"
        if public and not (bot.is_public and bot.is_active):
            raise NotFound(what="bot")
        if self.principal.bot_id is not None and self.principal.bot_id != bot.id:
            raise NotFound(what="bot")
        if self.principal.client_id not in {None, bot.client_id}:
            raise NotFound(what="bot")
        if not bot.is_active:
            raise BotSwitchedOff(reason="")
        self._check_origin(bot)

    def _check_origin(self, bot: LiveBot) -> None:
        if self.principal.key_kind == "publishable":
            allowed = self.principal.allowed_origins
            if self.origin is None or not origin_matches(self.origin, allowed):
                raise OriginNotAllowed(origin=self.origin or "a program; a publishable key works in web pages only")
            return
        if self.origin is None or self.origin in self.own_origins:
            return
        if self.principal.kind == "api_key":
            # A secret key in a page's source can be read by every visitor.
            log.warning("secret_key_in_browser", key=self.principal.id, origin=self.origin)
        if bot.allowed_domains and not origin_matches(self.origin, bot.allowed_domains):
            raise OriginNotAllowed(origin=self.origin)


def visit_of(request: Request, principal: Principal) -> Visit:
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    own = {f"{request.url.scheme}://{host}".lower()}
    if public := request.app.state.settings.public_url:  # behind a proxy the scheme and the host may be others
        parts = urlsplit(public.lower())
        own.add(f"{parts.scheme}://{parts.netloc}")
    return Visit(principal, origin.lower() if origin else None, frozenset(own), request.app.state.limiter)


def origin_matches(origin: str, allowed: tuple[str, ...]) -> bool:
    """Whether an origin is one of the allowed ones; `https://*.shop.example` stands for all its subdomains."""
    for entry in allowed:
        if origin == entry:
            return True
        scheme, _, host = entry.partition("://")
        parts = urlsplit(origin)
        if host.startswith("*.") and parts.scheme == scheme and parts.netloc.endswith(host[1:]):
            return True
    return False


def session_id_of_key(secret: bytes, tenant_id: UUID, bot_id: UUID, caller: str, key: str, day: int) -> str:
    """The handle of a session that began with a message named `key`: the same for the same message.

    Nobody can tell it from the key without the installation's secret.
    """
    text = f"{bot_id}|{caller}|{day}|{key}".encode()
    return handle_of(hmac.digest(secret, tenant_id.bytes + text, "sha256"), tenant_id)


def is_visitor(principal: Principal) -> bool:
    """Whether anybody may be behind a call: nobody signed in, or a key that stands in a web page."""
    return principal.kind == "public" or principal.key_kind == "publishable"


def may_read_public(session_id: str) -> bool:
    """A handle chosen by a caller is only as secret as it is long."""
    return len(session_id) >= MIN_UNGUESSABLE
