"""The same call sent twice is done once."""

import asyncio
import os

import psycopg
import pytest
from httpx2 import AsyncClient, Response
from tests.shops import Json, Shop

from shopwright.kit.embedded_postgres import EmbeddedPostgres

DATASETS = "/v1/tenant/datasets"


async def post(shop: Shop, path: str, body: Json, key: str) -> Response:
    return await shop.api.post(path, json=body, headers={"idempotency-key": key})


async def test_a_repeated_create_gets_the_first_answer(shop: Shop) -> None:
    first = await post(shop, DATASETS, {"name": "Once"}, "key-1")
    second = await post(shop, DATASETS, {"name": "Once"}, "key-1")

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert len((await shop.get(DATASETS))["items"]) == 1


async def test_a_repeated_create_of_a_key_gives_the_same_key_again(shop: Shop) -> None:
    body = {"name": "k", "scopes": ["bots:read"]}
    answers = [await post(shop, "/v1/tenant/api-keys", body, "key-1") for _ in range(2)]
    assert answers[0].json()["key"] == answers[1].json()["key"]
    assert len((await shop.get("/v1/tenant/api-keys"))["items"]) == 1


async def test_a_key_for_another_body_is_refused(shop: Shop) -> None:
    await post(shop, DATASETS, {"name": "Once"}, "key-1")
    other = await post(shop, DATASETS, {"name": "Twice"}, "key-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len((await shop.get(DATASETS))["items"]) == 1


async def test_a_key_for_another_path_is_refused(shop: Shop) -> None:
    await post(shop, DATASETS, {"name": "Once"}, "key-1")
    other = await post(shop, "/v1/tenant/bots", {"name": "Once"}, "key-1")
    assert other.status_code == 422


async def test_a_key_of_another_tenant_is_another_key(shop: Shop, other_shop: Shop) -> None:
    mine = await post(shop, DATASETS, {"name": "Once"}, "key-1")
    theirs = await post(other_shop, DATASETS, {"name": "Once"}, "key-1")
    assert mine.json()["id"] != theirs.json()["id"]


async def test_a_key_of_another_caller_gives_nothing_away(shop: Shop, client: AsyncClient) -> None:
    body = {"name": "Once"}
    await post(shop, DATASETS, body, "key-1")
    made = await shop.post("/v1/tenant/api-keys", {"name": "k", "scopes": ["datasets:write"]})
    headers = {"authorization": f"Bearer {made['key']}", "idempotency-key": "key-1"}
    assert (await client.post(DATASETS, json=body, headers=headers)).status_code == 422


async def test_what_was_refused_may_be_tried_again_with_the_same_key(shop: Shop) -> None:
    assert (await post(shop, DATASETS, {"name": ""}, "key-1")).status_code == 422
    assert (await post(shop, DATASETS, {"name": "Now"}, "key-1")).status_code == 201


async def test_the_same_call_at_the_same_moment_makes_one_row(shop: Shop) -> None:
    body = {"name": "A bot"}
    answers = await asyncio.gather(*(post(shop, "/v1/tenant/bots", body, "key-1") for _ in range(5)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 201
    assert set(statuses) <= {201, 409}
    assert len((await shop.get("/v1/tenant/bots"))["items"]) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "idempotency_key_in_use"
    assert (await post(shop, "/v1/tenant/bots", body, "key-1")).json()["name"] == "A bot"


async def test_an_upload_sent_twice_gets_the_first_answer(shop: Shop) -> None:
    path = f"{DATASETS}/{(await shop.dataset())['id']}/documents/upload"

    async def upload(content: bytes) -> Response:
        files = [("files", ("note.txt", content, "text/plain")), ("metadata", (None, b'{"a": 1}'))]
        return await shop.api.post(path, files=files, headers={"idempotency-key": "upload-1"})

    first, again, other = await upload(b"One."), await upload(b"One."), await upload(b"Two.")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert other.json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
async def test_a_key_of_another_form_is_refused(shop: Shop, key: str) -> None:
    answer = await post(shop, DATASETS, {"name": "Once"}, key)
    assert answer.status_code == 422
    assert (await shop.get(DATASETS))["items"] == []


async def test_a_kept_answer_is_unreadable_in_the_database(shop: Shop, postgres: EmbeddedPostgres) -> None:
    name = f"Planted {os.getpid()}"
    await post(shop, DATASETS, {"name": name}, "key-1")
    with psycopg.connect(postgres.owner_url) as connection:
        kept = connection.execute(
            "select count(*), count(*) filter (where position(%s in t::text) > 0) from idempotency_keys t"
            " where tenant_id = %s",
            (name, shop.id),
        ).fetchone()
    assert kept == (1, 0)


async def test_an_administrator_makes_a_tenant_once(admin: AsyncClient) -> None:
    slug = f"once-{os.getpid()}"
    body = {"name": "Once", "slug": slug, "email": f"{slug}@shop.example", "password": "a-long-password"}
    headers = {"idempotency-key": f"tenant-{slug}"}

    first = await admin.post("/admin/tenants/", json=body, headers=headers)
    again = await admin.post("/admin/tenants/", json=body, headers=headers)
    other = await admin.post("/admin/tenants/", json={**body, "slug": f"{slug}-2"}, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
