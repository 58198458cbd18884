"""What people do in the console: from signing in to an answer whose source stands open, by keyboard too."""

import gzip
import json
import re

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.console.conftest import Server, make, wait_until_read
from tests.e2e.console.pages import Console

from shopwright.entrypoints.console import BUILT

MAX_FIRST_LOAD = 250_000
HOSTILE = '"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script>\'{{7*7}}[x](javascript:window.hurt=1)'


def test_a_wrong_password_is_said_and_what_was_typed_stays(page: Page, server: Server) -> None:
    page.goto(server.url + "/bots?x=1")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    page.get_by_label("E-mail").fill(server.owner[0])
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("password is wrong")
    expect(page.get_by_label("E-mail")).to_have_value(server.owner[0])
    page.get_by_label("Password", exact=True).fill(server.owner[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bots", level=1)).to_be_visible()
    expect(page).to_have_url(server.url + "/bots?x=1")


def test_a_bot_is_made_from_a_text_and_cites_it_at_the_passage(console: Console, server: Server) -> None:
    page = console.page
    console.go("/onboarding")
    page.get_by_label("Name of the bot").fill("Wren")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("radio", name="A text").check(force=True)
    page.get_by_label("Title").fill("Gift wrapping")
    page.get_by_label("Text", exact=True).fill(
        "We wrap gifts for €3.50 each. The paper is recycled. 😀 A card is free."
    )
    page.get_by_role("button", name="Add text").click()
    expect(page.get_by_text("1 document so far")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Your bot is learning")).to_be_visible()

    # Left in the middle, it goes on where it was.
    page.get_by_role("button", name="Go on later").click()
    expect(page.get_by_role("heading", name="Hello")).to_be_visible()
    console.jump("/onboarding")
    expect(page.get_by_role("heading", name="Your bot is learning")).to_be_visible()
    expect(page.get_by_text("1 of 1 read")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Create chatbot").click()
    expect(page.get_by_role("heading", name="Wren is ready")).to_be_visible()
    page.get_by_role("button", name="To my bot").click()

    page.get_by_role("link", name="Try it").first.click()
    console.ask("What does gift wrapping cost?")
    page.get_by_role("button", name="Source 1: Gift wrapping").click()
    expect(page.get_by_role("dialog", name="Gift wrapping").locator("mark")).to_have_text(
        "We wrap gifts for €3.50 each."
    )
    assert {"document=", "start=", "end="} <= set(re.findall(r"[a-z]+=", page.url))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    console.assert_whole()


def test_the_trace_tells_how_an_answer_came_about(console: Console, server: Server) -> None:
    page = console.page
    console.go(f"/bots/{server.bot}/try")
    console.ask("How much is express delivery?")
    trace = page.get_by_role("region", name="How this answer came about")
    for step in ("Understood", "Found", "Written", "Checked", "Sent"):
        expect(trace.get_by_role("heading", name=step)).to_be_visible()
    expect(trace.get_by_role("meter").first).to_be_visible()
    expect(trace.get_by_text("€11.90").first).to_be_visible()


def test_topics_are_tried_before_customers_do(console: Console, server: Server) -> None:
    page = console.page
    console.go(f"/bots/{server.bot}/topics")
    page.get_by_label("Message of a customer").fill("Which party should I vote for?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It would refuse")).to_be_visible()
    page.get_by_label("Message of a customer").fill("How long does delivery take?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It would answer")).to_be_visible()


def test_a_key_is_shown_once_and_then_only_its_beginning(console: Console, server: Server) -> None:
    page = console.page
    console.go(f"/bots/{server.bot}/access?new=key")
    page.get_by_label("Name").fill("Our page")
    page.get_by_label("Pages it works on").fill("https://shop.example")
    page.get_by_role("dialog").get_by_role("button", name="Make a key").click()
    shown = page.get_by_role("dialog", name="Copy your key now").get_by_role("region").first
    key = shown.inner_text().strip()
    assert key.startswith("pk_live_")
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_text("Our page").first).to_be_visible()
    assert key not in page.content()


def test_the_line_for_the_page_works_and_is_bound_to_a_website(console: Console, server: Server) -> None:
    page = console.page
    bot = make(server.api, "/v1/tenant/bots", {"name": "On a page", "is_public": False})
    console.go(f"/bots/{bot['id']}/live")
    expect(page.get_by_text("data-bot=")).to_have_count(0)
    page.get_by_label("Address of your website").fill("not an address")
    page.get_by_role("button", name="Get the line").click()
    expect(page.get_by_text(re.compile("An address looks like"))).to_be_visible()
    page.get_by_label("Address of your website").fill("harbour.example/start")
    page.keyboard.press("Enter")
    line = page.get_by_text(re.compile(f'data-bot="{bot["id"]}" data-key="pk_live_[^"…]+" async'))
    expect(line).to_be_visible()
    expect(page.get_by_text("It works on https://harbour.example and https://www.harbour.example.")).to_be_visible()
    # It stands there whenever one comes again.
    page.reload()
    expect(line).to_be_visible()
    console.assert_whole()


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(console: Console, server: Server) -> None:
    page = console.page
    console.go(f"/bots/{server.bot}/access")
    page.get_by_label("Address").fill("www.shop.example/without-scheme")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("An address looks like"))).to_be_visible()
    expect(page.get_by_role("list", name="Address")).to_contain_text("www.shop.example/without-scheme")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Any page may use this bot.")).to_be_visible()


