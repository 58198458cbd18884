"""One filled tenant for the tests that walk over all routes."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio
from fastapi import FastAPI
from tests.architecture.world import World, fill
from tests.shops import OWNER_PASSWORD, open_shop

Jobs = Callable[[], Awaitable[None]]


@pytest_asyncio.fixture(scope="session")
async def world(app: FastAPI, admin_token: str, run_jobs: Jobs) -> AsyncIterator[World]:
    """A tenant with several rows of everything that is listed."""
    async with open_shop(app, admin_token, f"world-{os.getpid()}") as shop:
        filled = await fill(shop, run_jobs)
        dataset = await shop.get(f"/v1/tenant/datasets/{filled.ids['dataset_id']}")
        bot = await shop.get(f"/v1/tenant/bots/{filled.ids['bot_id']}")
        for n in range(4):
            await shop.text(dataset, f"Note {n}", f"Note number {n} is about parcels.")
            await shop.bot(await shop.dataset(f"Set {n}"), name=f"Bot {n}")
            await shop.ask(bot, "Hello", session_id=filled.ids["session_id"])
            await shop.ask(bot, "Hello")
            person = {"email": f"person{n}@shop.example", "password": OWNER_PASSWORD, "role": "viewer"}
            await shop.post("/v1/tenant/members", person)
            await shop.post("/v1/tenant/api-keys", {"name": f"key {n}", "scopes": ["bots:read"]})
            provider = {"provider_name": "openai", "label": f"label {n}", "api_key": f"sk-key-number-{n}"}
            await shop.post("/v1/tenant/ai-providers", provider)
        await run_jobs()
        yield filled
