"""Who may do what: every route against every role, every scope of a key, and nobody."""

import os

import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient
from tests.architecture.operations import UNKNOWN, UNKNOWN_SESSION, Operation, operations
from tests.shops import OWNER_PASSWORD, Shop, open_shop

from shopwright.entrypoints.api import ROUTERS
from shopwright.tenants.scope import ScopedRoute, scoped_router

# Written out here, not taken from the code: a change of either is seen.
VIEWER = {
    "tenant:read", "datasets:read", "bots:read", "conversations:read", "chat:read", "clients:read", "deployments:read",
    "contacts:read",
}  # fmt: skip
OPERATOR = VIEWER | {"conversations:write", "chat:write", "contacts:write"}
EDITOR = OPERATOR | {
    "datasets:write", "bots:write", "providers:read", "keys:read", "members:read", "usage:read", "deployments:write",
}  # fmt: skip
ADMIN = EDITOR | {
    "providers:write", "keys:write", "members:write", "audit:read", "clients:write", "credentials:write"
}  # fmt: skip
OWNER = ADMIN | {"tenant:write"}
ROLES = {"viewer": VIEWER, "operator": OPERATOR, "editor": EDITOR, "admin": ADMIN, "owner": OWNER}
KEY_SCOPES = {
    "chat:read", "chat:write", "bots:read", "bots:write", "datasets:read", "datasets:write", "conversations:read",
    "deployments:read", "deployments:write",
}  # fmt: skip
PUBLIC = {
    "POST /v1/auth/login", "POST /admin/auth/login", "POST /v1/auth/refresh", "POST /v1/auth/logout",
    "POST /v1/chat/public", "POST /v1/chat/feedback", "GET /v1/chat/sessions/{session_id}",
    "POST /api/bots/{bot_id}/clear_conversation", "DELETE /api/bots/{bot_id}/clear_conversation",
    "GET /icons/{icon_id}.png", "GET /health", "GET /health/quick", "GET /metrics",
    "GET /v1/auth/methods", "POST /v1/auth/login/second-factor", "POST /admin/auth/login/second-factor",
    "POST /v1/auth/login/tenants", "POST /v1/auth/login/tenant",
    "POST /v1/auth/sign-up", "POST /v1/auth/verify-email", "POST /v1/auth/verify-email/resend",
    "POST /v1/auth/password/forgot", "POST /v1/auth/password/reset", "GET /v1/auth/oidc/{slug}/start",
    "GET /v1/auth/oidc/{slug}/callback", "GET /v1/auth/invitations/{token}",
    "POST /v1/auth/invitations/{token}/accept",
    "GET /widget.js", "GET /widget/{file}", "GET /v1/widget/config", "GET /chat/sw.js", "GET /chat/{bot_id}",
    "GET /chat/{bot_id}/manifest.webmanifest",
    "GET /v1/chat/sessions/{session_id}/messages/{message_id}/citations/{number}",
    "POST /webhooks/{channel}/{token}", "GET /webhooks/{channel}/{token}",
}  # fmt: skip
IDS = {
    "tenant_id": UNKNOWN, "dataset_id": UNKNOWN, "document_id": UNKNOWN, "bot_id": UNKNOWN, "provider_id": UNKNOWN,
    "member_id": UNKNOWN, "admin_id": UNKNOWN, "key_id": UNKNOWN, "message_id": UNKNOWN, "conversation_id": UNKNOWN,
    "session_id": UNKNOWN_SESSION, "client_id": UNKNOWN, "crawl_id": UNKNOWN, "icon_id": UNKNOWN,
    "invitation_id": UNKNOWN, "sign_in_id": UNKNOWN, "oidc_provider_id": UNKNOWN, "deployment_id": UNKNOWN,
    "contact_id": UNKNOWN, "identity_id": UNKNOWN, "letter_id": UNKNOWN, "attachment_id": UNKNOWN,
}  # fmt: skip
GUARDED = [op for op in operations() if op.access != "public"]


