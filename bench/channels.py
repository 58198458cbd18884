"""Messages through the gateway: none lost, none answered twice, also while workers are killed; and how fast it is.

    python bench/channels.py drain  [--messages 10000] [--workers 2]
    python bench/channels.py outage [--messages 4000] [--pause 120]
    python bench/channels.py acks   [--messages 2000] [--senders 50] [--stall 30]
    python bench/channels.py chaos  [--seconds 60] [--seed 1] [--kill-min 0.1] [--kill-max 0.3]

Starts a database, API processes, workers and a platform of its own on loopback and ends them. `chaos` first convicts a
naive worker (marks, answers, sends, marks) under the same killer, then tries ours with two API processes, and kills the
database twice; it exits with 1 when the naive one passes or ours does not. `acks` asks questions of bots whose model
says nothing for so many seconds.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import statistics
import sys
import tempfile
import time
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psycopg

import channels_workers as children
from shopwright.channels.signing import sign_hmac
from shopwright.entrypoints.migrate import migrate
from shopwright.entrypoints.seed import run_seed
from shopwright.entrypoints.settings import Settings
from shopwright.kit.embedded_postgres import EmbeddedPostgres

PORT = 21510
DELIVERIES = 60
QUESTION = "How many days do I have to return an article?"
RETURNS = "# Returns\n\nYou can return unworn articles within 30 days of delivery. The return is free of charge."
SECRET = "a-secret-of-the-bench"
ADMIN = {"email": "admin@bench.example", "password": "a-bench-password"}
OWNER = {"email": "owner@bench.example", "password": "an-owner-password"}
Json = dict[str, Any]


@dataclass
class Sink:
    """The platform: it takes every message, and writes down in which order they came."""

    received: list[tuple[str, str]] = field(default_factory=list)  # conversation, key
    port: int = 0

    async def start(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1000)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.lower().split(b"\r\n")
                length = next((int(x.split(b":")[1]) for x in lines if x.startswith(b"content-length")), 0)
                body = json.loads(await reader.readexactly(length) if length else b"{}")
                if body.get("type", "message") == "message":
                    self.received.append((body["conversation"], body["id"]))
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        writer.close()


@dataclass
class Place:
    """Database, API and bots; workers come and go."""

    settings: Settings
    owner_url: str
    postgres: EmbeddedPostgres | None = None
    paths: list[str] = field(default_factory=list)
    apis: int = 1
    acked: dict[str, str] = field(default_factory=dict)  # message: conversation
    seconds: list[float] = field(default_factory=list)
    redelivered: int = 0
    text: str = "Hello"

    def kill_database(self) -> None:
        """`kill -9` of the postmaster; it is started again at once, as the product does."""
        assert self.postgres is not None
        process = self.postgres._process
        assert process is not None
        process.kill()
        process.wait(10)
        self.postgres.restart()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.owner_url) as connection:
            return connection.execute(query).fetchall()

    def waiting(self) -> int:
        query = "select (select count(*) from inbox where state = 'new') + (select count(*) from outbox where state"
        return int(self.rows(f"{query} = 'pending')")[0][0])

    async def write(self, http: httpx2.AsyncClient, path: str, thread: str, number: int) -> None:
        name = f"{thread}-{number}"
        event = {"type": "message", "id": name, "conversation": thread, "text": self.text, "sender": {"id": thread}}
        body, now = json.dumps(event).encode(), str(int(time.time()))
        signature = sign_hmac(SECRET, f"{now}.".encode() + body, prefix="sha256=")
        headers = {"x-shopwright-timestamp": now, "x-shopwright-signature": signature}
        for delivery in range(DELIVERIES):  # as platforms do: until it is acknowledged
            url = f"http://127.0.0.1:{PORT + (number + delivery) % self.apis}{path}"
            started = time.perf_counter()
            try:
                answer = await http.post(url, content=body, headers=headers)
            except httpx2.HTTPError:
                answer = None
            self.seconds.append(time.perf_counter() - started)
            if answer is not None and answer.status_code == 200:
                self.acked[name] = thread
                return
            self.redelivered += 1
            await asyncio.sleep(0.5)

    async def send(self, messages: int, threads: int, senders: int, first: int = 0) -> float:
        """Post messages spread over threads; returns the time that took."""
        numbers = iter(range(first, first + messages))
        started = time.perf_counter()
        async with httpx2.AsyncClient(timeout=60) as http:

            async def sender() -> None:
                for n in numbers:
                    thread = n % threads
                    await self.write(http, self.paths[thread % len(self.paths)], f"t{thread}", n)

            await asyncio.gather(*(sender() for _ in range(senders)))
        return time.perf_counter() - started

    async def drained(self, limit_seconds: float) -> float:
        started = time.perf_counter()
        while self.waiting() and time.perf_counter() - started < limit_seconds:  # noqa: ASYNC110
            await asyncio.sleep(0.25)
        return time.perf_counter() - started


async def stalled_model(seconds: float) -> asyncio.Server:
    """A model that takes every call and says nothing for so long."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(seconds)
        writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000)


