"""`/admin`: the installation: tenants, global providers, settings, the global key, audit."""

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError

from shopwright.kit.errors import Conflict, InvalidInput, NotFound, error_responses
from shopwright.kit.pagination import Cursor, CursorText, Limit, decode_cursor, encode_cursor
from shopwright.kit.passwords import Passwords, WeakPassword, check_new_password
from shopwright.kit.schemas import Page
from shopwright.kit.sentences import sentence
from shopwright.llm.port import Credentials
from shopwright.tenants.errors import ConfirmationNeeded, KeyRefused, NothingToRestore, SlugTaken
from shopwright.tenants.models import AdminAudit, GlobalAiProvider, GlobalSetting, Tenant
from shopwright.tenants.permissions import Access
from shopwright.tenants.providers import ModelFactory, check_key
from shopwright.tenants.schemas import (
    AdminAuditRead,
    AuditLogging,
    GlobalKeyChange,
    GlobalKeyRead,
    GlobalProviderCreate,
    GlobalProviderRead,
    GlobalProviderUpdate,
    SystemSetting,
    TenantCreate,
    TenantRead,
    TenantUpdate,
)
from shopwright.tenants.scope import Edge, Scope, ScopedRoute, requires
from shopwright.tenants.service import create_tenant
from shopwright.tenants.settings import AUDIT_LOGGING, GLOBAL_KEY, GlobalKey, LiveSettings, set_setting

router = APIRouter(prefix="/admin", tags=["admin"], route_class=ScopedRoute)

WARNING = (
    "Every bot whose OpenAI provider has no key of its own uses this key. A new key is tried first; if the "
    "provider refuses it, the old one stays."
)


def _page(model: Any, limit: int, cursor: str | None) -> sa.Select[Any]:
    query: sa.Select[Any] = sa.select(model).order_by(model.created_at.desc(), model.id.desc()).limit(limit + 1)
    if cursor is not None:
        at = decode_cursor(cursor)
        query = query.where(sa.tuple_(model.created_at, model.id) < sa.tuple_(at.created_at, at.id))
    return query


def _cut(rows: list[object], limit: int) -> tuple[list[object], str | None]:
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], encode_cursor(Cursor(last.created_at, last.id))  # type: ignore[attr-defined]


@router.post("/tenants", status_code=201, responses=error_responses(SlugTaken, WeakPassword))
@requires(Access.ADMIN)
async def create_tenant_(new: TenantCreate, scope: Scope, request: Request) -> TenantRead:
    """Add a tenant and its owner, who signs in with this e-mail address and password."""
    passwords: Passwords = request.app.state.passwords
    password = new.password.get_secret_value()
    check_new_password(password, new.email)
    password_hash = await passwords.hash(password)
    tenant = await create_tenant(scope.session, new, password_hash)
    scope.audit("tenant.create", tenant.id, slug=tenant.slug)
    return TenantRead.model_validate(tenant)


@router.get("/tenants")
@requires(Access.ADMIN)
async def list_tenants(scope: Scope, limit: Limit = 50, cursor: CursorText = None) -> Page[TenantRead]:
    rows, after = _cut(list((await scope.session.scalars(_page(Tenant, limit, cursor))).all()), limit)
    return Page(items=[TenantRead.model_validate(row) for row in rows], next_cursor=after)


async def _tenant(scope: Scope, tenant_id: UUID) -> Tenant:
    tenant = await scope.session.get(Tenant, tenant_id)
    if tenant is None:
        raise NotFound(what="tenant")
    return tenant


@router.get("/tenants/{tenant_id}", responses=error_responses(NotFound))
@requires(Access.ADMIN)
async def get_tenant_(tenant_id: UUID, scope: Scope) -> TenantRead:
    return TenantRead.model_validate(await _tenant(scope, tenant_id))


