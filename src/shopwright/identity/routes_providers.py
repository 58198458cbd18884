"""`/admin/oidc-providers`: the OpenID providers people may sign in with."""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends

from shopwright.identity.errors import ProviderSlugTaken
from shopwright.identity.models import OidcProvider
from shopwright.identity.oidc.flow import oidc_place
from shopwright.identity.routes_auth import IdentityDep
from shopwright.identity.schemas import OidcProviderCreate, OidcProviderRead, OidcProviderUpdate
from shopwright.kit.crypto import mask
from shopwright.kit.db import UniqueViolation
from shopwright.kit.egress import AddressRefused
from shopwright.kit.errors import NotFound, error_responses
from shopwright.kit.ids import uuid7
from shopwright.kit.schemas import Page
from shopwright.tenants.permissions import Access
from shopwright.tenants.scope import Edge, Scope, ScopedRoute, edge_of, requires

router = APIRouter(prefix="/admin/oidc-providers", tags=["admin"], route_class=ScopedRoute)
EdgeDep = Annotated[Edge, Depends(edge_of)]
MAX_PROVIDERS = 100


def _read(row: OidcProvider, identity: IdentityDep) -> OidcProviderRead:
    fields = {name: getattr(row, name) for name in OidcProviderRead.model_fields if name != "redirect_uri"}
    fields["client_secret"] = row.secret_hint
    return OidcProviderRead(**fields, redirect_uri=identity.oidc.redirect_uri(row.slug))


async def _get(scope: Scope, provider_id: UUID) -> OidcProvider:
    row = await scope.session.get(OidcProvider, provider_id)
    if row is None:
        raise NotFound(what="sign-in provider")
    return row


@router.get("")
@requires(Access.ADMIN)
async def list_oidc_providers(scope: Scope, identity: IdentityDep) -> Page[OidcProviderRead]:
    rows = await scope.session.scalars(sa.select(OidcProvider).order_by(OidcProvider.slug).limit(MAX_PROVIDERS))
    return Page(items=[_read(row, identity) for row in rows])


@router.post("", status_code=201, responses=error_responses(ProviderSlugTaken, AddressRefused))
@requires(Access.ADMIN)
async def create_oidc_provider(
    new: OidcProviderCreate, scope: Scope, identity: IdentityDep, edge: EdgeDep
) -> OidcProviderRead:
    """Add a provider. Its secret is stored encrypted and never shown again."""
    identity.oidc.client.check_address(new.issuer)
    row = OidcProvider(id=uuid7(), **new.model_dump(exclude={"client_secret"}))
    _keep_secret(row, new.client_secret.get_secret_value() if new.client_secret else None, edge)
    try:
        async with scope.session.begin_nested():
            scope.session.add(row)
            await scope.session.flush()
    except UniqueViolation as exc:
        raise ProviderSlugTaken(reason="") from exc
    await scope.session.refresh(row)
    scope.audit("oidc_provider.create", row.id, slug=row.slug)
    return _read(row, identity)


@router.get("/{oidc_provider_id}", responses=error_responses(NotFound))
@requires(Access.ADMIN)
async def get_oidc_provider(oidc_provider_id: UUID, scope: Scope, identity: IdentityDep) -> OidcProviderRead:
    return _read(await _get(scope, oidc_provider_id), identity)


@router.patch("/{oidc_provider_id}", responses=error_responses(NotFound, AddressRefused))
@requires(Access.ADMIN)
async def update_oidc_provider(
    oidc_provider_id: UUID, change: OidcProviderUpdate, scope: Scope, identity: IdentityDep, edge: EdgeDep
) -> OidcProviderRead:
    """Change a provider; a secret of null takes it away."""
    row = await _get(scope, oidc_provider_id)
    given = change.model_dump(exclude_unset=True, exclude={"client_secret"})
    if change.issuer is not None:
        identity.oidc.client.check_address(change.issuer)
    for name, value in given.items():
        if value is not None:
            setattr(row, name, value)
    if "client_secret" in change.model_fields_set:
        _keep_secret(row, change.client_secret.get_secret_value() if change.client_secret else None, edge)
    scope.audit("oidc_provider.update", row.id, fields=sorted(change.model_fields_set))
    await scope.session.flush()
    return _read(row, identity)


@router.delete("/{oidc_provider_id}", status_code=204, responses=error_responses(NotFound))
@requires(Access.ADMIN)
async def delete_oidc_provider(oidc_provider_id: UUID, scope: Scope) -> None:
    """Remove a provider, and what it calls our members."""
    row = await _get(scope, oidc_provider_id)
    await scope.session.delete(row)
    scope.audit("oidc_provider.delete", oidc_provider_id, slug=row.slug)


def _keep_secret(row: OidcProvider, secret: str | None, edge: Edge) -> None:
    row.client_secret = edge.envelope.encrypt(secret, oidc_place(row.id)) if secret else None
    row.secret_hint = mask(secret) if secret else ""
