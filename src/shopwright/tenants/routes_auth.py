"""`/v1/auth`, `/admin/auth`: signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from shopwright.kit.errors import Unauthenticated, error_responses
from shopwright.kit.rates import Limiter, Rate, enforce
from shopwright.tenants.errors import WrongCredentials
from shopwright.tenants.permissions import Access
from shopwright.tenants.schemas import Login, RefreshTokenIn, TokenPair
from shopwright.tenants.scope import ScopedRoute, requires
from shopwright.tenants.sign_in import SignIn

router = APIRouter(tags=["sign-in"], route_class=ScopedRoute)


def sign_in_service(request: Request) -> SignIn:
    service: SignIn = request.app.state.sign_in
    return service


Service = Annotated[SignIn, Depends(sign_in_service)]


PER_PERSON = Rate(10, 60, "sign-ins a minute for this address")
PER_ADDRESS = Rate(30, 60, "sign-ins a minute from here")


async def limit(request: Request, email: str) -> None:
    """Slow down guessing: by person and by network address."""
    limiter: Limiter = request.app.state.limiter
    host = request.client.host if request.client else ""
    await enforce(limiter, (f"sign-in|{email.lower()}", PER_PERSON), (f"sign-in-from|{host}", PER_ADDRESS))


@router.post("/v1/auth/login", responses=error_responses(WrongCredentials))
@requires(Access.PUBLIC, own_transaction=True)
async def login(given: Login, service: Service, request: Request) -> TokenPair:
    """Sign a member of a tenant in."""
    await limit(request, given.email)
    return await service.member(given.email, given.password.get_secret_value())


@router.post("/admin/auth/login", responses=error_responses(WrongCredentials))
@requires(Access.PUBLIC, own_transaction=True)
async def admin_login(given: Login, service: Service, request: Request) -> TokenPair:
    """Sign an administrator of the installation in."""
    await limit(request, given.email)
    return await service.admin(given.email, given.password.get_secret_value())


@router.post("/v1/auth/refresh", responses=error_responses(Unauthenticated))
@requires(Access.PUBLIC, own_transaction=True)
async def refresh(given: RefreshTokenIn, service: Service) -> TokenPair:
    """Trade a refresh token for a new pair; a token used twice ends the sign-in."""
    return await service.refresh(given.refresh_token)


@router.post("/v1/auth/logout", status_code=204)
@requires(Access.PUBLIC, own_transaction=True)
async def logout(given: RefreshTokenIn, service: Service) -> None:
    """End the sign-in that a refresh token belongs to."""
    await service.sign_out(given.refresh_token)
