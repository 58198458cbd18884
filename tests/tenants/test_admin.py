"""The installation: its tenants, settings and administrators."""

import itertools
import os

import psycopg
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import SecretStr
from tests.shops import OWNER_PASSWORD, Json, Shop, open_shop

from shopwright.entrypoints.seed import create_admin, seed
from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.tables import TENANT_TABLES
from shopwright.entrypoints.wiring import Core
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.tenants.settings import LiveSettings

_slugs = (f"made-{os.getpid()}-{n}" for n in itertools.count())
AUDIT = {"enabled": True, "log_conversations": True, "log_knowledge_retrieval": True, "retention_days": 90}


def tenant(**fields: object) -> Json:
    slug = next(_slugs)
    given = {"name": "A shop", "slug": slug, "email": f"{slug}@shop.example", "password": OWNER_PASSWORD}
    return {**given, **fields}


async def set_audit(admin: AsyncClient, value: object) -> tuple[int, Json]:
    answer = await admin.post("/admin/settings/system", json={"key": "audit_logging", "value": value})
    return answer.status_code, answer.json()


async def test_a_tenant_is_made_with_its_owner(admin: AsyncClient, client: AsyncClient) -> None:
    body = tenant(description="Shoes", owner_email="boss@shop.example", plan="gold")

    made = (await admin.post("/admin/tenants/", json=body)).json()

    assert (made["slug"], made["plan"], made["is_active"]) == (body["slug"], "gold", True)
    assert "password" not in made
    person = {"email": body["email"], "password": OWNER_PASSWORD}
    assert (await client.post("/v1/auth/login", json=person)).status_code == 200


