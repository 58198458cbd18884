"""Every emulated platform at once, while workers and the database are killed: nothing lost, nothing twice.

    python bench/channels_lab.py [--seconds 60] [--bots 4] [--seed 1] [--faults]

Starts a database, two API processes, two workers and `shopwright lab` on loopback. Each bot is connected on every
platform of the lab; customers write through the console's API, the platforms deliver and sign as they do, and what the
customers' apps show is compared with what is stored. With `--faults` the platforms also answer 429 and 5xx, deliver
twice, late and out of order. Exits with 1 when anything was lost, answered twice or shown out of order.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

import channels
import channels_workers as children
from channels import ADMIN, OWNER, Place
from shopwright.entrypoints.migrate import migrate
from shopwright.entrypoints.seed import run_seed
from shopwright.entrypoints.settings import Settings
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.lab.registry import EMULATORS

PORT, LAB = 21710, 21719
Json = dict[str, Any]
FAULTS = [
    {"kind": "duplicate", "rate": 0.1}, {"kind": "reorder", "rate": 0.05},
    {"kind": "delay", "rate": 0.05, "seconds": 2},
    {"kind": "rate_limited", "rate": 0.05, "seconds": 1}, {"kind": "server_error", "rate": 0.05},
]  # fmt: skip


def start_lab(settings: Settings) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PORT": str(PORT), "SHOPWRIGHT_DATA_DIR": str(settings.data_dir)}
    command = [sys.executable, "-m", "shopwright", "lab", "--port", str(LAB)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


async def connect(http: httpx2.AsyncClient, bots: int, faults: bool, seed: int) -> list[Json]:
    """Bots on every platform; returns their accounts."""

    async def post(path: str, body: Json) -> Json:
        answer = await http.post(path, json=body)
        if answer.status_code >= 300:
            raise SystemExit(f"{path}: {answer.status_code} {answer.text}")
        return dict(answer.json())

    token = (await post("/admin/auth/login", ADMIN))["access_token"]
    http.headers["authorization"] = f"Bearer {token}"
    await post("/admin/tenants", {"name": "Bench", "slug": "bench", "plan": "enterprise", **OWNER})
    del http.headers["authorization"]
    http.headers["authorization"] = f"Bearer {(await post('/v1/auth/login', OWNER))['access_token']}"
    accounts = []
    for number in range(bots):
        limits = {"rate_limit_per_minute": 100_000, "rate_limit_per_second": 10_000}
        bot = await post("/v1/tenant/bots", {"name": f"Bot {number}", **limits})
        for channel in EMULATORS:
            account = await post(f"/v1/tenant/bots/{bot['id']}/lab", {"channel": channel})
            if account["status"] == "failed":
                raise SystemExit(f"{channel}: {account['detail']}")
            if faults:
                # One for each account, or the same times would go wrong everywhere.
                own = seed * 1000 + len(accounts)
                wanted = {"faults": [{**fault, "seed": own} for fault in FAULTS]}
                await http.put(f"/v1/tenant/lab/{account['id']}/faults", json=wanted)
            accounts.append({"id": account["id"], "channel": channel, "written": 0, "delivered": 0})
    return accounts


async def write(http: httpx2.AsyncClient, account: Json) -> None:
    """The customer greets; the console's API may be away for a moment, the customer's app is not."""
    for port in (PORT, PORT + 1):
        with contextlib.suppress(httpx2.HTTPError):
            answer = await http.post(
                f"http://127.0.0.1:{port}/v1/tenant/lab/{account['id']}/acts", json={"kind": "text", "text": "Hello"}
            )
            if answer.status_code == 200:
                account["written"] += 1
                account["delivered"] += answer.json()["delivered"]
                return


async def storm(place: Place, http: httpx2.AsyncClient, accounts: list[Json], given: argparse.Namespace) -> Json:
    dice = random.Random(given.seed)
    fleet = children.Fleet(2, children.gateway_worker, place.settings)
    fleet.start()
    killer = asyncio.create_task(fleet.kill(random.Random(given.seed), 0.1, 0.3))
    began = time.perf_counter()
    blows = [began + given.seconds / 3, began + given.seconds * 2 / 3]
    while time.perf_counter() < began + given.seconds:
        await asyncio.gather(*(write(http, account) for account in dice.sample(accounts, min(8, len(accounts)))))
        if blows and time.perf_counter() > blows[0]:
            blows.pop(0)
            await asyncio.to_thread(place.kill_database)
        await asyncio.sleep(0.5)
    killer.cancel()
    await asyncio.gather(killer, return_exceptions=True)
    await asyncio.sleep(35)  # the platforms' last tries of what was not acknowledged
    await place.drained(given.limit)
    fleet.stop()
    return {"kills": fleet.kills, "kills of the database": 2 - len(blows)}


async def judge(place: Place, http: httpx2.AsyncClient, accounts: list[Json]) -> Json:
    """What the customers' apps show against what is stored."""
    shown = doubled = disordered = violations = 0
    for account in accounts:
        thread = (await http.get(f"/v1/tenant/lab/{account['id']}/thread")).json()
        answers = [m for m in thread["messages"] if m["sender"] == "bot" and m["kind"] != "note"]
        sent = f"select count(*) from outbox where state = 'sent' and deployment_id = '{account['id']}'"
        stored = int(place.rows(sent)[0][0])
        shown += len(answers)
        doubled += max(0, len(answers) - stored)
        violations += len(thread["violations"])
        times = [m["at"] for m in answers]
        disordered += times != sorted(times)
    twice = place.rows("select count(*) from (select inbound_message_id from turns group by 1 having count(*) > 1) x")
    states = dict(place.rows("select state, count(*) from inbox where kind = 'message' group by 1"))
    dead = place.rows("select count(*) from outbox where state = 'dead'")[0][0]
    return {
        "platforms": len(EMULATORS), "accounts": len(accounts), "written": sum(a["written"] for a in accounts),
        "in the inbox": sum(states.values()), "of them done": states.get("done", 0), "dead": states.get("dead", 0),
        "answers stored": place.rows("select count(*) from outbox")[0][0], "dead answers": dead, "answers shown": shown,
        "unfinished": place.waiting(), "answered twice": twice[0][0], "identical copies": doubled,
        "threads out of order": disordered, "violations of the platforms' rules": violations,
        "not acknowledged at once": sum(a["written"] - a["delivered"] for a in accounts),
    }  # fmt: skip


