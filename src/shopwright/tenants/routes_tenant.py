"""`/v1/tenant`: the tenant itself, its members, keys and audit log."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from shopwright.kit.errors import Forbidden, NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.passwords import Passwords, WeakPassword, check_new_password
from shopwright.kit.schemas import Page
from shopwright.tenants.errors import EmailTaken, LastOwner
from shopwright.tenants.models import ApiKey, AuditEntry, Member, Tenant
from shopwright.tenants.permissions import Permission, Role
from shopwright.tenants.schemas import (
    ApiKeyCreate,
    ApiKeyCreated,
    ApiKeyRead,
    ApiKeyUpdate,
    AuditRead,
    MemberCreate,
    MemberRead,
    MemberUpdate,
    TenantProfileUpdate,
    TenantRead,
)
from shopwright.tenants.scope import Scope, requires, scoped_router
from shopwright.tenants.service import ApiKeys, Members

router = scoped_router("/v1/tenant", "tenant")


def passwords_of(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


PasswordsDep = Annotated[Passwords, Depends(passwords_of)]


def only_owners_change_owners(scope: Scope, *roles: Role | str | None) -> None:
    """Who may not do what owners may cannot make itself an owner, nor take an owner's place.

    Raises:
        Forbidden: one of the roles is that of owners, and the caller is none.
    """
    if Role.OWNER in roles and Permission.TENANT_WRITE not in scope.principal.permissions:
        raise Forbidden(permission="the role owner")


async def _tenant(scope: Scope) -> Tenant:
    tenant = await scope.session.get(Tenant, scope.tenant_id)
    if tenant is None:
        raise NotFound(what="tenant")
    return tenant


@router.get("")
@requires(Permission.TENANT_READ)
async def get_tenant(scope: Scope) -> TenantRead:
    return TenantRead.model_validate(await _tenant(scope))


@router.patch("")
@requires(Permission.TENANT_WRITE)
async def update_tenant(change: TenantProfileUpdate, scope: Scope) -> TenantRead:
    tenant = await _tenant(scope)
    for name, value in change.model_dump(exclude_unset=True).items():
        if value is not None or name == "owner_email":
            setattr(tenant, name, value)
    scope.audit("tenant.update", tenant.id, fields=sorted(change.model_fields_set))
    await scope.session.flush()
    await scope.session.refresh(tenant)
    return TenantRead.model_validate(tenant)


@router.get("/members")
@requires(Permission.MEMBERS_READ)
async def list_members(scope: Scope, limit: Limit = 50, cursor: CursorText = None) -> Page[MemberRead]:
    rows, after = await scope.repository(Member).page(limit, cursor)
    return Page(items=[MemberRead.model_validate(row) for row in rows], next_cursor=after)


@router.post("/members", status_code=201, responses=error_responses(EmailTaken, WeakPassword))
@requires(Permission.MEMBERS_WRITE)
async def create_member(new: MemberCreate, scope: Scope, passwords: PasswordsDep) -> MemberRead:
    only_owners_change_owners(scope, new.role)
    await scope.client_for(new.client_id)
    password = new.password.get_secret_value()
    check_new_password(password, new.email)
    password_hash = await passwords.hash(password)
    member = await Members(scope.session, scope.tenant_id).create(new, password_hash)
    scope.audit("member.create", member.id, role=member.role)
    return MemberRead.model_validate(member)


@router.get("/members/{member_id}", responses=error_responses(NotFound))
@requires(Permission.MEMBERS_READ)
async def get_member(member_id: UUID, scope: Scope) -> MemberRead:
    return MemberRead.model_validate(await Members(scope.session, scope.tenant_id).get(member_id))


@router.patch("/members/{member_id}", responses=error_responses(NotFound, LastOwner, WeakPassword))
@requires(Permission.MEMBERS_WRITE)
async def update_member(member_id: UUID, change: MemberUpdate, scope: Scope, passwords: PasswordsDep) -> MemberRead:
    password_hash = await passwords.hash(change.password.get_secret_value()) if change.password else None
    members = Members(scope.session, scope.tenant_id)
    member = await members.get(member_id)
    only_owners_change_owners(scope, member.role, change.role)
    if change.name is not None:
        member.name = change.name
    if change.password is not None and password_hash is not None:
        check_new_password(change.password.get_secret_value(), member.email)
        member.password_hash = password_hash
        await members.sign_out(member.id)
    await members.change(member, role=change.role, is_active=change.is_active)
    scope.audit("member.update", member.id, fields=sorted(change.model_fields_set), role=member.role)
    return MemberRead.model_validate(member)


@router.delete("/members/{member_id}", status_code=204, responses=error_responses(NotFound, LastOwner))
@requires(Permission.MEMBERS_WRITE)
async def delete_member(member_id: UUID, scope: Scope) -> None:
    members = Members(scope.session, scope.tenant_id)
    member = await members.get(member_id)
    only_owners_change_owners(scope, member.role)
    await members.delete(member)
    scope.audit("member.delete", member_id)


@router.get("/api-keys")
@requires(Permission.KEYS_READ)
async def list_api_keys(scope: Scope, limit: Limit = 50, cursor: CursorText = None) -> Page[ApiKeyRead]:
    rows, after = await scope.repository(ApiKey).page(limit, cursor)
    return Page(items=[ApiKeyRead.model_validate(row) for row in rows], next_cursor=after)


@router.post("/api-keys", status_code=201)
@requires(Permission.KEYS_WRITE)
async def create_api_key(new: ApiKeyCreate, scope: Scope) -> ApiKeyCreated:
    """Make a key. The text of a secret one is in this answer and nowhere else."""
    client_id = await scope.client_for(new.client_id)
    key, text = await ApiKeys(scope.session, scope.tenant_id).create(new, client_id)
    scope.audit("api_key.create", key.id, scopes=key.scopes, kind=key.kind)
    return ApiKeyCreated(**(ApiKeyRead.model_validate(key).model_dump() | {"key": text}))


@router.get("/api-keys/{key_id}", responses=error_responses(NotFound))
@requires(Permission.KEYS_READ)
async def get_api_key(key_id: UUID, scope: Scope) -> ApiKeyRead:
    return ApiKeyRead.model_validate(await ApiKeys(scope.session, scope.tenant_id).get(key_id))


@router.patch("/api-keys/{key_id}", responses=error_responses(NotFound))
@requires(Permission.KEYS_WRITE)
async def update_api_key(key_id: UUID, change: ApiKeyUpdate, scope: Scope) -> ApiKeyRead:
    keys = ApiKeys(scope.session, scope.tenant_id)
    key = await keys.update(await keys.get(key_id), change)
    scope.audit("api_key.update", key.id, fields=sorted(change.model_fields_set))
    return ApiKeyRead.model_validate(key)


@router.delete("/api-keys/{key_id}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.KEYS_WRITE)
async def delete_api_key(key_id: UUID, scope: Scope) -> None:
    """End a key; it stops working at once."""
    key = await ApiKeys(scope.session, scope.tenant_id).get(key_id)
    await scope.repository(ApiKey).delete(key)
    scope.audit("api_key.delete", key_id, prefix=key.key_prefix)


@router.get("/audit")
@requires(Permission.AUDIT_READ)
async def list_audit(scope: Scope, limit: Limit = 50, cursor: CursorText = None) -> Page[AuditRead]:
    """What was changed, newest first."""
    rows, after = await scope.repository(AuditEntry).page(limit, cursor)
    return Page(items=[AuditRead.model_validate(row) for row in rows], next_cursor=after)
