"""`/v1/auth/oidc`: to a sign-in provider and back. A browser comes here by itself, so every end is a page of ours."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from shopwright.identity.cookies import Browser, CookieRules
from shopwright.identity.errors import SecondFactorRequired, TenantChoice
from shopwright.identity.limits import WAYS, limit_from
from shopwright.identity.oidc.errors import OidcFailed
from shopwright.identity.oidc.flow import LIFETIME, Return
from shopwright.identity.routes_auth import IdentityDep, anyone
from shopwright.identity.sessions import LIFETIME as SESSION_LIFETIME
from shopwright.kit.errors import NotFound, error_responses
from shopwright.kit.logs import get_logger
from shopwright.tenants.scope import ScopedRoute

router = APIRouter(prefix="/v1/auth/oidc", tags=["sign-in"], route_class=ScopedRoute)
log = get_logger("shopwright.sign_in")
ATTEMPT = "sign-in-attempt"
Short = Annotated[str, Query(max_length=500)]
Code = Annotated[str, Query(max_length=2000)]
PAGE = "/sign-in"


def _failed(exc: OidcFailed) -> RedirectResponse:
    log.warning("oidc_failed", code=exc.code, reason=exc.reason)
    return RedirectResponse(f"{PAGE}?{urlencode({'error': exc.code})}", 303)


@router.get("/{slug}/start", status_code=303, response_class=RedirectResponse, responses=error_responses(NotFound))
@anyone
async def start_oidc(slug: str, identity: IdentityDep, request: Request, next: Short = "/") -> RedirectResponse:  # noqa: A002 - the parameter's name
    """Send the browser to a sign-in provider."""
    await limit_from(request, "oidc-start", WAYS)
    cookies = identity.cookies
    known = request.cookies.get(cookies.name(ATTEMPT))
    try:
        departure = await identity.oidc.depart(_slug(slug), next, known)
    except OidcFailed as exc:
        return _failed(exc)
    response = RedirectResponse(departure.address, 303)
    seconds = int(LIFETIME.total_seconds())
    # The provider's page sends the browser back: a strict cookie would stay behind.
    cookies.set(response, ATTEMPT, departure.browser_secret, seconds, cross_site=True)
    return response


@router.get("/{slug}/callback", status_code=303, response_class=RedirectResponse, responses=error_responses(NotFound))
@anyone
async def finish_oidc(
    slug: str,
    identity: IdentityDep,
    request: Request,
    state: Short = "",
    code: Code = "",
    error: Short = "",
    iss: Short = "",
) -> RedirectResponse:
    """Take the browser back: sets the session's cookie and goes on; or to the sign-in page with `?error=<code>`.

    Who has a second factor is sent to the sign-in page with `#challenge=…&next=…`, who is in several tenants with
    `#choice=…&next=…`.
    """
    await limit_from(request, "oidc-back", WAYS)
    rules: CookieRules = identity.cookies
    browser = Browser(request, RedirectResponse(PAGE), rules)
    back = Return(state, code, error, iss, request.cookies.get(rules.name(ATTEMPT), ""))
    try:
        pair, path = await identity.oidc.arrive(_slug(slug), back, browser.device)
    except OidcFailed as exc:
        return _failed(exc)
    except (SecondFactorRequired, TenantChoice) as exc:
        # Behind `#`, which no server and no log sees.
        return RedirectResponse(f"{PAGE}#{urlencode(exc.members)}", 303)
    response = RedirectResponse(path, 303)
    assert pair.refresh_token is not None
    rules.set(response, "session", pair.refresh_token, int(SESSION_LIFETIME.total_seconds()))
    return response


def _slug(text: str) -> str:
    """What cannot be a slug is one nobody has.

    Raises:
        NotFound: it cannot.
    """
    if len(text) > 40 or not text.isascii() or not text.isprintable():
        raise NotFound(what="sign-in provider")
    return text
