"""Who one is: the member at `/v1/tenant/me`, the administrator at `/admin/me`."""

from uuid import UUID

from shopwright.identity.people import Who
from shopwright.identity.routes_account import account_router
from shopwright.identity.schemas import AdminMe, Me, MeUpdate, MyTenant
from shopwright.tenants.models import Admin, Member, Tenant
from shopwright.tenants.permissions import Access
from shopwright.tenants.schemas import MemberRead
from shopwright.tenants.scope import Scope, requires

member_router = account_router("/v1/tenant/me", Access.MEMBER, "my")
admin_router = account_router("/admin/me", Access.ADMIN, "admin")


async def _me(scope: Scope) -> Me:
    member = await scope.repository(Member).find(UUID(scope.principal.id))
    tenant = await scope.session.get(Tenant, scope.tenant_id)
    return Me(
        **MemberRead.model_validate(member).model_dump(),
        language=member.language if member else None,
        tenant=MyTenant.model_validate(tenant),
        permissions=sorted(scope.principal.permissions),
    )


@member_router.get("")
@requires(Access.MEMBER)
async def get_me(scope: Scope) -> Me:
    """The signed-in member."""
    return await _me(scope)


@member_router.patch("")
@requires(Access.MEMBER)
async def update_me(change: MeUpdate, scope: Scope) -> Me:
    """Change one's own name or language; a language of null is the browser's."""
    member = await Who.calling(scope.principal).read(scope.session)
    assert isinstance(member, Member)
    if change.name is not None:
        member.name = change.name
    if "language" in change.model_fields_set:
        member.language = change.language
    await scope.session.flush()
    return await _me(scope)


@admin_router.get("")
@requires(Access.ADMIN)
async def get_admin_me(scope: Scope) -> AdminMe:
    """The signed-in administrator."""
    admin = await Who.calling(scope.principal).read(scope.session)
    assert isinstance(admin, Admin)
    return AdminMe(
        id=admin.id, email=admin.email, name=admin.name, role=admin.role, created_at=admin.created_at,
        two_factor=admin.two_factor,
    )  # fmt: skip
