"""A website becomes documents: what is read, what is left out and why, and what a second reading does."""

from collections.abc import Awaitable, Callable

import pytest
from tests.knowledge.crawling.conftest import Asked, LocalSite, answer, documents_of, page, pages_of, start, state
from tests.knowledge.crawling.static import fill
from tests.shops import Json, Shop

Jobs = Callable[[], Awaitable[None]]
RETURNS = "You can return unworn articles within 30 days of delivery, and we pay for the parcel back to us."
SHIPPING = "Standard shipping within Germany costs 4.90 EUR and takes two to three working days to arrive."


async def test_the_pages_of_a_site_become_documents_a_bot_answers_from(
    shop: Shop, site: LocalSite, run_jobs: Jobs
) -> None:
    site.pages = {
        "/": page("Welcome", "We sell shoes and boots to people who walk a lot, since 1987.", "/returns", "/shipping"),
        "/returns": page("Returns", RETURNS, "/"),
        "/shipping": page("Shipping", SHIPPING, "/", "https://elsewhere.example/"),
    }
    dataset = await shop.dataset()

    crawl = await start(shop, dataset, site.url)
    assert (crawl["status"], crawl["pages_read"]) == ("queued", 0)
    await run_jobs()

    done = await state(shop, crawl)
    assert (done["status"], done["pages_found"], done["pages_read"], done["pages_skipped"]) == ("completed", 3, 3, 0)
    documents = await documents_of(shop, dataset)
    assert {url: d["title"] for url, d in documents.items()} == {
        f"{site.url}/": "Welcome", f"{site.url}/returns": "Returns", f"{site.url}/shipping": "Shipping"
    }  # fmt: skip
    assert {d["status"] for d in documents.values()} == {"completed"}
    answer = await shop.ask(await shop.bot(dataset), "How many days do I have to return an article?")
    assert "30 days" in answer["answer"]
    assert answer["citations"][0]["url"] == f"{site.url}/returns"
    assert {p["status"] for p in await pages_of(shop, crawl)} == {"read"}


async def test_a_whole_shop_is_read_and_every_page_left_out_says_why(
    shop: Shop, site: LocalSite, run_jobs: Jobs
) -> None:
    fill(site)
    dataset = await shop.dataset()

    crawl = await start(shop, dataset, site.url)
    await run_jobs()

    done = await state(shop, crawl)
    found = {page["url"].removeprefix(site.url): page for page in await pages_of(shop, crawl)}
    assert {path for path, page in found.items() if page["status"] == "read"} == {
        "/", "/about.html", "/files/return-form.pdf", "/help/returns.html", "/help/shipping.html", "/help/sizes.html",
        "/help/warranty.html", "/hidden-but-listed.html", "/news/2026/spring.html", "/products/",
        "/products/boot-arlberg.html", "/products/pack-tauern.html", "/products/tent-gosau.html",
    }  # fmt: skip
    assert {path: page["reason_code"] for path, page in found.items() if page["status"] != "read"} == {
        "/account/login.html": "sign_in", "/app.html": "needs_browser", "/imprint.html": "noindex",
        "/internal/plans.html": "robots", "/old-returns.html": "redirect", "/products/?sort=name": "near_duplicate",
        "/products/?sort=new": "near_duplicate", "/products/?sort=price": "near_duplicate",
        "/products/tent-gosau-print.html": "canonical",
    }  # fmt: skip
    assert all(page["reason"] for page in found.values() if page["status"] != "read")
    assert (done["status"], done["pages_read"], done["pages_skipped"], done["pages_failed"]) == ("completed", 13, 8, 1)
    assert "/internal/plans.html" not in site.paths()
    documents = await documents_of(shop, dataset)
    assert {d["status"] for d in documents.values()} == {"completed"}
    assert documents[f"{site.url}/files/return-form.pdf"]["title"] == "Return form"
    text = await shop.get(
        f"/v1/tenant/datasets/{dataset['id']}/documents/{documents[f'{site.url}/help/shipping.html']['id']}/text"
    )
    assert "4.90 EUR" in text["text"]
    assert "cookies" not in text["text"]
    assert "Sign in" not in text["text"]


async def test_a_site_read_again_makes_versions_of_what_changed_and_lists_what_is_gone(
    shop: Shop, site: LocalSite, run_jobs: Jobs
) -> None:
    tagged = page("Shipping", SHIPPING).replace(b"connection: close", b'connection: close\r\netag: "s1"')

    def shipping(asked: Asked) -> bytes:
        return answer(status="304 Not Modified") if asked.headers.get("if-none-match") == '"s1"' else tagged

    site.pages = {
        "/": page("Welcome", "We sell shoes and boots.", "/returns", "/shipping", "/jobs", "/clock"),
        "/returns": page("Returns", RETURNS), "/shipping": shipping, "/jobs": page("Jobs", "We look for a tailor."),
        "/clock": page("Opening hours", "Open from nine to six.", head="<meta name=now content=1>"),
    }  # fmt: skip
    dataset = await shop.dataset()
    crawl = await start(shop, dataset, site.url)
    await run_jobs()
    before = await documents_of(shop, dataset)

    site.pages["/returns"] = page("Returns", RETURNS.replace("30 days", "60 days"))
    site.pages["/clock"] = page("Opening hours", "Open from nine to six.", head="<meta name=now content=2>")
    del site.pages["/jobs"]
    again = await shop.post(f"/v1/tenant/datasets/{dataset['id']}/crawls/{crawl['id']}/repeat", status=202)
    await run_jobs()

    after = await documents_of(shop, dataset)
    done = await state(shop, again)
    assert {url: d["id"] for url, d in after.items()} == {url: d["id"] for url, d in before.items()}
    assert {url.removeprefix(site.url): d["version"] for url, d in after.items()} == {
        "/": 1, "/returns": 2, "/shipping": 1, "/jobs": 1, "/clock": 1
    }  # fmt: skip
    assert (done["pages_read"], done["pages_unchanged"], done["pages_failed"]) == (4, 3, 1)
    gone = await pages_of(shop, again, status="failed")
    assert [(p["url"], p["reason_code"], p["document_id"]) for p in gone] == [
        (f"{site.url}/jobs", "gone", before[f"{site.url}/jobs"]["id"])
    ]
    found = await shop.post(
        f"/v1/tenant/datasets/{dataset['id']}/search", {"query": "How many days to return?"}, status=200
    )
    assert "60 days" in found["items"][0]["text"]


