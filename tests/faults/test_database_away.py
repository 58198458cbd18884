"""PostgreSQL goes away under use and comes back: 503 meanwhile, nothing lost, nothing twice, no restart of ours."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from httpx2 import ASGITransport, AsyncClient
from tests.conftest import MODELS_DIR
from tests.shops import ADMIN_EMAIL, ADMIN_PASSWORD, Shop, open_shop

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.migrate import migrate
from shopwright.entrypoints.seed import create_admin, seed
from shopwright.entrypoints.settings import Settings
from shopwright.kit.embedded_postgres import EmbeddedPostgres

_slugs = (f"away-{n}" for n in itertools.count())
DEADLINE_SECONDS = 60


@pytest_asyncio.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[EmbeddedPostgres, object]]:
    """A server and an application of its own, since it is stopped here."""
    folder: Path = tmp_path_factory.mktemp("away")
    server = EmbeddedPostgres(folder, "shopwright_app", lambda _line: None)
    server.start()
    try:
        migrate(server.owner_url, lambda _line: None)
        settings = Settings(
            _env_file=None, database_url=server.app_url, data_dir=folder, models_dir=MODELS_DIR, pool_size=4
        )
        await seed(settings)
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            await create_admin(app.state.db, ADMIN_EMAIL, ADMIN_PASSWORD)
            yield server, app
    finally:
        server.stop()


@pytest_asyncio.fixture
async def own_shop(place: tuple[EmbeddedPostgres, object]) -> AsyncIterator[Shop]:
    _, app = place
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as http:  # type: ignore[arg-type]
        answer = await http.post("/admin/auth/login", json={"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})
    async with open_shop(app, answer.json()["access_token"], next(_slugs)) as shop:  # type: ignore[arg-type]
        yield shop


def crash(server: EmbeddedPostgres) -> None:
    assert server._process is not None
    server._process.kill()
    server._process.wait(20)


async def until_it_answers(shop: Shop) -> None:
    async with asyncio.timeout(DEADLINE_SECONDS):
        while (await shop.api.get("/v1/tenant/datasets")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("way", ["stopped", "killed"])
async def test_the_api_comes_back_by_itself_when_the_database_does(
    place: tuple[EmbeddedPostgres, object], own_shop: Shop, way: str
) -> None:
    server, _ = place
    await asyncio.gather(*(own_shop.get("/v1/tenant/datasets") for _ in range(8)))  # a full pool
    await asyncio.to_thread(server.stop if way == "stopped" else crash, *(() if way == "stopped" else (server,)))

    try:
        for _ in range(6):
            answer = await own_shop.api.get("/v1/tenant/datasets")
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert int(answer.headers["retry-after"]) >= 1
        assert (await own_shop.api.get("/health", headers={"authorization": ""})).status_code in {401, 503}
        async with AsyncClient(transport=own_shop.api._transport, base_url="http://test") as public:
            assert (await public.get("/health")).status_code == 503
            assert (await public.get("/health/quick")).status_code == 200
    finally:
        await asyncio.to_thread(server.start if way == "stopped" else server.restart)

    await until_it_answers(own_shop)
    answers = await asyncio.gather(*(own_shop.api.get("/v1/tenant/datasets") for _ in range(12)))
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("way", ["stopped", "killed"])
async def test_what_was_sent_while_it_went_away_is_done_once(
    place: tuple[EmbeddedPostgres, object], own_shop: Shop, way: str
) -> None:
    server, _ = place
    statuses: set[int] = set()
    stop = asyncio.Event()
    asked: list[str] = []

    async def send(name: str) -> int:
        answer = await own_shop.api.post(
            "/v1/tenant/bots", json={"name": name}, headers={"idempotency-key": f"key-{name}"}
        )
        statuses.add(answer.status_code)
        return answer.status_code

    async def traffic(lane: int) -> None:
        for n in itertools.count():
            if stop.is_set():
                return
            asked.append(f"{lane}-{n}")
            await send(asked[-1])
            await asyncio.sleep(0)

    lanes = [asyncio.create_task(traffic(lane)) for lane in range(4)]
    async with asyncio.timeout(DEADLINE_SECONDS):
        while len(asked) < 40:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await asyncio.to_thread(server.stop if way == "stopped" else crash, *(() if way == "stopped" else (server,)))
    await asyncio.to_thread(server.start if way == "stopped" else server.restart)
    await until_it_answers(own_shop)
    stop.set()
    await asyncio.gather(*lanes)
    assert statuses <= {201, 503}

    for name in asked:
        assert await send(name) == 201

    made: list[str] = []
    cursor = ""
    while cursor is not None:
        page = await own_shop.get(
            f"/v1/tenant/bots?limit=200&cursor={cursor}" if cursor else "/v1/tenant/bots?limit=200"
        )
        made += [bot["name"] for bot in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(made) == sorted(asked)
