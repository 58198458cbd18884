"""Documents: in, read, found, replaced, removed."""

from collections.abc import Awaitable, Callable

import psycopg
import pytest
from tests.shops import Json, Shop

from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.kit.failpoints import ENVIRONMENT

Jobs = Callable[[], Awaitable[None]]
OLD = "# Delivery\n\nA parcel within Germany takes two days and costs 4.90 EUR."
NEW = "# Delivery\n\nA parcel within Germany takes five days and costs 7.50 EUR."


async def found(shop: Shop, dataset: Json, query: str, **fields: object) -> list[Json]:
    path = f"/v1/tenant/datasets/{dataset['id']}/search"
    return list((await shop.post(path, {"query": query, **fields}, status=200))["items"])


def path_of(document: Json) -> str:
    return f"/v1/tenant/datasets/{document['dataset_id']}/documents/{document['id']}"


async def test_a_text_becomes_searchable_when_it_was_read(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Delivery", OLD, source_type="markdown", tags=["de"], metadata={"a": 1})
    assert (document["status"], document["version"], document["chunk_count"]) == ("pending", None, 0)
    assert await found(shop, dataset, "How long does a parcel take?") == []

    await run_jobs()

    read = await shop.get(path_of(document))
    assert (read["status"], read["stage"], read["progress"], read["version"]) == ("completed", None, 1.0, 1)
    assert (read["tags"], read["metadata"], read["language"]) == (["de"], {"a": 1}, "en")
    assert read["chunk_count"] >= 1
    hit = (await found(shop, dataset, "How long does a parcel take?"))[0]
    assert (hit["document_id"], hit["document_version"]) == (document["id"], 1)
    assert "two days" in hit["text"]
    assert 0 < hit["score"] <= 1
    counts = (await shop.get(f"/v1/tenant/datasets/{dataset['id']}"))["documents"]
    assert counts == {"pending": 0, "processing": 0, "completed": 1, "failed": 0}


async def test_a_hit_is_exactly_its_span_of_the_text(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    long = "\n\n".join(f"# Part {n}\n\nSentence number {n} is about topic{n}. It is short. 😀 Ünï." for n in range(30))
    document = await shop.text(dataset, "Long", long, source_type="markdown")
    await run_jobs()
    text = (await shop.get(f"{path_of(document)}/text"))["text"]

    hits = await found(shop, dataset, "What is sentence number 17 about?", limit=10)
    passages = (await shop.get(f"{path_of(document)}/passages?limit=200"))["items"]

    assert hits
    for span in (*hits, *passages):
        assert text[span["start"] : span["end"]] == span["text"]
    assert [p["ordinal"] for p in passages] == list(range(len(passages)))
    assert len(passages) == (await shop.get(path_of(document)))["chunk_count"]


async def test_the_same_text_twice_is_one_document(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    first, second = [await shop.text(dataset, "Delivery", OLD) for _ in range(2)]
    assert (first["duplicate"], second["duplicate"]) == (False, True)
    assert first["id"] == second["id"]
    await run_jobs()
    assert (await shop.text(dataset, "Delivery", OLD))["status"] == "completed"
    elsewhere = await shop.text(await shop.dataset("Other"), "Delivery", OLD)
    assert elsewhere["id"] != first["id"]


async def test_the_same_text_at_the_same_moment_is_one_document(shop: Shop) -> None:
    import asyncio

    dataset = await shop.dataset()
    made = await asyncio.gather(*(shop.text(dataset, "Delivery", OLD) for _ in range(6)))
    assert len({document["id"] for document in made}) == 1
    assert [document["duplicate"] for document in made].count(False) == 1


async def test_a_batch_is_added_in_order_and_says_what_was_there(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    await shop.text(dataset, "Two", "Text two.")
    texts = [{"title": t, "content": f"Text {t.lower()}."} for t in ("One", "Two", "Three", "One")]
    path = f"/v1/tenant/datasets/{dataset['id']}/documents/batch"

    items = (await shop.post(path, {"documents": texts}))["items"]

    assert [(d["title"], d["duplicate"]) for d in items] == [
        ("One", False), ("Two", True), ("Three", False), ("One", True)
    ]  # fmt: skip
    assert items[0]["id"] == items[3]["id"]
    await run_jobs()
    listed = (await shop.get(f"/v1/tenant/datasets/{dataset['id']}/documents?status=completed"))["items"]
    assert sorted(d["title"] for d in listed) == ["One", "Three", "Two"]


async def test_a_batch_with_one_wrong_document_adds_none(shop: Shop) -> None:
    dataset = await shop.dataset()
    path = f"/v1/tenant/datasets/{dataset['id']}/documents"
    texts = [{"title": "Good", "content": "Good."}, {"title": "", "content": "No title."}]
    answer = await shop.post(f"{path}/batch", {"documents": texts}, status=422)
    assert answer["errors"][0]["field"] == "body.documents.1.title"
    assert (await shop.get(path))["items"] == []


async def test_a_batch_has_1_to_1000_documents(shop: Shop) -> None:
    path = f"/v1/tenant/datasets/{(await shop.dataset())['id']}/documents/batch"
    for count in (0, 1001):
        texts = [{"title": f"T {n}", "content": f"Text {n}."} for n in range(count)]
        await shop.post(path, {"documents": texts}, status=422)


async def test_until_a_new_version_is_read_the_old_one_answers(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Delivery", OLD, source_type="markdown")
    await run_jobs()

    replaced = await shop.api.put(f"{path_of(document)}/content", json={"content": NEW})
    assert (replaced.json()["status"], replaced.json()["version"]) == ("pending", 1)
    assert replaced.json()["newest_version"] == 2
    before = await found(shop, dataset, "What does a parcel cost?")
    await run_jobs()
    after = await found(shop, dataset, "What does a parcel cost?")

    assert ["4.90" in hit["text"] for hit in before] == [True]
    assert ["7.50" in hit["text"] for hit in after] == [True]
    assert after[0]["document_version"] == 2


async def test_old_versions_stay_readable_for_old_citations(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Delivery", OLD)
    await run_jobs()
    await shop.api.put(f"{path_of(document)}/content", json={"content": NEW, "title": "New delivery"})
    await run_jobs()

    versions = (await shop.get(f"{path_of(document)}/versions"))["items"]
    assert [(v["version"], v["title"]) for v in versions] == [(2, "New delivery"), (1, "Delivery")]
    assert all(v["completed_at"] for v in versions)
    assert "4.90" in (await shop.get(f"{path_of(document)}/text?version=1"))["text"]
    assert "7.50" in (await shop.get(f"{path_of(document)}/text"))["text"]
    for version in ("3", "99999999999999999999"):
        answer = await shop.api.get(f"{path_of(document)}/text?version={version}")
        assert answer.status_code in {404, 422}


async def test_replacing_a_document_by_itself_changes_nothing(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Delivery", OLD)
    await run_jobs()
    again = (await shop.api.put(f"{path_of(document)}/content", json={"content": OLD})).json()
    assert (again["status"], again["newest_version"]) == ("completed", 1)


async def test_two_documents_of_a_dataset_cannot_become_the_same(shop: Shop) -> None:
    dataset = await shop.dataset()
    await shop.text(dataset, "Delivery", OLD)
    other = await shop.text(dataset, "Other", NEW)
    answer = await shop.api.put(f"{path_of(other)}/content", json={"content": OLD, "title": "Delivery"})
    assert (answer.status_code, answer.json()["code"]) == (409, "same_content")
    assert (await shop.get(path_of(other)))["newest_version"] == 1


async def test_two_versions_in_a_row_end_with_the_second(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Delivery", OLD)
    for content in (NEW, "Parcels take nine days."):
        await shop.api.put(f"{path_of(document)}/content", json={"content": content})
    await run_jobs()
    read = await shop.get(path_of(document))
    assert (read["status"], read["version"], read["newest_version"]) == ("completed", 3, 3)
    assert [hit["text"] for hit in await found(shop, dataset, "parcels")] == ["Parcels take nine days."]


async def test_a_deleted_document_is_in_no_search_from_that_moment(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Delivery", OLD)
    await run_jobs()
    assert await found(shop, dataset, "parcel")

    assert (await shop.api.delete(path_of(document))).status_code == 204

    assert await found(shop, dataset, "parcel") == []
    assert (await shop.api.get(path_of(document))).status_code == 404
    assert (await shop.text(dataset, "Delivery", OLD))["duplicate"] is False


async def test_a_document_deleted_before_it_was_read_harms_nothing(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    gone = await shop.text(dataset, "Gone", OLD)
    stays = await shop.text(dataset, "Stays", NEW)
    await shop.api.delete(path_of(gone))
    await run_jobs()
    assert (await shop.get(path_of(stays)))["status"] == "completed"
    assert {hit["document_id"] for hit in await found(shop, dataset, "parcel")} == {stays["id"]}


async def test_a_deleted_dataset_takes_all_with_it(shop: Shop, run_jobs: Jobs, postgres: EmbeddedPostgres) -> None:
    dataset = await shop.dataset()
    await shop.text(dataset, "Delivery", OLD)
    bot = await shop.bot(dataset)
    await run_jobs()

    assert (await shop.api.delete(f"/v1/tenant/datasets/{dataset['id']}")).status_code == 204

    answer = await shop.ask(bot, "What does a parcel cost?")
    assert (answer["outcome"], answer["citations"]) == ("declined", [])
    with psycopg.connect(postgres.owner_url) as connection:
        for table in ("documents", "document_versions", "chunks", "chunk_vectors", "index_generations"):
            left = connection.execute(f"select count(*) from {table} where tenant_id = %s", (shop.id,))
            assert left.fetchone() == (0,), table


async def test_the_number_of_passages_is_kept_right(shop: Shop, run_jobs: Jobs, postgres: EmbeddedPostgres) -> None:
    dataset = await shop.dataset()
    documents = [await shop.text(dataset, f"Note {n}", f"{OLD} Number {n}.") for n in range(4)]
    await run_jobs()
    await shop.api.put(f"{path_of(documents[0])}/content", json={"content": "\n\n".join([NEW] * 40)})
    await run_jobs()
    await shop.api.delete(path_of(documents[1]))
    with psycopg.connect(postgres.owner_url) as connection:
        kept = connection.execute(
            "select d.passages, (select count(*) from chunks c where c.dataset_id = d.id),"
            " (select sum(chunk_count) from documents x where x.dataset_id = d.id) from datasets d where d.id = %s",
            (dataset["id"],),
        ).fetchone()
    assert kept is not None
    assert kept[0] == kept[1] == kept[2] > 3


@pytest.mark.parametrize("content", ["   \n\t  ", "\u00a0\u2003"])
async def test_a_document_without_text_fails_with_a_reason_and_may_be_tried_again(
    shop: Shop, run_jobs: Jobs, content: str
) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Empty", content)
    await run_jobs()

    failed = await shop.get(path_of(document))
    assert (failed["status"], failed["error_code"]) in {("failed", "no_text"), ("failed", "empty")}
    assert "text" in failed["error"]
    assert failed["chunk_count"] == 0
    assert (await shop.post(f"{path_of(document)}/retry", status=202))["status"] == "pending"
    await run_jobs()
    assert (await shop.get(path_of(document)))["status"] == "failed"

    mended = await shop.api.put(f"{path_of(document)}/content", json={"content": OLD})
    assert mended.json()["error"] is None
    await run_jobs()
    assert (await shop.get(path_of(document)))["status"] == "completed"


async def test_only_a_failed_document_can_be_tried_again(shop: Shop, run_jobs: Jobs) -> None:
    document = await shop.text(await shop.dataset(), "Delivery", OLD)
    await run_jobs()
    answer = await shop.post(f"{path_of(document)}/retry", status=409)
    assert answer["code"] == "nothing_to_retry"
    assert "completed" in answer["detail"]


async def test_a_new_version_that_fails_leaves_the_old_one_answering(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Delivery", OLD)
    await run_jobs()
    await shop.api.put(f"{path_of(document)}/content", json={"content": " \n "})
    await run_jobs()

    failed = await shop.get(path_of(document))
    assert (failed["status"], failed["version"], failed["newest_version"]) == ("failed", 1, 2)
    assert "two days" in (await found(shop, dataset, "How long does a parcel take?"))[0]["text"]


async def test_what_is_said_about_a_document_may_change_without_reading_it_again(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Delivery", OLD, url="https://shop.example/delivery")
    await run_jobs()
    change = {"url": "https://shop.example/new", "tags": ["x"], "metadata": {"k": "v"}}
    changed = (await shop.api.patch(path_of(document), json=change)).json()
    assert {name: changed[name] for name in change} == change
    assert changed["status"] == "completed"
    assert (await found(shop, dataset, "parcel"))[0]["url"] == "https://shop.example/new"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "//x.example", "x"])
async def test_the_address_of_a_document_is_one_of_the_web(shop: Shop, url: str) -> None:
    path = f"/v1/tenant/datasets/{(await shop.dataset())['id']}/documents"
    await shop.post(path, {"title": "t", "content": "c", "url": url}, status=422)


async def test_a_document_is_found_under_its_own_dataset_only(shop: Shop) -> None:
    one, two = await shop.dataset("One"), await shop.dataset("Two")
    document = await shop.text(one, "Delivery", OLD)
    wrong = f"/v1/tenant/datasets/{two['id']}/documents/{document['id']}"
    for suffix in ("", "/text", "/versions", "/passages"):
        assert (await shop.api.get(wrong + suffix)).status_code == 404
    assert (await shop.api.delete(wrong)).status_code == 404


async def test_a_very_long_word_is_stored_and_found_around(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Blob", "The warranty is two years. " + "A1b2" * 5_000 + " End of blob.")
    await run_jobs()
    assert (await shop.get(path_of(document)))["status"] == "completed"
    assert await found(shop, dataset, "How long is the warranty?")
    assert isinstance(await found(shop, dataset, "x" * 4_000), list)


async def test_the_test_process_has_no_failpoints_set() -> None:
    import os

    assert ENVIRONMENT not in os.environ
