"""Pages that may not use a bot, and texts that try to run something."""

import json
from typing import Any

from playwright.async_api import expect
from tests.e2e.widget.conftest import Server, Visiting
from tests.e2e.widget.places import ShopPage
from tests.shops import Shop
from tests.widget.talk import QUESTION, Jobs, knowing_bot

ATTACKS = [
    "<script>fire()</script>",
    "<img src=x onerror=fire()>",
    "<svg/onload=fire()>",
    "[a](javascript:fire())",
    "[b](data:text/html,<script>fire()</script>)",
    "![c](https://evil.example/pixel.png)",
    "<javascript:fire()>",
    '"><iframe srcdoc="<script>parent.fire()</script>">',
    '[d](https://evil.example/" onmouseover="fire())',
    "`<b onclick=fire()>`",
    "| <img src=x onerror=fire()> | b |\n|---|---|\n| <script>fire()</script> | [e](vbscript:fire()) |",
    "</style><script>fire()</script>",
]
ATTACK = " ".join(ATTACKS[:8])


async def test_a_page_that_may_not_use_the_bot_is_told_politely_and_its_owner_how_to_mend_it(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs, allowed_domains=["https://another.example"])
    shop_page.use(server.url, bot["id"])
    tab = await visiting(shop_page.url)
    await tab.page.locator(".launcher").click()

    await expect(tab.page.locator(".panel .down")).to_have_text("This chat is not available on this page.")
    hint = next(line for line in tab.console if "Shopwright:" in line)
    assert shop_page.origin in hint
    assert "allowed domains" in hint
    assert await tab.page.locator("textarea").count() == 0


