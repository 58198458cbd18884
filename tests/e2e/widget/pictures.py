"""Pictures of the widget for the documentation: `make screenshots-widget` writes them to `docs/screenshots`."""

from typing import Any

import pytest
from tests.e2e.widget.conftest import ROOT, Server, Visit, Visiting
from tests.e2e.widget.places import ShopPage
from tests.shops import Json, Shop
from tests.widget.talk import RETURNS, Jobs

from shopwright.bots.themes import theme_of

FOLDER = ROOT / "docs" / "screenshots"
MAX_BYTES = 150_000
VARIANTS = {
    "desktop-light": {"viewport": {"width": 1024, "height": 720}, "color_scheme": "light"},
    "desktop-dark": {"viewport": {"width": 1024, "height": 720}, "color_scheme": "dark"},
    "phone-light": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
    "phone-dark": {
        "viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "color_scheme": "dark",
    },
}  # fmt: skip
PRODUCTS = (
    "name,price,was_price,currency,image_url,url\n"
    "Ridge Boots,89.95,119.95,EUR,https://img.shop.example/1.svg,https://shop.example/p/1\n"
    "Ridge Boots High,129.00,,EUR,https://img.shop.example/2.svg,https://shop.example/p/2\n"
    "Ridge Boots Kids,59.95,69.95,EUR,https://img.shop.example/3.svg,https://shop.example/p/3\n"
)
BOOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300" fill="#{0}"/>'
    '<path d="M140 60h90v100c40 20 90 25 90 60v20H140z" fill="#{1}"/>'
    '<path d="M132 240h196v18H132z" fill="#2b2b33"/></svg>'
)
LOOK = (
    "<style>body{margin:0;font:16px/1.6 system-ui;color:#2a2d34;background:#fbfaf7}main{max-width:640px;padding:48px}"
    "h1{font-size:40px}@media(prefers-color-scheme:dark){body{background:#191a1d;color:#dcdde1}}</style>"
    "<p>Everything for long days outside, chosen and tested by us. Free delivery from 60 euros.</p>"
)


async def outdoor_bot(shop: Shop, run_jobs: Jobs) -> Json:
    dataset = await shop.dataset()
    await shop.text(dataset, "Returns", RETURNS, source_type="markdown", url="https://shop.example/returns")
    path = f"/v1/tenant/datasets/{dataset['id']}/documents/upload"
    await shop.api.post(path, files={"files": ("products.csv", PRODUCTS.encode(), "text/csv")})
    await run_jobs()
    settings = {
        "greeting": "Hello! I know our articles, delivery and returns. What would you like to know?",
        "suggestions": ["How many days do I have to return an article?", "What is the price of the Ridge Boots?"],
        "theme": theme_of("#1f6f54").model_dump(mode="json"),
    }  # fmt: skip
    return await shop.bot(dataset, name="Fern from Moor & Ridge", settings=settings)


async def picture(tab: Visit, name: str) -> None:
    await tab.settled()
    taken = await tab.page.screenshot(path=FOLDER / f"widget-{name}.png")
    assert len(taken) <= MAX_BYTES, name


@pytest.mark.parametrize("variant", VARIANTS)
async def test_pictures(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting, variant: str
) -> None:
    FOLDER.mkdir(exist_ok=True)
    bot = await outdoor_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    shop_page.policy, shop_page.extra = "img-src *", LOOK
    tab = await visiting(None, **VARIANTS[variant])

    async def boot(route: Any) -> None:
        number = int(route.request.url[-5]) % 3
        colours = [("dfe8e2", "8a5a3c"), ("e8e2d6", "3f5d7a"), ("ece0e0", "7a3f4d")][number]
        await route.fulfill(body=BOOT.format(*colours), content_type="image/svg+xml")

    await tab.page.route("**/img.shop.example/**", boot)
    await tab.page.goto(shop_page.url)
    await tab.page.locator(".launcher").wait_for()
    await picture(tab, f"{variant}-closed")
    await tab.open()
    await picture(tab, f"{variant}-open")
    await tab.ask("How many days do I have to return an article?")
    await picture(tab, f"{variant}-answer")
    await tab.page.locator(".cite").first.click()
    await tab.page.locator(".sheet mark").wait_for()
    await picture(tab, f"{variant}-source")
    await tab.page.keyboard.press("Escape")
    await tab.page.get_by_label("Clear conversation").click()
    await tab.page.get_by_role("button", name="Clear", exact=True).click()
    await tab.page.locator("ol.messages:empty").wait_for(state="attached")
    await tab.ask("What is the price of the Ridge Boots?")
    for image in await tab.page.locator(".card img").all():
        await image.scroll_into_view_if_needed()
    await tab.page.locator(".cards ul").evaluate("(list) => { list.scrollLeft = 0 }")
    await tab.page.wait_for_load_state("networkidle")
    await picture(tab, f"{variant}-products")
    await tab.ask("What is the phone number of your store in Lisbon?")
    await tab.context.set_offline(True)
    await tab.say("And in Porto?")
    await tab.page.locator(".note").wait_for()
    await picture(tab, f"{variant}-offline")
    await tab.context.set_offline(False)
    await tab.page.locator("ol.messages > li.bot .tools").nth(2).wait_for(state="attached")
    await tab.page.route("**/v1/chat/public", lambda route: route.fulfill(**REFUSED))
    await tab.say("Do you repair boots?")
    await tab.page.locator(".problem").wait_for()
    await picture(tab, f"{variant}-error")


REFUSED: dict[str, Any] = {
    "status": 429, "json": {"code": "rate_limited", "detail": ""},
    "headers": {"access-control-allow-origin": "*", "access-control-expose-headers": "retry-after", "retry-after": "9"},
}  # fmt: skip
