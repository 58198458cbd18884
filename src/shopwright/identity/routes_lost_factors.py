"""Switching the second factor of somebody off who has lost phone and codes: in one's team, or as administrator."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from shopwright.identity.errors import OwnSecondFactor
from shopwright.identity.lost_factors import LostFactors
from shopwright.identity.people import Who
from shopwright.identity.routes_auth import IdentityDep
from shopwright.identity.schemas import PersonFind, PersonFound
from shopwright.kit.errors import Forbidden, NotFound, error_responses
from shopwright.kit.schemas import Page
from shopwright.tenants.models import Member
from shopwright.tenants.permissions import Access, Permission
from shopwright.tenants.routes_tenant import only_owners_change_owners
from shopwright.tenants.scope import Scope, ScopedRoute, requires, scoped_router
from shopwright.tenants.service import Members

router = scoped_router("/v1/tenant/members", "tenant")
admin_router = APIRouter(prefix="/admin", tags=["admin"], route_class=ScopedRoute)
ACTION = "second_factor.off_for"


def lost_factors_of(scope: Scope, identity: IdentityDep) -> LostFactors:
    return LostFactors(scope.session, identity.outbox, identity.letters)


LostFactorsDep = Annotated[LostFactors, Depends(lost_factors_of)]


def _not_oneself(scope: Scope, person: UUID) -> None:
    """Who sits at an open screen must not get around the question for the password.

    Raises:
        OwnSecondFactor: it is the caller's own.
    """
    if scope.principal.id == str(person):
        raise OwnSecondFactor(reason="")


@router.delete(
    "/{member_id}/two-factor", status_code=204, responses=error_responses(NotFound, Forbidden, OwnSecondFactor)
)
@requires(Permission.MEMBERS_WRITE)
async def disable_member_two_factor(member_id: UUID, scope: Scope, lost: LostFactorsDep) -> None:
    """Switch off the second factor of a member who has lost phone and recovery codes.

    The member is signed out everywhere and told by mail. Only an owner can do it for an owner.
    """
    _not_oneself(scope, member_id)
    member = await Members(scope.session, scope.tenant_id).get(member_id)
    only_owners_change_owners(scope, member.role)
    caller = await scope.repository(Member).find(UUID(scope.principal.id))
    by = (caller.name or caller.email) if caller else ""
    if await lost.switch_off(Who(member_id, scope.tenant_id), by):
        scope.audit(ACTION, member_id)


@admin_router.post("/people/find")
@requires(Access.ADMIN)
async def find_people(given: PersonFind, scope: Scope, lost: LostFactorsDep) -> Page[PersonFound]:
    """Every login of an e-mail address: in tenants, and as administrator."""
    _ = scope
    return Page(items=await lost.find(given.email))


@admin_router.delete(
    "/tenants/{tenant_id}/members/{member_id}/two-factor", status_code=204, responses=error_responses(NotFound)
)
@requires(Access.ADMIN)
async def disable_two_factor_of_member(tenant_id: UUID, member_id: UUID, scope: Scope, lost: LostFactorsDep) -> None:
    """Switch off the second factor of any tenant's member; the member is told by mail, the tenant in its log."""
    await lost.enter(tenant_id)
    who = Who(member_id, tenant_id)
    if await lost.switch_off(who):
        lost.tell_tenant(who, "admin", scope.principal.id, scope.request_id)
        scope.audit(ACTION, member_id, tenant=str(tenant_id))


@admin_router.delete(
    "/administrators/{admin_id}/two-factor", status_code=204, responses=error_responses(NotFound, OwnSecondFactor)
)
@requires(Access.ADMIN)
async def disable_two_factor_of_admin(admin_id: UUID, scope: Scope, lost: LostFactorsDep) -> None:
    """Switch off the second factor of another administrator."""
    _not_oneself(scope, admin_id)
    if await lost.switch_off(Who(admin_id)):
        scope.audit(ACTION, admin_id)
