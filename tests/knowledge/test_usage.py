"""Which documents answer and which answer nothing, and why a passage is found."""

from collections.abc import Awaitable, Callable

import psycopg
from tests.shops import Json, Shop

from shopwright.entrypoints.maintenance import run_maintenance
from shopwright.entrypoints.wiring import Core
from shopwright.kit.embedded_postgres import EmbeddedPostgres

Jobs = Callable[[], Awaitable[None]]
ASKED = "How many days do I have to return an article?"


async def two_documents(shop: Shop, run_jobs: Jobs) -> tuple[Json, Json, Json]:
    dataset = await shop.dataset()
    returns = await shop.text(dataset, "Returns", "You can return unworn articles within 30 days of delivery.")
    boots = await shop.text(dataset, "Boots", "The boot Arlberg weighs 1,480 g and is made of leather.")
    await run_jobs()
    return dataset, returns, boots


async def usage(shop: Shop, dataset: Json, query: str = "") -> dict[str, int]:
    found = await shop.get(f"/v1/tenant/datasets/{dataset['id']}/documents/usage{query}")
    return {item["title"]: item["citations"] for item in found["items"]}


async def test_documents_that_answer_nothing_are_listed(
    shop: Shop, run_jobs: Jobs, postgres: EmbeddedPostgres, core: Core
) -> None:
    dataset, returns, _ = await two_documents(shop, run_jobs)
    bot = await shop.bot(dataset)
    assert await usage(shop, dataset) == {"Returns": 0, "Boots": 0}

    assert (await shop.ask(bot, ASKED))["citations"]
    assert await usage(shop, dataset) == {"Returns": 1, "Boots": 0}
    assert await usage(shop, dataset, "?unused=true") == {"Boots": 0}

    # What was said is old enough to be added up, and then forgotten: the count stays, and nothing is counted twice.
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute(
            "update messages set created_at = now() - interval '2 hours' where tenant_id = %s", (shop.id,)
        )
    await run_maintenance(core)
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("update messages set citations = '[]' where tenant_id = %s", (shop.id,))
    await shop.ask(bot, ASKED)

    assert await usage(shop, dataset) == {"Returns": 2, "Boots": 0}
    found = await shop.get(f"/v1/tenant/datasets/{dataset['id']}/documents/usage?limit=1")
    assert (found["items"][0]["document_id"], found["next_cursor"]) == (returns["id"], "1")
    assert found["items"][0]["last_cited_at"] is not None
    assert await usage(shop, dataset, "?limit=1&cursor=1") == {"Boots": 0}


async def test_a_search_says_why_a_passage_was_found(shop: Shop, run_jobs: Jobs) -> None:
    dataset, _, _ = await two_documents(shop, run_jobs)
    asked = {"query": "returning an article within days?", "limit": 2}

    plain = await shop.post(f"/v1/tenant/datasets/{dataset['id']}/search", asked, status=200)
    told = await shop.post(f"/v1/tenant/datasets/{dataset['id']}/search", {**asked, "explain": True}, status=200)

    assert {hit["why"] for hit in plain["items"]} == {None}
    best = told["items"][0]["why"]
    assert best["exact"] == ["returning", "article", "within", "days"]
    assert (best["rank"], told["items"][1]["why"]["rank"]) == (1, 2)
    assert best["words"] > told["items"][1]["why"]["words"]
    assert best["vector"] > told["items"][1]["why"]["vector"]
