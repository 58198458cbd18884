"""How tests move in the console."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# What is on the screen belongs to the address, and nothing on it is still loading or moving.
SETTLED = """href => document.documentElement.dataset.page === href
  && document.querySelector('h1') && !document.querySelector('.animate-wait, .animate-turn')
  && document.getAnimations().every(one => one.playState !== 'running')"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Console:
    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.broken: list[str] = []
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.broken.append(message.text)

    def sign_in(self, email: str, password: str, path: str = "/sign-in", home: str = "/") -> None:
        page = self.page
        page.goto(self.url + path)
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        self.settle(home)

    def go(self, path: str) -> None:
        """Go to an address without loading the page again, as a link does."""
        self.jump(path)
        self.settle(path)

    def jump(self, path: str) -> None:
        """The same for a page that keeps moving."""
        self.page.evaluate("path => history.pushState({}, '', path)", path)

    def settle(self, path: str) -> None:
        self.page.wait_for_function(SETTLED, arg=path)

    def ask(self, question: str) -> None:
        before = self.page.get_by_text("How this came about", exact=True).count()
        self.page.get_by_placeholder("Ask a question").fill(question)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_text("How this came about", exact=True)).to_have_count(before + 1)

    def tab_to(self, target: Locator) -> None:
        """Go on with the Tab key until the focus is there; nowhere on a page does that take longer."""
        for _ in range(60):
            if target.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {target}")

    def check(self) -> list[str]:
        """What axe finds, as lines that say where."""
        self.page.evaluate(AXE.read_text() + ";0")
        found = self.page.evaluate("async rules => (await axe.run(document, rules)).violations", RULES)
        return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]

    def assert_whole(self) -> None:
        assert self.broken == []
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (
            "it can be scrolled sideways"
        )
