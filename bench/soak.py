"""Memory, connections and files of a server that is talked to for an hour.

    python bench/soak.py [--minutes 60] [--per-second 4]

Turns with the stub model and turns that quote, in conversations of five messages each, and a document now and then.
Prints the memory (PSS of all processes without PostgreSQL, MB) over time, and how much it grew after the first tenth.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx2
import psutil

sys.path.insert(0, os.fspath(Path(__file__).parent))

import speed
from speed import ANSWER, ROOT, Api, prepare, product, start, stop, wait_for
from start import memory

TOPICS = ("delivery", "returns", "orders", "shipping abroad", "guarantee", "invoice", "sizes", "subscription")
TURNS_IN_A_TALK = 5
SECONDS_BETWEEN_DOCUMENTS = 20
SECONDS_BETWEEN_LOOKS = 60


async def talk(http: httpx2.AsyncClient, targets: dict, per_second: float, ends: float, counts: dict) -> None:
    """Ask one question after the other at a steady pace."""
    due, number, session = time.monotonic(), 0, None
    while (now := time.monotonic()) < ends:
        await asyncio.sleep(max(0.0, due - now))
        due, number = due + 1 / per_second, number + 1
        target = targets["llm" if number % 2 else "quote"]
        question = f"What do you say about {TOPICS[number % len(TOPICS)]}, number {number}?"
        body = {**target["body"], "stream": False, "messages": [{"role": "user", "content": question}]}
        if number % TURNS_IN_A_TALK and session and session[0] == target["name"]:
            body["session_id"] = session[1]
        answer = await http.post(target["url"], json=body)
        counts["ok" if answer.status_code == 200 else "failed"] += 1
        if answer.status_code == 200:
            session = (target["name"], answer.json()["session_id"])


async def feed(api: Api, dataset: str, ends: float) -> None:
    number = 0
    while time.monotonic() < ends:
        number += 1
        note = {
            "title": f"Note {number}",
            "content": f"# Note {number}\n\n{ANSWER} zq{number}marker",
            "source_type": "text",
        }
        await asyncio.to_thread(api.post, f"/v1/tenant/datasets/{dataset}/documents", note)
        await asyncio.sleep(SECONDS_BETWEEN_DOCUMENTS)


def look(pid: int) -> dict[str, int]:
    tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    files = connections = 0
    for process in tree:
        try:
            files += process.num_fds()
            connections += len(process.net_connections("inet"))
        except psutil.Error:
            continue
    return {**memory(pid), "open files": files, "connections": connections}


async def soak(process_id: int, minutes: float, per_second: float) -> dict:
    api = Api()
    targets = prepare(api)
    dataset = api.post("/v1/tenant/datasets", {"name": "Soak"})["id"]
    counts, looks, ends = {"ok": 0, "failed": 0}, [], time.monotonic() + minutes * 60
    async with httpx2.AsyncClient(timeout=60) as http:
        work = [
            asyncio.create_task(talk(http, targets, per_second, ends, counts)),
            asyncio.create_task(feed(api, dataset, ends)),
        ]
        while time.monotonic() < ends:
            await asyncio.sleep(min(SECONDS_BETWEEN_LOOKS, max(1.0, ends - time.monotonic())))
            looks.append(look(process_id))
            print(len(looks), looks[-1], counts, flush=True)
        await asyncio.gather(*work)
    tenth = max(1, len(looks) // 10)
    early = statistics.median(each["total"] for each in looks[tenth : 2 * tenth] or looks[:1])
    late = statistics.median(each["total"] for each in looks[-tenth:])
    return {
        "minutes": minutes, "turns": counts, "MB after the first tenth": early, "MB at the end": late,
        "growth": round(late / early - 1, 3), "first": looks[0], "last": looks[-1],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--per-second", type=float, default=4)
    parser.add_argument("--peers", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results" / "soak.json")
    given = parser.parse_args()
    speed.PORT, speed.MOCK = 8796, 9916
    granian = str(Path(sys.executable).parent / "granian")
    stub = [granian, "--interface", "asgi", "--workers", "1", "--loop", "uvloop", "mock_llm:app", "--port", "9916"]
    with tempfile.TemporaryDirectory() as folder, product(Path(folder)) as server:
        model = start(stub, given.peers, MOCK_ANSWER=ANSWER)
        try:
            wait_for("http://127.0.0.1:9916/v1/models")
            result = asyncio.run(soak(server.pid, given.minutes, given.per_second))
        finally:
            stop(model)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(result, indent=1))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
