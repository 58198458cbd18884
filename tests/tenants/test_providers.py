"""A tenant's AI providers: keys that go in and never come out, and the call that proves them."""

import psycopg
import pytest
from httpx2 import AsyncClient
from tests.shops import Json, Shop
from tests.stub_model import StubModel

from shopwright.kit.embedded_postgres import EmbeddedPostgres

KEY = "sk-planted-secret-0123456789-WXYZ"
PATH = "/v1/tenant/ai-providers"


async def provider(shop: Shop, stub: StubModel | None = None, **fields: object) -> Json:
    given: Json = {"provider_name": "openai", "api_key": KEY}
    if stub is not None:
        given |= {"provider_name": "openai_compatible", "base_url": stub.base_url}
    return await shop.post(PATH, {**given, **fields})


async def validate(shop: Shop, row: Json) -> Json:
    return await shop.post(f"{PATH}/{row['id']}/validate", status=200)


async def test_a_key_goes_in_and_only_its_end_is_shown(shop: Shop, postgres: EmbeddedPostgres) -> None:
    row = await provider(shop)

    assert row["key_hint"] == "sk-…WXYZ"
    for path in (PATH, f"{PATH}/{row['id']}", "/v1/tenant/audit"):
        assert KEY not in (await shop.api.get(path)).text
    with psycopg.connect(postgres.owner_url) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        for (table,) in tables:
            held = connection.execute(f"select count(*) from {table} t where position(%s in t::text) > 0", (KEY,))
            assert held.fetchone() == (0,), table


async def test_an_answer_that_is_given_again_keeps_no_key_either(shop: Shop, postgres: EmbeddedPostgres) -> None:
    body = {"provider_name": "openai", "api_key": KEY}
    await shop.api.post(PATH, json=body, headers={"idempotency-key": "once"})
    with psycopg.connect(postgres.owner_url) as connection:
        held = connection.execute("select count(*) from idempotency_keys t where position(%s in t::text) > 0", (KEY,))
        assert held.fetchone() == (0,)


async def test_a_key_is_proved_by_a_real_call(shop: Shop, stub_model: StubModel) -> None:
    row = await provider(shop, stub_model)
    assert row["status"] == "unchecked"

    check = await validate(shop, row)

    assert check["valid"] is True
    assert check["models"] == ["stub-1"]
    assert [r["path"] for r in stub_model.requests] == ["/v1/models"]
    assert f"authorization: bearer {KEY}".lower() in stub_model.requests[0]["head"].lower()
    stored = await shop.get(f"{PATH}/{row['id']}")
    assert (stored["status"], stored["checked_at"]) == ("valid", check["checked_at"])


@pytest.mark.parametrize("status", [401, 403, 429, 500])
async def test_a_provider_that_refuses_is_said_to_be_invalid_and_why(
    shop: Shop, stub_model: StubModel, status: int
) -> None:
    stub_model.status = status
    row = await provider(shop, stub_model)

    check = await validate(shop, row)

    assert check["valid"] is False
    assert check["detail"]
    assert KEY not in str(check)
    assert (await shop.get(f"{PATH}/{row['id']}"))["status"] == "invalid"


async def test_a_new_key_has_to_be_proved_again(shop: Shop, stub_model: StubModel) -> None:
    row = await provider(shop, stub_model)
    await validate(shop, row)
    changed = (await shop.api.patch(f"{PATH}/{row['id']}", json={"api_key": "sk-new-key-of-the-shop"})).json()
    assert (changed["status"], changed["checked_at"], changed["key_hint"]) == ("unchecked", None, "sk-…shop")


async def test_a_ciphertext_moved_to_another_row_does_not_open(
    shop: Shop, other_shop: Shop, stub_model: StubModel, postgres: EmbeddedPostgres
) -> None:
    mine = await provider(shop, stub_model)
    second = await provider(shop, stub_model, label="second", api_key="sk-second-key-0000")
    theirs = await provider(other_shop, stub_model, api_key="sk-of-the-other-1111")
    copy = (
        "update tenant_ai_providers t set api_key = s.api_key from tenant_ai_providers s where t.id = %s and s.id = %s"
    )
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute(copy, (second["id"], mine["id"]))
        connection.execute(copy, (theirs["id"], mine["id"]))

    for owner, row in ((shop, second), (other_shop, theirs)):
        answer = await owner.api.post(f"{PATH}/{row['id']}/validate")
        assert answer.status_code < 500, answer.text
        assert answer.json()["valid"] is False
        assert "master key" in answer.json()["detail"]
    assert stub_model.requests == []


INNER = [
    "http://169.254.169.254/latest/meta-data", "http://[::ffff:169.254.169.254]/", "http://10.0.0.5/v1",
    "http://192.168.1.1/", "http://[::1]/", "http://0.0.0.0/", "http://2852039166/", "http://[fd00:ec2::254]/",
    "http://localhost:5432/", "file:///etc/passwd", "ftp://models.example/", "http://user:pass@models.example/",
    "http://models.example:22/", "gopher://models.example/", "//models.example", "models.example",
]  # fmt: skip


@pytest.mark.parametrize("url", INNER)
async def test_an_inner_address_is_never_called(shop: Shop, url: str) -> None:
    body = {"provider_name": "openai_compatible", "api_key": KEY, "base_url": url}
    answer = await shop.api.post(PATH, json=body)
    if answer.status_code == 201:  # the name is resolved, and so refused, when it is called
        check = await shop.api.post(f"{PATH}/{answer.json()['id']}/validate")
        assert check.status_code == 200
        assert check.json()["valid"] is False
        assert "cannot be reached" in check.json()["detail"] or "address" in check.json()["detail"]
    else:
        assert (answer.status_code, answer.json()["code"]) == (422, "address_refused")


@pytest.mark.parametrize(
    ("body", "missing"),
    [({"provider_name": "openai"}, "api_key"), ({"provider_name": "ollama"}, "base_url"),
     ({"provider_name": "azure_openai", "api_key": KEY}, "base_url")],
)  # fmt: skip
async def test_what_a_provider_needs_is_asked_for(shop: Shop, body: Json, missing: str) -> None:
    answer = await shop.post(PATH, body, status=422)
    assert missing in answer["detail"]


async def test_two_providers_of_one_kind_need_two_labels(shop: Shop) -> None:
    await provider(shop)
    answer = await shop.post(PATH, {"provider_name": "openai", "api_key": KEY}, status=409)
    assert answer["code"] == "provider_name_taken"
    await provider(shop, label="second")


async def test_a_bot_whose_provider_is_deleted_answers_by_quoting(shop: Shop) -> None:
    row = await provider(shop)
    bot = await shop.bot(tenant_ai_provider_id=row["id"])
    assert (await shop.api.delete(f"{PATH}/{row['id']}")).status_code == 204
    assert (await shop.get(f"/v1/tenant/bots/{bot['id']}"))["tenant_ai_provider_id"] is None


async def test_the_global_providers_are_there_from_the_start(admin: AsyncClient) -> None:
    listed = (await admin.get("/admin/ai-providers/")).json()["items"]
    assert {"openai", "anthropic", "google"} <= {row["provider_type"] for row in listed}
    assert len([row for row in listed if row["is_default"]]) <= 1


async def test_a_tenant_may_point_to_a_global_provider(shop: Shop, admin: AsyncClient) -> None:
    listed = (await admin.get("/admin/ai-providers")).json()["items"]
    openai = next(row for row in listed if row["provider_type"] == "openai")
    row = await provider(shop, global_ai_provider_id=openai["id"])
    assert row["global_ai_provider_id"] == openai["id"]
