"""A new embedding model is built beside the one in use and takes its place in one step."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import pytest
from tests.knowledge.test_documents import found
from tests.shops import Json, Shop
from tests.stub_model import DIMENSIONS, StubModel

from shopwright.entrypoints.wiring import Core
from shopwright.kit.embedded_postgres import EmbeddedPostgres

Jobs = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
def no_kept_embedder(core: Core) -> None:
    """What is remembered of providers for a minute would hide that one is away."""
    core.embedders._known.clear()


@pytest.fixture
def make_due(postgres: EmbeddedPostgres) -> Callable[[], None]:
    """Let no time pass between two tries of a job."""

    def make() -> None:
        with psycopg.connect(postgres.owner_url) as connection:
            connection.execute("update procrastinate_jobs set scheduled_at = null where status = 'todo'")

    return make


async def filled(shop: Shop, run_jobs: Jobs) -> Json:
    dataset = await shop.dataset()
    await shop.text(dataset, "Returns", "Articles can be returned within 30 days.")
    await shop.text(dataset, "Delivery", "A parcel takes two days. It costs 4.90 EUR.")
    await run_jobs()
    return dataset


async def provider(shop: Shop, stub: StubModel, **fields: object) -> str:
    body = {"provider_name": "openai_compatible", "base_url": stub.base_url, "api_key": "sk-embeddings-1"}
    return f"{(await shop.post('/v1/tenant/ai-providers', {**body, **fields}))['id']}:embed-1"


async def reindex(shop: Shop, dataset: Json, model: str, *, status: int = 202) -> Json:
    return await shop.post(f"/v1/tenant/datasets/{dataset['id']}/reindex", {"embedding_model": model}, status=status)


async def state(shop: Shop, dataset: Json) -> tuple[str, str]:
    read = await shop.get(f"/v1/tenant/datasets/{dataset['id']}")
    return read["embedding_model"].split(":")[0], read["index_status"]


async def generations(shop: Shop, dataset: Json) -> list[str]:
    return [g["status"] for g in (await shop.get(f"/v1/tenant/datasets/{dataset['id']}/generations"))["items"]]


async def test_the_old_index_answers_until_the_new_one_is_complete(
    shop: Shop, run_jobs: Jobs, stub_model: StubModel, postgres: EmbeddedPostgres
) -> None:
    dataset = await filled(shop, run_jobs)
    model = await provider(shop, stub_model)

    started = await reindex(shop, dataset, model)

    assert (started["status"], started["dimensions"]) == ("building", DIMENSIONS)
    assert await state(shop, dataset) == ("local", "building")
    assert "4.90" in (await found(shop, dataset, "What does a parcel cost?"))[0]["text"]

    await run_jobs()

    assert await state(shop, dataset) == (model.split(":")[0], "ready")
    assert await generations(shop, dataset) == ["retired", "active"]
    asked = len(stub_model.requests)
    assert "4.90" in (await found(shop, dataset, "What does a parcel cost?"))[0]["text"]
    assert len(stub_model.requests) > asked, "the provider's model embeds the question now"
    with psycopg.connect(postgres.owner_url) as connection:
        kept = connection.execute(
            "select count(*), count(distinct generation_id) from chunk_vectors where tenant_id = %s", (shop.id,)
        ).fetchone()
    assert kept == (2, 1)


async def test_a_bot_answers_with_a_providers_embeddings_and_after_going_back(
    shop: Shop, run_jobs: Jobs, stub_model: StubModel
) -> None:
    dataset = await filled(shop, run_jobs)
    bot = await shop.bot(dataset)
    answers = []
    for model in (await provider(shop, stub_model), "local"):
        await reindex(shop, dataset, model)
        await run_jobs()
        answers.append(await shop.ask(bot, "What does a parcel cost?"))
    assert [answer["outcome"] for answer in answers] == ["answered", "answered"]
    assert all("4.90" in answer["answer"] for answer in answers)
    assert await state(shop, dataset) == ("local", "ready")


async def test_documents_that_come_while_it_is_built_are_in_both(
    shop: Shop, run_jobs: Jobs, stub_model: StubModel
) -> None:
    dataset = await filled(shop, run_jobs)
    await reindex(shop, dataset, await provider(shop, stub_model))
    await shop.text(dataset, "Late", "The zebra crossing is closed on Sundays.")
    await run_jobs()
    assert (await state(shop, dataset))[1] == "ready"
    assert (await found(shop, dataset, "When is the zebra crossing closed?"))[0]["title"] == "Late"


async def test_one_generation_is_built_at_a_time(shop: Shop, run_jobs: Jobs, stub_model: StubModel) -> None:
    dataset = await filled(shop, run_jobs)
    model = await provider(shop, stub_model)
    await reindex(shop, dataset, model)
    assert (await reindex(shop, dataset, "local", status=409))["code"] == "still_building"
    await run_jobs()
    await reindex(shop, dataset, "local")


@pytest.mark.parametrize("name", ["nothing", "local:other", ":", "018f0000-0000-7000-8000-000000000001:m", "x" * 500])
async def test_an_unknown_model_is_refused(shop: Shop, name: str) -> None:
    dataset = await shop.dataset()
    answer = await reindex(shop, dataset, name, status=422)
    assert answer["code"] == "unknown_embedding_model"
    assert await generations(shop, dataset) == ["active"]


async def test_another_tenants_provider_is_unknown(shop: Shop, other_shop: Shop, stub_model: StubModel) -> None:
    model = await provider(other_shop, stub_model)
    answer = await reindex(shop, await shop.dataset(), model, status=422)
    assert answer["code"] == "unknown_embedding_model"
    assert stub_model.requests == []


async def test_a_provider_that_fails_leaves_the_old_index_and_says_why(
    shop: Shop, run_jobs: Jobs, stub_model: StubModel, core: Core, make_due: Callable[[], None]
) -> None:
    dataset = await filled(shop, run_jobs)
    await reindex(shop, dataset, await provider(shop, stub_model))
    stub_model.status = 500
    for _ in range(4):
        core.embedders._known.clear()
        await run_jobs()
        make_due()

    listed = (await shop.get(f"/v1/tenant/datasets/{dataset['id']}/generations"))["items"]
    assert [g["status"] for g in listed] == ["active", "failed"]
    assert listed[1]["error"]
    assert await state(shop, dataset) == ("local", "ready")
    assert await found(shop, dataset, "parcel")
    stub_model.status = 200
    core.embedders._known.clear()
    await reindex(shop, dataset, await provider(shop, stub_model, label="second"))
    await run_jobs()
    assert (await generations(shop, dataset))[-1] == "active"


async def test_a_failing_new_index_does_not_hold_up_new_documents(
    shop: Shop, run_jobs: Jobs, stub_model: StubModel, core: Core
) -> None:
    dataset = await filled(shop, run_jobs)
    await reindex(shop, dataset, await provider(shop, stub_model))
    stub_model.status = 500
    core.embedders._known.clear()
    late = await shop.text(dataset, "Late", "The zebra crossing is closed on Sundays.")
    await run_jobs()
    path = f"/v1/tenant/datasets/{dataset['id']}/documents/{late['id']}"
    assert (await shop.get(path))["status"] == "completed"
    assert (await found(shop, dataset, "When is the zebra crossing closed?"))[0]["title"] == "Late"


async def test_a_document_whose_provider_fails_says_so_and_can_be_tried_again(
    shop: Shop, run_jobs: Jobs, stub_model: StubModel, core: Core, make_due: Callable[[], None]
) -> None:
    dataset = await filled(shop, run_jobs)
    await reindex(shop, dataset, await provider(shop, stub_model))
    await run_jobs()
    stub_model.status = 500
    document = await shop.text(dataset, "Late", "The zebra crossing is closed on Sundays.")
    path = f"/v1/tenant/datasets/{dataset['id']}/documents/{document['id']}"
    for _ in range(5):
        core.embedders._known.clear()
        await run_jobs()
        make_due()

    failed = await shop.get(path)
    assert failed["status"] == "failed"
    assert failed["error_code"] in {"provider_down", "provider_failed", "unknown_embedding_model"}
    assert "format" not in failed["error"], "the file is not to blame"

    stub_model.status = 200
    core.embedders._known.clear()
    await shop.post(f"{path}/retry", status=202)
    await run_jobs()
    assert (await shop.get(path))["status"] == "completed"


async def test_a_worker_that_is_overtaken_writes_nothing(shop: Shop, run_jobs: Jobs, stub_model: StubModel) -> None:
    dataset = await filled(shop, run_jobs)
    await reindex(shop, dataset, await provider(shop, stub_model))
    await run_jobs()
    stub_model.hold["turquoise"] = asyncio.Event()
    document = await shop.text(dataset, "Colour", "The lamp is turquoise.")
    path = f"/v1/tenant/datasets/{dataset['id']}/documents/{document['id']}"
    slow = asyncio.create_task(run_jobs())
    async with asyncio.timeout(20):
        while (await shop.get(path))["stage"] != "embed":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await shop.api.put(f"{path}/content", json={"content": "The lamp is vermilion."})
        await run_jobs()
        stub_model.hold["turquoise"].set()
        await slow

    read = await shop.get(path)
    assert (read["status"], read["version"], read["chunk_count"]) == ("completed", 2, 1)
    hits = await found(shop, dataset, "Which colour has the lamp?")
    assert [hit["text"] for hit in hits if hit["document_id"] == document["id"]] == ["The lamp is vermilion."]
