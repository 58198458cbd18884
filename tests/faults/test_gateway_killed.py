"""A process dies between a platform's message and the answer there: nothing is lost, nothing is answered twice."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import pytest_asyncio
from httpx2 import AsyncClient
from tests.faults.test_worker_killed import DEADLINE_SECONDS, age_heartbeats, hand_back
from tests.gateway.stub_platform import StubPlatform
from tests.gateway.talk import QUESTION, Jobs, Line, open_line
from tests.shops import Shop

import shopwright
from shopwright.entrypoints.settings import Settings
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.kit.failpoints import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
RECEIVING = "gateway.received"
WORKING = [
    "gateway.claimed", "gateway.opened", "gateway.before_commit", "gateway.answered", "gateway.before_send",
    "gateway.sent", "gateway.recorded",
]  # fmt: skip


def test_every_failpoint_of_the_gateway_is_tried_here() -> None:
    source = Path(shopwright.__file__).parent
    named = {name for file in source.rglob("*.py") for name in re.findall(r'failpoint\("([^"]+)"\)', file.read_text())}
    assert {name for name in named if name.startswith("gateway.")} == {RECEIVING, *WORKING}


@pytest_asyncio.fixture
async def line(
    shop: Shop, platform: StubPlatform, client: AsyncClient, run_jobs: Jobs, postgres: EmbeddedPostgres
) -> Line:
    with psycopg.connect(postgres.owner_url) as connection:  # what other tests left undone would be done first
        connection.execute("delete from procrastinate_jobs where status in ('todo', 'failed')")
    return await open_line(shop, platform, client, run_jobs, postgres)


@asynccontextmanager
async def process(settings: Settings, failpoints: str, *command: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    assert settings.database_url is not None
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("SHOPWRIGHT_")},
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SHOPWRIGHT_DATA_DIR": str(settings.data_dir), "SHOPWRIGHT_MODELS_DIR": str(settings.models_dir),
        "SHOPWRIGHT_MODEL_THREADS": "1", "SHOPWRIGHT_EGRESS_ALLOW": "127.0.0.1", ENVIRONMENT: failpoints,
    }  # fmt: skip
    started = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-m", "tests.gateway.process", *command],
        env=environment, cwd=ROOT, stdin=subprocess.PIPE if "receive" in command else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        await asyncio.to_thread(started.wait, 20)


def make_due(line: Line) -> None:
    with psycopg.connect(line.owner_url) as connection:
        connection.execute("update procrastinate_jobs set scheduled_at = now() where status = 'todo'")


async def said(line: Line) -> list[str]:
    [talk] = (await line.shop.get("/v1/tenant/conversations"))["items"]
    messages = (await line.shop.get(f"/v1/tenant/conversations/{talk['id']}/messages"))["items"]
    return [message["author"] for message in messages]


@pytest.mark.parametrize("name", WORKING)
async def test_a_worker_killed_anywhere_leaves_one_answer(
    line: Line, settings: Settings, postgres: EmbeddedPostgres, tmp_path: Path, name: str
) -> None:
    await line.write("chat-1", QUESTION)
    make_due(line)
    flag = tmp_path / "reached"

    async with process(settings, f"{name}={flag}", "worker") as worker:
        assert await asyncio.to_thread(worker.wait, DEADLINE_SECONDS) == -signal.SIGKILL
    assert flag.exists(), "the failpoint was not reached"
    age_heartbeats(postgres)
    assert await hand_back(settings) == 1
    await line.settle()

    assert [row[1] for row in line.inbox()] == ["done"]
    assert [row[0] for row in line.outbox()] == ["sent"]
    assert await said(line) == ["contact", "bot"]
    # Only who dies between the platform's answer and its record sends again, and then the same.
    assert len(line.platform.sent) == (2 if name == "gateway.sent" else 1)
    assert len({body["text"] for body in line.platform.sent}) == 1


async def test_a_process_killed_between_storing_a_message_and_saying_so_leaves_it_once(
    line: Line, settings: Settings, tmp_path: Path
) -> None:
    event = line.message("chat-1", QUESTION)
    body = json.dumps({"events": [event]}).encode()
    token = line.path.rsplit("/", 1)[1]

    async with process(settings, f"{RECEIVING}={tmp_path / 'reached'}", "receive", "http", token) as receiver:
        await asyncio.to_thread(receiver.communicate, body, DEADLINE_SECONDS)
        assert receiver.returncode == -signal.SIGKILL
    assert (await line.post(event)).status_code == 200  # the platform got no answer, and delivers again
    await line.settle()

    assert len(line.inbox()) == 1
    assert len(line.platform.texts("chat-1")) == 1


async def test_a_worker_that_was_thought_dead_and_comes_back_stores_no_second_answer(
    line: Line, settings: Settings, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    await line.write("chat-1", QUESTION)
    make_due(line)
    async with process(settings, f"gateway.opened!={tmp_path / 'reached'}", "worker") as slow:
        async with asyncio.timeout(DEADLINE_SECONDS):
            while psutil.Process(slow.pid).status() != psutil.STATUS_STOPPED:
                assert slow.poll() is None
                await asyncio.sleep(0.05)
        age_heartbeats(postgres)
        assert await hand_back(settings) == 1
        await line.settle()
        first = line.platform.texts("chat-1")
        slow.send_signal(signal.SIGCONT)
        slow.terminate()
        await asyncio.to_thread(slow.wait, 60)

    await line.settle()
    assert len(first) == 1
    assert line.platform.texts("chat-1") == first
    assert await said(line) == ["contact", "bot"]