class Callers:
    """A client for every role, and one for a key with each single scope."""

    def __init__(self, app: FastAPI, shop: Shop) -> None:
        self._app, self._shop = app, shop
        self.members: dict[str, AsyncClient] = {}
        self.keys: dict[str, AsyncClient] = {}

    def client(self, token: str) -> AsyncClient:
        # Its own address: sign-ins are limited by address.
        transport = ASGITransport(app=self._app, raise_app_exceptions=False, client=("10.99.0.1", 1))
        http = AsyncClient(transport=transport, base_url="http://test")
        if token:
            http.headers["authorization"] = f"Bearer {token}"
        return http

    async def make(self) -> None:
        for role in ROLES:
            email = f"the-{role}@roles-{os.getpid()}.example"
            person = {"email": email, "password": OWNER_PASSWORD, "role": role}
            await self._shop.post("/v1/tenant/members", person)
            signed_in = await self.client("").post("/v1/auth/login", json={"email": email, "password": OWNER_PASSWORD})
            self.members[role] = self.client(signed_in.json()["access_token"])
        for scope in KEY_SCOPES:
            made = await self._shop.post("/v1/tenant/api-keys", {"name": scope, "scopes": [scope]})
            self.keys[scope] = self.client(made["key"])


@pytest_asyncio.fixture(scope="module")
async def callers(app: FastAPI, admin_token: str) -> Callers:
    async with open_shop(app, admin_token, f"roles-{os.getpid()}") as shop:
        made = Callers(app, shop)
        await made.make()
        return made


async def status(op: Operation, http: AsyncClient) -> int:
    """The status of a call that cannot do anything: its body is no object."""
    has_json = op.schema() is not None
    return (await op.call(http, IDS, body=[] if has_json else ...)).status_code


def test_every_route_says_what_it_needs() -> None:
    silent = [r for router in ROUTERS for r in router.routes if not isinstance(r, ScopedRoute)]
    assert silent == []
    assert [str(op) for op in operations() if not op.access] == []


# Which part of a tenant a path is about; reading needs `:read`, all else `:write`.
AREAS = {
    "/v1/tenant/me/": "me", "/v1/tenant/members": "members", "/v1/tenant/invitations": "members",
    "/v1/tenant/api-keys": "keys", "/v1/tenant/ai-providers": "providers",
    "/v1/tenant/datasets": "datasets", "/v1/tenant/bots": "bots", "/v1/tenant/conversations": "conversations",
    "/v1/tenant/clients": "clients", "/v1/tenant/credential-forms": "clients", "/v1/tenant/usage": "usage",
    "/v1/tenant/deployments": "deployments", "/v1/tenant/lab": "deployments", "/v1/tenant/contacts": "contacts",
    "/v1/tenant/dead-letters": "deployments", "/v1/tenant/channels": "deployments",
    "/v1/tenant/turns": "conversations", "/v1/tenant/attachments": "conversations",
    "/v1/tenant/audit": "audit", "/v1/tenant": "tenant", "/api/bots": "bots",
}  # fmt: skip
EXCEPTIONS = {
    "GET /v1/tenant/me": "member", "PATCH /v1/tenant/me": "member", "POST /v1/chat/efficient": "chat:write",
    "PUT /v1/tenant/clients/{client_id}/credentials/{channel}": "credentials:write",
    "DELETE /v1/tenant/clients/{client_id}/credentials/{channel}": "credentials:write",
    "POST /v1/tenant/bots/{bot_id}/move": "clients:write",
    "GET /v1/tenant/bots/{bot_id}/deployments": "deployments:read",
    "POST /v1/tenant/bots/{bot_id}/deployments": "deployments:write",
    "GET /v1/tenant/bots/{bot_id}/lab": "deployments:read",
    "POST /v1/tenant/bots/{bot_id}/lab": "deployments:write",
    "GET /v1/tenant/bots/{bot_id}/lab/events": "deployments:read",
    # For people of one client too; each word has its own permission besides.
    "GET /v1/tenant/events": "bots:read",
    # They belong to making a bot.
    "POST /v1/tenant/icons": "bots:write",
    "PUT /v1/tenant/onboarding": "bots:write",
    # They ask and change nothing.
    "POST /v1/tenant/theme/check": "bots:read",
    "POST /v1/tenant/datasets/{dataset_id}/search": "datasets:read",
    "POST /v1/tenant/bots/{bot_id}/scopes/test": "bots:read",
}  # fmt: skip


