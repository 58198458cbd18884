"""A chat turn against the floor: the least that this stack can do.

    python bench/speed.py [--secs 8] [--rounds 3] [--conc 1 16]

Starts a server of its own in a temporary folder, the stub model and the floor beside it (`--peers`, by default
../shared/bench), measures A B A B in one run, and prints ratios. Everything is on loopback, and is ended at the end.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg

ROOT = Path(__file__).resolve().parent.parent
PORT, MOCK, FLOOR = 8791, 9911, 9931
ANSWER = " ".join(f"word{i}" for i in range(38)) + " [1] done."
ADMIN = {"email": "admin@bench.example", "password": "a-bench-password"}


def start(command: list[str], cwd: Path | None = None, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip


def stop(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def wait_for(url: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx2.HTTPError):
            if httpx2.get(url, timeout=2).status_code < 500:
                return
        time.sleep(0.05)
    raise SystemExit(f"{url} did not answer")


@contextlib.contextmanager
def product(folder: Path, **environment: str) -> Iterator[subprocess.Popen]:
    shopwright = str(Path(sys.executable).parent / "shopwright")
    process = start(
        [shopwright, "serve", "--port", str(PORT), "--data-dir", str(folder), "--no-demo"],
        SHOPWRIGHT_ADMIN_EMAIL=ADMIN["email"], SHOPWRIGHT_ADMIN_PASSWORD=ADMIN["password"],
        SHOPWRIGHT_EGRESS_ALLOW="127.0.0.1", **environment,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{PORT}/health/quick")
        yield process
    finally:
        stop(process)


class Api:
    """The calls the bench needs, as the owner of a tenant."""

    def __init__(self) -> None:
        self.http = httpx2.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=120)
        token = self.post("/admin/auth/login", ADMIN)["access_token"]
        self.http.headers["authorization"] = f"Bearer {token}"
        owner = {"email": "owner@bench.example", "password": "an-owner-password"}
        self.post("/admin/tenants", {"name": "Bench", "slug": "bench", "plan": "enterprise", **owner})
        del self.http.headers["authorization"]
        token = self.post("/v1/auth/login", owner)["access_token"]
        self.http.headers["authorization"] = f"Bearer {token}"

    def post(self, path: str, body: dict) -> dict:
        answer = self.http.post(path, json=body)
        if answer.status_code >= 300:
            raise SystemExit(f"{path}: {answer.status_code} {answer.text}")
        return answer.json()

    def wait(self, dataset: str) -> float:
        started = time.perf_counter()
        while True:
            counts = self.http.get(f"/v1/tenant/datasets/{dataset}").json()["documents"]
            if not counts["pending"] + counts["processing"]:
                return time.perf_counter() - started
            time.sleep(0.05)  # a look costs the machine as much as a turn


def prepare(api: Api) -> dict[str, dict]:
    """A bot that a model answers for and one that quotes, on the same documents."""
    dataset = api.post("/v1/tenant/datasets", {"name": "Bench"})
    topics = ("delivery", "returns", "orders", "shipping abroad", "guarantee", "invoice", "sizes", "subscription")
    documents = [
        {
            "title": f"About {topic}",
            "content": f"# {topic.title()}\n\nWhat we say about {topic}. {ANSWER.replace(' [1] done.', ' done.')}",
        }
        for topic in topics
    ]
    api.post(f"/v1/tenant/datasets/{dataset['id']}/documents/batch", {"documents": documents})
    api.wait(dataset["id"])
    provider = api.post(
        "/v1/tenant/ai-providers",
        {
            "provider_name": "openai_compatible",
            "base_url": f"http://127.0.0.1:{MOCK}/v1",
            "api_key": "sk-bench-key-0000",
        },
    )
    limits = {"rate_limit_per_minute": 100_000, "rate_limit_per_second": 10_000}
    targets = {}
    for name, provider_id in (("llm", provider["id"]), ("quote", None)):
        bot = api.post(
            "/v1/tenant/bots",
            {"name": name, "tenant_ai_provider_id": provider_id, "model": "mock-1", "is_public": True, **limits},
        )
        api.post(f"/v1/tenant/bots/{bot['id']}/datasets", {"dataset_id": dataset["id"]})
        targets[name] = {
            "name": f"shopwright-{name}",
            "url": f"http://127.0.0.1:{PORT}/v1/chat/public",
            "kind": "sse",
            "answer": "text",
            "must": "done" if name == "llm" else "",
            "headers": {"accept": "text/event-stream"},
            "body": {"bot_id": bot["id"], "messages": [{"role": "user", "content": "{msg}"}], "stream": True},
        }
    return targets


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--secs", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--conc", type=int, nargs="*", default=[1, 16])
    parser.add_argument("--peers", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results" / "speed.json")
    given = parser.parse_args()
    sys.path.insert(0, str(given.peers))
    import lg

    results = {}
    with tempfile.TemporaryDirectory() as folder, product(Path(folder)) as _process:
        api = Api()
        targets = prepare(api)
        dsn = f"postgresql://postgres@/floor?host={folder}/postgres/socket"
        with psycopg.connect(dsn.replace("/floor", "/postgres"), autocommit=True) as connection:
            connection.execute("create database floor")
        granian = str(Path(sys.executable).parent / "granian")
        options = ["--interface", "asgi", "--workers", "1", "--loop", "uvloop"]
        peers = [
            start([granian, *options, "mock_llm:app", "--port", str(MOCK)], given.peers, MOCK_ANSWER=ANSWER),
            start(
                [granian, *options, "floor:app", "--port", str(FLOOR)],
                given.peers,
                FLOOR_DSN=dsn,
                FLOOR_LLM=f"http://127.0.0.1:{MOCK}/v1",
            ),
        ]
        try:
            wait_for(f"http://127.0.0.1:{MOCK}/v1/models")
            wait_for(f"http://127.0.0.1:{FLOOR}/search?q=x")
            words = ANSWER.replace("[1] ", "")
            httpx2.post(f"http://127.0.0.1:{FLOOR}/docs", json={"docs": [{"name": "a", "text": words}] * 8}, timeout=60)
            floor = json.loads((given.peers / "targets" / "floor-rag-sse.json").read_text())
            for conc in given.conc:
                for name, target in targets.items():
                    if name == "quote" and conc > 1:
                        continue
                    # Both warm before the first window.
                    asyncio.run(lg.run(target, conc, 2))
                    results[f"{name}@{conc}"] = asyncio.run(lg.ab(target, floor, conc, given.secs, given.rounds))
            turn = asyncio.run(lg.run(targets["llm"], 64, 5))
            results["llm@64 errors"] = {"ok": turn["ok"], "errors": turn["errors"], "sample": turn.get("error_sample")}
        finally:
            for peer in peers:
                stop(peer)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(results, indent=1))
    for name, result in results.items():
        if "tps" not in result:
            print(name, result)
            continue
        print(
            f"{name:10}",
            *(
                f"{key} {result[key]['a']} / {result[key]['b']} = {result[key]['ratio']}x"
                for key in ("tps", "p50", "p95", "ttft50")
            ),
            result["errors"],
        )


if __name__ == "__main__":
    main()