def test_hostile_words_in_every_field_stay_words(console: Console, server: Server) -> None:
    page, api = console.page, server.api
    dataset = make(api, "/v1/tenant/datasets", {"name": f"Set {HOSTILE}"[:120], "description": HOSTILE})
    document = make(
        api,
        f"/v1/tenant/datasets/{dataset['id']}/documents",
        {"title": f"Doc {HOSTILE}", "content": f"Hostile words cost €9. {HOSTILE}"},
    )
    settings = {"greeting": HOSTILE, "contact": HOSTILE}
    fields = {
        "description": HOSTILE,
        "personality": HOSTILE,
        "tone": HOSTILE,
        "system_prompt": HOSTILE,
        "category": HOSTILE[:80],
        "settings": settings,
    }
    limits = {"rate_limit_per_minute": 10_000, "rate_limit_per_second": 1_000}
    bot = make(api, "/v1/tenant/bots", {"name": f"Bot {HOSTILE}"[:120], **fields, **limits})
    make(api, f"/v1/tenant/bots/{bot['id']}/datasets", {"dataset_id": dataset["id"]})
    scope = {
        "allowed_topics": [HOSTILE[:120]],
        "forbidden_topics": [HOSTILE[:110]],
        "refusal_message": HOSTILE,
        "examples": [{"text": HOSTILE, "allowed": True}],
    }
    make(api, f"/v1/tenant/bots/{bot['id']}/scopes", scope)
    make(
        api,
        "/v1/tenant/api-keys",
        {"name": f"Key {HOSTILE}"[:120], "kind": "secret", "bot_id": bot["id"], "scopes": ["chat:write"]},
    )
    member = {
        "email": "mallory@harbour.example",
        "name": HOSTILE[:120],
        "password": "a-long-password-1",
        "role": "viewer",
    }
    made = make(api, "/v1/tenant/members", member)
    wait_until_read(api, dataset["id"])
    assert (
        api.post(
            "/v1/chat/efficient", json={"bot_id": bot["id"], "message": f"What do hostile words cost? {HOSTILE}"}
        ).status_code
        == 200
    )
    talk = api.get(f"/v1/tenant/conversations?bot_id={bot['id']}").json()["items"][0]["id"]

    tabs = ["", "/try", "/answers", "/topics", "/knowledge", "/look", "/live", "/channels", "/access"]
    paths = [f"/bots/{bot['id']}{tab}" for tab in tabs] + [
        "/", "/bots", "/knowledge", f"/knowledge/{dataset['id']}",
        f"/knowledge/{dataset['id']}?document={document['id']}",
        "/conversations", f"/conversations?open={talk}", "/settings/team", "/settings/audit", "/clients",
    ]  # fmt: skip
    for path in paths:
        console.go(path)
        assert page.evaluate("window.hurt") is None, path
    console.go(f"/bots/{bot['id']}/try")
    console.ask(HOSTILE)
    assert page.evaluate("window.hurt") is None
    assert page.locator("img[src=x], a[href^='javascript:']").count() == 0
    console.assert_whole()
    for path in (
        f"/v1/tenant/bots/{bot['id']}",
        f"/v1/tenant/datasets/{dataset['id']}",
        f"/v1/tenant/members/{made['id']}",
    ):
        assert api.delete(path).status_code == 204


def test_files_are_sent_with_the_keyboards_way_and_a_refused_one_can_be_tried_again(
    console: Console, server: Server
) -> None:
    page = console.page
    console.go(f"/knowledge/{server.dataset}")
    files = [
        {"name": "notes.md", "mimeType": "text/markdown", "buffer": b"# Notes\n\nWe repair bags on Fridays."},
        {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
    ]
    page.get_by_label("Upload files").first.set_input_files(files)
    uploads = page.get_by_role("region", name="Upload files")
    expect(uploads.get_by_role("status")).to_contain_text("of 2 files sent")
    expect(uploads.get_by_text("notes.md")).to_be_visible()
    wait_until_read(server.api, server.dataset)


def test_everything_can_be_reached_with_the_keyboard(console: Console, server: Server) -> None:
    page = console.page
    console.go("/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("try it")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/try$"))
    console.go(f"/bots/{server.bot}/try")
    question = page.get_by_placeholder("Ask a question")
    for _ in range(60):
        if question.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Can worn shoes be returned?")
    page.keyboard.press("Enter")
    mark = page.get_by_role("button", name=re.compile("^Source 1")).first
    expect(mark).to_be_visible()
    expect(page.get_by_text("How this came about").first).to_be_visible()  # the answer is complete
    for _ in range(60):
        if mark.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(mark).to_be_focused()  # back where it was


def test_a_lost_connection_is_said_and_the_question_stays(console: Console, server: Server) -> None:
    page = console.page
    console.go(f"/bots/{server.bot}/try")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    page.get_by_placeholder("Ask a question").fill("When are you open?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("did not arrive")
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("How this came about", exact=True)).to_be_visible()


@pytest.mark.parametrize("words", [["src/i18n/en/index.ts"], ["src/i18n/de/index.ts", "src/i18n/server/de/index.ts"]])
@pytest.mark.parametrize("screen", ["src/screens/auth/SignIn.tsx", "src/screens/Home.tsx"])
def test_the_first_load_is_small(screen: str, words: list[str]) -> None:
    manifest = json.loads((BUILT / ".vite" / "manifest.json").read_text())
    files: set[str] = set()

    def gather(name: str) -> None:
        entry = manifest[name]
        if entry["file"] not in files:
            files.update([entry["file"], *entry.get("css", [])])
            for needed in entry.get("imports", []):
                gather(needed)

    gather("index.html")
    # the language, the frame around pages, and the first page itself
    for name in (screen, *words, "src/screens/auth/Door.tsx"):
        gather(name)
    total = sum(len(gzip.compress((BUILT / file).read_bytes(), 9)) for file in files)
    assert total <= MAX_FIRST_LOAD, f"{total} bytes"
