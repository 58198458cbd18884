"""The processes of `channels.py`: workers that are forked with their code loaded, and a killer for them.

A worker that is killed every few tenths of a second must begin quickly, or it would never get to work.
"""

import asyncio
import contextlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psycopg

import shopwright.entrypoints.worker as product
from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import libpq_address, open_core
from shopwright.gateway.services import QUEUE
from shopwright.knowledge.parsing import ParserPool

CONTEXT = multiprocessing.get_context("forkserver")
# The process that the workers are forked from looks there for what it loads beforehand.
os.environ["PYTHONPATH"] = os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")))
CONTEXT.set_forkserver_preload(["channels_workers", "channels"])


def gateway_worker(ready: Connection, settings: Settings) -> None:
    """The product's worker, as far as it works for platforms."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    asyncio.run(_gateway(ready, settings))


async def _gateway(ready: Connection, settings: Settings) -> None:
    os.nice(product.NICENESS)
    async with open_core(settings, pool_size=8) as core, product.open_work(core, ParserPool()) as work:
        told = False
        while True:
            try:
                app = product.create_job_app(libpq_address(settings), work, before=product._become_app)
                async with app.open_async():
                    if not told:
                        ready.send(True)
                        told = True
                    await asyncio.gather(
                        product._work(app, concurrency=16, queues=[QUEUE], polling_seconds=0.25),
                        product._rescue(app, asyncio.Event()),
                    )
            except Exception:  # noqa: BLE001 - as the product's worker: the database went away, and comes back
                await asyncio.sleep(product.RECONNECT_SECONDS)


def naive_worker(ready: Connection, where: tuple[str, int]) -> None:
    """What one writes first: mark, answer, send, mark."""
    url, port = where
    with psycopg.connect(url, autocommit=True) as connection:
        ready.send(True)
        while True:
            row = connection.execute(
                "update bench_naive set state = 'doing' where id = (select id from bench_naive where state = 'new'"
                " limit 1 for update skip locked) returning id"
            ).fetchone()
            if row is None:
                time.sleep(0.05)
                continue
            time.sleep(0.02)  # as long as an answer takes at least
            body = f'{{"conversation": "{row[0]}", "id": "{uuid.uuid4()}"}}'.encode()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", body, 5)
            connection.execute("update bench_naive set state = 'done' where id = %s", row)


class Fleet:
    """Workers of one kind; one that ended is followed by another until the fleet is stopped."""

    def __init__(self, size: int, work: Callable[[Connection, Any], None], given: Any) -> None:
        self.size, self._work, self._given = size, work, given
        self.kills = 0
        self._workers: list[tuple[BaseProcess, Connection]] = []

    def start(self) -> None:
        """Start all and wait until they work."""
        self._workers = [self._one() for _ in range(self.size)]
        for _, ready in self._workers:
            ready.poll(60)

    def _one(self) -> tuple[BaseProcess, Connection]:
        here, there = CONTEXT.Pipe(duplex=False)
        process = CONTEXT.Process(target=self._work, args=(there, self._given), daemon=True)
        process.start()
        return process, here

    async def kill(self, dice: random.Random, least: float, most: float) -> None:
        """Kill a worker now and then, for ever; only one that has begun to work can be hit in its work."""
        while True:
            await asyncio.sleep(dice.uniform(least, most))
            at = dice.randrange(self.size)
            process, ready = self._workers[at]
            if not ready.poll():
                continue
            os.kill(process.pid or 0, signal.SIGKILL)
            await asyncio.to_thread(process.join, 10)
            self.kills += 1
            self._workers[at] = self._one()

    def stop(self) -> None:
        for process, _ in self._workers:
            process.kill()
            process.join(10)


def start_api(settings: Settings, port: int) -> subprocess.Popen[bytes]:
    assert settings.database_url is not None
    environment = {
        **os.environ, "DATABASE_URL": settings.database_url.get_secret_value(), "PORT": str(port),
        "SHOPWRIGHT_DATA_DIR": str(settings.data_dir), "SHOPWRIGHT_EGRESS_ALLOW": "127.0.0.1",
    }  # fmt: skip
    command = [sys.executable, "-m", "shopwright", "api", "--port", str(port)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def wait_for(url: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.1)
    raise SystemExit(f"{url} did not answer")


def end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
