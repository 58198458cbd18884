"""Live events: who hears of what, and when a stream ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from tests.shops import OWNER_PASSWORD, Json, Shop

from shopwright.entrypoints.wiring import Core
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.kit.notify import MAX_WAITING, Listener, notify
from shopwright.tenants import routes_events

Jobs = Callable[[], Awaitable[None]]
SECONDS = 20


class Stream:
    """An open stream of events, read as a browser reads it."""

    def __init__(self) -> None:
        self.status = 0
        self.ended = asyncio.Event()
        self.body = b""
        self._grew = asyncio.Event()

    async def send(self, message: Json) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                self.ended.set()
        self._grew.set()

    async def until(self, *words: str) -> str:
        """The text so far, as soon as it holds all these words."""
        async with asyncio.timeout(SECONDS):
            while not all(word.encode() in self.body for word in words):
                self._grew.clear()
                await self._grew.wait()
        return self.body.decode()


@asynccontextmanager
async def listen(app: FastAPI, authorization: str) -> AsyncIterator[Stream]:
    stream, closed = Stream(), asyncio.Event()
    asked = False

    async def receive() -> Json:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await closed.wait()
        return {"type": "http.disconnect"}

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/v1/tenant/events", "raw_path": b"/v1/tenant/events", "query_string": b"", "root_path": "",
        "headers": [(b"authorization", authorization.encode()), (b"accept", b"text/event-stream")],
        "client": ("10.0.0.1", 1), "server": ("test", 80),
    }  # fmt: skip
    task = asyncio.create_task(app(scope, receive, stream.send))
    try:
        yield stream
    finally:
        closed.set()
        async with asyncio.timeout(SECONDS):
            await task


def bearer(shop: Shop) -> str:
    return str(shop.api.headers["authorization"])


async def test_a_member_hears_what_changes_in_the_own_tenant_and_nothing_else(
    app: FastAPI, shop: Shop, other_shop: Shop, run_jobs: Jobs
) -> None:
    async with listen(app, bearer(shop)) as mine, listen(app, bearer(other_shop)) as others:
        await mine.until("hello")
        await others.until("hello")
        dataset = await shop.dataset()
        document = await shop.text(dataset, "Returns", "You can return articles within 30 days of delivery.")
        await run_jobs()
        bot = await shop.bot(dataset)
        await shop.ask(bot, "How many days do I have to return an article?")
        await other_shop.bot()

        heard = await mine.until("event: bot", "event: conversation", '"status":"completed"')
        foreign = await others.until("event: bot")

    assert f'event: document\ndata: {{"id":"{document["id"]}","dataset_id":"{dataset["id"]}"' in heard
    assert "30 days" not in heard
    assert bot["id"] not in foreign
    assert "event: document" not in foreign


async def test_a_change_that_is_rolled_back_is_not_heard(app: FastAPI, shop: Shop, core: Core) -> None:
    async with listen(app, bearer(shop)) as stream:
        await stream.until("hello")
        async with core.db.tenant(UUID(shop.id)) as session:
            await notify(session, UUID(shop.id), "bot", id="taken-back")
            await session.rollback()
        async with core.db.tenant(UUID(shop.id)) as session, session.begin():
            await notify(session, UUID(shop.id), "bot", id="kept")
        heard = await stream.until("kept")

    assert "taken-back" not in heard


async def test_a_member_hears_only_what_the_role_may_read(
    app: FastAPI, shop: Shop, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(routes_events.NEEDED, "document", "members:read")
    person = {"email": f"viewer-{shop.id}@shop.example", "password": OWNER_PASSWORD, "role": "viewer"}
    await shop.post("/v1/tenant/members", person)
    signed_in = await shop.api.post("/v1/auth/login", json={"email": person["email"], "password": OWNER_PASSWORD})

    async with listen(app, f"Bearer {signed_in.json()['access_token']}") as stream:
        await stream.until("hello")
        async with core.db.tenant(UUID(shop.id)) as session, session.begin():
            await notify(session, UUID(shop.id), "document", id="not-for-viewers")
        async with core.db.tenant(UUID(shop.id)) as session, session.begin():
            await notify(session, UUID(shop.id), "bot", id="for-viewers")
        heard = await stream.until("for-viewers")

    assert "not-for-viewers" not in heard


async def test_a_stream_ends_when_the_session_does(
    app: FastAPI, shop: Shop, postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes_events, "KEEP_ALIVE_SECONDS", 0.1)
    async with listen(app, bearer(shop)) as stream:
        await stream.until("still here")
        with psycopg.connect(postgres.owner_url) as connection:
            connection.execute("update member_sessions set revoked_at = now() where tenant_id = %s", (shop.id,))
        async with asyncio.timeout(SECONDS):
            await stream.ended.wait()


async def test_a_stream_ends_when_the_connection_to_the_database_is_lost_and_another_can_begin(
    app: FastAPI, shop: Shop, postgres: EmbeddedPostgres
) -> None:
    async with listen(app, bearer(shop)) as stream:
        await stream.until("hello")
        with psycopg.connect(postgres.owner_url, autocommit=True) as connection:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'")
        async with asyncio.timeout(SECONDS):
            await stream.ended.wait()

    async with listen(app, bearer(shop)) as again:
        await again.until("hello")
        bot = await shop.bot()
        assert bot["id"] in await again.until("event: bot")


async def test_a_member_has_so_many_streams_and_no_more(
    app: FastAPI, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes_events, "MAX_STREAMS", 1)
    async with listen(app, bearer(shop)) as first:
        await first.until("hello")
        async with listen(app, bearer(shop)) as second:
            await second.until("rate_limited")
            assert second.status == 429
    async with listen(app, bearer(shop)) as third:
        await third.until("hello")


async def test_who_does_not_ask_for_events_is_told_so(shop: Shop) -> None:
    refused = await shop.api.get("/v1/tenant/events")

    assert (refused.status_code, refused.json()["code"]) == (406, "event_stream_only")


async def test_a_slow_client_gets_the_newest_state_of_each_thing_and_is_let_go_when_it_is_too_slow() -> None:
    listener = Listener()
    for stage in ("extract", "chunk", "embed"):
        listener.offer(("document", {"id": "a", "stage": stage}))
    assert await listener.take(1) == [("document", {"id": "a", "stage": "embed"})]
    assert await listener.take(0.01) == []

    for number in range(MAX_WAITING + 1):
        listener.offer(("document", {"id": str(number)}))
    assert listener.ended


async def person_of_client(shop: Shop, name: str) -> tuple[str, str]:
    """A client of the shop with somebody of its own; returns its id and that person's credential."""
    client = await shop.post("/v1/tenant/clients", {"name": name})
    email = f"{name.lower()}-{shop.id}@client.example"
    person = {"email": email, "password": OWNER_PASSWORD, "role": "editor", "client_id": client["id"]}
    await shop.post("/v1/tenant/members", person)
    signed_in = await shop.api.post("/v1/auth/login", json={"email": email, "password": OWNER_PASSWORD})
    return client["id"], f"Bearer {signed_in.json()['access_token']}"