def make_bots(place: Place, sink: Sink, count: int, model_port: int = 0) -> None:
    with httpx2.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as http:

        def post(path: str, body: Json) -> Json:
            answer = http.post(path, json=body)
            if answer.status_code >= 300:
                raise SystemExit(f"{path}: {answer.status_code} {answer.text}")
            return dict(answer.json())

        http.headers["authorization"] = f"Bearer {post('/admin/auth/login', ADMIN)['access_token']}"
        post("/admin/tenants", {"name": "Bench", "slug": "bench", "plan": "enterprise", **OWNER})
        del http.headers["authorization"]
        http.headers["authorization"] = f"Bearer {post('/v1/auth/login', OWNER)['access_token']}"
        url = f"http://127.0.0.1:{sink.port}"
        fields: Json = {"rate_limit_per_minute": 100_000, "rate_limit_per_second": 10_000}
        dataset = ""
        if model_port:
            address = f"http://127.0.0.1:{model_port}/v1"
            about = {"provider_name": "openai_compatible", "base_url": address, "api_key": "sk-bench-key-0000"}
            fields |= {"tenant_ai_provider_id": post("/v1/tenant/ai-providers", about)["id"], "model": "stalls"}
            dataset = post("/v1/tenant/datasets", {"name": "Bench"})["id"]
            note = {"title": "Returns", "content": RETURNS, "source_type": "markdown"}
            post(f"/v1/tenant/datasets/{dataset}/documents", note)
        for n in range(count):
            bot = post("/v1/tenant/bots", {"name": f"Bot {n}", **fields})
            if dataset:
                post(f"/v1/tenant/bots/{bot['id']}/datasets", {"dataset_id": dataset})
            wanted = {"channel": "http", "fields": {"callback_url": url, "secret": SECRET}}
            made = post(f"/v1/tenant/bots/{bot['id']}/deployments", wanted)
            place.paths.append(httpx2.URL(made["webhook_url"]).path)


def judge(place: Place, sink: Sink, started: int) -> Json:
    """The invariants, counted in the database and at the platform."""
    inbox = dict(place.rows("select external_id, state from inbox"))
    dead = place.rows("select count(*) from inbox where state = 'dead'")[0][0]
    dead += place.rows("select count(*) from outbox where state = 'dead'")[0][0]
    sent = {str(key): str(thread) for key, thread in place.rows(
        "select o.id, t.thread from outbox o join threads t on t.id = o.thread_id where o.state = 'sent'")}  # fmt: skip
    twice = place.rows("select count(*) from (select inbound_message_id from turns group by 1 having count(*) > 1) x")
    copies = Counter(key for _, key in sink.received)
    firsts: dict[str, list[str]] = defaultdict(list)
    for thread, key in sink.received:
        if key not in firsts[thread]:
            firsts[thread].append(key)
    stored: dict[str, list[str]] = defaultdict(list)
    for key, thread in place.rows("select o.id::text, t.thread from outbox o join threads t on t.id = o.thread_id"
                                  " where o.state = 'sent' order by o.seq"):  # fmt: skip
        stored[thread].append(key)
    return {
        "acknowledged": len(place.acked),
        "lost (acknowledged, not in the inbox)": len(set(place.acked) - set(inbox)),
        "unfinished": place.waiting(),
        "dead with reason": dead,
        "answers": len(sent),
        "answered twice": twice[0][0],
        "sent and not received": len(set(sent) - set(copies)),
        "received and not stored": len(set(copies) - set(sent)),
        "identical copies": sum(copies.values()) - len(copies),
        "threads out of order": sum(firsts[thread] != keys for thread, keys in stored.items()),
        "kills": started,
    }


