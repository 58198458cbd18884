"""A bot tried on platforms that are played: written to as its customers do, and seen as they see it."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.e2e.console.conftest import Server, make
from tests.e2e.console.pages import Console

from shopwright.gateway.outcomes import CLOSED

Json = dict[str, Any]
QUESTION, SECOND = "What does express delivery cost?", "Is delivery free above 60 euros?"
NAMES = {
    "email": "E-mail", "http": "Your own system (HTTP)", "instagram": "Instagram", "line": "LINE",
    "messenger": "Messenger", "slack": "Slack", "teams": "Microsoft Teams", "telegram": "Telegram",
    "twilio": "Twilio SMS and WhatsApp", "whatsapp": "WhatsApp",
}  # fmt: skip
# Ten bots' worth of answers at once, on a small machine.
PATIENCE = 30_000


@pytest.fixture(scope="module")
def bot(server: Server) -> Iterator[Json]:
    """A bot that knows what the shop's bot knows, and is on no platform yet."""
    limits = {"rate_limit_per_minute": 10_000, "rate_limit_per_second": 1_000}
    made = make(server.api, "/v1/tenant/bots", {"name": "Lea", **limits})
    make(server.api, f"/v1/tenant/bots/{made['id']}/datasets", {"dataset_id": server.dataset})
    yield made
    assert server.api.delete(f"/v1/tenant/bots/{made['id']}").status_code == 204


@pytest.fixture(scope="module")
def everywhere(server: Server, bot: Json) -> Json:
    """The same bot on all platforms, with a question answered on each."""
    path = f"/v1/tenant/bots/{bot['id']}/lab"
    of = {channel: make(server.api, path, {"channel": channel})["id"] for channel in NAMES}
    for deployment in of.values():
        done = server.api.post(f"/v1/tenant/lab/{deployment}/acts", json={"kind": "text", "text": QUESTION})
        assert done.json()["delivered"], done.text
    return of


def chat(page: Page, channel: str) -> Locator:
    return page.get_by_role("region", name=f"Chat on {NAMES[channel]}")


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Write as the customer").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def said(page: Page, channel: str, text: str) -> Locator:
    """The messages of a thread that hold these words."""
    return chat(page, channel).get_by_role("log").get_by_text(text)


def talks(server: Server, bot: Json, channel: str) -> list[Json]:
    """Everything that was stored of a bot's conversations on a platform, oldest first."""
    found = server.api.get(f"/v1/tenant/conversations?bot_id={bot['id']}").json()["items"]
    ids = [one["id"] for one in found if one["metadata"]["channel"] == channel]
    return [m for id_ in ids for m in server.api.get(f"/v1/tenant/conversations/{id_}/messages").json()["items"]]


def offer(server: Server, deployment: str, choices: list[Json]) -> None:
    """Have the bot offer choices in the message that it will send again in a moment."""
    deadline = time.monotonic() + 20
    change = "update outbox set message = message || %s::jsonb where deployment_id = %s and state = 'pending'"
    with psycopg.connect(server.database, autocommit=True) as connection:
        while not connection.execute(
            change + " and attempts > 0", (json.dumps({"choices": choices}), deployment)
        ).rowcount:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_a_bot_is_put_on_platforms_and_answers_on_each_in_its_way(console: Console, bot: Json) -> None:
    page = console.page
    console.go(f"/bots/{bot['id']}/platforms")
    page.get_by_role("button", name="Begin with three").click()
    for channel in ("telegram", "whatsapp", "slack"):
        expect(chat(page, channel).get_by_text("Nothing said yet.")).to_be_visible()
    write(page, QUESTION)
    for channel in ("telegram", "whatsapp", "slack"):
        expect(said(page, channel, QUESTION)).to_be_visible()
        expect(said(page, channel, "€11.90")).to_be_visible(timeout=PATIENCE)
    expect(chat(page, "telegram").locator(".lab-mine")).to_have_text(re.compile(QUESTION.replace("?", r"\?")))
    expect(chat(page, "whatsapp").locator(".lab-theirs.lab-bubble")).to_contain_text("€11.90")
    expect(chat(page, "whatsapp").get_by_label("Read", exact=True)).to_be_visible()
    # A bot is a row with a mark there, as others who write in a channel are.
    expect(chat(page, "slack").get_by_text("App", exact=True)).to_be_visible()

    page.get_by_label("To", exact=True).select_option("To Slack")
    write(page, SECOND)
    expect(said(page, "slack", "€60").first).to_be_visible()
    expect(said(page, "telegram", SECOND)).to_have_count(0)

    page.get_by_role("button", name="Slack", exact=True).click()
    expect(chat(page, "slack")).to_have_count(0)
    page.get_by_role("button", name="LINE", exact=True).click()
    expect(chat(page, "line").get_by_text("Nothing said yet.")).to_be_visible()
    assert page.url.endswith("on=telegram%2Cwhatsapp%2Cline")
    page.reload()
    expect(said(page, "telegram", "€11.90")).to_be_visible()

    page.get_by_role("button", name="More on WhatsApp").click()
    page.get_by_role("menuitem", name="What went over the wire").click()
    expect(page.get_by_role("dialog").get_by_text("Every call was as the platform documents it.")).to_be_visible()
    console.assert_whole()


