"""A visitor asks on a shop's page."""

import pytest
from playwright.async_api import expect
from tests.e2e.widget.conftest import Server, Visiting
from tests.e2e.widget.places import ShopPage, Wire
from tests.shops import Json, Shop
from tests.stub_model import StubModel
from tests.widget.talk import QUESTION, Jobs, knowing_bot, written_bot

BUDGET_BYTES = 30 * 1024
PRODUCTS = (
    b"name,price,was_price,currency,image_url,url\n"
    b"Ridge Boots,89.95,119.95,EUR,https://img.shop.example/boots.png,https://shop.example/p/ridge-boots\n"
    b"Moor Tent,249.00,,EUR,http://img.shop.example/tent.png,javascript:alert(1)\n"
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccf"
    "c0500f00048101801c8d2a0000000049454e44ae426082"
)


async def key_for(shop: Shop, bot: Json, *origins: str) -> str:
    body = {
        "name": "page", "scopes": ["chat:read", "chat:write"], "kind": "publishable", "bot_id": bot["id"],
        "allowed_origins": list(origins),
    }  # fmt: skip
    return str((await shop.post("/v1/tenant/api-keys", body))["key"])


async def test_a_page_of_another_origin_with_a_strict_policy_gets_a_cited_answer(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs, allowed_domains=[shop_page.origin])
    shop_page.use(server.url, bot["id"], await key_for(shop, bot, shop_page.origin))
    tab = await visiting(shop_page.url)
    await tab.open()

    await tab.ask(QUESTION)

    asked, answer = await tab.messages()
    assert asked == QUESTION
    assert "30 days" in answer
    await tab.page.locator(".cite").first.click()
    await expect(tab.page.locator(".sheet mark")).to_contain_text("30 days")
    await expect(tab.page.locator(".sheet .text")).to_contain_text("Refunds")
    await expect(tab.page.locator(".sheet .where")).to_contain_text("Returns")
    link = tab.page.locator(".sheet a")
    assert await link.get_attribute("href") == "https://shop.example/returns#returns"
    assert "noopener" in str(await link.get_attribute("rel"))
    assert await tab.context.cookies() == []
    assert [line for line in tab.console if "error" in line] == [], "the policy stopped nothing"


