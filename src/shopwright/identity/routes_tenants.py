"""`/v1/tenant/me/tenants`: the tenants that one's sign-in opens, and going from one to another."""

from uuid import UUID

import sqlalchemy as sa

from shopwright.identity.cookies import BrowserDep
from shopwright.identity.errors import ForeignOrigin, SecondFactorRequired
from shopwright.identity.memberships import Proof, membership_in, open_tenants
from shopwright.identity.people import Who
from shopwright.identity.routes_auth import IdentityDep
from shopwright.identity.schemas import MyTenant
from shopwright.identity.sessions import end_sign_in
from shopwright.kit.errors import NotFound, Unauthenticated, error_responses
from shopwright.kit.schemas import Page
from shopwright.tenants.models import MemberSession
from shopwright.tenants.permissions import Access
from shopwright.tenants.schemas import TokenPair
from shopwright.tenants.scope import RequestScope, Scope, requires, scoped_router

router = scoped_router("/v1/tenant/me/tenants", "account")


async def _proof(scope: RequestScope) -> Proof:
    """What was proved when this sign-in began, here or in the tenant it came from."""
    mine = sa.and_(MemberSession.tenant_id == scope.tenant_id, MemberSession.id == UUID(scope.principal.session_id))
    async with scope.session as session, session.begin():
        return Proof.read(await session.scalar(sa.select(MemberSession.proof).where(mine)) or "")


@router.get("")
@requires(Access.MEMBER, own_transaction=True)
async def list_my_tenants(scope: Scope, identity: IdentityDep) -> Page[MyTenant]:
    """Where one can go without signing in again, this tenant included; empty when there is no other."""
    found = await open_tenants(identity.sign_in.db, await _proof(scope))
    return Page(items=[MyTenant.model_validate(one) for one in found], next_cursor=None)


@router.post("/{tenant_id}/enter", responses=error_responses(NotFound, SecondFactorRequired, ForeignOrigin))
@requires(Access.MEMBER, own_transaction=True)
async def enter_my_tenant(tenant_id: UUID, scope: Scope, identity: IdentityDep, browser: BrowserDep) -> TokenPair:
    """Go to another of one's tenants: a sign-in begins there, and the one here ends.

    Who has a second factor there is asked for it first (401 with a `challenge`); the sign-in here goes on until then.
    """
    proof = await _proof(scope)
    try:
        membership = await membership_in(identity.sign_in.db, proof, tenant_id)
    except Unauthenticated:
        raise NotFound(what="tenant") from None
    pair = await identity.sign_in.enter(membership.who, browser.device, "sign_in.switched", proof.text)
    async with scope.session as session, session.begin():
        await end_sign_in(session, Who.calling(scope.principal), UUID(scope.principal.session_id))
    return browser.hand_over(pair)
