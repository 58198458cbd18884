"""What belongs to one tenant is unknown to every other one, on every route."""

import itertools
import json
import re
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from httpx2 import AsyncClient, Response
from tests.architecture.operations import UNKNOWN, UNKNOWN_SESSION, Operation, operations
from tests.architecture.world import World, rows_of

import shopwright
from shopwright.entrypoints.wiring import Core
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.knowledge.models import Dataset

OPERATIONS = [
    op for op in operations()
    if (op.path_names or op.body_ids or op.required_query_ids or op.method == "GET")
    and op.path != "/icons/{icon_id}.png"  # shown to everybody who knows its address
]  # fmt: skip
# A provider's id may also stand inside the name of a model.
INSIDE_TEXT = {"embedding_model": ("provider_id", "{}:stub-1")}
# They tell the state of the installation, and change from call to call.
ABOUT_THE_PROCESS = {"/health", "/metrics"}


@pytest.fixture(scope="session")
def untouched(first: World, second: World, postgres: EmbeddedPostgres) -> dict[str, str]:
    """What the first tenant has before the other one tries."""
    return rows_of(postgres.owner_url, first.shop.id)


def places(op: Operation) -> list[tuple[str, str]]:
    """Where an operation takes ids: `(part, name)`."""
    schema = op.schema() or {"properties": {}}
    # A caller may choose the handle of a new session itself, so an unknown one is not refused; see below.
    chosen = {"session_id"} if "bot_id" in op.body_ids and op.path.startswith("/v1/chat/") else set()
    return [
        *(("path", name) for name in op.path_names),
        *(("body", name) for name in op.body_ids if name not in chosen),
        *(("body", name) for name in schema["properties"] if name in INSIDE_TEXT),
        *(("query", name) for name in op.required_query_ids),
    ]


async def call(
    http: AsyncClient, op: Operation, own: World, foreign: World | None, which: set[tuple[str, str]]
) -> Response:
    """Call with the caller's own ids, but at the places `which` those of the other tenant, or unknown ones."""

    def value(part: str, name: str) -> str:
        wanted, form = INSIDE_TEXT.get(name, (name, "{}"))
        if (part, name) not in which:
            return form.format(own.id_for(wanted))
        if foreign is not None:
            return form.format(foreign.id_for(wanted))
        return form.format(UNKNOWN_SESSION if name == "session_id" else UNKNOWN)

    taken: dict[str, dict[str, str]] = {"path": {}, "body": {}, "query": {}}
    for part, name in places(op):
        taken[part][name] = value(part, name)
    body = op.body(**taken["body"]) if op.schema() is not None else None
    return await op.call(http, taken["path"], body=body, query=taken["query"])


def told(answer: Response, ids: dict[str, str]) -> tuple[int, str]:
    """What an answer says, without the request's id and without the ids it was asked with."""
    text = answer.text
    try:
        body = answer.json()
        body.pop("request_id", None) if isinstance(body, dict) else None
        text = json.dumps(body, sort_keys=True)
    except ValueError:
        pass
    for known in (*ids.values(), UNKNOWN, UNKNOWN_SESSION):
        text = text.replace(known, "<id>")
    return answer.status_code, text


@pytest.mark.parametrize("op", OPERATIONS, ids=str)
@pytest.mark.parametrize("credential", ["member", "key"])
async def test_ids_of_another_tenant_are_answered_like_unknown_ones(
    op: Operation,
    credential: str,
    first: World,
    second: World,
    postgres: EmbeddedPostgres,
    untouched: dict[str, str],
) -> None:
    http = AsyncClient(transport=second.shop.api._transport, base_url="http://test", timeout=60)
    token = second.shop.api.headers["authorization"] if credential == "member" else f"Bearer {second.key}"
    http.headers["authorization"] = token

    for count in range(1, len(places(op)) + 1):
        for which in itertools.combinations(places(op), count):
            foreign = await call(http, op, second, first, set(which))
            unknown = await call(http, op, second, None, set(which))
            assert told(foreign, first.ids) == told(unknown, first.ids), which
            assert foreign.status_code < 500
            if any(part == "path" for part, _ in which):
                assert foreign.status_code in {401, 403, 404}, foreign.text
    if not places(op) and op.path not in ABOUT_THE_PROCESS:
        listed = (await op.call(http, {})).text
        assert not [name for name, known in first.ids.items() if known in listed]

    assert rows_of(postgres.owner_url, first.shop.id) == untouched


async def test_a_session_handle_of_another_tenant_opens_nothing_of_it(first: World, second: World) -> None:
    bot = await second.shop.get(f"/v1/tenant/bots/{second.ids['bot_id']}")

    answer = await second.shop.ask(bot, "And what did I ask before?", session_id=first.ids["session_id"])

    mine = await second.shop.get(f"/v1/chat/sessions/{first.ids['session_id']}")
    assert [message["text"] for message in mine["messages"]] == [
        "And what did I ask before?",
        answer["answer"],
    ]
    assert mine["bot_id"] == second.ids["bot_id"]


async def test_the_walk_knows_where_every_kind_of_id_stands(first: World) -> None:
    known = {*first.ids, "bot", "tenant_ai_provider_id", "fallback_ai_provider_id", "global_ai_provider_id"}
    found = {name for op in operations() for _, name in places(op)} - set(INSIDE_TEXT)
    assert found <= known


async def test_the_database_hides_other_tenants_even_from_a_statement_without_a_condition(
    first: World, second: World, core: Core
) -> None:
    async with core.db.tenant(UUID(second.shop.id)) as session:
        seen = set((await session.scalars(sa.select(Dataset.tenant_id))).all())
    assert seen == {UUID(second.shop.id)}


async def test_the_database_refuses_to_write_a_row_into_another_tenant(first: World, second: World, core: Core) -> None:
    async with core.db.tenant(UUID(second.shop.id)) as session:
        session.add(Dataset(tenant_id=UUID(first.shop.id), name="Planted", generation_id=uuid4()))
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            await session.flush()


async def test_the_database_refuses_to_move_a_row_into_another_tenant(first: World, second: World, core: Core) -> None:
    async with core.db.tenant(UUID(second.shop.id)) as session:
        move = sa.update(Dataset).values(tenant_id=UUID(first.shop.id))
        with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
            await session.execute(move)


def test_the_tenant_of_a_transaction_ends_with_it(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.app_url, autocommit=True) as connection:
        with connection.transaction():
            connection.execute("select set_config('app.tenant', %s, true)", (UNKNOWN,))
        assert connection.execute("select nullif(current_setting('app.tenant', true), '')").fetchone() == (None,)


def test_nothing_in_the_source_sets_a_tenant_for_longer_than_a_transaction() -> None:
    found = []
    for file in Path(shopwright.__file__).parent.rglob("*.py"):
        text = file.read_text()
        found += [file.name for call in re.findall(r"set_config\('app\.[a-z]+',[^)]*\)", text) if "true" not in call]
        found += [file.name for _ in re.findall(r"(?i)\bset (?:session )?app\.", text)]
    assert found == []
