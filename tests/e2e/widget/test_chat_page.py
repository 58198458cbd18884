"""The full-page chat: a link, an app, a frame on the shop's own pages."""

import pytest
from playwright.async_api import expect
from tests.e2e.widget.conftest import Server, Visiting
from tests.e2e.widget.places import ShopPage
from tests.shops import Shop
from tests.widget.talk import QUESTION, Jobs, knowing_bot


async def test_the_chat_has_an_address_of_its_own(
    shop: Shop, run_jobs: Jobs, server: Server, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    tab = await visiting(f"{server.url}/chat/{bot['id']}")
    await tab.page.locator("textarea").wait_for()
    await tab.ask(QUESTION)
    assert "30 days" in (await tab.messages())[1]
    assert await tab.axe() == []
    assert await tab.page.title() == "Aria"
    assert [line for line in tab.console if "error" in line] == []


async def test_it_opens_without_a_connection_and_keeps_nothing_that_was_said(
    shop: Shop, run_jobs: Jobs, server: Server, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    url = f"{server.url}/chat/{bot['id']}"
    tab = await visiting(url)
    await tab.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await tab.page.reload()  # now through the worker
    await tab.ask(QUESTION)
    kept = await tab.page.evaluate(
        "async () => { const cache = await caches.open((await caches.keys())[0]);"
        " const all = await cache.keys();"
        " return Promise.all(all.map(async (r) => [r.url, await (await cache.match(r)).text()])) }"
    )
    assert kept
    assert not [address for address, content in kept if "/v1/chat/" in address or "30 days" in content]

    await tab.context.set_offline(True)
    await tab.page.reload()

    await expect(tab.page.locator(".status")).to_have_text("You are offline")
    await tab.say("Are you there?")
    await expect(tab.page.locator(".note")).to_have_text("Will be sent when you are online again")
    await tab.context.set_offline(False)
    await tab.page.locator("ol.messages > li.bot .tools").first.wait_for()


async def test_what_was_written_without_a_connection_survives_a_reload_and_counts_once_for_two_tabs(
    shop: Shop, run_jobs: Jobs, server: Server, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    url = f"{server.url}/chat/{bot['id']}"
    tab = await visiting(url)
    await tab.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await tab.page.reload()  # now through the worker
    await tab.page.locator("textarea").wait_for()
    await tab.context.set_offline(True)
    await tab.say(QUESTION)
    await expect(tab.page.locator(".note")).to_have_text("Will be sent when you are online again")

    await tab.page.reload()
    other = await visiting(url, context=tab.context)
    for each in (tab, other):
        await expect(each.page.locator(".note")).to_have_text("Will be sent when you are online again")
        assert await each.messages() == [QUESTION]
    await tab.context.set_offline(False)

    for each in (tab, other):
        await each.page.locator(".sources").wait_for()
        await expect(each.page.locator("ol.messages > li")).to_have_count(2)
    assert await tab.page.evaluate(
        "Object.keys(localStorage).filter((key) => key.endsWith('unsent')).map((key) => localStorage[key])"
    ) == [""]
    talks = (await shop.get("/v1/tenant/conversations"))["items"]
    assert [talk["message_count"] for talk in talks] == [2]


@pytest.mark.parametrize("allowed", [True, False])
async def test_it_stands_in_a_frame_on_the_bots_own_pages_only(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting, allowed: bool
) -> None:
    domains = [shop_page.origin, "https://*.branch.example"] if allowed else ["https://another.example"]
    bot = await knowing_bot(shop, run_jobs, allowed_domains=domains)
    shop_page.extra = f'<iframe src="{server.url}/chat/{bot["id"]}" title="Chat"></iframe>'
    shop_page.policy = f"frame-src {server.url}"
    tab = await visiting(shop_page.url)
    await tab.page.wait_for_load_state("networkidle")
    field = tab.page.frame_locator("iframe").locator("textarea")
    if allowed:
        await field.wait_for()
    else:
        assert await field.count() == 0
        assert any("frame-ancestors" in line or "refused" in line.lower() for line in tab.console)


async def test_a_wrong_address_is_explained(server: Server, visiting: Visiting) -> None:
    tab = await visiting(f"{server.url}/chat/018f0000-0000-7000-8000-000000000001", locale="de-DE")
    await expect(tab.page.locator("h1")).to_have_text("Hier ist kein Chat")
    assert await tab.axe() == []
