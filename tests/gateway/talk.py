"""A bot on the stub platform, and customers who write to it there."""

import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from httpx2 import AsyncClient, Response
from tests.gateway.stub_platform import SECRET, StubPlatform, signature
from tests.shops import Json, Shop

from shopwright.kit.embedded_postgres import EmbeddedPostgres

Jobs = Callable[[], Awaitable[None]]
RETURNS = "# Returns\n\nYou can return unworn articles within 30 days of delivery. The return is free of charge."
QUESTION = "How many days do I have to return an article?"
_names = itertools.count(1)


@dataclass
class Line:
    """One deployment, seen from both ends."""

    shop: Shop
    bot: Json
    deployment: Json
    platform: StubPlatform
    http: AsyncClient
    run_jobs: Jobs
    owner_url: str
    ids: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def tenant_id(self) -> UUID:
        return UUID(self.shop.id)

    @property
    def path(self) -> str:
        return urlsplit(self.deployment["webhook_url"]).path

    def message(self, chat: str, text: str, **fields: Any) -> Json:
        return {"id": f"in-{next(self.ids)}", "chat": chat, "text": text, **fields}

    async def post(self, *events: Json, **headers: str) -> Response:
        body = json.dumps({"events": events}).encode()
        return await self.http.post(self.path, content=body, headers={"x-signature": signature(body), **headers})

    async def write(self, chat: str, text: str, **fields: Any) -> Json:
        event = self.message(chat, text, **fields)
        answer = await self.post(event)
        assert answer.status_code == 200, answer.text
        return event

    async def settle(self) -> None:
        """Let the time pass that jobs and messages wait for, once, and do what is due."""
        with psycopg.connect(self.owner_url) as connection:
            connection.execute("update procrastinate_jobs set scheduled_at = now() where status = 'todo'")
            connection.execute("update outbox set next_at = now() where state = 'pending'")
        await self.run_jobs()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.owner_url) as connection:
            return connection.execute(query, values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.owner_url) as connection:
            connection.execute(f"{statement} where deployment_id = %s", (*values, self.deployment["id"]))

    def inbox(self) -> list[tuple[Any, ...]]:
        query = "select external_id, state, reason from inbox where deployment_id = %s order by seq"
        return self.rows(query, self.deployment["id"])

    def outbox(self) -> list[tuple[Any, ...]]:
        query = "select state, attempts, error from outbox where deployment_id = %s order by seq"
        return self.rows(query, self.deployment["id"])

    def waits(self) -> list[float]:
        """For how many seconds each waiting job of this deployment waits."""
        query = (
            "select extract(epoch from scheduled_at - now()) from procrastinate_jobs where status = 'todo' and args ->>"
            " 'thread_id' in (select thread_id::text from inbox where deployment_id = %s) order by id"
        )
        return [float(row[0]) for row in self.rows(query, self.deployment["id"])]


async def open_line(
    shop: Shop, platform: StubPlatform, http: AsyncClient, run_jobs: Jobs, postgres: EmbeddedPostgres,
    channel: str = "http", fields: Json | None = None,
) -> Line:  # fmt: skip
    dataset = await shop.dataset()
    await shop.text(dataset, "Returns", RETURNS, source_type="markdown")
    bot = await shop.bot(dataset)
    await run_jobs()
    wanted = {"channel": channel, "fields": fields or {"callback_url": platform.url, "secret": SECRET}}
    deployment = await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", wanted)
    deployment = await shop.post(f"/v1/tenant/deployments/{deployment['id']}/connect", status=200)
    assert deployment["status"] in {"connected", "pending"}, deployment["detail"]
    platform.calls.clear()
    return Line(shop, bot, deployment, platform, http, run_jobs, postgres.owner_url)
