"""The application on a real PostgreSQL, one server for each test process; each test works in tenants of its own."""

import asyncio
import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from shopwright.channels.registry import CHANNELS
from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.migrate import migrate
from shopwright.entrypoints.seed import create_admin, seed
from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import Core, libpq_address
from shopwright.entrypoints.worker import _become_app, open_work
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.kit.jobs import create_job_app
from shopwright.knowledge.parsing import ParserPool
from tests.gateway.stub_platform import StubChannel, StubPlatform
from tests.ports import free_port
from tests.shops import ADMIN_EMAIL, ADMIN_PASSWORD, Shop, open_shop
from tests.stub_model import StubModel

MODELS_DIR = Path(os.environ.get("SHOPWRIGHT_MODELS_DIR", "~/.cache/shopwright/models")).expanduser()
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="shopwright-test-") as folder:
        server = EmbeddedPostgres(Path(folder), "shopwright_app", lambda _line: None)
        server.start()
        migrate(server.owner_url, lambda _line: None)
        yield server
        server.stop()


@pytest.fixture(scope="session")
def settings(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        _env_file=None,
        database_url=postgres.app_url,
        data_dir=tmp_path_factory.mktemp("data"),
        models_dir=MODELS_DIR,
        egress_allow=["127.0.0.1"],
        lab_url=f"http://127.0.0.1:{free_port()}",
        pool_size=8,
        crawl_requests_per_second=100,
    )


@pytest_asyncio.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    await seed(settings)
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        await create_admin(application.state.db, ADMIN_EMAIL, ADMIN_PASSWORD)
        yield application


@pytest_asyncio.fixture(scope="session")
async def core(app: FastAPI) -> Core:
    core: Core = app.state.core
    return core


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A caller without any credential."""
    # Errors inside become answers, as they do behind a real server.
    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test") as http:
        yield http


@pytest_asyncio.fixture(scope="session")
async def admin_token(app: FastAPI) -> str:
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as http:
        answer = await http.post("/admin/auth/login", json={"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})
    return str(answer.json()["access_token"])


@pytest_asyncio.fixture
async def admin(client: AsyncClient, admin_token: str) -> AsyncClient:
    """A caller with an administrator's token."""
    http = AsyncClient(transport=client._transport, base_url="http://test")
    http.headers["authorization"] = f"Bearer {admin_token}"
    return http


@pytest_asyncio.fixture
async def shop(app: FastAPI, admin_token: str) -> AsyncIterator[Shop]:
    """A new tenant with its owner signed in."""
    async with open_shop(app, admin_token, f"shop-{os.getpid()}-{next(_numbers)}") as opened:
        yield opened


@pytest_asyncio.fixture
async def other_shop(app: FastAPI, admin_token: str) -> AsyncIterator[Shop]:
    """Another tenant, which must see nothing of the first."""
    async with open_shop(app, admin_token, f"other-{os.getpid()}-{next(_numbers)}") as opened:
        yield opened


@pytest_asyncio.fixture(scope="session")
async def parsers() -> AsyncIterator[ParserPool]:
    pool = ParserPool()
    await pool.start()
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
def run_jobs(core: Core, parsers: ParserPool) -> Callable[[], Awaitable[None]]:
    """Do all waiting jobs, as a worker does, and return when none is left."""

    async def run() -> None:
        async with (
            open_work(core, parsers) as work,
            create_job_app(libpq_address(core.settings), work, before=_become_app).open_async() as jobs,
        ):
            while await _jobs_are_due(core):  # a job may enqueue another one
                await jobs.run_worker_async(
                    wait=False,
                    install_signal_handlers=False,
                    listen_notify=False,
                    delete_jobs="successful",
                    concurrency=2,
                )

    return run


async def _jobs_are_due(core: Core) -> bool:
    due = sa.text("select exists (select from procrastinate_jobs where status = 'todo' and"
                  " coalesce(scheduled_at, now()) <= now())")  # fmt: skip
    async with core.db.nobody() as session, session.begin():
        return bool(await session.scalar(due))


@pytest_asyncio.fixture
async def stub_model() -> AsyncIterator[StubModel]:
    """A model server of our own on this machine, which says what a test tells it to say."""
    async with StubModel.started() as stub:
        yield stub


@pytest_asyncio.fixture
async def platform(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StubPlatform]:
    """A messaging platform of our own on this machine, in the place of the generic one."""
    monkeypatch.setitem(CHANNELS, StubChannel.slug, StubChannel)  # type: ignore[arg-type]
    async with StubPlatform.started() as stub:
        yield stub


def pytest_collection_modifyitems(items: list[Any]) -> None:
    for item in items:
        if asyncio.iscoroutinefunction(getattr(item, "function", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"))
