"""From nothing to a bot that answers: by files, by a website, by a text; in the real widget beside the settings."""

import io
import re
import secrets
from collections.abc import Iterator

import pytest
from httpx2 import Client
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from tests.e2e.console.conftest import PASSWORD, Server, make, signed_in
from tests.e2e.console.pages import Console
from tests.e2e.console.peers import Peers


@pytest.fixture(scope="module")
def admin(server: Server) -> Iterator[Client]:
    with signed_in(server, "/admin/auth/login", *server.admin) as api:
        yield api


@pytest.fixture
def owner(page: Page, server: Server, admin: Client) -> Console:
    """Somebody who has a shop here and nothing in it."""
    slug = f"new-{secrets.token_hex(4)}"
    email = f"owner@{slug}.example"
    make(admin, "/admin/tenants", {"name": "New", "slug": slug, "email": email, "password": PASSWORD})
    opened = Console(page, server.url)
    opened.sign_in(email, PASSWORD)
    opened.go("/onboarding")
    return opened


def icon(colour: str) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (300, 300), "white")
    picture.paste(colour, (40, 40, 260, 260))
    picture.save(out, "PNG")
    return out.getvalue()


def name_it(owner: Console, name: str) -> None:
    owner.page.get_by_label("Name of the bot").fill(name)
    owner.page.get_by_role("button", name="Next").click()
    expect(owner.page.get_by_role("heading", name="What should it know?")).to_be_visible()


def create(owner: Console, name: str) -> None:
    page = owner.page
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Create chatbot").click()
    expect(page.get_by_role("heading", name=f"{name} is ready")).to_be_visible()


def ask_the_widget(owner: Console, question: str, answer: str) -> None:
    chat = owner.page.frame_locator("iframe")
    chat.get_by_role("textbox").fill(question)
    chat.get_by_role("textbox").press("Enter")
    expect(chat.get_by_text(answer).first).to_be_visible()


def test_it_goes_on_in_another_browser_where_it_was_left(owner: Console, server: Server, browser: Browser) -> None:
    page = owner.page
    page.get_by_label("Upload icon").set_input_files(
        {"name": "icon.png", "mimeType": "image/png", "buffer": icon("#b03060")}
    )
    expect(page.get_by_role("img", name="Icon")).to_be_visible()
    page.get_by_label("Name of the bot").fill("Robin")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.url.endswith("/onboarding")):
        page.get_by_role("button", name="Go on later").click()
    expect(page).to_have_url(server.url + "/")
    page.get_by_role("button", name="Your account").click()
    email = page.get_by_role("menu").get_by_text("owner@").inner_text()

    other = Console(browser.new_context(locale="en-GB").new_page(), server.url)
    other.sign_in(email, PASSWORD)
    other.go("/onboarding")
    expect(other.page.get_by_label("Name of the bot")).to_have_value("Robin")
    expect(other.page.get_by_role("img", name="Icon")).to_be_visible()
    other.page.context.close()


def test_by_files_with_an_icon_whose_colour_the_chat_takes(owner: Console) -> None:
    page = owner.page
    page.get_by_label("Upload icon").set_input_files(
        {"name": "icon.png", "mimeType": "image/png", "buffer": icon("#b03060")}
    )
    expect(page.get_by_role("img", name="Icon")).to_be_visible()
    name_it(owner, "Robin")
    files = [
        {"name": "delivery.md", "mimeType": "text/markdown", "buffer": b"# Delivery\n\nDelivery costs 4.90 EUR."},
        {"name": "returns.txt", "mimeType": "text/plain", "buffer": b"Returns are free within 30 days."},
        {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing"},
    ]
    page.get_by_label("Upload files").first.set_input_files(files)
    expect(page.get_by_text("3 documents so far")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("3 of 3 read · 1 could not be read")).to_be_visible()
    create(owner, "Robin")
    ask_the_widget(owner, "What does delivery cost?", "Delivery costs 4.90 EUR.")
    # What is changed beside it is there when the chat has loaded again.
    page.get_by_label("Greeting").fill("Welcome to the harbour")
    page.get_by_role("button", name="Save").click()
    expect(page.frame_locator("iframe").get_by_text("Welcome to the harbour")).to_be_visible()
    shown = page.frame_locator("iframe").locator("header img").first
    expect(shown).to_have_attribute("src", re.compile("/icons/"))
    owner.assert_whole()


def test_by_a_website_whose_pages_appear_as_they_are_read(owner: Console, peers: Peers) -> None:
    page, website = owner.page, peers.website
    website.go_on.clear()
    name_it(owner, "Almut")
    page.get_by_role("radio", name="A website").check(force=True)
    page.get_by_label("Address of the website").fill(website.url)
    page.get_by_role("button", name="Read this website").click()
    # One page does not answer yet: what was read before it stands there already.
    expect(page.get_by_text("Boots and tents for the mountains").first).to_be_visible()
    expect(page.get_by_text("Reading", exact=True)).to_be_visible()
    owner.go("/")
    page.get_by_role("link", name="Open").click()
    expect(page.get_by_text("Boots and tents for the mountains").first).to_be_visible()
    website.go_on.set()
    expect(page.get_by_text("Done", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile("robots.txt")).first).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text(re.compile(r"^(\d+) of \1 read"))).to_be_visible()
    create(owner, "Almut")
    ask_the_widget(owner, "How long is the warranty?", "two years")
    owner.assert_whole()


