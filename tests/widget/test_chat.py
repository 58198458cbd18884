"""Talking to a bot through the API."""

from collections.abc import Awaitable, Callable

from httpx2 import AsyncClient
from tests.shops import Shop

RETURNS = (
    "# Returns\n\nYou can return unworn articles within 30 days of delivery. The return is free of charge within "
    "Germany.\n\n# Defective products\n\nIf a product is defective, write to service@shop.example with a photo, and we "
    "send you a free return label."
)
Jobs = Callable[[], Awaitable[None]]


async def _bot(shop: Shop, run_jobs: Jobs, **fields: object) -> dict:
    dataset = await shop.dataset()
    await shop.text(dataset, "Returns", RETURNS, source_type="markdown")
    await run_jobs()
    return await shop.bot(dataset, **fields)


async def test_a_question_is_answered_from_the_documents_with_an_exact_quote(shop: Shop, run_jobs: Jobs) -> None:
    bot = await _bot(shop, run_jobs)

    answer = await shop.ask(bot, "How many days do I have to return an article?")

    assert answer["outcome"] == "answered"
    assert "30 days" in answer["answer"]
    citation = answer["citations"][0]
    datasets = (await shop.get("/v1/tenant/datasets"))["items"]
    path = f"/v1/tenant/datasets/{datasets[0]['id']}/documents/{citation['document_id']}/text"
    text = (await shop.get(path))["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]


async def test_what_the_documents_do_not_hold_is_declined(shop: Shop, run_jobs: Jobs) -> None:
    bot = await _bot(shop, run_jobs)

    answer = await shop.ask(bot, "What is the phone number of your store in Lisbon?")

    assert answer["outcome"] == "declined"
    assert answer["citations"] == []


async def test_the_public_needs_no_key_for_a_public_bot(shop: Shop, client: AsyncClient, run_jobs: Jobs) -> None:
    bot = await _bot(shop, run_jobs)

    body = {"bot_id": bot["id"], "messages": [{"role": "user", "content": "Is the return free of charge?"}]}
    answer = await client.post("/v1/chat/public/", json=body)

    assert answer.status_code == 200
    assert answer.json()["outcome"] == "answered"


async def test_a_bot_that_is_not_public_looks_like_an_unknown_one(
    shop: Shop, client: AsyncClient, run_jobs: Jobs
) -> None:
    bot = await _bot(shop, run_jobs, is_public=False)

    body = {"bot_id": bot["id"], "messages": [{"role": "user", "content": "Hello?"}]}
    hidden = await client.post("/v1/chat/public", json=body)
    unknown = await client.post("/v1/chat/public", json={**body, "bot_id": "00000000-0000-7000-8000-000000000000"})

    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"] == unknown.json()["detail"]