@pytest.mark.parametrize("op", GUARDED, ids=str)
def test_a_route_needs_what_its_path_and_method_say(op: Operation) -> None:
    area = next((name for path, name in AREAS.items() if op.path.startswith(path)), "")
    # What concerns the member alone every member may do.
    expected = "member" if area == "me" else f"{area}:{'read' if op.method == 'GET' else 'write'}"
    if op.path.startswith("/admin/"):
        expected = "admin"
    assert op.access == EXCEPTIONS.get(str(op), expected)


def test_what_is_open_to_all_is_known() -> None:
    assert {str(op) for op in operations() if op.access == "public"} == PUBLIC


def test_a_route_that_does_not_say_what_it_needs_cannot_be_added() -> None:
    router = scoped_router("/v1/tenant/forgotten", "forgotten")

    async def forgotten() -> None: ...

    with pytest.raises(TypeError, match="does not say what it requires"):
        router.get("")(forgotten)


def test_the_application_has_no_route_beside_the_described_ones(app: FastAPI) -> None:
    described = {op.path for op in operations()}
    paths = {route.path for route in app.routes if isinstance(route, APIRoute)}
    assert paths - described == {"/docs", "/docs/page.js"}


@pytest.mark.parametrize("op", GUARDED, ids=str)
async def test_without_a_credential_a_guarded_route_answers_401(op: Operation, callers: Callers) -> None:
    assert await status(op, callers.client("")) == 401


@pytest.mark.parametrize("op", [op for op in GUARDED if op.access != "admin"], ids=str)
async def test_a_member_may_do_what_the_role_allows_and_nothing_else(op: Operation, callers: Callers) -> None:
    allowed = {}
    for role, http in callers.members.items():
        if str(op) == "PATCH /v1/tenant" and role == "owner":
            continue
        allowed[role] = await status(op, http) not in {401, 403}
    expected = {role: op.access == "member" or op.access in ROLES[role] for role in allowed}
    assert allowed == expected


@pytest.mark.parametrize("op", GUARDED, ids=str)
async def test_a_key_may_do_what_its_scope_names_and_nothing_else(op: Operation, callers: Callers) -> None:
    allowed = {scope: await status(op, http) not in {401, 403} for scope, http in callers.keys.items()}
    assert allowed == {scope: scope == op.access for scope in KEY_SCOPES}


@pytest.mark.parametrize("op", [op for op in GUARDED if op.access == "admin"], ids=str)
async def test_what_is_for_administrators_is_closed_to_every_member(op: Operation, callers: Callers) -> None:
    assert {await status(op, http) for http in callers.members.values()} == {401}


@pytest.mark.parametrize("op", [op for op in GUARDED if op.access != "admin"], ids=str)
async def test_an_administrators_token_opens_nothing_of_a_tenant(
    op: Operation, callers: Callers, admin_token: str
) -> None:
    assert await status(op, callers.client(admin_token)) == 401


@pytest.mark.parametrize("scope", sorted(OWNER - KEY_SCOPES))
async def test_a_key_cannot_be_given_what_is_for_people(scope: str, callers: Callers) -> None:
    made = await callers.members["owner"].post("/v1/tenant/api-keys", json={"name": "x", "scopes": [scope]})
    assert made.status_code == 422
    assert scope in made.json()["detail"]