async def test_a_page_loads_only_the_button_until_it_is_opened_and_stays_within_the_budget(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(None)
    loaded: dict[str, int] = {}

    async def note(request: object) -> None:
        if request.url.startswith(server.url):  # type: ignore[attr-defined]
            loaded[request.url.removeprefix(server.url)] = (await request.sizes())["responseBodySize"]  # type: ignore[attr-defined]

    tab.page.on("requestfinished", note)
    await tab.page.goto(shop_page.url)
    known = set(await tab.page.evaluate("Object.keys(window)"))
    await tab.page.locator(".launcher").wait_for()
    await tab.page.wait_for_load_state("networkidle")
    assert set(loaded) == {"/widget.js", f"/v1/widget/config?bot={bot['id']}"}
    shift = "new Promise((r) => new PerformanceObserver((l) => r(l.getEntries().length))"
    assert await tab.page.evaluate(
        f"Promise.race([{shift}.observe({{type: 'layout-shift', buffered: true}})),"
        " new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(0))))])"
    ) == 0  # fmt: skip

    await tab.open()

    assert sum(size for name, size in loaded.items() if name.endswith(".js")) <= BUDGET_BYTES
    assert set(await tab.page.evaluate("Object.keys(window)")) - known <= {"Shopwright"}


async def test_a_stream_that_is_cut_goes_on_and_no_message_is_doubled(
    shop: Shop, run_jobs: Jobs, stub_model: StubModel, wire: Wire, shop_page: ShopPage, visiting: Visiting
) -> None:
    stub_model.answer = (
        "You can return unworn articles within 30 days of delivery [1]. "
        "The return is free of charge within Germany [1]."
    )
    bot = await written_bot(shop, run_jobs, stub_model)
    shop_page.use(wire.url, bot["id"])
    tab = await visiting(shop_page.url)
    await tab.open()
    wire.cut_at = b"event: token\ndata: "

    await tab.ask(QUESTION)

    assert wire.cuts == 1
    assert await tab.messages() == [QUESTION, (await tab.messages())[1]]
    assert (await tab.messages())[1].count("30 days") == 1
    session = (await shop.get("/v1/tenant/conversations"))["items"][0]
    stored = (await shop.get(f"/v1/tenant/conversations/{session['id']}/messages"))["items"]
    assert [message["author"] for message in stored] == ["contact", "bot"]
    assert len([r for r in stub_model.requests if r["path"].endswith("/completions")]) == 1, "answered once"


async def test_a_message_typed_without_a_connection_is_sent_once_when_it_is_back(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(shop_page.url)
    await tab.open()
    await tab.context.set_offline(True)
    await expect(tab.page.locator(".status")).to_have_text("You are offline")

    await tab.say(QUESTION)
    await expect(tab.page.locator(".note")).to_have_text("Will be sent when you are online again")
    await tab.context.set_offline(False)
    await tab.page.locator(".sources").wait_for()

    assert len(await tab.messages()) == 2
    assert await tab.page.locator(".note").count() == 0
    session = (await shop.get("/v1/tenant/conversations"))["items"]
    assert [item["message_count"] for item in session] == [2]


async def test_a_reload_shows_what_was_said_and_clearing_forgets_it(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(shop_page.url)
    await tab.open()
    await tab.ask(QUESTION)
    before = await tab.messages()

    await tab.page.reload()
    await tab.page.locator(".sources").wait_for()  # it was open, so it is open again

    assert await tab.messages() == before
    await tab.page.locator(".cite").first.click()
    await expect(tab.page.locator(".sheet mark")).to_contain_text("30 days")
    await tab.page.keyboard.press("Escape")
    await tab.page.get_by_label("Clear conversation").click()
    await tab.page.get_by_role("button", name="Clear", exact=True).click()
    await expect(tab.page.locator("ol.messages > li")).to_have_count(0)
    await tab.page.reload()
    await tab.page.locator(".welcome .bubble").wait_for()
    assert await tab.messages() == []


async def test_tabs_of_one_visitor_show_the_same(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    first = await visiting(shop_page.url)
    second = await visiting(shop_page.url, context=first.context)
    await second.open()
    await first.open()

    await first.ask(QUESTION)
    await second.page.locator(".sources").wait_for()
    assert await second.messages() == await first.messages()
    await second.ask("How long does the refund take?")
    await expect(first.page.locator("ol.messages > li")).to_have_count(4)

    await second.page.get_by_label("Clear conversation").click()
    await second.page.get_by_role("button", name="Clear", exact=True).click()
    await expect(first.page.locator("ol.messages > li")).to_have_count(0)


async def test_it_works_where_the_browser_keeps_nothing(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(None)
    await tab.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage', 'BroadcastChannel'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('blocked', 'SecurityError') }})"
    )
    await tab.page.goto(shop_page.url)
    await tab.open()
    await tab.ask(QUESTION)
    await tab.ask("How long does the refund take?")
    assert len(await tab.messages()) == 4
    assert len((await shop.get("/v1/tenant/conversations"))["items"]) == 1


async def test_products_of_a_price_list_are_cards_with_pictures_from_safe_addresses_only(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    dataset = await shop.dataset()
    path = f"/v1/tenant/datasets/{dataset['id']}/documents/upload"
    uploaded = await shop.api.post(path, files={"files": ("products.csv", PRODUCTS, "text/csv")})
    assert uploaded.status_code == 201
    await run_jobs()
    bot = await shop.bot(dataset)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(None)
    fetched: list[dict[str, str]] = []

    async def picture(route: object) -> None:
        fetched.append(await route.request.all_headers())  # type: ignore[attr-defined]
        await route.fulfill(body=PIXEL, content_type="image/png")  # type: ignore[attr-defined]

    await tab.page.route("**/img.shop.example/**", picture)
    await tab.page.goto(shop_page.url)
    await tab.open()

    await tab.ask("How much do the Ridge Boots cost?")
    await tab.ask("How much does the Moor Tent cost?")

    boots = tab.page.locator(".card", has_text="Ridge Boots")
    await expect(boots.locator(".price")).to_contain_text("€89.95")
    await expect(boots.locator("s")).to_contain_text("€119.95")
    assert await boots.locator("a").get_attribute("href") == "https://shop.example/p/ridge-boots"
    assert await boots.locator("img").get_attribute("referrerpolicy") == "no-referrer"
    await boots.locator("img").scroll_into_view_if_needed()
    await expect(boots.locator("img")).to_have_js_property("naturalWidth", 1)
    assert all("referer" not in headers for headers in fetched)
    tent = tab.page.locator(".card", has_text="Moor Tent")
    assert (await tent.locator("img").count(), await tent.locator("a").count()) == (0, 0)
    cards = await tab.page.locator(".card").count()
    await tab.page.reload()
    await expect(tab.page.locator(".card")).to_have_count(cards)


async def test_a_declined_answer_offers_a_person_and_a_tap_brings_one(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs, settings={"suggestions": [QUESTION]})
    shop_page.use(server.url, bot["id"])
    tab = await visiting(shop_page.url)
    await tab.open()
    await tab.page.get_by_role("button", name=QUESTION).click()
    await tab.page.locator(".sources").wait_for()

    await tab.ask("Do you sell gift cards?")
    await tab.page.get_by_role("button", name="Talk to a person").click()

    await expect(tab.page.locator("ol.messages > li.bot").last).to_contain_text("A colleague will get back to you")
    assert await tab.page.locator(".replies button").count() == 0


async def test_too_many_messages_are_told_in_plain_words_and_can_be_sent_again(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs, rate_limit_per_minute=10_000, rate_limit_per_second=1)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(shop_page.url)
    await tab.open()
    await tab.say("How long does the refund take?")
    await tab.say(QUESTION)

    await expect(tab.page.locator(".problem")).to_contain_text("Too many messages just now")
    await tab.page.get_by_role("button", name="Try again", exact=True).click()

    await expect(tab.page.locator(".problem")).to_have_count(0)
    await expect(tab.page.locator("ol.messages > li.bot")).to_have_count(2)
    await expect(tab.page.locator("ol.messages > li").last).to_contain_text("30 days")


async def test_the_page_can_drive_the_widget_also_before_it_is_loaded(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    shop_page.before = (
        "window.heard = []; window.Shopwright = [];"
        "for (const name of ['ready', 'open', 'message', 'close'])"
        " Shopwright.push(['on', name, (detail) => heard.push([name, detail])]);"
        "Shopwright.push(['identify', {customer: 'C-17'}]);"
        f"Shopwright.push(['send', {QUESTION!r}]);"
    )
    tab = await visiting(shop_page.url)
    await tab.page.locator(".sources").wait_for()
    await tab.page.evaluate("Shopwright.setLanguage('de')")
    await tab.page.get_by_label("Ihre Nachricht").wait_for()
    await tab.page.evaluate("Shopwright.close()")
    heard = await tab.page.evaluate("heard")
    assert [name for name, _ in heard] == ["ready", "open", "message", "close"]
    assert "30 days" in heard[2][1]["text"]
    talk = (await shop.get("/v1/tenant/conversations"))["items"][0]
    assert talk["metadata"] == {"customer": "C-17"}
    await tab.page.evaluate("Shopwright.destroy()")
    assert await tab.page.evaluate("[typeof Shopwright, document.querySelector('[data-shopwright]')]") == [
        "undefined", None
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["de", "ar"])
async def test_the_bots_language_comes_first_and_may_be_read_from_the_right(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting, language: str
) -> None:
    texts = {"placeholder": "اكتب رسالة"} if language == "ar" else {}
    bot = await knowing_bot(shop, run_jobs, settings={"language": language, "texts": texts})
    shop_page.use(server.url, bot["id"])
    tab = await visiting(shop_page.url)
    await tab.page.locator(".launcher").click()
    field = tab.page.locator(".panel textarea")
    expected = {"de": "Nachricht schreiben …", "ar": "اكتب رسالة"}[language]
    await expect(field).to_have_attribute("placeholder", expected)
    assert await tab.page.locator(".sw").get_attribute("dir") == {"de": "ltr", "ar": "rtl"}[language]
