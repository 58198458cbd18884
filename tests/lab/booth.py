"""A bot in the lab on one platform, and the customer who writes to it there."""

from dataclasses import dataclass, field
from typing import Any

import psycopg
from httpx2 import Response
from tests.gateway.talk import Jobs
from tests.shops import Json, Shop

from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.lab.accounts import Account
from shopwright.lab.app import Lab

RETURNS = "# Returns\n\nYou can return unworn articles within 30 days of delivery. The return is free of charge."
QUESTION = "How many days do I have to return an article?"
SECOND = "Is the return free of charge?"


@dataclass
class Booth:
    """One account of the lab, seen from the customer's side."""

    shop: Shop
    bot: Json
    deployment: Json
    lab: Lab
    run_jobs: Jobs
    owner_url: str
    seen: list[str] = field(default_factory=list)

    @property
    def channel(self) -> str:
        return str(self.deployment["channel"])

    @property
    def account(self) -> Account:
        account = self.lab.accounts.get(self.deployment["id"])
        assert account is not None
        return account

    @property
    def path(self) -> str:
        return f"/v1/tenant/lab/{self.deployment['id']}"

    async def act(self, kind: str, **fields: Any) -> Json:
        return await self.shop.post(f"{self.path}/acts", {"kind": kind, **fields}, status=200)

    async def tries(self, kind: str, **fields: Any) -> Response:
        return await self.shop.api.post(f"{self.path}/acts", json={"kind": kind, **fields})

    async def writes(self, text: str) -> Json:
        done = await self.act("text", text=text)
        assert done["delivered"], done
        return done

    async def fault(self, *faults: Json) -> None:
        answer = await self.shop.api.put(f"{self.path}/faults", json={"faults": list(faults)})
        assert answer.status_code == 200, answer.text

    async def settle(self, times: int = 1) -> None:
        """Let the time pass that jobs and messages wait for, and do what is due; `times` of it."""
        # A mailbox is read before anything comes of what is in it.
        for _ in range(times + (self.channel == "email")):
            await self.lab.courier.settled()
            with psycopg.connect(self.owner_url) as connection:
                connection.execute("update procrastinate_jobs set scheduled_at = now() where status = 'todo'")
                connection.execute("update outbox set next_at = now() where state = 'pending'")
            await self.run_jobs()
        await self.lab.courier.settled()

    async def thread(self) -> Json:
        return await self.shop.get(f"{self.path}/thread")

    async def answers(self) -> list[Json]:
        return [m for m in (await self.thread())["messages"] if m["sender"] == "bot" and m["kind"] != "note"]

    async def texts(self) -> list[str]:
        return [text_of(message) for message in await self.answers()]

    async def status(self) -> Json:
        return await self.shop.get(f"/v1/tenant/deployments/{self.deployment['id']}")

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.owner_url) as connection:
            return connection.execute(query, values).fetchall()

    def outbox(self) -> list[tuple[Any, ...]]:
        return self.rows("select state, error from outbox where deployment_id = %s order by seq", self.deployment["id"])

    def inbox(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "select kind, state, reason from inbox where deployment_id = %s order by seq", self.deployment["id"]
        )

    def says_instead(self, **fields: Any) -> None:
        """Change what waits in the outbox, as if the bot had said that."""
        with psycopg.connect(self.owner_url) as connection:
            connection.execute(
                "update outbox set message = message || %s::jsonb where deployment_id = %s and state = 'pending'",
                (psycopg.types.json.Jsonb(fields), self.deployment["id"]),
            )

    async def has_said(self, **fields: Any) -> None:
        """Have the bot say something with choices, cards or a long text: its next answer is exchanged for it."""
        await self.fault({"kind": "server_error", "count": 1})
        await self.writes(SECOND)
        await self.settle()
        self.says_instead(sources=[], **fields)
        await self.settle()


def text_of(message: Json) -> str:
    return "\n".join("".join(run["text"] for run in line) for line in message["lines"])


async def open_booth(shop: Shop, lab: Lab, run_jobs: Jobs, postgres: EmbeddedPostgres, channel: str) -> Booth:
    dataset = await shop.dataset()
    await shop.text(dataset, "Returns", RETURNS, source_type="markdown")
    bot = await shop.bot(dataset)
    await run_jobs()
    deployment = await shop.post(f"/v1/tenant/bots/{bot['id']}/lab", {"channel": channel})
    assert deployment["status"] != "failed", deployment["detail"]
    return Booth(shop, bot, deployment, lab, run_jobs, postgres.owner_url)
