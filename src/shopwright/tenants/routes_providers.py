"""`/v1/tenant/ai-providers`: a tenant's providers and the check that their keys work."""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Request

from shopwright.kit.egress import AddressRefused, EgressPolicy
from shopwright.kit.errors import NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page
from shopwright.llm.port import ProviderMisconfigured
from shopwright.tenants.errors import ProviderNameTaken
from shopwright.tenants.models import TenantAiProvider
from shopwright.tenants.permissions import Permission
from shopwright.tenants.providers import ModelFactory, Providers, check_key, now
from shopwright.tenants.schemas import ProviderCheck, ProviderCreate, ProviderRead, ProviderUpdate
from shopwright.tenants.scope import Edge, Scope, requires, scoped_router

router = scoped_router("/v1/tenant/ai-providers", "AI providers")


def providers_of(scope: Scope, request: Request) -> Providers:
    edge: Edge = request.app.state.edge
    policy: EgressPolicy = request.app.state.egress
    return Providers(scope.session, scope.tenant_id, edge.envelope, policy)


def models_of(request: Request) -> ModelFactory:
    factory: ModelFactory = request.app.state.models
    return factory


ProvidersDep = Annotated[Providers, Depends(providers_of)]
Models = Annotated[ModelFactory, Depends(models_of)]


@router.get("")
@requires(Permission.PROVIDERS_READ)
async def list_ai_providers(scope: Scope, limit: Limit = 50, cursor: CursorText = None) -> Page[ProviderRead]:
    rows, after = await scope.repository(TenantAiProvider).page(limit, cursor)
    return Page(items=[ProviderRead.model_validate(row) for row in rows], next_cursor=after)


@router.post("", status_code=201, responses=error_responses(ProviderNameTaken, AddressRefused))
@requires(Permission.PROVIDERS_WRITE)
async def create_ai_provider(new: ProviderCreate, providers: ProvidersDep, scope: Scope) -> ProviderRead:
    """Add a provider with this tenant's key. The key is stored encrypted and never shown again."""
    row = await providers.create(new)
    scope.audit("ai_provider.create", row.id, provider=row.provider_name, key=row.key_hint)
    return ProviderRead.model_validate(row)


@router.get("/{provider_id}", responses=error_responses(NotFound))
@requires(Permission.PROVIDERS_READ)
async def get_ai_provider(provider_id: UUID, providers: ProvidersDep) -> ProviderRead:
    return ProviderRead.model_validate(await providers.get(provider_id))


@router.patch("/{provider_id}", responses=error_responses(NotFound, ProviderNameTaken, AddressRefused))
@requires(Permission.PROVIDERS_WRITE)
async def update_ai_provider(
    provider_id: UUID, change: ProviderUpdate, providers: ProvidersDep, scope: Scope
) -> ProviderRead:
    row = await providers.update(await providers.get(provider_id), change)
    scope.audit("ai_provider.update", row.id, fields=sorted(change.model_fields_set), key=row.key_hint)
    return ProviderRead.model_validate(row)


@router.delete("/{provider_id}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.PROVIDERS_WRITE)
async def delete_ai_provider(provider_id: UUID, providers: ProvidersDep, scope: Scope) -> None:
    """Remove a provider; its bots answer by quoting from then on."""
    row = await providers.get(provider_id)
    await providers.rows.delete(row)
    scope.audit("ai_provider.delete", provider_id, provider=row.provider_name)


@router.post("/{provider_id}/validate", responses=error_responses(NotFound))
@requires(Permission.PROVIDERS_WRITE, own_transaction=True)
async def validate_ai_provider(
    provider_id: UUID, providers: ProvidersDep, scope: Scope, models: Models
) -> ProviderCheck:
    """Call the provider with the stored key and remember the result."""
    async with scope.session as session:
        row = await providers.get(provider_id)
        try:
            credentials = await providers.credentials(row)
            await session.rollback()  # nothing is held while the provider is asked
            valid, detail, names = await check_key(models, credentials)
        except ProviderMisconfigured as exc:  # the stored key does not open
            valid, detail, names = False, exc.message, []
        checked_at = now()
        await session.execute(
            sa.update(TenantAiProvider)
            .where(TenantAiProvider.tenant_id == scope.tenant_id, TenantAiProvider.id == provider_id)
            .values(status="valid" if valid else "invalid", status_detail=detail, checked_at=checked_at)
        )
        scope.audit("ai_provider.validate", provider_id, valid=valid)
        await session.commit()
    return ProviderCheck(valid=valid, detail=detail, models=names[:500], checked_at=checked_at)
