"""The console in a language that the server does not speak."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.console.conftest import Server
from tests.e2e.console.pages import Console

GERMAN_SENTENCE = "Die Datei ist leer."


@pytest.fixture
def german(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="de-DE", viewport={"width": 1280, "height": 860})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def _sign_in(page: Page, server: Server) -> Console:
    console = Console(page, server.url)
    email, password = next(server.people)
    page.goto(server.url + "/sign-in")
    page.get_by_label("E-Mail").fill(email)
    page.get_by_label("Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    console.settle("/")
    return console


def test_german_is_spoken_to_a_german_browser(german: Page, server: Server) -> None:
    german.goto(server.url + "/")
    expect(german.get_by_role("heading", name="Anmelden")).to_be_visible()
    expect(german.locator("html")).to_have_attribute("lang", "de")


def test_what_the_server_says_and_has_stored_is_german_too(german: Page, server: Server) -> None:
    console = _sign_in(german, server)
    console.go(f"/bots/{server.bot}/topics")
    german.get_by_label("Nachricht einer Kundin oder eines Kunden").fill("Which party should I vote for?")
    german.keyboard.press("Enter")
    expect(german.get_by_text("Nahe am verbotenen Thema")).to_be_visible()

    console.go(f"/bots/{server.bot}/live")
    expect(german.get_by_text("Kein KI-Anbieter: Der Bot zitiert seine Dokumente.")).to_be_visible()

    console.go("/knowledge?new=1")
    german.get_by_label("Name").fill("Help")
    german.keyboard.press("Enter")
    expect(
        german.get_by_text("Eine andere Sammlung heißt schon „Help“; wählen Sie einen anderen Namen.")
    ).to_be_visible()

    console.go(f"/knowledge/{server.dataset}")
    broken = {"name": "kaputt.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing more"}
    german.get_by_label("Dateien hochladen").first.set_input_files([broken])
    expect(german.get_by_text("Die Datei ist beschädigt oder unvollständig.").first).to_be_visible()
    console.assert_whole()


def test_a_refusal_beside_its_field_is_german(german: Page, server: Server) -> None:
    console = _sign_in(german, server)
    console.go(f"/bots/{server.bot}/access")
    german.get_by_label("Adresse").fill("www.shop.example")
    german.keyboard.press("Enter")
    german.get_by_role("button", name="Speichern").click()
    expect(german.get_by_text("Eine Adresse sieht aus wie https://www.shop.example")).to_be_visible()


def test_english_readers_load_no_other_language(page: Page, server: Server) -> None:
    scripts: list[str] = []
    page.on("response", lambda answer: scripts.append(answer.url) if answer.url.endswith(".js") else None)
    console = Console(page, server.url)
    console.sign_in(*next(server.people))
    console.go(f"/knowledge/{server.dataset}")
    console.go(f"/bots/{server.bot}/topics")

    loaded = page.evaluate("urls => Promise.all(urls.map(async url => (await fetch(url)).text()))", scripts)

    assert len(loaded) > 3
    assert not any(GERMAN_SENTENCE in text for text in loaded)
