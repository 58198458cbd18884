"""Every screen in a browser: nothing breaks, axe finds nothing, nothing is cut off; and its picture, when asked for."""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from tests.e2e.console.board import KEYS, Board, play, send_things
from tests.e2e.console.conftest import SCREENSHOTS, Server
from tests.e2e.console.pages import Console

MAX_BYTES = 150_000
VARIANTS = {
    "desktop-light": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "desktop-dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "phone-light": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "has_touch": True},
    "phone-dark": {"viewport": {"width": 360, "height": 780}, "color_scheme": "dark", "has_touch": True},
}
CHECKED = list(VARIANTS) if SCREENSHOTS else ["desktop-light", "phone-dark"]
DOORS = {
    "sign-in": "/sign-in", "sign-up": "/sign-up", "forgot-password": "/forgot-password",
    "reset-password": "/reset-password",
}  # fmt: skip
BOT = {
    "bot": "", "bot-answers": "/answers", "bot-topics": "/topics", "bot-knowledge": "/knowledge",
    "bot-look": "/look", "bot-live": "/live", "bot-access": "/access", "bot-new-key": "/access?new=key",
}  # fmt: skip
MEMBER = {
    "home": "/", "bots": "/bots", "knowledge": "/knowledge", "knowledge-new": "/knowledge?new=1",
    "conversations": "/conversations", "clients": "/clients", "onboarding": "/onboarding", "more": "/more",
    "settings-shop": "/settings/shop", "settings-team": "/settings/team",
    "settings-invite": "/settings/team?invite=1", "settings-providers": "/settings/providers",
    "settings-new-provider": "/settings/providers?edit=new", "settings-usage": "/settings/usage",
    "settings-audit": "/settings/audit", "settings-profile": "/settings/profile", "nothing": "/no-such-page",
    **{name: f"/bots/BOT{path}" for name, path in BOT.items()}, "dataset": "/knowledge/DATASET",
    "dataset-websites": "/knowledge/DATASET?tab=websites", "dataset-unused": "/knowledge/DATASET?tab=unused",
    "dataset-add-text": "/knowledge/DATASET?add=text",
}  # fmt: skip
ADMIN = {
    "admin-tenants": "", "admin-new-tenant": "?new=1", "admin-providers": "/providers", "admin-key": "/key",
    "admin-system": "/system", "admin-health": "/health", "admin-sign-in-services": "/sign-in-services",
    "admin-people": "/people", "admin-more": "/more", "admin-audit": "/audit", "admin-profile": "/profile",
}  # fmt: skip


