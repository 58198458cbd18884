"""`/v1/tenant/clients`: the customers of an agency, and their platform credentials."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request

from shopwright.kit.errors import Forbidden, NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page
from shopwright.tenants.clients.forms import FORMS
from shopwright.tenants.clients.schemas import (
    ClientCreate,
    ClientRead,
    ClientUpdate,
    CredentialFormRead,
    CredentialsRead,
    CredentialsWrite,
    FormField,
)
from shopwright.tenants.clients.service import ClientCredentials, Clients, form_of, missing
from shopwright.tenants.errors import ClientNameTaken, NameNeeded
from shopwright.tenants.models import Client, ClientCredential
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import RequestScope, Scope, requires, scoped_router

router = scoped_router("/v1/tenant", "clients")
Channel = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,30}$")]


def clients_of(scope: Scope) -> Clients:
    return Clients(scope.session, scope.tenant_id)


def credentials_of(scope: Scope, request: Request) -> ClientCredentials:
    return ClientCredentials(scope.session, scope.tenant_id, request.app.state.core.envelope)


ClientsDep = Annotated[Clients, Depends(clients_of)]
CredentialsDep = Annotated[ClientCredentials, Depends(credentials_of)]


async def _read(clients: Clients, rows: list[Client]) -> list[ClientRead]:
    counts = await clients.counts([row.id for row in rows])
    names = ("id", "name", "email", "phone", "website", "notes", "created_at", "updated_at")
    return [
        ClientRead(
            **{name: getattr(row, name) for name in names},
            **dict(zip(("bots", "members", "channels"), counts[row.id], strict=True)),
        )
        for row in rows
    ]


def _credentials(row: ClientCredential) -> CredentialsRead:
    return CredentialsRead(
        channel=row.channel,
        fields=dict(row.hints),
        missing=missing(row.channel, row.hints),
        updated_at=row.updated_at,
    )


def _for_the_whole_tenant(scope: RequestScope) -> None:
    if scope.client_id is not None:
        raise Forbidden(permission=Permission.CLIENTS_WRITE)


@router.get("/credential-forms")
@requires(Permission.CLIENTS_READ)
async def list_credential_forms() -> Page[CredentialFormRead]:
    """What each platform asks for."""
    forms = [
        CredentialFormRead(
            channel=form.channel, name=form.name, fields=[FormField(**asdict(field)) for field in form.fields]
        )
        for form in FORMS
    ]
    return Page(items=forms)


@router.get("/clients")
@requires(Permission.CLIENTS_READ)
async def list_clients(clients: ClientsDep, limit: Limit = 50, cursor: CursorText = None) -> Page[ClientRead]:
    rows, after = await clients.rows.page(limit, cursor)
    return Page(items=await _read(clients, list(rows)), next_cursor=after)


@router.post("/clients", status_code=201, responses=error_responses(ClientNameTaken))
@requires(Permission.CLIENTS_WRITE)
async def create_client(new: ClientCreate, clients: ClientsDep, scope: Scope) -> ClientRead:
    row = await clients.create(new)
    scope.audit("client.create", row.id, name=row.name)
    return (await _read(clients, [row]))[0]


@router.get("/clients/{client_id}", responses=error_responses(NotFound))
@requires(Permission.CLIENTS_READ)
async def get_client(client_id: UUID, clients: ClientsDep) -> ClientRead:
    return (await _read(clients, [await clients.get(client_id)]))[0]


@router.patch("/clients/{client_id}", responses=error_responses(NotFound, ClientNameTaken))
@requires(Permission.CLIENTS_WRITE)
async def update_client(client_id: UUID, change: ClientUpdate, clients: ClientsDep, scope: Scope) -> ClientRead:
    row = await clients.update(await clients.get(client_id), change)
    scope.audit("client.update", row.id, fields=sorted(change.model_fields_set))
    return (await _read(clients, [row]))[0]


@router.delete("/clients/{client_id}", status_code=204, responses=error_responses(NotFound, NameNeeded))
@requires(Permission.CLIENTS_WRITE)
async def delete_client(
    client_id: UUID, clients: ClientsDep, scope: Scope, confirm: Annotated[str, Query(max_length=200)] = ""
) -> None:
    """Remove a client with its bots, datasets, conversations, credentials and people. `confirm` is its name."""
    _for_the_whole_tenant(scope)
    row = await clients.get(client_id)
    if confirm.strip() != row.name:
        raise NameNeeded(what="the client with its bots and conversations", name=row.name)
    await clients.delete(row)
    scope.audit("client.delete", client_id, name=row.name)


@router.get("/clients/{client_id}/credentials", responses=error_responses(NotFound))
@requires(Permission.CLIENTS_READ)
async def list_credentials(client_id: UUID, clients: ClientsDep, credentials: CredentialsDep) -> Page[CredentialsRead]:
    """The platforms a client has credentials for; secrets are shown as dots."""
    await clients.get(client_id)
    return Page(items=[_credentials(row) for row in await credentials.of_client(client_id)])


@router.put("/clients/{client_id}/credentials/{channel}", responses=error_responses(NotFound))
@requires(Permission.CREDENTIALS_WRITE)
async def write_credentials(
    client_id: UUID,
    channel: Channel,
    given: CredentialsWrite,
    clients: ClientsDep,
    credentials: CredentialsDep,
    scope: Scope,
) -> CredentialsRead:
    """Save fields of a platform's credentials; what is left out stays."""
    await clients.get(client_id)
    values = {name: value.get_secret_value() if value else None for name, value in given.fields.items()}
    row = await credentials.write(client_id, channel, values)
    scope.audit("client.credentials", client_id, channel=channel, fields=sorted(values))
    return _credentials(row)


@router.delete("/clients/{client_id}/credentials/{channel}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.CREDENTIALS_WRITE)
async def delete_credentials(
    client_id: UUID, channel: Channel, clients: ClientsDep, credentials: CredentialsDep, scope: Scope
) -> None:
    await clients.get(client_id)
    row = await credentials.find(client_id, form_of(channel).channel)
    if row is None:
        raise NotFound(what="credentials")
    await credentials.rows.delete(row)
    scope.audit("client.credentials_delete", client_id, channel=channel)
