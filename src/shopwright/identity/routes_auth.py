"""`/v1/auth`, `/admin/auth`: signing in, staying signed in, signing out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from shopwright.identity.cookies import BrowserDep
from shopwright.identity.errors import ForeignOrigin, SecondFactorRequired, TenantChoice, WrongCode, WrongCredentials
from shopwright.identity.limits import LOOKS, PER_ADDRESS, REFRESHES, limit_from, limit_sign_in
from shopwright.identity.schemas import (
    ChoiceIn,
    Login,
    MailState,
    MemberLogin,
    Methods,
    MyTenant,
    MyTenants,
    OidcChoice,
    RefreshTokenIn,
    SecondFactorIn,
    TenantChosen,
)
from shopwright.identity.service import Identity
from shopwright.kit.errors import Unauthenticated, error_responses
from shopwright.kit.tokens import TokenKind
from shopwright.tenants.permissions import Access
from shopwright.tenants.schemas import TokenPair
from shopwright.tenants.scope import ScopedRoute, requires

router = APIRouter(tags=["sign-in"], route_class=ScopedRoute)


def identity_of(request: Request) -> Identity:
    identity: Identity = request.app.state.identity
    return identity


IdentityDep = Annotated[Identity, Depends(identity_of)]
anyone = requires(Access.PUBLIC, own_transaction=True, anonymous=True)
ENTRY_ERRORS = error_responses(WrongCredentials, SecondFactorRequired, ForeignOrigin)
MEMBER_ERRORS = error_responses(WrongCredentials, SecondFactorRequired, TenantChoice, ForeignOrigin)


@router.get("/v1/auth/methods")
@anyone
async def get_sign_in_methods(request: Request, identity: IdentityDep) -> Methods:
    """How one can sign in here, and where mail goes."""
    await limit_from(request, "look", LOOKS)
    providers = await identity.oidc.choices()
    return Methods(
        password=True,
        sign_up=identity.sign_up_mode == "open",
        oidc=[OidcChoice(slug=slug, name=name) for slug, name in providers],
        mail=MailState(configured=identity.mail_folder is None, folder=identity.shown_mail_folder),
    )


@router.post("/v1/auth/login", responses=MEMBER_ERRORS)
@anyone
async def login(given: MemberLogin, identity: IdentityDep, request: Request, browser: BrowserDep) -> TokenPair:
    """Sign a member of a tenant in.

    With `X-Session: cookie` the refresh token is set as a cookie. With a second factor the answer is 401 with the
    code `second_factor_required` and a `challenge` to send on. Where the password opens several tenants it is 401 with
    the code `tenant_choice` and a `choice` to send on.
    """
    await limit_sign_in(request, given.email)
    password = given.password.get_secret_value()
    pair = await identity.sign_in.member(given.email, password, browser.device, given.tenant_id)
    return browser.hand_over(pair)


@router.post("/v1/auth/login/tenants", responses=error_responses(Unauthenticated))
@anyone
async def list_login_tenants(given: ChoiceIn, identity: IdentityDep, request: Request) -> MyTenants:
    """The tenants that a sign-in opens."""
    await limit_from(request, "choice", PER_ADDRESS)
    return MyTenants(items=[MyTenant.model_validate(one) for one in await identity.sign_in.choices(given.choice)])


@router.post("/v1/auth/login/tenant", responses=error_responses(Unauthenticated, SecondFactorRequired, ForeignOrigin))
@anyone
async def choose_login_tenant(
    given: TenantChosen, identity: IdentityDep, request: Request, browser: BrowserDep
) -> TokenPair:
    """End a sign-in that opens several tenants, in one of them."""
    await limit_from(request, "choice", PER_ADDRESS)
    return browser.hand_over(await identity.sign_in.choose(given.choice, given.tenant_id, browser.device))


@router.post("/admin/auth/login", responses=ENTRY_ERRORS)
@anyone
async def admin_login(given: Login, identity: IdentityDep, request: Request, browser: BrowserDep) -> TokenPair:
    """Sign an administrator of the installation in."""
    await limit_sign_in(request, given.email)
    pair = await identity.sign_in.admin(given.email, given.password.get_secret_value(), browser.device)
    return browser.hand_over(pair)


@router.post("/v1/auth/login/second-factor", responses=error_responses(WrongCode, ForeignOrigin))
@anyone
async def second_factor(
    given: SecondFactorIn, identity: IdentityDep, request: Request, browser: BrowserDep
) -> TokenPair:
    """End a sign-in with the code of the authenticator app, or with a recovery code."""
    await limit_from(request, "code", PER_ADDRESS)
    pair = await identity.second_factors.enter(TokenKind.MEMBER_CHALLENGE, given.challenge, given.code, browser.device)
    return browser.hand_over(pair)


@router.post("/admin/auth/login/second-factor", responses=error_responses(WrongCode, ForeignOrigin))
@anyone
async def admin_second_factor(
    given: SecondFactorIn, identity: IdentityDep, request: Request, browser: BrowserDep
) -> TokenPair:
    """The same for administrators."""
    await limit_from(request, "code", PER_ADDRESS)
    pair = await identity.second_factors.enter(TokenKind.ADMIN_CHALLENGE, given.challenge, given.code, browser.device)
    return browser.hand_over(pair)


@router.post("/v1/auth/refresh", responses=error_responses(Unauthenticated, ForeignOrigin))
@anyone
async def refresh(given: RefreshTokenIn, identity: IdentityDep, request: Request, browser: BrowserDep) -> TokenPair:
    """Trade a refresh token for a new pair; a token used twice ends the sign-in."""
    await limit_from(request, "refresh", REFRESHES)
    token = browser.refresh_token(given.refresh_token)
    return browser.hand_over(await identity.sessions.refresh(token, browser.device, by_cookie=browser.by_cookie))


@router.post("/v1/auth/logout", status_code=204, responses=error_responses(ForeignOrigin))
@anyone
async def logout(given: RefreshTokenIn, identity: IdentityDep, request: Request, browser: BrowserDep) -> None:
    """End the sign-in that a refresh token belongs to."""
    await limit_from(request, "refresh", REFRESHES)
    browser.forget()
    try:
        await identity.sessions.sign_out(browser.refresh_token(given.refresh_token))
    except Unauthenticated:
        if not browser.by_cookie:  # a browser without a good cookie is signed out: nothing is wrong
            raise