def test_a_reply_is_tapped_after_the_platform_had_a_problem_and_nothing_doubles(
    console: Console, server: Server, bot: Json, everywhere: Json
) -> None:
    page = console.page
    console.go(f"/bots/{bot['id']}/platforms?on=messenger")
    expect(said(page, "messenger", "€11.90")).to_be_visible(timeout=PATIENCE)
    make_difficult(page, "Messenger", "The platform has a problem", "Once")
    expect(chat(page, "messenger").get_by_role("button", name="1 difficulty")).to_be_visible()
    write(page, SECOND)
    offer(server, everywhere["messenger"], [{"title": "Express delivery"}, {"title": "Nothing else"}])
    reply = chat(page, "messenger").get_by_role("button", name="Express delivery")
    reply.click()
    expect(reply).to_have_count(0)
    expect(chat(page, "messenger").locator(".lab-bubble.lab-theirs")).to_have_count(3)
    # What was to happen once has happened.
    expect(chat(page, "messenger").get_by_role("button", name="1 difficulty")).to_have_count(0)
    chat(page, "messenger").get_by_role("button", name="More on Messenger").click()
    page.get_by_role("menuitem", name="What went over the wire").click()
    expect(page.get_by_role("dialog").get_by_text("503", exact=True)).to_have_count(1)
    assert [one["author"] for one in talks(server, bot, "messenger")] == ["contact", "bot"] * 3
    console.assert_whole()


def test_messages_that_come_twice_are_answered_once(
    console: Console, server: Server, bot: Json, everywhere: Json
) -> None:
    page = console.page
    console.go(f"/bots/{bot['id']}/platforms?on=telegram%2Cline")
    make_difficult(page, "Telegram", "Messages come twice", apply="Use on all shown")
    asked = {"Can I return unworn articles?": "within 30 days", "When is the shop in Bremen open?": "10 a.m. to 7 p.m."}
    for question, answer in asked.items():
        write(page, question)
        for channel in ("telegram", "line"):
            expect(said(page, channel, answer)).to_be_visible()
    for channel in ("telegram", "line"):
        kept = talks(server, bot, channel)
        assert [one["author"] for one in kept] == ["contact", "bot"] * (len(kept) // 2), channel
        assert [one["parts"][0]["text"] for one in kept[-4::2]] == list(asked)
        calls = server.api.get(f"/v1/tenant/lab/{everywhere[channel]}/thread").json()["calls"]
        assert sum(call["direction"] == "in" and call["status"] == 200 for call in calls) >= 4
    page.get_by_role("button", name="1 difficulty").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Let everything go well").click()
    expect(page.get_by_text("Everything goes well again")).to_be_visible()
    console.assert_whole()


def make_difficult(page: Page, name: str, kind: str, times: str = "", apply: str = "Use here") -> None:
    page.get_by_role("button", name=f"More on {name}").click()
    page.get_by_role("menuitem", name="Make it difficult").click()
    sheet = page.get_by_role("dialog", name="Make it difficult")
    sheet.get_by_role("switch", name=kind).click()
    if times:
        sheet.get_by_label("How many times").select_option(times)
    sheet.get_by_role("button", name=apply).click()
    expect(page.get_by_text("It is difficult from now on")).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_all_ten(browser: Browser, server: Server, bot: Json, everywhere: Json, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB", color_scheme=scheme)
    page = context.new_page()
    console = Console(page, server.url)
    console.sign_in(*next(server.people))
    console.go(f"/bots/{bot['id']}/platforms?on={'%2C'.join(everywhere)}")
    for channel in everywhere:
        expect(said(page, channel, "€11.90").first).to_be_visible(timeout=PATIENCE)
    assert console.check() == []
    console.assert_whole()
    context.close()


def test_the_keyboard_leads_to_everything_and_sends(console: Console, bot: Json, everywhere: Json) -> None:
    page = console.page
    console.go(f"/bots/{bot['id']}/platforms?on=teams")
    frame = chat(page, "teams")
    expect(frame.get_by_text("€11.90")).to_be_visible(timeout=PATIENCE)
    for way in (
        page.get_by_role("button", name=NAMES["teams"], exact=True),
        page.get_by_role("button", name="New customers everywhere"),
        frame.get_by_role("button", name="More on Microsoft Teams"), frame.get_by_role("log"),
        frame.get_by_role("button", name="What the customer does with it").last,
    ):  # fmt: skip
        console.tab_to(way)
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="React with 👍").press("Enter")
    expect(frame.get_by_text("👍", exact=True)).to_be_visible()
    console.tab_to(page.get_by_role("button", name="Send something else"))
    console.tab_to(page.get_by_role("textbox", name="Write as the customer"))
    page.keyboard.type(SECOND)
    console.tab_to(page.get_by_role("button", name="Send", exact=True))
    page.keyboard.press("Enter")
    expect(frame.get_by_text("€60").last).to_be_visible()


def test_a_small_phone_shows_one_platform_at_a_time(
    browser: Browser, server: Server, bot: Json, everywhere: Json
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 780}, locale="en-GB", has_touch=True)
    page = context.new_page()
    console = Console(page, server.url)
    console.sign_in(*next(server.people))
    console.go(f"/bots/{bot['id']}/platforms?on={'%2C'.join(everywhere)}")
    expect(said(page, "telegram", "€11.90").first).to_be_visible(timeout=PATIENCE)
    for channel in everywhere:
        box = chat(page, channel).bounding_box()
        assert box is not None
        assert box["width"] <= 360
    expect(chat(page, "telegram")).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_role("textbox", name="Write as the customer")).to_be_in_viewport()
    console.assert_whole()
    context.close()


