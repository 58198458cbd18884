"""Health and figures, also while the database is away."""

import os

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr
from tests.shops import Shop

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.settings import Settings

PARTS = {"database", "queue", "models", "disk", "memory", "bots"}


async def test_health_tells_of_every_part_with_its_time(client: AsyncClient) -> None:
    answer = await client.get("/health")

    assert answer.status_code == 200
    report = answer.json()
    assert report["status"] in {"ok", "degraded"}
    assert report["uptime_seconds"] >= 0
    assert set(report["checks"]) == PARTS
    for part in report["checks"].values():
        assert part["status"] in {"ok", "degraded"}
        assert part["ms"] >= 0
    assert report["checks"]["database"]["version"].startswith("18")


async def test_health_counts_bots_and_waiting_jobs(shop: Shop, client: AsyncClient) -> None:
    before = (await client.get("/health")).json()["checks"]
    await shop.bot()
    await shop.text(await shop.dataset(), "Note", f"A note {os.getpid()}.")
    after = (await client.get("/health")).json()["checks"]
    assert after["bots"]["count"] == before["bots"]["count"] + 1
    assert after["queue"]["waiting"] == before["queue"]["waiting"] + 1
    assert after["queue"]["oldest_seconds"] >= 0


async def test_quick_health_is_a_word(client: AsyncClient) -> None:
    answer = await client.get("/health/quick")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_health_tells_nothing_secret(client: AsyncClient, settings: Settings) -> None:
    text = (await client.get("/health")).text + (await client.get("/metrics")).text
    assert str(settings.data_dir) not in text
    assert "postgresql://" not in text


async def test_figures_count_requests_by_route_and_not_by_path(shop: Shop, client: AsyncClient) -> None:
    dataset = await shop.dataset()
    await shop.get(f"/v1/tenant/datasets/{dataset['id']}")
    answer = await client.get("/metrics/")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'route="/v1/tenant/datasets/{dataset_id}",status="200"' in answer.text
    assert dataset["id"] not in answer.text
    assert shop.id not in answer.text


async def test_without_a_database_health_says_so_and_the_rest_answers_503(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": SecretStr("postgresql://nobody@127.0.0.1:9/none")})
    app: FastAPI = create_app(away)
    async with app.router.lifespan_context(app):
        transport = ASGITransport(app=app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://test") as http:
            quick, health = await http.get("/health/quick"), await http.get("/health")
            assert quick.status_code == 200
            assert health.status_code == 503
            report = health.json()
            assert report["status"] == "down"
            assert report["checks"]["database"]["status"] == "down"
            assert report["checks"]["models"]["status"] == "ok"

            login = await http.post("/v1/auth/login", json={"email": "a@shop.example", "password": "x"})
            assert login.status_code == 503
            assert login.json()["code"] == "unavailable"
            assert int(login.headers["retry-after"]) >= 1