async def main(given: argparse.Namespace, folder: Path) -> bool:
    postgres = EmbeddedPostgres(folder, "shopwright_app", lambda _line: None)
    postgres.start()
    os.environ |= {"SHOPWRIGHT_LAB_URL": f"http://127.0.0.1:{LAB}", "SHOPWRIGHT_PUBLIC_URL": f"http://127.0.0.1:{PORT}"}
    settings = Settings(
        _env_file=None, database_url=postgres.app_url, data_dir=folder, port=PORT, demo=False,
        admin_email=ADMIN["email"], admin_password=ADMIN["password"],
    )  # type: ignore[call-arg]  # fmt: skip
    place, processes = Place(settings, postgres.owner_url, postgres, apis=2), []
    channels.PORT = PORT
    try:
        await asyncio.to_thread(migrate, postgres.owner_url, lambda _line: None)
        await asyncio.to_thread(run_seed, settings)
        processes.append(start_lab(settings))
        for number in range(2):
            processes.append(children.start_api(settings, PORT + number))
            await asyncio.to_thread(children.wait_for, f"http://127.0.0.1:{PORT + number}/health/quick")
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as http:
            accounts = await connect(http, given.bots, given.faults, given.seed)
            done = await storm(place, http, accounts, given)
            result = {**await judge(place, http, accounts), **done}
    finally:
        for process in processes:
            children.end(process)
        postgres.stop()
    print(json.dumps(result, indent=2), flush=True)
    missing = result["in the inbox"] < result["written"] and not given.faults
    bad = ("unfinished", "answered twice", "threads out of order", "violations of the platforms' rules")
    return not missing and not any(result[name] for name in bad)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--bots", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--limit", type=float, default=600, help="seconds to wait until all is done")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory(prefix="shopwright-bench-") as where:
        sys.exit(0 if asyncio.run(main(parser.parse_args(), Path(where))) else 1)
