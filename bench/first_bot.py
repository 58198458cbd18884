"""From sign-up to an answer on a page of another origin, in a real browser: how many clicks, how long.

    python bench/first_bot.py --url http://localhost:8000 --data-dir data [--show DIR]

The server keeps its mails in its data directory (no SMTP). Somebody new gives the demo shop's documents. `machine` is
the time the browser and the server took; `person` is what reading, pointing and typing take by the keystroke-level
model (Card, Moran, Newell 1980: 0.28 s a key, 1.3 s to point and click, 1.35 s to think before each), and 10 s to read
each screen. `--show` writes a picture of each screen.
"""

import argparse
import json
import quopri
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

DOCUMENTS = Path(__file__).resolve().parent.parent / "examples" / "demo-shop" / "documents"
KEY, CLICK, THOUGHT, SCREEN = 0.28, 1.3, 1.35, 10.0
READ_SECONDS = 300_000
QUESTION = "How much is standard shipping within Germany?"


class Person:
    """Counts what somebody does."""

    def __init__(self, show: Path | None) -> None:
        self.show, self.clicks, self.keys, self.screens, self.began = show, 0, 0, 0, time.perf_counter()

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def fill(self, target: Locator, text: str) -> None:
        self.clicks += 1
        self.keys += len(text)
        target.fill(text)

    def sees(self, page: Page, heading: str | re.Pattern[str]) -> None:
        expect(page.get_by_role("heading", name=heading).first).to_be_visible(timeout=30_000)
        self.screen(page)

    def screen(self, page: Page) -> None:
        self.screens += 1
        if self.show:
            page.screenshot(path=self.show / f"{self.screens:02}.png")

    def report(self) -> dict[str, float]:
        machine = time.perf_counter() - self.began
        person = self.keys * KEY + self.clicks * (CLICK + THOUGHT) + self.screens * SCREEN
        return {
            "clicks": self.clicks,
            "keys": self.keys,
            "screens": self.screens,
            "machine seconds": round(machine, 1),
            "person seconds": round(person, 1),
            "minutes in all": round((machine + person) / 60, 1),
        }


def link_for(data: Path, email: str) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for path in (data / "mail").glob(f"*{email}*"):
            found = re.search(rb"https?://\S+token=\S+", quopri.decodestring(path.read_bytes()))
            if found:
                return found[0].decode()
        time.sleep(0.1)
    raise SystemExit(f"no mail for {email} in {data / 'mail'}")


def sign_up(person: Person, page: Page, url: str, data: Path) -> None:
    email = f"owner@first-{secrets.token_hex(3)}.example"
    page.goto(url)
    person.sees(page, "Sign in")
    person.click(page.get_by_role("link", name="Create an account"))
    person.sees(page, "Create your account")
    person.fill(page.get_by_label("Your name"), "Mara")
    person.fill(page.get_by_label("Name of your shop"), "Lindenhof")
    person.fill(page.get_by_label("E-mail"), email)
    person.fill(page.get_by_label("Password", exact=True), secrets.token_urlsafe(12))
    person.click(page.get_by_role("button", name="Create an account"))
    person.sees(page, re.compile("mail"))
    person.clicks += 2  # open the mail, follow its link
    page.goto(link_for(data, email))


def make_bot(person: Person, page: Page) -> None:
    person.sees(page, "What does your bot look like?")
    person.fill(page.get_by_label("Name of the bot"), "Linda")
    person.click(page.get_by_role("button", name="Next"))
    person.sees(page, "What should it know?")
    person.clicks += 3  # the button, all files in the dialog, open
    page.get_by_label("Upload files").first.set_input_files(sorted(DOCUMENTS.iterdir()))
    person.click(page.get_by_role("button", name="Next"))
    person.sees(page, "Your bot is learning")
    expect(page.get_by_text(re.compile(r"(\d+) of \1 read"))).to_be_visible(timeout=READ_SECONDS)
    person.click(page.get_by_role("button", name="Next"))
    person.sees(page, "Ready to create")
    person.click(page.get_by_role("button", name="Create chatbot"))
    person.sees(page, "Linda is ready")


def put_on_page(person: Person, page: Page, browser: Browser) -> None:
    person.click(page.get_by_role("button", name="Put it on your page"))
    person.sees(page, "Go live")
    line = page.locator("pre", has_text="widget.js").first.inner_text()
    person.clicks += 2  # copy, paste
    with shop_page(line) as address:
        visitor = browser.new_page()
        visitor.goto(address)
        person.click(visitor.get_by_role("button").first)
        person.fill(visitor.get_by_role("textbox"), QUESTION)
        visitor.keyboard.press("Enter")
        expect(visitor.get_by_text("4.90").first).to_be_visible(timeout=30_000)
        person.screen(visitor)


@contextmanager
def shop_page(line: str) -> Iterator[str]:
    html = f"<!doctype html><html lang=en><title>Lindenhof</title><h1>Lindenhof</h1>{line}".encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--show", type=Path)
    given = parser.parse_args()
    if given.show:
        given.show.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        page = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 800}).new_page()
        person = Person(given.show)
        sign_up(person, page, given.url, given.data_dir)
        make_bot(person, page)
        put_on_page(person, page, browser)
        print(json.dumps(person.report(), indent=1))


if __name__ == "__main__":
    main()