async def test_a_slug_is_there_once(admin: AsyncClient) -> None:
    body = tenant()
    await admin.post("/admin/tenants", json=body)
    answer = await admin.post("/admin/tenants", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")
    assert body["slug"] in answer.json()["detail"]


@pytest.mark.parametrize("slug", ["", "a", "Capital", "two words", "-x-", "x--y", "ü", "a" * 61, "../x"])
async def test_a_slug_is_a_plain_word(admin: AsyncClient, slug: str) -> None:
    assert (await admin.post("/admin/tenants", json=tenant(slug=slug))).status_code == 422


async def test_a_tenant_is_deleted_only_when_it_is_switched_off_and_then_wholly(
    app: FastAPI, admin: AsyncClient, admin_token: str, postgres: EmbeddedPostgres
) -> None:
    async with open_shop(app, admin_token, next(_slugs)) as shop:
        dataset = await shop.dataset()
        await shop.text(dataset, "Note", "A note.")
        await shop.bot(dataset)
    path = f"/admin/tenants/{shop.id}"
    assert (await admin.delete(path)).status_code == 409

    await admin.patch(path, json={"is_active": False})
    assert (await admin.delete(path)).status_code == 204

    assert (await admin.get(path)).status_code == 404
    with psycopg.connect(postgres.owner_url) as connection:
        for table in (*(t.name for t in TENANT_TABLES), "directory"):
            left = connection.execute(f"select count(*) from {table} where tenant_id = %s", (shop.id,))
            assert left.fetchone() == (0,), table


async def test_an_administrator_changes_what_a_tenant_may(admin: AsyncClient, shop: Shop) -> None:
    changed = await admin.patch(f"/admin/tenants/{shop.id}", json={"plan": "silver", "name": None})
    assert (changed.json()["plan"], changed.json()["name"]) == ("silver", shop.tenant["name"])


async def test_what_administrators_do_is_written_down(admin: AsyncClient) -> None:
    made = (await admin.post("/admin/tenants", json=tenant())).json()
    entries = (await admin.get("/admin/audit")).json()["items"]
    assert (entries[0]["action"], entries[0]["subject"]) == ("tenant.create", made["id"])
    assert entries[0]["request_id"]


async def test_a_global_provider_is_made_changed_and_removed(admin: AsyncClient) -> None:
    body = {"name": f"Own {next(_slugs)}", "provider_type": "openai_compatible", "config": {"models": ["m-1"]}}
    made = (await admin.post("/admin/ai-providers", json=body)).json()
    path = f"/admin/ai-providers/{made['id']}"
    assert (await admin.post("/admin/ai-providers", json=body)).status_code == 409

    assert (await admin.patch(path, json={"is_active": False})).json()["is_active"] is False
    assert (await admin.get(path)).json()["config"] == {"models": ["m-1"]}
    assert (await admin.delete(path)).status_code == 204
    assert (await admin.get(path)).status_code == 404


async def test_one_global_provider_is_the_default(admin: AsyncClient) -> None:
    made = []
    for _ in range(2):
        body = {"name": f"Own {next(_slugs)}", "provider_type": "ollama", "is_default": True}
        made.append((await admin.post("/admin/ai-providers", json=body)).json())
    listed = (await admin.get("/admin/ai-providers")).json()["items"]
    assert [row["id"] for row in listed if row["is_default"]] == [made[1]["id"]]
    for row in made:
        await admin.delete(f"/admin/ai-providers/{row['id']}")


async def test_the_audit_setting_is_kept_in_its_shape(admin: AsyncClient) -> None:
    status, body = await set_audit(admin, AUDIT)
    assert (status, body) == (200, {"key": "audit_logging", "value": AUDIT})
    listed = (await admin.get("/admin/settings/system/")).json()["items"]
    assert {"key": "audit_logging", "value": AUDIT} in listed


WRONG = [
    None, True, "on", [], {"enabled": "perhaps"}, {"retention_days": 0}, {"retention_days": 99_999},
    {"retention_days": "ninety"}, {"unknown": True}, {"enabled": None},
]  # fmt: skip


@pytest.mark.parametrize("value", WRONG, ids=str)
async def test_a_wrong_audit_setting_is_refused_with_the_reason(admin: AsyncClient, value: object) -> None:
    status, body = await set_audit(admin, value)
    assert status == 422
    assert "audit_logging" in body["detail"]


async def test_with_the_audit_log_off_a_tenants_changes_are_not_written_down(
    admin: AsyncClient, shop: Shop, core: Core
) -> None:
    live: LiveSettings = core.live_settings
    try:
        await set_audit(admin, {**AUDIT, "enabled": False})
        await shop.bot(name="Unseen")
    finally:
        await set_audit(admin, AUDIT)
        live.forget()
    await shop.bot(name="Seen")

    entries = (await shop.get("/v1/tenant/audit"))["items"]
    assert [e["details"]["name"] for e in entries if e["action"] == "bot.create"] == ["Seen"]
    changes = [e["action"] for e in (await admin.get("/admin/audit")).json()["items"]]
    assert changes.count("setting.change") >= 2


@pytest.mark.parametrize("key", ["", "Capital", "a b", "1x", "x" * 81, "a-b"])
async def test_the_name_of_a_setting_is_a_plain_word(admin: AsyncClient, key: str) -> None:
    answer = await admin.post("/admin/settings/system", json={"key": key, "value": 1})
    assert answer.status_code == 422


async def test_the_first_administrator_is_made_once(app: FastAPI, core: Core) -> None:
    email = f"Root-{next(_slugs)}@installation.example"
    made = [await create_admin(core.db, email, "a-long-admin-password") for _ in range(2)]
    assert made == [True, False]


async def test_seeding_again_adds_nothing(app: FastAPI, settings: Settings, admin: AsyncClient) -> None:
    before = (await admin.get("/admin/ai-providers?limit=200")).json()
    state = await seed(settings)
    assert state.has_admin
    assert (await admin.get("/admin/ai-providers?limit=200")).json() == before


async def test_the_settings_name_the_first_administrator(settings: Settings, app: FastAPI, client: AsyncClient) -> None:
    email = f"boss-{next(_slugs)}@installation.example"
    named = settings.model_copy(update={"admin_email": email, "admin_password": SecretStr("from-the-settings")})
    await seed(named)
    person = {"email": email, "password": "from-the-settings"}
    assert (await client.post("/admin/auth/login", json=person)).status_code == 200
