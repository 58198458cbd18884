"""Lists: one shape, pages that hold every row once, and a number of statements that does not grow."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from httpx2 import AsyncClient
from tests.architecture.operations import Operation, operations, resolve
from tests.architecture.world import World
from tests.shops import Json, Shop

from shopwright.entrypoints.wiring import Core


def is_list(op: Operation) -> bool:
    content = op.spec["responses"].get("200", {}).get("content", {}).get("application/json", {})
    schema = resolve(content.get("schema", {}))
    return op.method == "GET" and "next_cursor" in schema.get("properties", {})


LISTS = [op for op in operations() if is_list(op)]
PAGED = [op for op in LISTS if "limit" in {query["name"] for query in op.queries}]


@contextmanager
def statements(core: Core) -> Iterator[list[str]]:
    """All that is sent to the database meanwhile, without what is announced of earlier turns."""
    seen: list[str] = []
    engine = core.db.engine.sync_engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "pg_notify" not in statement:
            seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def http_for(world: World, admin: AsyncClient) -> object:
    return lambda op: admin if op.access == "admin" else world.shop.api


async def get(http: AsyncClient, op: Operation, world: World, **query: object) -> Json:
    answer = await op.call(http, world.ids, query={k: str(v) for k, v in query.items()})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_every_list_is_known_here() -> None:
    plural = {str(op) for op in operations() if op.method == "GET" and op.path.endswith("s")}
    others = {"GET /v1/tenant/bots/{bot_id}/scopes", "GET /api/bots/{bot_id}/status", "GET /metrics",
              "GET /v1/auth/methods", "GET /v1/tenant/bots/{bot_id}/readiness", "GET /widget.js", "GET /chat/sw.js",
              "GET /v1/tenant/events", "GET /v1/tenant/bots/{bot_id}/lab/events"}  # fmt: skip
    assert plural - others <= {str(op) for op in LISTS}


@pytest.mark.parametrize("op", LISTS, ids=str)
async def test_a_list_holds_items_and_the_next_cursor(op: Operation, world: World, http_for) -> None:
    listed = await get(http_for(op), op, world)
    assert set(listed) == {"items", "next_cursor"}
    assert isinstance(listed["items"], list)


@pytest.mark.parametrize("op", PAGED, ids=str)
async def test_pages_of_one_give_every_row_once_and_in_the_same_order(op: Operation, world: World, http_for) -> None:
    http = http_for(op)
    mark = "after" if "after" in {query["name"] for query in op.queries} else "cursor"

    async def pages(limit: int, most: int) -> list[Json]:
        rows: list[Json] = []
        cursor: str | None = ""
        while cursor is not None and len(rows) < most:
            page = await get(http, op, world, limit=limit, **({mark: cursor} if cursor else {}))
            assert len(page["items"]) <= limit
            rows += page["items"]
            cursor = page["next_cursor"]
        return rows

    whole = await pages(200, 10_000)
    assert whole
    assert len({str(row) for row in whole}) == len(whole)
    assert await pages(1, 30) == whole[:30]
    assert await pages(7, 10_000) == whole


@pytest.mark.parametrize("op", PAGED, ids=str)
async def test_a_list_takes_few_statements_however_long_it_is(
    op: Operation, world: World, http_for, core: Core
) -> None:
    http = http_for(op)
    await get(http, op, world)
    counts = []
    for limit in (1, 200):
        with statements(core) as seen:
            await get(http, op, world, limit=limit)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize("op", [op for op in LISTS if op not in PAGED], ids=str)
async def test_a_short_list_takes_few_statements_too(op: Operation, world: World, http_for, core: Core) -> None:
    with statements(core) as seen:
        await get(http_for(op), op, world)
    assert len(seen) <= 6


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


ID = "018f0000-0000-7000-8000-000000000001"
FOREIGN = [
    "x", "", "AAAA", "é", "=" * 10, cursor("a|b"), cursor(f"2026-01-01|{ID}"), cursor("2026-01-01T00:00:00+00:00|x"),
    cursor(f"0001-01-01T00:00:00+23:59|{ID}"), cursor(f"9999-12-31T23:59:59-23:59|{ID}"), "A" * 200, "A" * 201,
    cursor("\x00|\x00"), "' or 1=1", "%00",
]  # fmt: skip


@pytest.mark.parametrize("text", FOREIGN)
async def test_a_cursor_of_another_maker_is_refused_or_finds_nothing(world: World, text: str) -> None:
    answer = await world.shop.api.get("/v1/tenant/datasets", params={"cursor": text})
    assert answer.status_code in {200, 422}, answer.text
    if answer.status_code == 422:
        assert "cursor" in answer.json()["detail"].lower() or "value" in answer.json()["detail"]


async def test_a_cursor_of_another_tenant_shows_nothing_of_it(world: World, other_shop: Shop) -> None:
    for n in range(2):
        await other_shop.dataset(f"Theirs {n}")
    theirs = await other_shop.get("/v1/tenant/datasets?limit=1")
    mine = await world.shop.get(f"/v1/tenant/datasets?limit=200&cursor={theirs['next_cursor']}")
    assert {row["tenant_id"] for row in mine["items"]} <= {world.shop.id}


@pytest.mark.parametrize("limit", ["0", "-1", "201", "x", "1.5", "9" * 30])
async def test_a_page_has_1_to_200_rows(world: World, limit: str) -> None:
    assert (await world.shop.api.get("/v1/tenant/bots", params={"limit": limit})).status_code == 422


async def test_rows_added_meanwhile_do_not_shift_the_pages(shop: Shop) -> None:
    made = [(await shop.dataset(f"Set {n}"))["id"] for n in range(4)]
    first = await shop.get("/v1/tenant/datasets?limit=2")
    await shop.dataset("Added meanwhile")
    await shop.api.delete(f"/v1/tenant/datasets/{made[3]}")
    second = await shop.get(f"/v1/tenant/datasets?limit=2&cursor={first['next_cursor']}")
    assert [row["id"] for row in (*first["items"], *second["items"])] == made[::-1]