@router.patch("/tenants/{tenant_id}", responses=error_responses(NotFound))
@requires(Access.ADMIN)
async def update_tenant_(tenant_id: UUID, change: TenantUpdate, scope: Scope) -> TenantRead:
    tenant = await _tenant(scope, tenant_id)
    for name, value in change.model_dump(exclude_unset=True).items():
        if value is not None or name == "owner_email":
            setattr(tenant, name, value)
    scope.audit("tenant.update", tenant.id, fields=sorted(change.model_fields_set))
    await scope.session.flush()
    await scope.session.refresh(tenant)
    return TenantRead.model_validate(tenant)


@router.delete("/tenants/{tenant_id}", status_code=204, responses=error_responses(NotFound))
@requires(Access.ADMIN)
async def delete_tenant(tenant_id: UUID, scope: Scope) -> None:
    """Delete a tenant with everything it has. It must be switched off first."""
    tenant = await _tenant(scope, tenant_id)
    if tenant.is_active:
        raise Conflict(reason=sentence("Switch the tenant off first (is_active: false); deleting cannot be undone."))
    await scope.session.delete(tenant)
    scope.audit("tenant.delete", tenant_id, slug=tenant.slug)


@router.get("/ai-providers")
@requires(Access.ADMIN)
async def list_global_ai_providers(
    scope: Scope, limit: Limit = 50, cursor: CursorText = None
) -> Page[GlobalProviderRead]:
    rows, after = _cut(list((await scope.session.scalars(_page(GlobalAiProvider, limit, cursor))).all()), limit)
    return Page(items=[GlobalProviderRead.model_validate(row) for row in rows], next_cursor=after)


async def _provider(scope: Scope, provider_id: UUID) -> GlobalAiProvider:
    row = await scope.session.get(GlobalAiProvider, provider_id)
    if row is None:
        raise NotFound(what="AI provider")
    return row


async def _save_provider(scope: Scope, row: GlobalAiProvider) -> GlobalProviderRead:
    try:
        async with scope.session.begin_nested():
            scope.session.add(row)
            await scope.session.flush()
    except sa.exc.IntegrityError:
        raise Conflict(reason=sentence("There is already a global AI provider with this name.")) from None
    if row.is_default:
        others = sa.update(GlobalAiProvider).where(GlobalAiProvider.id != row.id).values(is_default=False)
        await scope.session.execute(others)
    await scope.session.refresh(row)
    return GlobalProviderRead.model_validate(row)


@router.post("/ai-providers", status_code=201, responses=error_responses(Conflict))
@requires(Access.ADMIN)
async def create_global_ai_provider(new: GlobalProviderCreate, scope: Scope) -> GlobalProviderRead:
    saved = await _save_provider(scope, GlobalAiProvider(**new.model_dump()))
    scope.audit("global_ai_provider.create", saved.id)
    return saved


@router.get("/ai-providers/{provider_id}", responses=error_responses(NotFound))
@requires(Access.ADMIN)
async def get_global_ai_provider(provider_id: UUID, scope: Scope) -> GlobalProviderRead:
    return GlobalProviderRead.model_validate(await _provider(scope, provider_id))


@router.patch("/ai-providers/{provider_id}", responses=error_responses(NotFound, Conflict))
@requires(Access.ADMIN)
async def update_global_ai_provider(
    provider_id: UUID, change: GlobalProviderUpdate, scope: Scope
) -> GlobalProviderRead:
    row = await _provider(scope, provider_id)
    for name, value in change.model_dump(exclude_unset=True, exclude_none=True).items():
        setattr(row, name, value)
    scope.audit("global_ai_provider.update", row.id, fields=sorted(change.model_fields_set))
    return await _save_provider(scope, row)


@router.delete("/ai-providers/{provider_id}", status_code=204, responses=error_responses(NotFound))
@requires(Access.ADMIN)
async def delete_global_ai_provider(provider_id: UUID, scope: Scope) -> None:
    await scope.session.delete(await _provider(scope, provider_id))
    scope.audit("global_ai_provider.delete", provider_id)


