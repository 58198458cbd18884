"""`/v1/tenant/me` and `/admin/me`: one's own password, second factor and sign-ins. The same routes for both."""

from uuid import UUID

from fastapi import APIRouter

from shopwright.identity.errors import SecondFactorOff, SecondFactorOn, WrongCode, WrongCredentials
from shopwright.identity.limits import CODES
from shopwright.identity.people import Who
from shopwright.identity.routes_auth import IdentityDep
from shopwright.identity.schemas import (
    CodeIn,
    PasswordChange,
    PasswordIn,
    RecoveryCodes,
    SignInRead,
    TwoFactorSetup,
)
from shopwright.identity.sessions import end_all, end_sign_in, list_sign_ins
from shopwright.kit.errors import NotFound, error_responses
from shopwright.kit.passwords import WeakPassword
from shopwright.kit.rates import Limiter, enforce
from shopwright.kit.schemas import Page
from shopwright.tenants.permissions import Access
from shopwright.tenants.scope import Scope, ScopedRoute, requires

PASSWORD_ERRORS = error_responses(WrongCredentials, WeakPassword)


async def _limit(limiter: Limiter, who: Who) -> None:
    """Somebody at an unlocked screen must not guess the password either."""
    await enforce(limiter, (f"own|{who.id}", CODES))


def account_router(prefix: str, access: Access, whose: str) -> APIRouter:
    """The routes of one's own account.

    Args:
        whose: part of the operations' names: `my`, `admin`.
    """
    router = APIRouter(prefix=prefix, tags=["account"], route_class=ScopedRoute)
    mine, alone = requires(access), requires(access, own_transaction=True)

    @router.post("/password", status_code=204, responses=PASSWORD_ERRORS, name=f"change_{whose}_password")
    @alone
    async def change_password(given: PasswordChange, scope: Scope, identity: IdentityDep) -> None:
        """Change one's own password; all other sign-ins end."""
        who = Who.calling(scope.principal)
        await _limit(identity.limiter, who)
        old, new = given.current.get_secret_value(), given.new.get_secret_value()
        await identity.resets.change(who, old, new, keep=UUID(scope.principal.session_id))

    @router.get("/sessions", name=f"list_{whose}_sessions")
    @mine
    async def list_sessions(scope: Scope) -> Page[SignInRead]:
        """Where one is signed in, last used first; the hundred newest."""
        rows = await list_sign_ins(scope.session, Who.calling(scope.principal))
        current = scope.principal.session_id
        columns = ("id", "created_at", "last_used_at", "user_agent", "address")
        return Page(
            items=[
                SignInRead(**{name: getattr(row, name) for name in columns}, current=str(row.id) == current)
                for row in rows
            ]
        )

    @router.delete("/sessions", status_code=204, name=f"end_{whose}_other_sessions")
    @mine
    async def end_other_sessions(scope: Scope) -> None:
        """Sign out everywhere else."""
        await end_all(scope.session, Who.calling(scope.principal), keep=UUID(scope.principal.session_id))
        scope.audit("sign_in.end_others", scope.principal.id)

    @router.delete(
        "/sessions/{sign_in_id}", status_code=204, responses=error_responses(NotFound), name=f"end_{whose}_session"
    )
    @mine
    async def end_session(sign_in_id: UUID, scope: Scope) -> None:
        """Sign out there."""
        await end_sign_in(scope.session, Who.calling(scope.principal), sign_in_id)
        scope.audit("sign_in.end", sign_in_id)

    @router.post(
        "/two-factor",
        responses=error_responses(WrongCredentials, SecondFactorOn),
        name=f"begin_{whose}_two_factor",
    )
    @alone
    async def begin_two_factor(given: PasswordIn, scope: Scope, identity: IdentityDep) -> TwoFactorSetup:
        """Get a secret for an authenticator app. It counts once a code of it was confirmed."""
        who = Who.calling(scope.principal)
        await _limit(identity.limiter, who)
        return await identity.second_factors.begin(who, given.password.get_secret_value())

    @router.post(
        "/two-factor/confirm",
        responses=error_responses(WrongCode, SecondFactorOff, SecondFactorOn),
        name=f"confirm_{whose}_two_factor",
    )
    @alone
    async def confirm_two_factor(given: CodeIn, scope: Scope, identity: IdentityDep) -> RecoveryCodes:
        """Switch the second factor on with a first code. The recovery codes are in this answer and nowhere else."""
        who = Who.calling(scope.principal)
        await _limit(identity.limiter, who)
        return RecoveryCodes(recovery_codes=await identity.second_factors.confirm(who, given.code))

    @router.post(
        "/two-factor/recovery-codes",
        responses=error_responses(WrongCredentials, SecondFactorOff),
        name=f"renew_{whose}_recovery_codes",
    )
    @alone
    async def renew_recovery_codes(given: PasswordIn, scope: Scope, identity: IdentityDep) -> RecoveryCodes:
        """Get new recovery codes; the old ones stop working."""
        who = Who.calling(scope.principal)
        await _limit(identity.limiter, who)
        codes = await identity.second_factors.renew_codes(who, given.password.get_secret_value())
        return RecoveryCodes(recovery_codes=codes)

    @router.post(
        "/two-factor/disable",
        status_code=204,
        responses=error_responses(WrongCredentials),
        name=f"disable_{whose}_two_factor",
    )
    @alone
    async def disable_two_factor(given: PasswordIn, scope: Scope, identity: IdentityDep) -> None:
        """Switch the second factor off."""
        who = Who.calling(scope.principal)
        await _limit(identity.limiter, who)
        await identity.second_factors.switch_off(who, given.password.get_secret_value())

    return router