async def test_a_bot_that_does_not_exist_leaves_no_button_behind(
    server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    shop_page.use(server.url, "018f0000-0000-7000-8000-000000000001")
    tab = await visiting(shop_page.url)
    await expect(tab.page.locator("[data-shopwright]")).to_have_count(0)
    assert any("There is no bot" in line for line in tab.console)


async def test_a_server_that_is_away_can_be_tried_again(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(None)
    await tab.page.route("**/v1/widget/config*", lambda route: route.abort())
    await tab.page.goto(shop_page.url)
    await tab.page.locator(".launcher").click()
    await expect(tab.page.locator(".panel .down")).to_contain_text("cannot be reached right now")

    await tab.page.unroute("**/v1/widget/config*")
    await tab.page.get_by_role("button", name="Try again").click()

    await tab.ask(QUESTION)
    assert "30 days" in (await tab.messages())[1]


async def test_what_looks_like_code_runs_nowhere(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    name = ATTACK[:118]
    settings = {
        "greeting": ATTACK[:500],
        "suggestions": [a[:120] for a in ATTACKS[:4]],
        "texts": {"status": ATTACK[:300]},
    }
    bot = await knowing_bot(shop, run_jobs, name=name, settings=settings)
    answer = {
        "session_id": "s", "message_id": "018f0000-0000-7000-8000-000000000002",
        "answer": "\n\n".join([*ATTACKS, "[1]"]),
        "outcome": "answered", "usage": {}, "timings_ms": {}, "quick_replies": ATTACKS[:4],
        "citations": [{"number": 1, "title": ATTACK, "url": "javascript:fire()", "quote": ATTACK}],
        "blocks": [
            {
                "type": "products",
                "items": [
                    {
                        "title": ATTACK, "price": ATTACK, "was_price": ATTACK, "currency": ATTACK, "citation": 1,
                        "image_url": "javascript:fire()", "url": "javascript:fire()",
                    },
                    {
                        "title": "x", "price": "1", "was_price": None, "currency": "EUR", "citation": 1,
                        "image_url": 'https://evil.example/x.png" onerror="fire()', "url": "data:text/html,x",
                    },
                ],
            },
            {"type": "html", "html": "<script>fire()</script>"},
        ],
    }  # fmt: skip
    passage = {
        "title": ATTACK, "url": "javascript:fire()", "page": 1, "heading": ATTACK, "before": ATTACK, "quote": ATTACK,
        "after": ATTACK, "document_version": 1,
    }  # fmt: skip
    shop_page.use(server.url, bot["id"])
    # Even a page that allows everything runs nothing of it.
    shop_page.policy = "img-src *"
    tab = await visiting(None)
    fired: list[str] = []
    asked: list[str] = []
    await tab.page.expose_function("fire", lambda: fired.append("fired"))
    tab.page.on("request", lambda request: asked.append(request.url))
    stream = "".join(
        f"event: {event}\ndata: {json.dumps(data)}\n\n"
        for event, data in (
            ("step", {"name": "writing", "title": ATTACK}),
            ("token", {"text": answer["answer"]}),
            ("done", answer),
        )
    )
    open_to_all = {"access-control-allow-origin": "*"}

    async def say(route: Any) -> None:
        if route.request.method == "OPTIONS":
            await route.fallback()
            return
        await route.fulfill(body=stream, content_type="text/event-stream", headers=open_to_all)

    await tab.page.route("**/v1/chat/public", say)
    await tab.page.route("**/citations/1*", lambda route: route.fulfill(json=passage, headers=open_to_all))
    await tab.page.goto(shop_page.url)
    await tab.open()
    await tab.ask(ATTACK)
    for link in await tab.page.locator(".panel a").all():
        assert str(await link.get_attribute("href")).startswith(("https://", "http://", "mailto:"))
    await tab.page.locator(".sources button").first.click()
    await tab.page.locator(".sheet mark").wait_for()

    assert (
        await tab.page.locator(".panel :is(script, iframe, style, object, embed, img, [onerror], [onclick])").count()
        == 0
    )
    assert await tab.page.locator(".sheet a").count() == 0
    assert "<script>fire()</script>" in await tab.page.locator(".sheet mark").inner_text()
    assert not [url for url in asked if "evil.example" in url]
    assert fired == []


async def test_a_server_without_feedback_hides_it_quietly(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(None)
    gone = {"status": 404, "json": {"code": "no_such_path"}, "headers": {"access-control-allow-origin": "*"}}
    await tab.page.route("**/v1/chat/feedback", lambda route: route.fulfill(**gone))
    await tab.page.goto(shop_page.url)
    await tab.open()
    await tab.ask(QUESTION)

    await tab.page.get_by_role("button", name="Good answer").click()

    await expect(tab.page.locator(".tools")).to_have_count(0)
    assert len(await tab.messages()) == 2


async def test_feedback_and_its_comment_are_sent(
    shop: Shop, run_jobs: Jobs, server: Server, shop_page: ShopPage, visiting: Visiting
) -> None:
    bot = await knowing_bot(shop, run_jobs)
    shop_page.use(server.url, bot["id"])
    tab = await visiting(None)
    sent: list[dict[str, Any]] = []

    async def take(route: Any) -> None:
        headers = {"access-control-allow-origin": "*", "access-control-allow-headers": "content-type"}
        if route.request.method == "POST":
            sent.append(route.request.post_data_json)
        await route.fulfill(json={"message_id": "x", "rating": "down"}, headers=headers)

    await tab.page.route("**/v1/chat/feedback", take)
    await tab.page.goto(shop_page.url)
    await tab.open()
    await tab.ask(QUESTION)
    await tab.page.get_by_role("button", name="Bad answer").click()
    await tab.page.get_by_label("What was wrong? (optional)").fill("It is 60 days.")
    await tab.page.get_by_role("button", name="Send feedback").click()

    await expect(tab.page.locator(".note")).to_have_text("Thank you for your feedback.")
    assert [(item["rating"], item.get("comment")) for item in sent] == [("down", None), ("down", "It is 60 days.")]
    assert {len(item["session_id"]) for item in sent} == {24}
