"""The console in a browser, against the real server with its database and its worker."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx2 import Client
from playwright.sync_api import Browser, Page, sync_playwright
from tests.conftest import MODELS_DIR
from tests.e2e.console.board import Board, set_up
from tests.e2e.console.pages import Console
from tests.e2e.console.peers import Mailbox, Peers, Platforms, Website, sign_in_service

from shopwright.entrypoints.console import BUILT
from shopwright.kit.embedded_postgres import EmbeddedPostgres

ROOT = Path(__file__).parents[3]
ADMIN, PASSWORD = "admin@installation.example", "a-long-admin-password"
SCREENSHOTS = os.environ.get("SHOPWRIGHT_SCREENSHOTS")
# For pictures the demo shop is read first.
START_SECONDS = 400 if SCREENSHOTS else 120
TEXTS = {
    "Delivery": "Standard delivery within Germany costs €4.90 and takes two to three working days.\n\n"
    "Delivery is free from an order value of €60. Express delivery costs €11.90.",
    "Returns": "You can return unworn articles within 30 days. Send them back with the label in the parcel.\n\n"
    "Worn shoes cannot be returned.",
    "Opening hours": "The shop in Bremen is open from Monday to Saturday, 10 a.m. to 7 p.m.",
}


@dataclass(frozen=True)
class Server:
    url: str
    owner: tuple[str, str]
    admin: tuple[str, str]
    bot: str
    dataset: str
    api: Client
    # Sign-ins are limited by person: tests take turns.
    people: Iterator[tuple[str, str]]
    # For what no customer and no owner could bring about.
    database: str = ""


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def peers() -> Iterator[Peers]:
    mailbox, website, platforms = Mailbox(_free_port()), Website(), Platforms()
    with mailbox.open() as smtp, website.open(), platforms.open(), sign_in_service(_free_port()) as issuer:
        yield Peers(smtp, mailbox, website, platforms, issuer, f"http://127.0.0.1:{_free_port()}")


@pytest.fixture(scope="session")
def server(peers: Peers) -> Iterator[Server]:
    """`shopwright serve` with a shop of three texts; with the demo shop for pictures."""
    if not (BUILT / "index.html").exists():
        pytest.fail("The console is not built; run 'make web'.")
    # Not below pytest's own folder: the database's user must get in, and other runs of pytest close it.
    data = Path(tempfile.mkdtemp(prefix="shopwright-console-"))
    port = _free_port()
    command = [sys.executable, "-m", "shopwright", "serve", "--port", str(port), "--data-dir", str(data)]
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("SHOPWRIGHT_")},
        "SHOPWRIGHT_MODELS_DIR": str(MODELS_DIR),
        "SHOPWRIGHT_ADMIN_EMAIL": ADMIN,
        "SHOPWRIGHT_ADMIN_PASSWORD": PASSWORD,
        "SHOPWRIGHT_SMTP_URL": peers.smtp,
        "SHOPWRIGHT_CRAWL_REQUESTS_PER_SECOND": "100",
        "SHOPWRIGHT_EGRESS_ALLOW": ",".join(
            urlsplit(one).netloc for one in (peers.website.url, peers.issuer, peers.nobody, peers.platforms.url)
        ),
        "SHOPWRIGHT_CHANNEL_URLS": peers.platforms.channel_urls,
    }
    with (data / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            command + ([] if SCREENSHOTS else ["--no-demo"]), env=environment, stdout=log, stderr=log
        )
    url = f"http://localhost:{port}"
    try:
        _until(lambda: "is ready at" in (data / "serve.log").read_text(), process, data / "serve.log")
        with Client(base_url=url, timeout=60) as api:
            made = _demo(api, url, data) if SCREENSHOTS else _shop(api, url)
            yield replace(made, database=EmbeddedPostgres(data, "shopwright_app", print).owner_url)
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(data, ignore_errors=True)


def _until(done: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not done():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the server did not start:\n{log.read_text()}")
        time.sleep(0.1)


def _sign_in(api: Client, path: str, email: str, password: str) -> None:
    api.headers.pop("authorization", None)
    answer = api.post(path, json={"email": email, "password": password}).raise_for_status()
    api.headers["authorization"] = f"Bearer {answer.json()['access_token']}"


@contextmanager
def signed_in(server: Server, path: str, email: str, password: str) -> Iterator[Client]:
    with Client(base_url=server.url, timeout=60) as api:
        _sign_in(api, path, email, password)
        yield api


def _demo(api: Client, url: str, data: Path) -> Server:
    demo = json.loads((data / "demo.json").read_text())
    owner = (demo["owner_email"], demo["owner_password"])
    _sign_in(api, "/v1/auth/login", *owner)
    dataset = api.get("/v1/tenant/datasets").json()["items"][0]["id"]
    return Server(url, owner, (ADMIN, PASSWORD), demo["bot_id"], dataset, api, cycle([owner]))


def _shop(api: Client, url: str) -> Server:
    owner = ("owner@harbour.example", "a-long-owner-password")
    _sign_in(api, "/admin/auth/login", ADMIN, PASSWORD)
    tenant = {"name": "Harbour", "slug": "harbour", "email": owner[0], "password": owner[1], "plan": "enterprise"}
    api.post("/admin/tenants", json=tenant).raise_for_status()
    _sign_in(api, "/v1/auth/login", *owner)
    dataset = make(api, "/v1/tenant/datasets", {"name": "Help"})
    for title, content in TEXTS.items():
        make(api, f"/v1/tenant/datasets/{dataset['id']}/documents", {"title": title, "content": content})
    limits = {"rate_limit_per_minute": 10_000, "rate_limit_per_second": 1_000}
    bot = make(api, "/v1/tenant/bots", {"name": "Aria", "is_public": True, **limits})
    make(api, f"/v1/tenant/bots/{bot['id']}/datasets", {"dataset_id": dataset["id"]})
    scope = {"allowed_topics": ["delivery", "returns"], "forbidden_topics": ["politics and religion"]}
    make(api, f"/v1/tenant/bots/{bot['id']}/scopes", scope)
    wait_until_read(api, dataset["id"])
    people = [owner]
    for name in ("second", "third"):
        people.append((f"{name}@harbour.example", owner[1]))
        make(api, "/v1/tenant/members", {"email": people[-1][0], "name": name, "password": owner[1], "role": "owner"})
    return Server(url, owner, (ADMIN, PASSWORD), bot["id"], dataset["id"], api, cycle(people))


def make(api: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = api.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def wait_until_read(api: Client, dataset: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        counts = api.get(f"/v1/tenant/datasets/{dataset}").json()["documents"]
        if counts["pending"] + counts["processing"] == 0:
            return
        assert time.monotonic() < deadline, counts
        time.sleep(0.1)


@pytest.fixture(scope="session")
def board(server: Server, peers: Peers) -> Board:
    """The shop's bot on many platforms; made when somebody looks at it."""
    return set_up(server.api, server.bot, peers.platforms)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.fail("No Chromium; run 'make chromium' (apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def console(page: Page, server: Server) -> Console:
    """The console with the shop's owner signed in; what breaks in the page breaks the test."""
    opened = Console(page, server.url)
    opened.sign_in(*next(server.people))
    return opened
