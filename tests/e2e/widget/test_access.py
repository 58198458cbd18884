"""Everybody can use it: by keyboard, with a screen reader, on a phone, in the dark."""

import pytest
from playwright.async_api import expect
from tests.e2e.widget.conftest import Server, Visiting
from tests.e2e.widget.places import ShopPage
from tests.shops import Shop
from tests.stub_model import StubModel
from tests.widget.talk import QUESTION, Jobs, knowing_bot, written_bot

from shopwright.bots.themes import theme_of

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FOCUSED = (
    "() => { const a = document.activeElement; const b = a?.shadowRoot?.activeElement ?? a;"
    " return b.getAttribute('aria-label') ?? b.textContent.slice(0, 60) }"
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["desktop", "phone"])
async def test_axe_finds_nothing(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting, scheme: str, place: str
) -> None:
    dataset = await shop.dataset()
    table = "name,price,was_price,currency\nRidge Boots,89.95,119.95,EUR\nRidge Boots Wide,94.95,,EUR\n"
    await shop.api.post(
        f"/v1/tenant/datasets/{dataset['id']}/documents/upload",
        files={"files": ("products.csv", table.encode(), "text/csv")},
    )
    await run_jobs()
    settings = {
        "suggestions": ["How much do the Ridge Boots cost?"],
        "theme": theme_of("#ffd400").model_dump(mode="json"),
    }
    bot = await shop.bot(dataset, settings=settings)
    shop_page.use(server.url, bot["id"])
    shop_page.policy = "img-src *"
    tab = await visiting(shop_page.url, color_scheme=scheme, **(PHONE if place == "phone" else {}))
    await tab.page.locator(".launcher").wait_for()
    assert await tab.axe() == [], "closed"
    await tab.open()
    assert await tab.axe() == [], "open"
    await tab.ask("How much do the Ridge Boots cost?")
    await tab.page.locator(".card").first.wait_for()
    await tab.ask("What is the phone number of your store in Lisbon?")
    assert await tab.axe() == [], "answered and declined"
    await tab.page.locator(".sources button").first.click()
    await tab.page.locator(".sheet mark").wait_for()
    assert await tab.axe() == [], "source"
    await tab.page.keyboard.press("Escape")
    await tab.page.get_by_label("Clear conversation").click()
    assert await tab.axe() == [], "clearing"
    await tab.page.get_by_role("button", name="Cancel").click()
    refused = {"status": 429, "json": {"code": "rate_limited"}, "headers": {"access-control-allow-origin": "*"}}
    await tab.page.route("**/v1/chat/public", lambda route: route.fulfill(**refused))
    await tab.say("Once more?")
    await tab.page.locator(".problem").wait_for()
    await tab.context.set_offline(True)
    await tab.say("And now?")
    await expect(tab.page.locator(".note").last).to_have_text("Will be sent when you are online again")
    assert await tab.axe() == [], "refused and waiting"


async def test_the_keyboard_alone_is_enough(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs, settings={"suggestions": [QUESTION]})
    shop_page.use(server.url, bot["id"])
    tab = await visiting(shop_page.url)
    press = tab.page.keyboard.press
    await tab.page.locator(".launcher").wait_for()
    await press("Tab")  # the link of the page
    await press("Tab")
    assert await tab.page.evaluate(FOCUSED) == "Open chat"
    await press("Enter")
    await tab.page.locator("textarea").wait_for()
    assert await tab.page.evaluate(FOCUSED) == "Your message"
    await press("Shift+Tab")
    assert await tab.page.evaluate(FOCUSED) == QUESTION
    await press("Enter")
    await tab.page.locator(".sources").wait_for()
    assert await tab.page.evaluate(FOCUSED) == "Your message"
    while not str(await tab.page.evaluate(FOCUSED)).startswith("Source 1"):
        await press("Shift+Tab")
    await press("Enter")
    await tab.page.locator(".sheet mark").wait_for()
    assert await tab.page.evaluate(FOCUSED) == "Back to the conversation"
    for _ in range(5):  # the source keeps the focus inside
        await press("Tab")
        assert await tab.page.evaluate(
            "() => document.activeElement.shadowRoot?.activeElement.closest('.sheet') !== null"
        )
    await press("Escape")
    assert str(await tab.page.evaluate(FOCUSED)).startswith("Source 1")
    await press("Escape")
    assert await tab.page.evaluate(FOCUSED) == "Open chat"
    assert not await tab.page.locator(".panel").is_visible()


async def test_a_phone_shows_it_on_the_whole_screen_and_keeps_the_focus_there(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(shop_page.url, **PHONE)
    await tab.open()
    await tab.settled()
    box = await tab.page.locator(".panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert await tab.page.locator(".panel").get_attribute("aria-modal") == "true"
    for _ in range(8):
        await tab.page.keyboard.press("Tab")
        assert await tab.page.evaluate(
            "() => document.activeElement.shadowRoot?.activeElement.closest('.panel') !== null"
        )
    small = await tab.page.evaluate(
        "() => [...document.querySelector('[data-shopwright]').shadowRoot.querySelectorAll('.panel button')]"
        ".filter((b) => b.offsetParent && (b.offsetWidth < 44 || b.offsetHeight < 44)).map((b) => b.outerHTML)"
    )
    assert small == []
    await tab.page.keyboard.press("Escape")
    assert await tab.page.evaluate(FOCUSED) == "Open chat"


async def test_a_streamed_answer_is_read_out_sentence_by_sentence(
    shop: Shop, run_jobs: Jobs, stub_model: StubModel, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    stub_model.answer = (
        "You can return unworn articles within 30 days of delivery [1]. "
        "The return is free of charge within Germany [1]. The refund takes 5 working days [1]."
    )
    bot = await written_bot(shop, run_jobs, stub_model)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(shop_page.url)
    await tab.open()
    await tab.ask(QUESTION)

    said = await tab.page.locator("[aria-live=polite] p").all_inner_texts()

    assert " ".join(said).count("30 days") == 1
    assert "[1]" not in " ".join(said)
    assert "5 working days" in " ".join(said)


async def test_a_message_that_is_too_long_stays_where_it_was_typed(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(shop_page.url)
    await tab.open()
    field = tab.page.get_by_label("Your message")
    await field.fill("a" * 8_001)
    await expect(tab.page.locator(".count")).to_have_text("8001 of 8000 characters. Please shorten your message.")
    await tab.page.keyboard.press("Enter")
    assert len(await field.input_value()) == 8_001
    assert await tab.messages() == []
    await field.fill("\u200b \u2060")
    await expect(tab.page.get_by_role("button", name="Send")).to_be_disabled()