@pytest.fixture(scope="module", params=CHECKED)
def variant(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def fresh(browser: Browser, variant: str) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", **VARIANTS[variant])
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def doors(fresh: Page, server: Server) -> Console:
    console = Console(fresh, server.url)
    fresh.goto(server.url + "/sign-in")
    return console


@pytest.fixture(scope="module")
def member(browser: Browser, variant: str, server: Server) -> Iterator[Console]:
    context = browser.new_context(locale="en-GB", **VARIANTS[variant])
    context.set_default_timeout(20_000)
    console = Console(context.new_page(), server.url)
    console.sign_in(*next(server.people))
    yield console
    context.close()


@pytest.fixture(scope="module")
def admin(browser: Browser, variant: str, server: Server) -> Iterator[Console]:
    context = browser.new_context(locale="en-GB", **VARIANTS[variant])
    context.set_default_timeout(20_000)
    console = Console(context.new_page(), server.url)
    console.sign_in(*server.admin, path="/administration/sign-in", home="/administration")
    yield console
    context.close()


def look(console: Console, name: str, variant: str) -> None:
    console.page.wait_for_function("() => document.getAnimations().every(one => one.playState !== 'running')")
    if SCREENSHOTS:
        keep(console.page, Path(os.environ["SHOPWRIGHT_SCREENSHOTS"]) / f"{name}-{variant}.png")
    assert console.check() == []
    console.assert_whole()


def keep(page: Page | Locator, path: Path) -> None:
    """A picture with a palette: a tenth of the size, and nobody sees the difference."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size <= MAX_BYTES, path


@pytest.mark.parametrize("name", DOORS)
def test_pages_before_signing_in(doors: Console, variant: str, name: str) -> None:
    doors.go(DOORS[name])
    look(doors, name, variant)


@pytest.mark.parametrize("name", MEMBER)
def test_pages_of_members(member: Console, server: Server, variant: str, name: str) -> None:
    member.go(MEMBER[name].replace("BOT", server.bot).replace("DATASET", server.dataset))
    look(member, name, variant)


def test_the_playground_with_an_answer_its_trace_and_its_source(member: Console, server: Server, variant: str) -> None:
    member.go(f"/bots/{server.bot}/try")
    look(member, "playground-empty", variant)
    member.ask("How much is standard delivery within Germany?")
    member.page.wait_for_function("() => !document.querySelector('.animate-wait')")
    look(member, "playground", variant)
    if "phone" in variant:
        member.page.get_by_text("How this came about", exact=True).last.click()
        member.page.get_by_role("dialog").get_by_role("heading", name="Found").wait_for()
        look(member, "trace", variant)
        member.page.keyboard.press("Escape")
    member.page.get_by_role("button", name="Source 1").last.click()
    member.page.locator("mark").first.wait_for()
    member.page.wait_for_function("() => document.getAnimations().every(one => one.playState !== 'running')")
    look(member, "document", variant)
    member.page.keyboard.press("Escape")


def test_a_conversation_with_its_transcript(member: Console, server: Server, variant: str) -> None:
    talk = server.api.post("/v1/chat/efficient", json={"bot_id": server.bot, "message": "When do you deliver?"})
    assert talk.status_code == 200
    conversation = server.api.get("/v1/tenant/conversations").json()["items"][0]["id"]
    member.go(f"/conversations?open={conversation}")
    member.page.get_by_role("list", name="Transcript").wait_for()
    look(member, "conversation", variant)


def test_the_palette(member: Console, variant: str) -> None:
    member.go("/bots")
    member.page.keyboard.press("Control+k")
    member.page.get_by_role("combobox").fill("ari" if not SCREENSHOTS else "quill")
    member.page.get_by_role("option").first.wait_for()
    look(member, "palette", variant)
    member.page.keyboard.press("Escape")


def test_a_message_checked_against_the_topics(member: Console, server: Server, variant: str) -> None:
    member.go(f"/bots/{server.bot}/topics")
    member.page.get_by_label("Message of a customer").fill("Who should I vote for?")
    member.page.get_by_role("button", name="Check", exact=True).click()
    member.page.get_by_text("It would refuse").wait_for()
    look(member, "bot-topics-test", variant)


# Of a bot on many platforms; FREE is a bot on none.
CHANNELS = {
    "channels": "/channels", "channel": "/channels?open=TELEGRAM", "channel-attention": "/channels?open=WHATSAPP",
    "channel-keys": "/channels?keys=MESSENGER", "channel-steps": "/channels?setup=INSTAGRAM",
    "channel-address-first": "/channels?setup=SLACK", "channel-done": "/channels?setup=TELEGRAM",
    "letters": "/channels/letters", "bot-channels": "/bots/BOT/channels", "bot-channels-empty": "/bots/FREE/channels",
    "channel-add": "/bots/FREE/channels?add=1", "bots-on-platforms": "/bots",
    "contacts": "/conversations/contacts", "contact": "/conversations/contacts?open=CONTACT",
    "conversations-of-a-channel": "/conversations?channel=http",
    "conversation-on-a-platform": "/conversations?open=TALK",
}  # fmt: skip


def filled(path: str, server: Server, board: Board) -> str:
    names = {"BOT": server.bot, "FREE": board.other, "CONTACT": board.contact, "TALK": board.conversation}
    names |= {channel.upper(): deployment["id"] for channel, deployment in board.of.items()}
    for name, id_ in names.items():
        path = path.replace(name, id_)
    return path


@pytest.mark.parametrize("name", CHANNELS)
def test_pages_of_platforms(member: Console, server: Server, board: Board, variant: str, name: str) -> None:
    member.go(filled(CHANNELS[name], server, board))
    look(member, name, variant)
    member.page.keyboard.press("Escape")


def test_two_contacts_that_may_be_one_person(member: Console, server: Server, board: Board, variant: str) -> None:
    member.go(f"/conversations/contacts?open={board.contact}")
    member.page.get_by_role("button", name="Same person as").click()
    member.page.get_by_role("radio").first.check()
    look(member, "contacts-merge", variant)
    member.page.keyboard.press("Escape")


@pytest.mark.parametrize("channel", [*KEYS, "slack", "http"])
def test_what_each_platform_asks_for(member: Console, board: Board, variant: str, channel: str) -> None:
    """A picture for each guide: our side of it, once."""
    member.go(f"/bots/{board.other}/channels?add=1&channel={channel}")
    dialog = member.page.get_by_role("dialog", name="Add a channel")
    expect(dialog.get_by_role("button", name=re.compile("Connect|Show what to paste"))).to_be_visible()
    if SCREENSHOTS and variant == "desktop-light":
        member.page.set_viewport_size({"width": 1280, "height": 1400})
        keep(dialog, Path(os.environ["SHOPWRIGHT_SCREENSHOTS"]) / f"add-{channel}.png")
        member.page.set_viewport_size({"width": 1280, "height": 860})
    assert member.check() == []
    member.assert_whole()
    member.page.keyboard.press("Escape")


@pytest.fixture(scope="session")
def sent(server: Server) -> str:
    return send_things(server.api)


# With the sheets that open beside them.
LAB = {
    "lab": "on=telegram%2Cwhatsapp%2Cslack", "lab-more": "on=messenger%2Cline%2Cemail",
    "lab-wire": "on=telegram%2Cwhatsapp%2Cslack&wire=whatsapp",
    "lab-faults": "on=telegram%2Cwhatsapp%2Cslack&faults=telegram", "lab-empty": "on=-",
}  # fmt: skip


@pytest.fixture(scope="session")
def played(server: Server) -> dict[str, str]:
    return play(server.api, server.bot, "Will I have to pay customs at the door if I order to Zurich?")


@pytest.mark.parametrize("name", LAB)
@pytest.mark.usefixtures("played")
def test_a_bot_tried_on_platforms(member: Console, server: Server, variant: str, name: str) -> None:
    member.go(f"/bots/{server.bot}/platforms?{LAB[name]}")
    look(member, name, variant)
    member.page.keyboard.press("Escape")


def test_a_conversation_with_what_a_customer_sent(member: Console, server: Server, sent: str, variant: str) -> None:
    member.go(f"/conversations?open={sent}")
    member.page.get_by_role("button", name="Show Picture larger").locator("img").wait_for()
    look(member, "conversation-files", variant)
    member.page.get_by_role("button", name="Show Picture larger").click()
    look(member, "conversation-picture", variant)
    member.page.keyboard.press("Escape")


@pytest.mark.parametrize("name", ADMIN)
def test_pages_of_administrators(admin: Console, variant: str, name: str) -> None:
    admin.go("/administration" + ADMIN[name])
    look(admin, name, variant)
