"""The widget in a real browser, against the real server, on pages of other origins."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from tests.e2e.widget.places import ShopPage, Wire

from shopwright.entrypoints.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
START_SECONDS = 60


@pytest.fixture(scope="session")
def built() -> None:
    subprocess.run(["make", "--silent", "web"], cwd=ROOT, check=True)


@dataclass
class Server:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
def server(app: FastAPI, settings: Settings, built: None) -> Iterator[Server]:
    """The HTTP server in a process of its own, on the database of the tests."""
    assert settings.database_url is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("SHOPWRIGHT_")},
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SHOPWRIGHT_DATA_DIR": str(settings.data_dir),
        "SHOPWRIGHT_MODELS_DIR": str(settings.models_dir),
        "SHOPWRIGHT_MODEL_THREADS": "1",
        "SHOPWRIGHT_EGRESS_ALLOW": "127.0.0.1",
        "SHOPWRIGHT_PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "shopwright", "api", "--port", str(port)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        asyncio.run(_ready(f"http://127.0.0.1:{port}/health/quick"))
        yield Server(port)
    finally:
        process.terminate()
        process.wait(30)


async def _ready(url: str) -> None:
    async with httpx2.AsyncClient(timeout=2) as http:
        async with asyncio.timeout(START_SECONDS):
            while True:
                try:
                    if (await http.get(url)).status_code == 200:
                        return
                except httpx2.HTTPError:
                    await asyncio.sleep(0.1)


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "these tests need Chromium: apt-get install chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def shop_page() -> AsyncIterator[ShopPage]:
    async with ShopPage.started() as page:
        yield page


@pytest_asyncio.fixture
async def wire(server: Server) -> AsyncIterator[Wire]:
    async with Wire.started(server.port) as wire:
        yield wire


@dataclass
class Visit:
    """A visitor's tab, with all that went wrong in it."""

    page: Page
    context: BrowserContext
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def open(self) -> None:
        await self.page.locator(".launcher").click()
        await self.page.locator(".panel textarea").first.wait_for()

    async def ask(self, text: str) -> None:
        """Say something and wait for the whole answer."""
        answers = self.page.locator(".messages > li.bot .tools")
        before = await answers.count()
        await self.say(text)
        await answers.nth(before).wait_for(state="attached")

    async def say(self, text: str) -> None:
        await self.page.get_by_label("Your message").fill(text)
        await self.page.keyboard.press("Enter")

    async def messages(self) -> list[str]:
        return await self.page.locator("ol.messages > li .bubble:not(.typing)").all_inner_texts()

    async def settled(self) -> None:
        """Wait until what moves in has arrived."""
        await self.page.evaluate(
            "() => Promise.all([...document.querySelectorAll('[data-shopwright]')].flatMap((host) =>"
            " host.shadowRoot.getAnimations().filter((a) => a.effect.getTiming().iterations !== Infinity)"
            " .map((a) => a.finished.catch(() => 0))))"
        )

    async def axe(self) -> list[str]:
        """What axe finds, as `rule: element`."""
        await self.settled()
        await self.page.evaluate(AXE.read_text())
        found = await self.page.evaluate(
            "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
            ".flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`))"
        )
        return list(found)


Visiting = Callable[..., Any]


@pytest_asyncio.fixture
async def visiting(browser: Browser) -> AsyncIterator[Visiting]:
    """Opens tabs; at the end no page of a test may have thrown anything."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    async def visit(url: str | None, *, context: BrowserContext | None = None, **options: Any) -> Visit:
        if context is None:
            context = await browser.new_context(locale=options.pop("locale", "en-GB"), **options)
            context.set_default_timeout(15_000)
            contexts.append(context)
        made = Visit(await context.new_page(), context)
        made.page.on("console", lambda message: made.console.append(f"{message.type}: {message.text}"))
        made.page.on("pageerror", lambda error: made.errors.append(str(error)))
        visits.append(made)
        if url:
            await made.page.goto(url)
        return made

    yield visit
    for context in contexts:
        await context.close()
    assert [error for visit in visits for error in visit.errors] == []