BAD = ("lost (acknowledged, not in the inbox)", "unfinished", "answered twice", "sent and not received",
       "received and not stored", "threads out of order")  # fmt: skip


async def drain(place: Place, sink: Sink, given: argparse.Namespace) -> bool:
    """All messages are there before the workers start: how fast do they empty it?"""
    posted = await place.send(given.messages, given.messages, 50)
    fleet = children.Fleet(given.workers, children.gateway_worker, place.settings)
    started = time.perf_counter()
    fleet.start()
    await place.drained(given.limit)
    seconds = time.perf_counter() - started
    fleet.stop()
    result = judge(place, sink, 0)
    report({**result, "posted per second": round(given.messages / posted), "drained per second":
            round(result["answers"] / seconds, 1)})  # fmt: skip
    return not any(result[name] for name in BAD)


async def outage(place: Place, sink: Sink, given: argparse.Namespace) -> bool:
    """The workers are away for a while and messages go on coming: is the pile worked off as fast as messages are?"""
    half = given.messages // 2
    await place.send(half, half, 50)
    fleet = children.Fleet(given.workers, children.gateway_worker, place.settings)
    started = time.perf_counter()
    fleet.start()
    await place.drained(given.limit)
    steady = half / (time.perf_counter() - started)
    fleet.stop()
    pause = asyncio.create_task(asyncio.sleep(given.pause))
    await place.send(half, half, 50, first=half)
    await pause
    fleet = children.Fleet(given.workers, children.gateway_worker, place.settings)
    started = time.perf_counter()
    fleet.start()
    await place.drained(given.limit)
    after = half / (time.perf_counter() - started)
    fleet.stop()
    result = judge(place, sink, 0)
    report({**result, "steady per second": round(steady, 1), "after the pause per second": round(after, 1),
            "after / steady": round(after / steady, 2)})  # fmt: skip
    return not any(result[name] for name in BAD) and after >= 0.9 * steady


async def acks(place: Place, _sink: Sink, given: argparse.Namespace) -> bool:
    """Many senders at once while the workers answer, or wait for a model."""
    fleet = children.Fleet(given.workers, children.gateway_worker, place.settings)
    fleet.start()
    place.text = QUESTION if given.stall else place.text
    await place.send(200, 200, given.senders)  # warm
    place.seconds.clear()
    await place.send(given.messages, given.messages, given.senders, first=1000)
    fleet.stop()
    ranked = sorted(place.seconds)
    half, most = statistics.median(ranked), ranked[int(len(ranked) * 0.99)]
    place.seconds.clear()
    await place.send(300, 300, 1, first=100_000)
    alone = sorted(place.seconds)
    report({"acknowledged": len(place.acked), "p50 ms": round(half * 1000, 1), "p99 ms": round(most * 1000, 1),
            "p99 / p50": round(most / half, 2), "one sender, no worker: p50 ms": round(alone[150] * 1000, 1),
            "p99 ms, one sender": round(alone[297] * 1000, 1)})  # fmt: skip
    return most <= 10 * half


async def chaos(place: Place, sink: Sink, given: argparse.Namespace) -> bool:
    """The same killer for a naive worker and for ours."""
    convicted = await naive(place, sink, given)
    sink.received.clear()
    fleet = children.Fleet(given.workers, children.gateway_worker, place.settings)
    fleet.start()
    killer = asyncio.create_task(fleet.kill(random.Random(given.seed), given.kill_min, given.kill_max))
    began, n = time.perf_counter(), 0
    blows = [began + given.seconds / 3, began + given.seconds * 2 / 3]
    while time.perf_counter() < began + given.seconds:
        await place.send(20, 400, 5, first=n)
        n += 20
        if blows and time.perf_counter() > blows[0]:
            blows.pop(0)
            await asyncio.to_thread(place.kill_database)
        await asyncio.sleep(0.3)
    killer.cancel()
    await asyncio.gather(killer, return_exceptions=True)
    await place.drained(given.limit)
    fleet.stop()
    result = judge(place, sink, fleet.kills)
    report({"ours": {**result, "kills of the database": 2 - len(blows), "delivered again": place.redelivered}})
    return convicted and not any(result[name] for name in BAD)


