"""The edge of a request: who calls, in which tenant, in which transaction.

A route says what it needs with `@requires`; one that does not say it cannot be added. The caller is known
before the body is read. The transaction is opened by its first statement, committed when the route has
returned and before the answer leaves, and rolled back on any error. Nobody below commits.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.crypto import Envelope
from shopwright.kit.db import Database, TenantModel, TenantRepository
from shopwright.kit.errors import Forbidden, NotFound
from shopwright.tenants.idempotency import remember, replay_of
from shopwright.tenants.models import AdminAudit, AuditEntry, Client
from shopwright.tenants.permissions import Access, Permission
from shopwright.tenants.principals import Authenticator, Principal
from shopwright.tenants.settings import LiveSettings

Row = TypeVar("Row", bound=TenantModel)
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
MAX_KEY = 200
PART_BYTES = 1024 * 1024


@dataclass(slots=True)
class RequestScope:
    """What a route works with: the caller and one transaction, limited to the caller's tenant."""

    session: AsyncSession
    principal: Principal
    request_id: str
    # Whether the setting `audit_logging` lets tenants' changes be written down.
    audited: bool = True

    @property
    def tenant_id(self) -> UUID:
        if self.principal.tenant_id is None:
            msg = "this route has no tenant"
            raise RuntimeError(msg)
        return self.principal.tenant_id

    @property
    def client_id(self) -> UUID | None:
        """The one client the caller belongs to, or None for one who sees all of the tenant."""
        return self.principal.client_id

    async def client_for(self, wanted: UUID | None) -> UUID | None:
        """The client that something new belongs to: the caller's own, else the one that is named, if any.

        Raises:
            NotFound: there is no such client, or the caller belongs to another one.
        """
        if wanted is None or wanted == self.client_id:
            return self.client_id
        if self.client_id is not None or await self.repository(Client).find(wanted) is None:
            raise NotFound(what="client")
        return wanted

    def repository(self, model: type[Row]) -> TenantRepository[Row]:
        return TenantRepository(self.session, self.tenant_id, model)

    def audit(self, action: str, subject: object, **details: object) -> None:
        """Write down a change, in the transaction of the change."""
        actor = self.principal
        entry: AuditEntry | AdminAudit
        if actor.kind == "admin" or actor.tenant_id is None:
            entry = AdminAudit(actor=actor.id or actor.kind)
        elif not self.audited:
            return
        else:
            entry = AuditEntry(tenant_id=actor.tenant_id, actor_kind=actor.kind, actor_id=actor.id)
        entry.action, entry.subject, entry.details = action, str(subject), details
        entry.request_id = self.request_id
        self.session.add(entry)


@dataclass(frozen=True, slots=True)
class Edge:
    """What the edge needs to open a scope; built once, kept in the application's state."""

    db: Database
    authenticator: Authenticator
    envelope: Envelope
    live_settings: LiveSettings


def requires(
    access: Permission | Access, *, own_transaction: bool = False, anonymous: bool = False
) -> Callable[[Endpoint], Endpoint]:
    """Say what a route needs.

    Args:
        own_transaction: the route opens its transactions itself (it waits for models or streams).
        anonymous: who calls makes no difference, so a credential that comes along is not even looked at.
    """

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__access__ = access  # type: ignore[attr-defined]
        endpoint.__own_transaction__ = own_transaction  # type: ignore[attr-defined]
        endpoint.__anonymous__ = anonymous  # type: ignore[attr-defined]
        return endpoint

    return mark


class ScopedRoute(APIRoute):
    """A route behind the edge."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        access = getattr(endpoint, "__access__", None)
        if access is None:
            msg = f"{path}: {endpoint.__name__} does not say what it requires"
            raise TypeError(msg)
        self.access: Permission | Access = access
        self.own_transaction: bool = endpoint.__own_transaction__  # type: ignore[attr-defined]
        self.anonymous: bool = endpoint.__anonymous__  # type: ignore[attr-defined]
        extra = dict(kwargs.pop("openapi_extra", None) or {})
        extra["x-permission"] = str(access)
        if access is not Access.PUBLIC:
            extra.setdefault("security", [{"bearer": []}])
        super().__init__(path, endpoint, openapi_extra=extra, **kwargs)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            edge: Edge = request.app.state.edge
            credential = None if self.anonymous else request.headers.get("authorization")
            principal = await edge.authenticator.authenticate(credential, self.access)
            if not principal.may(self.access):
                raise Forbidden(permission=self.access)
            session = open_session(edge.db, principal, self.access)
            changes = request.method != "GET" and principal.tenant_id is not None
            audited = not changes or (await edge.live_settings.audit_logging()).enabled
            request.state.scope = RequestScope(session, principal, request.state.request_id, audited)
            if self.own_transaction:
                return await inner(request)
            async with session:
                replay = await replay_of(request, session, principal, edge.envelope)
                if isinstance(replay, Response):
                    return replay
                response = await inner(request)
                if replay is not None:
                    await remember(session, replay, response, edge.envelope)
                await session.commit()
                return response

        return handle


def open_session(db: Database, principal: Principal, access: Permission | Access) -> AsyncSession:
    if principal.tenant_id is not None:
        return db.tenant(principal.tenant_id, principal.client_id)
    return db.admin() if access is Access.ADMIN else db.nobody()


def edge_of(request: Request) -> Edge:
    edge: Edge = request.app.state.edge
    return edge


def get_scope(request: Request) -> RequestScope:
    scope: RequestScope = request.state.scope
    return scope


Scope = Annotated[RequestScope, Depends(get_scope)]


def scoped_router(prefix: str, tag: str) -> APIRouter:
    return APIRouter(prefix=prefix, tags=[tag], route_class=ScopedRoute)