def test_what_customers_send_is_seen_in_the_conversation_and_saved(
    console: Console, server: Server, bot: Json, everywhere: Json
) -> None:
    page = console.page
    console.go(f"/bots/{bot['id']}/platforms?on=whatsapp")
    for kind in ("Picture", "File", "Place"):
        page.get_by_role("button", name="Send something else").click()
        page.get_by_role("menuitem", name=kind).click()
        expect(page.get_by_role("button", name="Send something else")).to_be_enabled()
    found = server.api.get(f"/v1/tenant/conversations?bot_id={bot['id']}&channel=whatsapp").json()["items"]
    console.go(f"/conversations?open={found[0]['id']}")
    said = page.get_by_role("dialog", name="Conversation").get_by_role("list", name="Transcript")
    # Nobody touches the page while they are fetched.
    expect(said.get_by_text(re.compile(r"Our shop · 53\.07930, 8\.80170"))).to_be_visible()
    expect(said.get_by_text(re.compile(r"^\d+ byte"))).to_be_visible()
    with page.expect_download() as saved:
        said.get_by_role("button", name="Download document.pdf").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF")
    small = said.get_by_role("button", name="Show Picture larger")
    assert small.locator("img").evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
    small.click()
    large = page.get_by_role("dialog", name="Picture")
    expect(large.get_by_role("img", name="Picture")).to_be_visible()
    with page.expect_download() as saved:
        large.get_by_role("button", name="Download Picture").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    page.keyboard.press("Escape")
    expect(small).to_be_focused()
    console.assert_whole()


def test_a_day_passes_on_the_page_and_the_late_answer_says_why_it_did_not_go(
    console: Console, server: Server, bot: Json, everywhere: Json
) -> None:
    page = console.page
    console.go(f"/bots/{bot['id']}/platforms?on=instagram")
    expect(said(page, "instagram", "€11.90")).to_be_visible(timeout=PATIENCE)
    make_difficult(page, "Instagram", "The platform has a problem")
    write(page, SECOND)
    page.get_by_role("button", name="More on Instagram").click()
    page.get_by_role("menuitem", name="Let 24 hours pass").click()
    expect(said(page, "instagram", "24 hours pass.")).to_be_visible()
    expect(said(page, "instagram", "The time for free answers is over.")).to_be_visible()
    chat(page, "instagram").get_by_role("button", name="1 difficulty").click()
    page.get_by_role("dialog").get_by_role("button", name="Let everything go well").click()
    page.keyboard.press("Escape")
    letters = f"/v1/tenant/dead-letters?deployment_id={everywhere['instagram']}"
    deadline = time.monotonic() + 60
    while not (stuck := server.api.get(letters).json()["items"]):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert [one["reason"] for one in stuck] == [CLOSED]
    thread = server.api.get(f"/v1/tenant/lab/{everywhere['instagram']}/thread").json()
    assert [one["sender"] for one in thread["messages"] if one["kind"] != "note"] == ["customer", "bot", "customer"]
    console.assert_whole()