async def naive(place: Place, sink: Sink, given: argparse.Namespace) -> bool:
    """A worker that marks, answers, sends and marks: is it found out?"""
    messages = [str(uuid.UUID(int=n)) for n in range(int(given.seconds * 20))]
    with psycopg.connect(place.owner_url) as connection:
        connection.execute("create table bench_naive (id text primary key, state text not null default 'new')")
        connection.execute("grant all on bench_naive to public")
        with connection.cursor().copy("copy bench_naive (id) from stdin") as copy:
            for name in messages:
                copy.write_row((name,))
    fleet = children.Fleet(given.workers, children.naive_worker, (place.owner_url, sink.port))
    fleet.start()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(given.seconds / 2):
            await fleet.kill(random.Random(given.seed), given.kill_min, given.kill_max)
    await asyncio.sleep(3)
    fleet.stop()
    copies: dict[str, set[str]] = defaultdict(set)
    for name, key in sink.received:
        copies[name].add(key)
    lost = [m for m in messages if m not in copies and m not in dict(place.rows("select id, state from bench_naive"
            " where state = 'new'"))]  # fmt: skip
    report({"naive": {"messages": len(messages), "kills": fleet.kills, "lost": len(lost), "answered twice, differently":
                      sum(len(keys) > 1 for keys in copies.values())}})  # fmt: skip
    return bool(lost)


def report(figures: Json) -> None:
    print(json.dumps(figures, indent=2), flush=True)


async def main(given: argparse.Namespace, folder: Path) -> bool:
    task = asyncio.current_task()
    assert task is not None
    # Told to stop, it still ends what it started.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", PORT), 1):
        raise SystemExit(f"something else listens on port {PORT}; end it first")
    postgres = EmbeddedPostgres(folder, "shopwright_app", lambda _line: None)
    postgres.start()
    sink = Sink()
    server = await sink.start()
    settings = Settings(
        _env_file=None, database_url=postgres.app_url, data_dir=folder, egress_allow=["127.0.0.1"], port=PORT,
        admin_email=ADMIN["email"], admin_password=ADMIN["password"], demo=False,
    )  # type: ignore[call-arg]  # fmt: skip
    place = Place(settings, postgres.owner_url, postgres, apis=2 if given.what == "chaos" else 1)
    model = await stalled_model(given.stall) if given.what == "acks" and given.stall else None
    apis: list[Any] = []
    try:
        await asyncio.to_thread(migrate, postgres.owner_url, lambda _line: None)
        await asyncio.to_thread(run_seed, settings)
        for n in range(place.apis):
            apis.append(children.start_api(settings, PORT + n))
            await asyncio.to_thread(children.wait_for, f"http://127.0.0.1:{PORT + n}/health/quick")
        model_port = model.sockets[0].getsockname()[1] if model else 0
        await asyncio.to_thread(make_bots, place, sink, given.bots, model_port)
        ways = {"drain": drain, "outage": outage, "acks": acks, "chaos": chaos}
        return await ways[given.what](place, sink, given)
    finally:
        for api in apis:
            children.end(api)
        if model is not None:
            model.close()
        server.close()
        postgres.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["drain", "outage", "acks", "chaos"])
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--bots", type=int, default=25, help="each has its own rate on the platform")
    parser.add_argument("--pause", type=float, default=120, help="seconds without workers")
    parser.add_argument("--stall", type=float, default=0, help="seconds for which the bots' model says nothing")
    parser.add_argument("--senders", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--limit", type=float, default=900, help="seconds to wait until all is done")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill-min", type=float, default=0.1)
    parser.add_argument("--kill-max", type=float, default=0.3)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory(prefix="shopwright-bench-") as where:
        sys.exit(0 if asyncio.run(main(parser.parse_args(), Path(where))) else 1)
