"""Every error has one shape, every answer an id and safe headers, every path both spellings."""

import json
import re

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from tests.architecture.operations import operations
from tests.architecture.world import World
from tests.shops import Shop

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.settings import Settings


def assert_problem(answer: Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].endswith(code)
    assert body["request_id"] == answer.headers["x-request-id"]
    assert len(body["detail"]) > 10
    for inside in ("Traceback", "sqlalchemy", "psycopg", ".py", "pydantic"):
        assert inside not in answer.text


async def test_an_unknown_path_is_404(client: AsyncClient) -> None:
    for path in ("/", "/v1", "/v2/tenant", "/v1/tenant/nothing", "/admin", "/.env", "/v1//tenant"):
        assert_problem(await client.get(path), 404, "no_such_path")


async def test_an_unknown_method_is_405_and_says_what_is_possible(client: AsyncClient) -> None:
    answer = await client.put("/health")
    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


async def test_a_wrong_field_is_422_and_named(shop: Shop) -> None:
    answer = await shop.api.post("/v1/tenant/datasets", json={"name": 5, "colour": "blue"})
    assert_problem(answer, 422, "invalid_request")
    assert {error["field"] for error in answer.json()["errors"]} == {"body.name", "body.colour"}


async def test_a_refused_value_is_not_repeated(shop: Shop) -> None:
    secret = "sk-very-secret-value"
    body = {"provider_name": "openai", "api_key": [secret], "custom_settings": secret, secret: 1}
    answer = await shop.api.post("/v1/tenant/ai-providers", json={k: v for k, v in body.items() if k != secret})
    assert answer.status_code == 422
    assert secret not in answer.text


async def test_a_body_that_cannot_be_read_is_refused(shop: Shop) -> None:
    answer = await shop.api.post("/v1/tenant/datasets", content=b"{", headers={"content-type": "application/json"})
    assert_problem(answer, 422, "invalid_request")
    form = await shop.api.post(
        "/v1/tenant/datasets/018f0000-0000-7000-8000-000000000001/documents/upload",
        content=b"no form",
        headers={"content-type": "multipart/form-data"},
    )
    assert_problem(form, 400, "bad_request")


async def test_a_body_of_another_type_is_not_guessed_at(shop: Shop) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        answer = await shop.api.post("/v1/tenant/datasets", content=b'{"name": "x"}', headers={"content-type": kind})
        assert answer.status_code in {415, 422}, kind


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(shop: Shop) -> None:
    answer = await shop.api.post("/v1/tenant/datasets", content=b"x", headers={"content-length": "99999999999"})
    assert_problem(answer, 413, "payload_too_large")


async def test_a_body_that_does_not_say_its_length_is_counted(app: FastAPI, shop: Shop) -> None:
    async def endless() -> object:
        for _ in range(30):
            yield b" " * 1024 * 1024

    answer = await shop.api.post("/v1/tenant/datasets", content=endless(), headers={"content-type": "application/json"})
    assert_problem(answer, 413, "payload_too_large")


