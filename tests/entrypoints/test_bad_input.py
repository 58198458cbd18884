"""Whatever is sent, in every field of every route: a 4xx that says what to change, and never a 5xx."""

import json
import math
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from tests.architecture.operations import Operation, full, operations, put, spots
from tests.architecture.world import World

OPERATIONS = operations()
WITH_BODY = [op for op in OPERATIONS if op.schema() is not None]
BAD_TEXT = ["a\x00b", "a\ud800b", "\udfff", "\x1b[31m", "\x7f"]
BAD_NUMBERS = [math.nan, math.inf, -math.inf, 10**400, -(10**400), "1e5000"]


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


BAD: dict[str, list[Any]] = {
    "string": [*BAD_TEXT, 5, True, [], {}, "x" * 2_100_000],
    "integer": [*BAD_NUMBERS, 1.5, "word", [], {}, 10**30],
    "number": [*BAD_NUMBERS, "word", [], {}],
    "boolean": ["perhaps", 2, [], {}],
    "array": ["word", 5, {}, [None], [deep(3)], [deep(500)]],
    "object": [[], "word", 5, {"unknown_field": 1}],
    "free": [[], "word", {"a\x00": 1}, {"a\ud800": 1}, {"a": "\x00"}, {"a": math.nan}, {"a": 10**30}, {"a": deep(60)}],
    "any": [*BAD_TEXT, math.nan, {"a\x00": 1}, deep(60), 10**400],
}


@pytest.fixture
async def caller(app: FastAPI, world: World, admin_token: str) -> dict[str, AsyncClient]:
    """Clients of an owner and of an administrator."""

    def client(authorization: str) -> AsyncClient:
        transport = ASGITransport(app=app, raise_app_exceptions=False, client=("10.98.0.1", 1))
        http = AsyncClient(transport=transport, base_url="http://test", timeout=60)
        http.headers["authorization"] = authorization
        return http

    return {"admin": client(f"Bearer {admin_token}"), "tenant": client(world.shop.api.headers["authorization"])}


def client_for(op: Operation, caller: dict[str, AsyncClient]) -> AsyncClient:
    return caller["admin" if op.access == "admin" else "tenant"]


def is_refusal(answer: Response) -> bool:
    """A problem document that says something."""
    if not 400 <= answer.status_code < 500:
        return False
    body = answer.json()
    return bool(answer.headers["content-type"] == "application/problem+json" and body["detail"] and body["code"])


async def send(http: AsyncClient, op: Operation, world: World, content: bytes) -> Response:
    path = op.at(world.ids)
    return await http.request(op.method, path, content=content, headers={"content-type": "application/json"})


@pytest.mark.parametrize("op", WITH_BODY, ids=str)
async def test_no_field_takes_what_cannot_be_stored(
    op: Operation, world: World, caller: dict[str, AsyncClient]
) -> None:
    http, schema = client_for(op, caller), op.schema()
    assert schema is not None
    body = full("", schema)
    taken = []
    for path, kind in spots("", schema):
        for value in BAD[kind]:
            answer = await send(http, op, world, json.dumps(put(body, path, value)).encode())
            if not is_refusal(answer):
                taken.append((path, repr(value)[:40], answer.status_code, answer.text[:200]))
    assert taken == []


@pytest.mark.parametrize("op", WITH_BODY, ids=str)
async def test_null_in_any_field_is_no_failure_of_ours(
    op: Operation, world: World, caller: dict[str, AsyncClient]
) -> None:
    http, schema = client_for(op, caller), op.schema()
    assert schema is not None
    for path, _ in spots("", schema):
        if path:
            content = json.dumps(put(op.body(), path[:1], None)).encode()
            answer = await send(http, op, world, content)
            assert answer.status_code < 500, (path, answer.text)


BODIES = {
    "nothing": b"",
    "no JSON": b"{name: 1}",
    "half a document": b'{"name": "x"',
    "two documents": b"{}{}",
    "broken letters": b'{"name": "\xff\xfe"}',
    "a list": b"[]",
    "a word": b'"word"',
    "null": b"null",
    "too deep": b"[" * 100_000,
    "too deep objects": b'{"a":' * 100_000,
    "a number without end": b'{"name": ' + b"9" * 5_000 + b"}",
}


@pytest.mark.parametrize("content", BODIES.values(), ids=BODIES.keys())
async def test_a_body_that_is_no_json_object_is_refused(
    content: bytes, world: World, caller: dict[str, AsyncClient]
) -> None:
    for op in WITH_BODY:
        if op.path != "/v1/auth/logout":
            answer = await send(client_for(op, caller), op, world, content)
            assert is_refusal(answer), (op, answer.status_code, answer.text)


@pytest.mark.parametrize("op", [op for op in OPERATIONS if op.queries], ids=str)
async def test_no_query_parameter_breaks_a_route(op: Operation, world: World, caller: dict[str, AsyncClient]) -> None:
    for parameter in op.queries:
        for value in ("\x00", "-1", "0", "9" * 30, "NaN", "x" * 3_000, "' or 1=1 --", "é", "", "1e3", "[]"):
            answer = await op.call(client_for(op, caller), world.ids, query={parameter["name"]: value})
            assert answer.status_code < 500, (parameter["name"], value, answer.text)
        path = op.at(world.ids)
        raw = await client_for(op, caller).request(op.method, f"{path}?{parameter['name']}=%ff%00")
        assert raw.status_code < 500


@pytest.mark.parametrize("op", [op for op in OPERATIONS if op.path_names], ids=str)
async def test_no_id_in_a_path_breaks_a_route(op: Operation, world: World, caller: dict[str, AsyncClient]) -> None:
    for value in ("%00", "%ff", "..%2F..%2Fetc%2Fpasswd", "x" * 3_000, "1%20or%201=1", "null", "0"):
        path = op.at(dict.fromkeys(op.path_names, value))
        answer = await client_for(op, caller).request(op.method, path, json=op.body())
        assert answer.status_code in {404, 422}, (value, answer.text)


@pytest.mark.parametrize("text", ["\x00", "\ud800", '{"a": "\\u0000"}', "[]", "5", "{", '{"a": NaN}', '{"a":' * 100])
async def test_the_metadata_of_an_upload_is_read_as_carefully(
    text: str, world: World, caller: dict[str, AsyncClient]
) -> None:
    path = f"/v1/tenant/datasets/{world.ids['dataset_id']}/documents/upload"
    files = [
        ("files", ("a.txt", b"A note.", "text/plain")),
        ("metadata", (None, text.encode("utf-8", "surrogatepass"))),
    ]
    answer = await caller["tenant"].post(path, files=files)
    assert is_refusal(answer), answer.text


async def test_a_failed_request_changes_nothing(world: World, caller: dict[str, AsyncClient]) -> None:
    before = await world.shop.get("/v1/tenant/datasets?limit=200")
    path = f"/v1/tenant/datasets/{world.ids['dataset_id']}/documents/batch"
    good, bad = {"title": "Good", "content": "Good."}, {"title": "Bad", "content": "\x00"}
    assert (await caller["tenant"].post(path, json={"documents": [good, bad]})).status_code == 422
    assert await world.shop.get("/v1/tenant/datasets?limit=200") == before
