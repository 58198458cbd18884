"""Keys for programs and for web pages."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from httpx2 import AsyncClient
from tests.shops import Json, Shop

from shopwright.kit.embedded_postgres import EmbeddedPostgres

PAGE = "https://www.shop.example"


async def status(client: AsyncClient, key: str, path: str = "/v1/tenant/bots", **headers: str) -> int:
    return (await client.get(path, headers={"authorization": f"Bearer {key}", **headers})).status_code


async def new_key(shop: Shop, **fields: object) -> Json:
    return await shop.post("/v1/tenant/api-keys", {"name": "k", "scopes": ["bots:read"], **fields})


async def page_key(shop: Shop, bot: Json, **fields: object) -> Json:
    given = {"kind": "publishable", "bot_id": bot["id"], "allowed_origins": [PAGE], "scopes": ["chat:write"]}
    return await new_key(shop, **{**given, **fields})


async def test_a_key_is_shown_once_and_stored_as_a_hash(
    shop: Shop, client: AsyncClient, postgres: EmbeddedPostgres
) -> None:
    made = await new_key(shop)
    assert made["key"].startswith("ak_live_")
    assert await status(client, made["key"]) == 200

    again = [
        await shop.api.get(f"/v1/tenant/api-keys/{made['id']}"),
        await shop.api.get("/v1/tenant/api-keys"),
    ]
    assert not [answer for answer in again if made["key"] in answer.text]
    with psycopg.connect(postgres.owner_url) as connection:
        tables = [row[0] for row in connection.execute("select tablename from pg_tables where schemaname = 'public'")]
        for table in tables:
            held = connection.execute(
                f"select count(*) from {table} t where position(%s in t::text) > 0", (made["key"],)
            )
            assert held.fetchone() == (0,), table


async def test_a_key_that_stands_in_web_pages_is_read_again(shop: Shop) -> None:
    made = await page_key(shop, await shop.bot())

    again = (await shop.api.get(f"/v1/tenant/api-keys/{made['id']}")).json()
    assert again["key"] == made["key"]
    assert again["key"].startswith("pk_live_")


async def test_two_keys_are_never_alike_and_their_prefix_tells_them_apart(shop: Shop) -> None:
    keys = [await new_key(shop) for _ in range(5)]
    assert len({key["key"] for key in keys}) == len({key["key_prefix"] for key in keys}) == 5
    assert all(key["key"].startswith(key["key_prefix"]) for key in keys)


async def test_the_shown_prefix_gives_less_away_than_a_key_has(shop: Shop) -> None:
    made = await new_key(shop)
    assert len(made["key"]) - len(made["key_prefix"]) > 40


async def test_a_deleted_key_stops_at_once(shop: Shop, client: AsyncClient) -> None:
    made = await new_key(shop)
    assert await status(client, made["key"]) == 200

    assert (await shop.api.delete(f"/v1/tenant/api-keys/{made['id']}")).status_code == 204

    assert await status(client, made["key"]) == 401


async def test_an_expired_key_is_refused_like_an_unknown_one(
    shop: Shop, client: AsyncClient, postgres: EmbeddedPostgres
) -> None:
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    made = await new_key(shop, expires_at=soon)
    assert await status(client, made["key"]) == 200
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("update api_keys set expires_at = now() - interval '1 s' where id = %s", (made["id"],))

    assert await status(client, made["key"]) == 401


@pytest.mark.parametrize("change", ["last", "tenant", "prefix", "cut", "padded"])
async def test_a_changed_key_is_refused(shop: Shop, other_shop: Shop, client: AsyncClient, change: str) -> None:
    key = (await new_key(shop))["key"]
    changed = {
        "last": key[:9] + ("A" if key[9] != "A" else "B") + key[10:],
        "tenant": key[:-8] + (await new_key(other_shop))["key"][-8:],
        "prefix": key.replace("ak_live_", "pk_live_"),
        "cut": key[:-4],
        "padded": key + "=",
    }[change]
    assert await status(client, changed) == 401


async def test_a_key_in_the_past_is_not_made(shop: Shop) -> None:
    for moment in ("2001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"):
        body = {"name": "k", "scopes": ["bots:read"], "expires_at": moment}
        answer = await shop.post("/v1/tenant/api-keys", body, status=422)
        assert "expires_at" in answer["detail"]


async def test_a_key_that_was_used_says_when(shop: Shop, client: AsyncClient) -> None:
    made = await new_key(shop)
    assert made["last_used_at"] is None
    await status(client, made["key"])
    assert (await shop.get(f"/v1/tenant/api-keys/{made['id']}"))["last_used_at"] is not None


WRONG: dict[str, Json] = {
    "no bot": {"bot_id": None},
    "no origin": {"allowed_origins": []},
    "an unknown bot": {"bot_id": "018f0000-0000-7000-8000-000000000001"},
    "more than chat": {"scopes": ["chat:write", "bots:read"]},
    "a path in an origin": {"allowed_origins": [PAGE + "/shop"]},
    "no scheme": {"allowed_origins": ["www.shop.example"]},
    "a script": {"allowed_origins": ["javascript:alert(1)"]},
    "any page": {"allowed_origins": ["*"]},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
async def test_a_key_for_a_page_is_bound_to_a_bot_and_to_pages_and_can_only_chat(shop: Shop, wrong: Json) -> None:
    bot = await shop.bot()
    given = {"kind": "publishable", "bot_id": bot["id"], "allowed_origins": [PAGE], "scopes": ["chat:write"]}
    answer = await shop.post("/v1/tenant/api-keys", {"name": "k", **given, **wrong}, status=422)
    assert answer["detail"]


async def test_a_key_for_a_page_works_from_its_pages_only(shop: Shop, client: AsyncClient) -> None:
    bot, other = await shop.bot(is_public=False), await shop.bot(is_public=False)
    key = await page_key(shop, bot)
    assert key["key"].startswith("pk_live_")

    async def ask(bot: Json, **headers: str) -> int:
        answer = await client.post(
            "/v1/chat/efficient",
            json={"bot_id": bot["id"], "message": "Hello"},
            headers={"authorization": f"Bearer {key['key']}", **headers},
        )
        return answer.status_code

    assert await ask(bot, origin=PAGE) == 200
    assert await ask(bot, origin="https://evil.example") == 403
    assert await ask(bot, origin=PAGE + ".evil.example") == 403
    assert await ask(bot, origin="null") == 403
    assert await ask(bot) == 403
    assert await ask(other, origin=PAGE) == 404
    assert await status(client, key["key"], origin=PAGE) == 403


async def test_the_origins_of_a_page_key_cannot_be_taken_away(shop: Shop) -> None:
    key = await page_key(shop, await shop.bot())
    answer = await shop.api.patch(f"/v1/tenant/api-keys/{key['id']}", json={"allowed_origins": []})
    assert answer.status_code == 422
    assert (await shop.get(f"/v1/tenant/api-keys/{key['id']}"))["allowed_origins"] == [PAGE]


async def test_a_secret_key_has_no_origins(shop: Shop) -> None:
    key = await new_key(shop)
    answer = await shop.api.patch(f"/v1/tenant/api-keys/{key['id']}", json={"allowed_origins": [PAGE]})
    assert answer.status_code == 422


async def test_what_a_key_may_do_cannot_be_widened_later(shop: Shop) -> None:
    key = await new_key(shop)
    for field, value in (("scopes", ["bots:write"]), ("kind", "secret"), ("key_hash", "x"), ("bot_id", None)):
        answer = await shop.api.patch(f"/v1/tenant/api-keys/{key['id']}", json={field: value})
        assert answer.status_code == 422, field


async def test_a_page_key_that_lost_its_bot_is_gone(shop: Shop, client: AsyncClient) -> None:
    bot = await shop.bot()
    key = await page_key(shop, bot)
    await shop.api.delete(f"/v1/tenant/bots/{bot['id']}")
    assert (await shop.get("/v1/tenant/api-keys"))["items"] == []
    assert await status(client, key["key"], "/v1/tenant/bots") == 401
