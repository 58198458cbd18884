"""Finding through the API."""

from collections.abc import Awaitable, Callable

import pytest
from tests.knowledge.test_documents import found
from tests.shops import Json, Shop

Jobs = Callable[[], Awaitable[None]]
TEXTS = {
    "Shipping to Canada": "Shipping to Canada takes ten working days and costs 25.00 EUR.",
    "Shipping to Norway": "Shipping to Norway takes four working days and costs 14.00 EUR.",
    "Warranty": "Every backpack has a warranty of five years on its seams and zips.",
    "Washing": "Wash merino wool at 30 degrees in the wool programme, without softener.",
    "Stores": "Our store in Hamburg opens from 10 to 19 on weekdays.",
    "Article list": "The article BX-77/L is a blue lunch box. The article BX-78/L is a red lunch box.",
}


async def filled(shop: Shop, run_jobs: Jobs) -> Json:
    dataset = await shop.dataset()
    for title, text in TEXTS.items():
        await shop.text(dataset, title, text)
    await run_jobs()
    return dataset


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("What does it cost to send something to Canada?", "Shipping to Canada"),
        ("How warm may I wash wool?", "Washing"),
        ("BX-78/L", "Article list"),
        ("When do you open in Hamburg?", "Stores"),
        ("guarantee for rucksacks", "Warranty"),
    ],
)
async def test_the_best_passage_comes_first(shop: Shop, run_jobs: Jobs, query: str, title: str) -> None:
    hits = await found(shop, await filled(shop, run_jobs), query)
    assert hits[0]["title"] == title
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


async def test_a_follow_up_is_read_in_the_light_of_what_was_said(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await filled(shop, run_jobs)
    history = [
        {"role": "user", "content": "What does shipping to Norway cost?"},
        {"role": "assistant", "content": "Shipping to Norway costs 14.00 EUR."},
    ]
    hits = await found(shop, dataset, "and to Canada?", history=history)
    assert hits[0]["title"] == "Shipping to Canada"


async def test_as_many_hits_as_wanted_and_no_more(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await filled(shop, run_jobs)
    for limit in (1, 3):
        assert len(await found(shop, dataset, "shipping costs", limit=limit)) == limit
    assert len(await found(shop, dataset, "shipping costs", limit=100)) <= len(TEXTS)


@pytest.mark.parametrize(
    "query",
    ["?", "...", "😀😀", "'; drop table chunks; --", "a:* | b & !c <-> d", "\\", "%_%", "{}[]()", "the and of",
     "“” ’", "\t\n", "١٢٣", "ﷺ" * 50, "x' | 'y", "\u202etxet", "&" * 4000],
)  # fmt: skip
async def test_no_query_breaks_the_search(shop: Shop, run_jobs: Jobs, query: str) -> None:
    dataset = await shop.dataset()
    await shop.text(dataset, "Note", f"A note with {query.strip() or 'nothing'} inside.")
    await run_jobs()
    assert isinstance(await found(shop, dataset, query), list)


async def test_an_empty_dataset_finds_nothing(shop: Shop) -> None:
    assert await found(shop, await shop.dataset(), "anything") == []


@pytest.mark.parametrize(
    "wrong",
    [{"query": ""}, {"query": "x" * 4001}, {"query": "x", "limit": 0}, {"query": "x", "limit": 101},
     {"query": "x", "history": [{"role": "nobody", "content": "x"}]}, {"query": "x", "dataset_ids": []},
     {"query": "x", "history": [{"role": "user", "content": "x"}] * 51}],
    ids=range(7),
)  # fmt: skip
async def test_a_wrong_search_is_refused(shop: Shop, wrong: Json) -> None:
    dataset = await shop.dataset()
    await shop.post(f"/v1/tenant/datasets/{dataset['id']}/search", wrong, status=422)


async def test_a_search_stays_in_its_dataset(shop: Shop, run_jobs: Jobs) -> None:
    one, two = await shop.dataset("One"), await shop.dataset("Two")
    await shop.text(one, "Mine", "The secret word is heliotrope.")
    await shop.text(two, "Other", "The secret word is marmalade.")
    await run_jobs()
    assert [hit["title"] for hit in await found(shop, one, "secret word")] == ["Mine"]
    assert [hit["title"] for hit in await found(shop, two, "secret word heliotrope")] == ["Other"]


async def test_a_search_stays_in_its_tenant(shop: Shop, other_shop: Shop, run_jobs: Jobs) -> None:
    for owner, word in ((shop, "heliotrope"), (other_shop, "marmalade")):
        await owner.text(await owner.dataset(), "Note", f"The secret word is {word}.")
    await run_jobs()
    mine = (await shop.get("/v1/tenant/datasets"))["items"][0]
    assert ["marmalade" in hit["text"] for hit in await found(shop, mine, "marmalade")] in ([False], [])


async def test_words_are_found_in_their_other_forms(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset(metadata={"language": "de"})
    await shop.text(dataset, "Rückgabe", "Die Rücksendung unbenutzter Artikel ist kostenlos.")
    await shop.text(dataset, "Öffnungszeiten", "Wir haben montags bis freitags geöffnet.")
    await run_jobs()
    assert (await found(shop, dataset, "Was kosten Rücksendungen?"))[0]["title"] == "Rückgabe"