@pytest.mark.parametrize("length", ["-1", "1e3", "x", "²", "9" * 5000])
async def test_a_length_that_is_no_number_is_refused(app: FastAPI, length: str) -> None:
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/auth/login", "raw_path": b"/v1/auth/login", "query_string": b"",
        "headers": [(b"content-length", length.encode("latin-1"))], "client": ("10.97.0.1", 1), "scheme": "http",
        "server": ("test", 80), "http_version": "1.1", "root_path": "", "state": {},
    }  # fmt: skip
    await app(scope, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 413


async def test_a_request_may_bring_its_own_id(client: AsyncClient) -> None:
    answer = await client.get("/v1/nothing", headers={"x-request-id": "from-the-proxy-1"})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "from-the-proxy-1"


@pytest.mark.parametrize("given", ["short", "with space inside", "x" * 81, "<script>alert(1)", "a\tb-----"])
async def test_an_id_of_another_form_is_replaced(client: AsyncClient, given: str) -> None:
    answer = await client.get("/v1/nothing", headers={"x-request-id": given})
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-request-id"])


CHANGING = {"/metrics", "/health", "/v1/tenant/events", "/v1/tenant/bots/{bot_id}/lab/events", "/icons/{icon_id}.png"}
# The world's deployment is none of the lab.
NEEDING_MORE = {"/widget/{file}", "/v1/widget/config", "/v1/tenant/lab/{deployment_id}/thread"}


async def test_every_get_has_both_spellings(world: World, admin: AsyncClient) -> None:
    providers = (await admin.get("/admin/ai-providers")).json()["items"]
    for op in operations():
        if op.method != "GET" or op.path in CHANGING or op.path in NEEDING_MORE:
            continue
        http = admin if op.access == "admin" else world.shop.api
        ids = {**world.ids, "provider_id": providers[0]["id"]} if op.access == "admin" else world.ids
        path = op.at(ids)
        plain, slashed = await http.get(path), await http.get(path + "/")
        if {"slug", "token"} & set(op.path_names):  # the world's open nothing
            assert plain.status_code == slashed.status_code == 404
            continue
        assert plain.status_code == slashed.status_code == 200, (op, plain.text)
        if op.path != "/v1/tenant/bots/{bot_id}/readiness":
            assert plain.content == slashed.content, op


async def test_every_change_has_both_spellings_without_a_redirect(shop: Shop) -> None:
    for n, slash in enumerate(("", "/")):
        made = await shop.api.post(f"/v1/tenant/datasets{slash}", json={"name": f"Set {n}"})
        assert made.status_code == 201
        path = f"/v1/tenant/datasets/{made.json()['id']}"
        assert (await shop.api.patch(f"{path}{slash}", json={"description": "d"})).status_code == 200
        assert (await shop.api.post(f"{path}/search{slash}", json={"query": "x"})).status_code == 200
        assert (await shop.api.delete(f"{path}{slash}")).status_code == 204


HEADERS = {
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "strict-origin-when-cross-origin", "cross-origin-opener-policy": "same-origin",
}  # fmt: skip


async def test_every_answer_has_the_safe_headers(client: AsyncClient) -> None:
    for path in ("/health/quick", "/v1/tenant", "/nothing", "/openapi.json"):
        answer = await client.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
        assert "server" not in answer.headers
        assert "x-powered-by" not in answer.headers


async def test_no_page_may_call_the_api_of_the_tenant_with_the_visitors_credentials(client: AsyncClient) -> None:
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for path in ("/v1/tenant/bots", "/admin/tenants", "/v1/auth/login"):
        answer = await client.options(path, headers=asked)
        assert "access-control-allow-origin" not in answer.headers
    chat = await client.options("/v1/chat/public", headers=asked)
    assert chat.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in chat.headers


async def test_the_description_is_complete_and_names_the_errors(client: AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()
    assert described["openapi"].startswith("3.")
    names = [op["operationId"] for ops in described["paths"].values() for op in ops.values()]
    assert len(names) == len(set(names))
    assert "`slug_taken`" in json.dumps(described["paths"]["/admin/tenants"]["post"])


async def test_the_page_for_people_needs_nothing_from_elsewhere(client: AsyncClient) -> None:
    page, script = await client.get("/docs"), await client.get("/docs/page.js")
    assert page.status_code == script.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe-eval" not in page.headers["content-security-policy"]
    assert not re.findall(r"(?:src|href)=[\"']?https?://", page.text)
    assert "innerHTML" not in script.text


async def test_the_description_can_be_switched_off(settings: Settings) -> None:
    closed = create_app(settings.model_copy(update={"docs": False}))
    async with AsyncClient(transport=ASGITransport(app=closed), base_url="http://test") as http:
        for path in ("/docs", "/openapi.json", "/docs/page.js"):
            assert (await http.get(path)).status_code == 404
