"""Signing in, staying signed in, and what ends it."""

import itertools
import os

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from tests.shops import ADMIN_EMAIL, ADMIN_PASSWORD, OWNER_PASSWORD, Json, Shop

_addresses = itertools.count(1)


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncClient:
    """A caller from a network address of its own, since sign-ins are limited by address."""
    address = f"10.200.{os.getpid() % 250}.{next(_addresses)}"
    transport = ASGITransport(app=app, raise_app_exceptions=False, client=(address, 1))
    return AsyncClient(transport=transport, base_url="http://test")


async def sign_in(visitor: AsyncClient, email: str, password: str = OWNER_PASSWORD) -> Response:
    return await visitor.post("/v1/auth/login", json={"email": email, "password": password})


async def refresh(visitor: AsyncClient, pair: Json) -> Response:
    return await visitor.post("/v1/auth/refresh", json={"refresh_token": pair["refresh_token"]})


async def opens(visitor: AsyncClient, pair: Json, path: str = "/v1/tenant") -> int:
    answer = await visitor.get(path, headers={"authorization": f"Bearer {pair['access_token']}"})
    return answer.status_code


def without_id(answer: Response) -> Json:
    return {name: value for name, value in answer.json().items() if name != "request_id"}


async def test_a_sign_in_gives_a_pair_of_tokens(shop: Shop, visitor: AsyncClient) -> None:
    answer = await sign_in(visitor, shop.email)

    pair = answer.json()
    assert set(pair) == {"access_token", "token_type", "expires_in", "refresh_token", "kind"}
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 3600)
    assert await opens(visitor, pair) == 200


async def test_the_address_is_read_without_regard_to_capitals(shop: Shop, visitor: AsyncClient) -> None:
    assert (await sign_in(visitor, shop.email.upper())).status_code == 200


async def test_a_wrong_password_and_an_unknown_person_look_the_same(shop: Shop, visitor: AsyncClient) -> None:
    wrong = await sign_in(visitor, shop.email, "not-the-password")
    unknown = await sign_in(visitor, "nobody@nowhere.example", "not-the-password")

    assert wrong.status_code == unknown.status_code == 401
    assert without_id(wrong) == without_id(unknown)


async def test_an_administrator_is_no_member_and_a_member_no_administrator(shop: Shop, visitor: AsyncClient) -> None:
    assert (await sign_in(visitor, ADMIN_EMAIL, ADMIN_PASSWORD)).status_code == 401
    as_admin = await visitor.post("/admin/auth/login", json={"email": shop.email, "password": OWNER_PASSWORD})
    assert as_admin.status_code == 401


async def test_a_refresh_gives_a_new_pair_and_the_old_token_is_used_up(shop: Shop, visitor: AsyncClient) -> None:
    first = (await sign_in(visitor, shop.email)).json()
    second = (await refresh(visitor, first)).json()

    assert second["refresh_token"] != first["refresh_token"]
    assert await opens(visitor, second) == 200


async def test_a_refresh_token_that_comes_back_ends_the_whole_sign_in(shop: Shop, visitor: AsyncClient) -> None:
    first = (await sign_in(visitor, shop.email)).json()
    second = (await refresh(visitor, first)).json()

    assert (await refresh(visitor, first)).status_code == 401

    assert (await refresh(visitor, second)).status_code == 401
    assert await opens(visitor, second) == 401
    assert await opens(visitor, first) == 401


async def test_a_copied_token_does_not_end_other_sign_ins_of_the_person(shop: Shop, visitor: AsyncClient) -> None:
    copied, other = [(await sign_in(visitor, shop.email)).json() for _ in range(2)]
    await refresh(visitor, copied)
    await refresh(visitor, copied)

    assert await opens(visitor, other) == 200


async def test_two_refreshes_at_the_same_moment_give_one_new_pair(shop: Shop, visitor: AsyncClient) -> None:
    import asyncio

    pair = (await sign_in(visitor, shop.email)).json()
    answers = await asyncio.gather(*(refresh(visitor, pair) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_signing_out_ends_the_access_token_too(shop: Shop, visitor: AsyncClient) -> None:
    pair = (await sign_in(visitor, shop.email)).json()

    out = await visitor.post("/v1/auth/logout", json={"refresh_token": pair["refresh_token"]})

    assert out.status_code == 204
    assert await opens(visitor, pair) == 401
    assert (await refresh(visitor, pair)).status_code == 401


async def test_signing_out_twice_is_no_error(shop: Shop, visitor: AsyncClient) -> None:
    pair = (await sign_in(visitor, shop.email)).json()
    token = {"refresh_token": pair["refresh_token"]}
    answers = [await visitor.post("/v1/auth/logout", json=token) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]


async def test_an_administrator_refreshes_and_signs_out_likewise(visitor: AsyncClient) -> None:
    body = {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
    first = (await visitor.post("/admin/auth/login", json=body)).json()
    second = (await refresh(visitor, first)).json()
    assert await opens(visitor, second, "/admin/tenants") == 200

    await visitor.post("/v1/auth/logout", json={"refresh_token": second["refresh_token"]})

    assert await opens(visitor, second, "/admin/tenants") == 401


@pytest.mark.parametrize("token", ["rt_", "nonsense-token", "rt_" + "A" * 64, "rt_" + "A" * 63 + "é", "x" * 400])
async def test_what_is_no_refresh_token_of_ours_is_refused_alike(visitor: AsyncClient, token: str) -> None:
    answer = await visitor.post("/v1/auth/refresh", json={"refresh_token": token.ljust(10, "x")})
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"


async def test_guessing_passwords_is_slowed_down(visitor: AsyncClient) -> None:
    email = f"victim-{os.getpid()}@shop.example"
    answers = [await sign_in(visitor, email, "a-wild-guess") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


async def test_a_person_of_two_shops_gets_into_the_one_whose_password_is_given(
    shop: Shop, other_shop: Shop, visitor: AsyncClient
) -> None:
    person = {"email": f"both-{os.getpid()}@people.example", "role": "editor"}
    await shop.post("/v1/tenant/members", {**person, "password": "first-password-1"})
    await other_shop.post("/v1/tenant/members", {**person, "password": "second-password"})

    pair = (await sign_in(visitor, person["email"], "second-password")).json()

    headers = {"authorization": f"Bearer {pair['access_token']}"}
    assert (await visitor.get("/v1/tenant", headers=headers)).json()["id"] == other_shop.id


async def test_a_tenant_that_is_switched_off_lets_nobody_in(
    shop: Shop, admin: AsyncClient, visitor: AsyncClient
) -> None:
    pair = (await sign_in(visitor, shop.email)).json()
    key = (await shop.post("/v1/tenant/api-keys", {"name": "k", "scopes": ["bots:read"]}))["key"]

    await admin.patch(f"/admin/tenants/{shop.id}", json={"is_active": False})

    assert await opens(visitor, pair) == 401
    assert (await sign_in(visitor, shop.email)).status_code == 401
    by_key = await visitor.get("/v1/tenant/bots", headers={"authorization": f"Bearer {key}"})
    assert by_key.status_code == 401


async def test_a_sign_in_is_written_into_the_audit_log(shop: Shop, visitor: AsyncClient) -> None:
    await sign_in(visitor, shop.email)
    entries = (await shop.get("/v1/tenant/audit"))["items"]
    assert [entry["action"] for entry in entries].count("sign_in") == 2  # the shop's own, and this one