async def test_people_of_a_client_hear_what_is_theirs_and_nothing_of_another_client(
    app: FastAPI, shop: Shop, run_jobs: Jobs
) -> None:
    north, north_person = await person_of_client(shop, "North")
    south, south_person = await person_of_client(shop, "South")
    async with listen(app, north_person) as mine, listen(app, south_person) as others:
        await mine.until("hello")
        await others.until("hello")
        dataset = await shop.post("/v1/tenant/datasets", {"name": "Help", "client_id": north})
        shared = await shop.dataset("Shared by all")
        document = await shop.text(dataset, "Returns", "You can return articles within 30 days of delivery.")
        await shop.text(shared, "Hours", "The shop is open from 9 to 17.")
        await run_jobs()
        bot = await shop.post("/v1/tenant/bots", {"name": "Aria", "is_public": True, "client_id": north})
        await shop.post(f"/v1/tenant/bots/{bot['id']}/datasets", {"dataset_id": dataset["id"]})
        fields = {"bot_token": "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"}
        deployment = await shop.post(
            f"/v1/tenant/bots/{bot['id']}/deployments", {"channel": "telegram", "fields": fields}
        )
        answer = await shop.ask(bot, "How many days do I have to return an article?")
        own = await shop.post("/v1/tenant/bots", {"name": "Boatsman", "client_id": south})

        heard = await mine.until(document["id"], deployment["id"], "event: conversation", '"status":"completed"')
        foreign = await others.until(own["id"])

    assert bot["id"] in heard
    assert answer["session_id"] not in foreign
    assert own["id"] not in heard
    assert shared["id"] not in heard + foreign
    assert {line for line in foreign.splitlines() if line.startswith("event: ")} == {"event: bot"}
    for theirs in (bot, dataset, document, deployment):
        assert theirs["id"] not in foreign


async def test_what_a_client_loses_is_told_once_and_never_again(app: FastAPI, shop: Shop) -> None:
    north, north_person = await person_of_client(shop, "North")
    south, south_person = await person_of_client(shop, "South")
    bot = await shop.post("/v1/tenant/bots", {"name": "Aria", "client_id": north})
    async with listen(app, north_person) as before, listen(app, south_person) as after:
        await before.until("hello")
        await after.until("hello")
        await shop.post(f"/v1/tenant/bots/{bot['id']}/move", {"client_id": south}, status=200)
        await after.until(bot["id"])
        await before.until(f'{{"id":"{bot["id"]}","status":"deleted"}}')
        await shop.api.patch(f"/v1/tenant/bots/{bot['id']}", json={"name": "Theirs now"})
        kept = await shop.post("/v1/tenant/bots", {"name": "Still here", "client_id": north})
        heard = await before.until(kept["id"])

    assert heard.count(bot["id"]) == 1