@router.post("/settings/system")
@requires(Access.ADMIN)
async def set_system_setting(setting: SystemSetting, scope: Scope, request: Request) -> SystemSetting:
    """Change a setting of the installation, such as `audit_logging`."""
    value = setting.value
    if setting.key == GLOBAL_KEY:
        raise InvalidInput(
            reason=sentence("The global key is changed at /admin/settings/global-key, which checks it first.")
        )
    if setting.key == AUDIT_LOGGING:
        try:
            value = AuditLogging.model_validate(value).model_dump()
        except ValidationError as exc:
            first = exc.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            reason = sentence("{where} of audit_logging cannot be stored: {problem}", where=where, problem=first["msg"])
            raise InvalidInput(reason=reason) from None
    await set_setting(scope.session, setting.key, value)
    scope.audit("setting.change", setting.key)
    _forget(request)
    return SystemSetting(key=setting.key, value=value)


@router.get("/settings/system")
@requires(Access.ADMIN)
async def list_system_settings(scope: Scope) -> Page[SystemSetting]:
    rows = await scope.session.scalars(
        sa.select(GlobalSetting).where(GlobalSetting.secret.is_(None)).order_by(GlobalSetting.key)
    )
    return Page(items=[SystemSetting(key=row.key, value=row.value) for row in rows])


def _forget(request: Request) -> None:
    """Have this process read the settings anew; others do so within two seconds."""
    live: LiveSettings = request.app.state.live_settings
    live.forget()


def global_key_of(scope: Scope, request: Request) -> GlobalKey:
    edge: Edge = request.app.state.edge
    return GlobalKey(scope.session, edge.envelope)


GlobalKeyDep = Annotated[GlobalKey, Depends(global_key_of)]


def _key_read(row: GlobalSetting | None) -> GlobalKeyRead:
    if row is None or row.secret is None:
        return GlobalKeyRead(is_set=False, key_hint="", version=0, can_restore=False, updated_at=None, warning=WARNING)
    return GlobalKeyRead(
        is_set=True,
        key_hint=(row.value or {}).get("hint", ""),
        version=row.version,
        can_restore=row.previous_secret is not None,
        updated_at=row.updated_at,
        warning=WARNING,
    )


@router.get("/settings/global-key")
@requires(Access.ADMIN)
async def get_global_key(key: GlobalKeyDep) -> GlobalKeyRead:
    """The state of the installation's own OpenAI key; never the key."""
    return _key_read(await key.row())


@router.put("/settings/global-key", responses=error_responses(ConfirmationNeeded, KeyRefused))
@requires(Access.ADMIN, own_transaction=True)
async def set_global_key(change: GlobalKeyChange, key: GlobalKeyDep, scope: Scope, request: Request) -> GlobalKeyRead:
    """Change the installation's OpenAI key: confirmed, tried with a real call, and kept back if it fails."""
    if not change.confirm:
        raise ConfirmationNeeded
    text = change.api_key.get_secret_value()
    factory: ModelFactory = request.app.state.models
    valid, detail, _ = await check_key(factory, Credentials("openai", text, change.base_url))
    async with scope.session as session:
        scope.audit("global_key.validate", GLOBAL_KEY, valid=valid)
        if not valid:
            await session.commit()
            raise KeyRefused(reason=detail)
        row = await key.replace(text, change.base_url)
        scope.audit("global_key.change", GLOBAL_KEY, version=row.version)
        await session.commit()
    _forget(request)
    return _key_read(row)


@router.post("/settings/global-key/rollback", responses=error_responses(NothingToRestore))
@requires(Access.ADMIN)
async def restore_global_key(key: GlobalKeyDep, scope: Scope, request: Request) -> GlobalKeyRead:
    """Go back to the key before the last change."""
    row = await key.restore()
    scope.audit("global_key.restore", GLOBAL_KEY, version=row.version)
    _forget(request)
    return _key_read(row)


@router.get("/audit")
@requires(Access.ADMIN)
async def list_admin_audit(scope: Scope, limit: Limit = 50, cursor: CursorText = None) -> Page[AdminAuditRead]:
    """What was changed in the installation, newest first."""
    rows, after = _cut(list((await scope.session.scalars(_page(AdminAudit, limit, cursor))).all()), limit)
    return Page(items=[AdminAuditRead.model_validate(row) for row in rows], next_cursor=after)
