"""Browser sessions: the refresh token travels in a cookie that no script can read.

Such a request carries the header `X-Session: cookie`, which a page of another site cannot set, and an `Origin` of our
own.
"""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from shopwright.identity.errors import ForeignOrigin
from shopwright.identity.sessions import LIFETIME, Device
from shopwright.kit.errors import Unauthenticated
from shopwright.tenants.schemas import TokenPair

HEADER, COOKIE = "x-session", "cookie"
MAX_AGENT = 300


@dataclass(frozen=True, slots=True)
class CookieRules:
    """How cookies are named and marked at this installation's address."""

    base_url: str

    @property
    def secure(self) -> bool:
        parts = urlsplit(self.base_url)
        return parts.scheme == "https" or parts.hostname == "localhost"

    def name(self, name: str) -> str:
        # With this prefix a browser takes the cookie from this very host only.
        return f"__Host-{name}" if self.secure else name

    def set(self, response: Response, name: str, value: str, seconds: int, *, cross_site: bool = False) -> None:
        response.set_cookie(
            self.name(name),
            value,
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax" if cross_site else "strict",
        )

    def clear(self, response: Response, name: str) -> None:
        response.delete_cookie(self.name(name), path="/", secure=self.secure, httponly=True, samesite="strict")

    def is_own(self, request: Request) -> bool:
        """Whether a request says it comes from a page of ours: of the public address, or of the one it was sent to."""
        origin = request.headers.get("origin", "").lower()
        ours, given = urlsplit(self.base_url.lower()), urlsplit(origin)
        if f"{given.scheme}://{given.netloc}" != origin or given.scheme not in {"http", "https"}:
            return False
        return (ours.scheme, ours.netloc) == (given.scheme, given.netloc) or (
            given.netloc == request.headers.get("host", "").lower()
        )


@dataclass(frozen=True, slots=True)
class Browser:
    """One call on the way in or out, and how its refresh token travels."""

    request: Request
    response: Response
    rules: CookieRules

    @property
    def by_cookie(self) -> bool:
        return self.request.headers.get(HEADER, "").lower() == COOKIE

    @property
    def device(self) -> Device:
        host = self.request.client.host if self.request.client else ""
        agent = self.request.headers.get("user-agent", "")
        return Device(host, "".join(c for c in agent if c.isprintable())[:MAX_AGENT])

    def hand_over(self, pair: TokenPair) -> TokenPair:
        """Put the refresh token where this caller wants it."""
        if not self.by_cookie or pair.refresh_token is None:
            return pair
        self.rules.set(self.response, "session", pair.refresh_token, int(LIFETIME.total_seconds()))
        return pair.model_copy(update={"refresh_token": None})

    def refresh_token(self, in_body: str | None) -> str:
        """The refresh token of this call.

        Raises:
            Unauthenticated: there is none.
        """
        token = self.request.cookies.get(self.rules.name("session")) if self.by_cookie else in_body
        if not token or len(token) > 400:
            raise Unauthenticated
        return token

    def forget(self) -> None:
        if self.by_cookie:
            self.rules.clear(self.response, "session")


def browser_of(request: Request, response: Response) -> Browser:
    """Take the call in.

    Raises:
        ForeignOrigin: it wants a cookie and does not come from a page of ours.
    """
    rules: CookieRules = request.app.state.identity.cookies
    browser = Browser(request, response, rules)
    if browser.by_cookie and not rules.is_own(request):
        raise ForeignOrigin
    return browser


BrowserDep = Annotated[Browser, Depends(browser_of)]