def test_by_a_text_with_the_keyboard_alone(owner: Console) -> None:
    page = owner.page
    expect(page.get_by_label("Name of the bot")).to_be_focused()
    page.keyboard.type("Lark")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What should it know?")).to_be_visible()
    owner.tab_to(page.get_by_role("radio", name="Files"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="A text")).to_be_checked()
    owner.tab_to(page.get_by_label("Title"))
    page.keyboard.type("Gift wrapping")
    owner.tab_to(page.get_by_label("Text", exact=True))
    page.keyboard.type("We wrap gifts for 3.50 EUR each.")
    owner.tab_to(page.get_by_role("button", name="Add text"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 document so far")).to_be_visible()
    owner.tab_to(page.get_by_role("button", name="Next"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 1 read")).to_be_visible()
    for name in ("Next", "Create chatbot"):
        owner.tab_to(page.get_by_role("button", name=name))
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lark is ready")).to_be_visible()
    ask_the_widget(owner, "How much is gift wrapping?", "We wrap gifts for 3.50 EUR each.")
    assert owner.check() == []


def test_a_website_that_cannot_be_read_is_said_and_the_address_stays(owner: Console, peers: Peers) -> None:
    page = owner.page
    name_it(owner, "Nemo")
    page.get_by_role("radio", name="A website").check(force=True)
    page.get_by_label("Address of the website").fill("not a website")
    page.get_by_role("button", name="Read this website").click()
    expect(page.get_by_text("not the address of a website")).to_be_visible()
    expect(page.get_by_label("Address of the website")).to_have_value("not a website")
    page.get_by_label("Address of the website").fill("http://127.0.0.1:1/")
    page.get_by_role("button", name="Read this website").click()
    expect(page.get_by_role("alert")).to_contain_text("use a public http or https address")
    # One that may be called, and where nobody answers
    page.get_by_label("Address of the website").fill(peers.nobody)
    page.get_by_role("button", name="Read this website").click()
    expect(page.get_by_text("Failed", exact=True).first).to_be_visible()
    expect(page.get_by_label("Address of the website")).to_have_value(peers.nobody)
    expect(page.get_by_role("button", name="Next")).to_be_disabled()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("huge.png", b"\x89PNG\r\n\x1a\n" + b"0" * 6_000_000, "large"),
        ("script.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>window.hurt=1</script></svg>', "SVG"),
    ],
)
def test_an_icon_that_cannot_be_taken_is_said(owner: Console, name: str, content: bytes, said: str) -> None:
    page = owner.page
    page.get_by_label("Name of the bot").fill("Robin")
    kind = "image/png" if name.endswith("png") else "image/svg+xml"
    page.get_by_label("Upload icon").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    expect(page.get_by_text(re.compile(said)).first).to_be_visible()
    expect(page.get_by_label("Name of the bot")).to_have_value("Robin")
    assert page.evaluate("window.hurt") is None


def test_an_icon_of_one_colour_gives_a_theme_that_can_be_read(owner: Console) -> None:
    page = owner.page
    flat = io.BytesIO()
    Image.new("RGB", (200, 200), "#ffff00").save(flat, "PNG")
    page.get_by_label("Upload icon").set_input_files(
        {"name": "flat.png", "mimeType": "image/png", "buffer": flat.getvalue()}
    )
    expect(page.get_by_role("img", name="Icon")).to_be_visible()
    assert owner.check() == []