async def test_a_page_removed_by_the_owner_comes_back_when_the_site_is_read_again(
    shop: Shop, site: LocalSite, run_jobs: Jobs
) -> None:
    site.pages = {"/": page("Welcome", "We sell shoes and boots to people who walk.")}
    dataset = await shop.dataset()
    crawl = await start(shop, dataset, site.url)
    await run_jobs()
    (document,) = (await documents_of(shop, dataset)).values()
    await shop.api.delete(f"/v1/tenant/datasets/{dataset['id']}/documents/{document['id']}")

    again = await shop.post(f"/v1/tenant/datasets/{dataset['id']}/crawls/{crawl['id']}/repeat", status=202)
    await run_jobs()

    assert (await state(shop, again))["pages_unchanged"] == 0
    assert [d["status"] for d in (await documents_of(shop, dataset)).values()] == ["completed"]


async def test_a_site_without_end_stops_at_the_limit_and_says_so(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    def any_page(asked: Asked) -> bytes:
        number = int(asked.path.strip("/") or 70_000)
        links = [f"/{number * 50 + n}" for n in range(1, 51)]
        return page(f"Page {number}", f"This is page number {number} of a million pages.", *links)

    site.pages = {"*": any_page, "/robots.txt": answer(status="404 Not Found")}
    million = "".join(f"<url><loc>{site.url}/{n}</loc></url>" for n in range(50_000))
    site.pages["/sitemap.xml"] = answer(f"<urlset>{million}</urlset>", "application/xml")
    dataset = await shop.dataset()

    crawl = await start(shop, dataset, site.url, max_pages=5)
    await run_jobs()

    done = await state(shop, crawl)
    assert (done["status"], done["pages_read"]) == ("completed", 5)
    assert done["pages_found"] <= 5 * 3 + 300
    assert "more pages than the limit of 5" in done["notice"]
    assert len(site.asked) < 12
    left = await pages_of(shop, crawl, status="skipped")
    assert {p["reason_code"] for p in left} == {"page_limit"}


async def test_a_crawl_can_be_stopped_and_keeps_what_it_has(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    crawls: list[Json] = []

    async def second(_asked: Asked) -> bytes:
        path = f"/v1/tenant/datasets/{dataset['id']}/crawls/{crawls[0]['id']}/cancel"
        assert (await shop.api.post(path)).status_code == 200
        return page("Second", "This page came too late.")

    site.pages = {"/": page("First", "This page was read in time.", "/second", "/third"), "/second": second}
    crawls.append(await start(shop, dataset, site.url))
    await run_jobs()

    done = await state(shop, crawls[0])
    assert (done["status"], done["pages_read"]) == ("cancelled", 1)
    assert list(await documents_of(shop, dataset)) == [f"{site.url}/"]
    assert "/third" not in site.paths()
    again = await shop.api.post(f"/v1/tenant/datasets/{dataset['id']}/crawls/{crawls[0]['id']}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "crawl_over")


async def test_one_site_is_read_into_a_dataset_once_at_a_time(shop: Shop, site: LocalSite) -> None:
    dataset = await shop.dataset()
    await start(shop, dataset, site.url)

    second = await shop.api.post(f"/v1/tenant/datasets/{dataset['id']}/crawls", json={"url": site.url})

    assert (second.status_code, second.json()["code"]) == (409, "crawl_running")


async def test_paths_that_are_not_wanted_are_not_fetched(shop: Shop, site: LocalSite, run_jobs: Jobs) -> None:
    fill(site)
    dataset = await shop.dataset()

    await start(shop, dataset, f"{site.url}/help/returns.html", include=["/help/*"], exclude=["*/sizes.html"])
    await run_jobs()

    paths = {url.removeprefix(site.url) for url in await documents_of(shop, dataset)}
    assert paths == {"/help/returns.html", "/help/shipping.html"}


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("not an address", "not_a_website"),
        ("ftp://shop.example/", "not_a_website"),
        ("https://user:word@shop.example/", "not_a_website"),
        ("javascript:alert(1)", "not_a_website"),
        ("https://shop.example:22/", "address_refused"),
    ],
)
async def test_what_is_no_website_is_refused_with_a_sentence(shop: Shop, url: str, code: str) -> None:
    dataset = await shop.dataset()

    refused = await shop.api.post(f"/v1/tenant/datasets/{dataset['id']}/crawls", json={"url": url})

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["detail"].endswith(".")
