"""`/v1/auth`: signing up, proving an address, choosing a new password."""

from fastapi import APIRouter, Request

from shopwright.identity.cookies import BrowserDep
from shopwright.identity.errors import ForeignOrigin, LinkExpired, SignUpClosed
from shopwright.identity.limits import LINKS, limit_from, limit_mail
from shopwright.identity.routes_auth import IdentityDep, anyone
from shopwright.identity.schemas import Asked, MailTo, ResetIn, SignUpIn, TokenIn
from shopwright.kit.errors import error_responses
from shopwright.kit.passwords import WeakPassword
from shopwright.tenants.schemas import TokenPair
from shopwright.tenants.scope import ScopedRoute

router = APIRouter(prefix="/v1/auth", tags=["sign-in"], route_class=ScopedRoute)


@router.post("/sign-up", status_code=202, responses=error_responses(SignUpClosed, WeakPassword))
@anyone
async def sign_up(new: SignUpIn, identity: IdentityDep, request: Request) -> Asked:
    """Ask for a tenant of one's own. The answer is the same whether there is a login with this address or not."""
    identity.check_open("open")
    await limit_mail(request, "sign-up", new.email)
    await identity.sign_ups.begin(new)
    return Asked(status="verification_sent")


@router.post("/verify-email", responses=error_responses(LinkExpired, ForeignOrigin))
@anyone
async def verify_email(given: TokenIn, identity: IdentityDep, request: Request, browser: BrowserDep) -> TokenPair:
    """Prove an address with the link that was mailed to it: the tenant is made, and its owner signed in."""
    await limit_from(request, "link", LINKS)
    return browser.hand_over(await identity.sign_ups.verify(given.token, browser.device))


@router.post("/verify-email/resend", status_code=202)
@anyone
async def resend_verification(given: MailTo, identity: IdentityDep, request: Request) -> Asked:
    """Mail the link of the last sign-up again."""
    await limit_mail(request, "resend", given.email)
    await identity.sign_ups.resend(given.email)
    return Asked(status="verification_sent")


@router.post("/password/forgot", status_code=202)
@anyone
async def forgot_password(given: MailTo, identity: IdentityDep, request: Request) -> Asked:
    """Ask for a link to choose a new password."""
    await limit_mail(request, "forgot", given.email)
    await identity.resets.ask(given.email)
    return Asked(status="reset_sent")


@router.post("/password/reset", status_code=204, responses=error_responses(LinkExpired, WeakPassword))
@anyone
async def reset_password(given: ResetIn, identity: IdentityDep, request: Request) -> None:
    """Choose a new password with a mailed link. All sign-ins of the person end."""
    await limit_from(request, "link", LINKS)
    await identity.resets.reset(given.token, given.password.get_secret_value())
