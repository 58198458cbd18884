"""Who may ask a bot, from which page, and how often."""

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from tests.shops import Json, Shop

PAGE = "https://www.shop.example"


async def ask(client: AsyncClient, bot: Json, **headers: str) -> Response:
    body = {"bot_id": bot["id"], "messages": [{"role": "user", "content": "Hello"}]}
    return await client.post("/v1/chat/public", json=body, headers=headers)


async def test_a_page_of_the_bot_may_ask_and_no_other(shop: Shop, client: AsyncClient) -> None:
    bot = await shop.bot(allowed_domains=[PAGE, "https://*.branch.example", "http://localhost:3000"])
    for origin in (
        PAGE,
        PAGE.upper(),
        "https://a.branch.example",
        "https://b.c.branch.example",
        "http://localhost:3000",
    ):
        assert (await ask(client, bot, origin=origin)).status_code == 200, origin
    for origin in (
        "https://evil.example", PAGE + ".evil.example", "http://www.shop.example", PAGE + ":8443", "null",
        "https://branch.example", "https://evilbranch.example", "https://shop.example", "file://",
    ):  # fmt: skip
        answer = await ask(client, bot, origin=origin)
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed"), origin
        assert answer.headers["access-control-allow-origin"] == "*", "the page may read why"


async def test_the_installations_own_pages_may_ask_also_behind_a_proxy(
    app: FastAPI, shop: Shop, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await shop.bot(allowed_domains=[PAGE])
    assert (await ask(client, bot, origin="http://test")).status_code == 200
    assert (await ask(client, bot, origin="https://bots.example")).status_code == 403
    monkeypatch.setattr(app.state.settings, "public_url", "https://Bots.example/")
    assert (await ask(client, bot, origin="https://bots.example")).status_code == 200
    assert (await ask(client, bot, origin="http://bots.example")).status_code == 403


async def test_a_bot_without_a_list_answers_any_page(shop: Shop, client: AsyncClient) -> None:
    bot = await shop.bot()
    answer = await ask(client, bot, origin="https://anywhere.example")
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_bot_that_is_switched_off_looks_unknown_to_the_public(shop: Shop, client: AsyncClient) -> None:
    bot = await shop.bot(is_active=False)
    hidden = await ask(client, bot)
    unknown = await ask(client, {"id": "018f0000-0000-7000-8000-000000000001"})
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"] == unknown.json()["detail"]
    own = await shop.api.post("/v1/chat/efficient", json={"bot_id": bot["id"], "message": "Hello"})
    assert (own.status_code, own.json()["code"]) == (409, "bot_switched_off")


async def test_a_bot_takes_as_many_requests_a_minute_as_it_is_set_to(shop: Shop, client: AsyncClient) -> None:
    bot = await shop.bot(rate_limit_per_minute=3)
    answers = [await ask(client, bot) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    refused = answers[-1]
    assert (refused.json()["code"], refused.headers["content-type"]) == ("rate_limited", "application/problem+json")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "3 requests a minute" in refused.json()["detail"]


async def test_the_default_is_two_a_second(shop: Shop, client: AsyncClient) -> None:
    bot = await shop.post("/v1/tenant/bots", {"name": "Default", "is_public": True})
    assert (bot["rate_limit_per_second"], bot["rate_limit_per_minute"]) == (2, 60)
    import asyncio

    answers = await asyncio.gather(*(ask(client, bot) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 429, 429, 429, 429]
    assert {a.headers["retry-after"] for a in answers if a.status_code == 429} == {"1"}


async def test_one_bots_limit_is_not_anothers(shop: Shop, client: AsyncClient) -> None:
    busy, calm = await shop.bot(rate_limit_per_minute=1), await shop.bot(rate_limit_per_minute=1)
    assert [(await ask(client, busy)).status_code for _ in range(2)] == [200, 429]
    assert (await ask(client, calm)).status_code == 200


async def test_a_refused_request_stores_no_message(shop: Shop, client: AsyncClient) -> None:
    bot = await shop.bot(rate_limit_per_minute=1)
    for _ in range(3):
        await ask(client, bot)
    assert len((await shop.get("/v1/tenant/conversations"))["items"]) == 1


async def test_a_key_has_its_own_limit_a_day(shop: Shop, client: AsyncClient) -> None:
    bot = await shop.bot()
    body = {"name": "k", "scopes": ["chat:write"], "rate_limit": 2}
    key = (await shop.post("/v1/tenant/api-keys", body))["key"]
    statuses = []
    for _ in range(3):
        answer = await client.post(
            "/v1/chat/efficient",
            json={"bot_id": bot["id"], "message": "Hi"},
            headers={"authorization": f"Bearer {key}"},
        )
        statuses.append(answer.status_code)
    assert statuses == [200, 200, 429]


@pytest.mark.parametrize("path", ["/v1/chat/public", "/v1/chat/efficient", "/v1/chat/sessions/x"])
async def test_a_browser_learns_that_it_may_ask(client: AsyncClient, path: str) -> None:
    answer = await client.options(path, headers={"origin": PAGE, "access-control-request-method": "POST"})
    assert answer.status_code == 204
    assert "authorization" in answer.headers["access-control-allow-headers"]
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "x-request-id" in answer.headers


async def test_the_status_of_a_bot_is_for_its_tenant(shop: Shop, other_shop: Shop) -> None:
    bot = await shop.bot()
    status = await shop.get(f"/api/bots/{bot['id']}/status")
    assert (status["bot_id"], status["is_active"], status["deployment_status"]) == (bot["id"], True, {})
    assert (await other_shop.api.get(f"/api/bots/{bot['id']}/status")).status_code == 404


async def test_an_unsigned_caller_cannot_use_the_route_for_keys(app: FastAPI, shop: Shop) -> None:
    bot = await shop.bot()
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://test") as http:
        answer = await http.post("/v1/chat/efficient", json={"bot_id": bot["id"], "message": "Hi"})
    assert answer.status_code == 401
