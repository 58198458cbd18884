"""A bot with some knowledge, and reading what it streams."""

import json
from collections.abc import Awaitable, Callable

from httpx2 import AsyncClient
from tests.shops import Json, Shop
from tests.stub_model import StubModel

Jobs = Callable[[], Awaitable[None]]
RETURNS = (
    "# Returns\n\nYou can return unworn articles within 30 days of delivery. The return is free of charge within "
    "Germany.\n\n# Defective products\n\nIf a product is defective, write to service@shop.example with a photo, and "
    "we send you a free return label.\n\n# Refunds\n\nThe refund takes 5 working days after the parcel arrived."
)
QUESTION = "How many days do I have to return an article?"


async def knowing_bot(shop: Shop, run_jobs: Jobs, **fields: object) -> Json:
    """A public bot that knows about returns."""
    dataset = await shop.dataset()
    await shop.text(dataset, "Returns", RETURNS, source_type="markdown", url="https://shop.example/returns")
    await run_jobs()
    return await shop.bot(dataset, **fields)


async def written_bot(shop: Shop, run_jobs: Jobs, stub: StubModel, **fields: object) -> Json:
    """A bot whose answers a language model writes: the stub."""
    body = {"provider_name": "openai_compatible", "base_url": stub.base_url, "api_key": "sk-stub-key-0001"}
    provider = await shop.post("/v1/tenant/ai-providers", body)
    return await knowing_bot(shop, run_jobs, tenant_ai_provider_id=provider["id"], model="stub-1", **fields)


async def events(http: AsyncClient, path: str, body: Json, **headers: str) -> list[tuple[str, Json]]:
    """The events of a streamed answer, in order."""
    answer = await http.post(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    out = []
    for block in answer.text.split("\n\n"):
        if block.strip():
            name, data = block.split("\n", 1)
            out.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return out
