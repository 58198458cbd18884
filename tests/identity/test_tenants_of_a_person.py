"""One address in several shops: what its password opens, and going from one to another."""

import os
from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from tests.identity.people import mails_to, new_email, token_in, visitor
from tests.identity.test_second_factor import Person
from tests.shops import OWNER_PASSWORD as PASSWORD
from tests.shops import Json, Shop

from shopwright.entrypoints.settings import Settings

Jobs = Callable[[], Awaitable[None]]
OTHER = "another-good-password"


@pytest.fixture
async def email(shop: Shop, other_shop: Shop) -> str:
    """Somebody who is in both shops, with one password."""
    address = new_email("both")
    await add(shop, address, role="editor")
    await add(other_shop, address, role="viewer")
    return address


async def add(shop: Shop, email: str, password: str = PASSWORD, role: str = "editor") -> Json:
    return await shop.post("/v1/tenant/members", {"email": email, "password": password, "role": role})


async def sign_in(http: AsyncClient, email: str, password: str = PASSWORD, **more: str) -> Response:
    return await http.post("/v1/auth/login", json={"email": email, "password": password, **more})


async def choice_of(http: AsyncClient, email: str) -> str:
    answer = await sign_in(http, email)
    assert (answer.status_code, answer.json()["code"]) == (401, "tenant_choice"), answer.text
    return str(answer.json()["choice"])


async def names(http: AsyncClient, choice: str) -> list[str]:
    listed = await http.post("/v1/auth/login/tenants", json={"choice": choice})
    return [tenant["name"] for tenant in listed.json()["items"]]


async def choose(http: AsyncClient, choice: str, shop: Shop) -> Response:
    return await http.post("/v1/auth/login/tenant", json={"choice": choice, "tenant_id": shop.id})


async def where(http: AsyncClient, pair: Json) -> str:
    """The tenant that a pair of tokens is of, or the status of a refusal."""
    answer = await http.get("/v1/tenant/me", headers=bearer(pair))
    return str(answer.json()["tenant"]["id"]) if answer.status_code == 200 else str(answer.status_code)


def bearer(pair: Json) -> dict[str, str]:
    return {"authorization": f"Bearer {pair['access_token']}"}


async def go_to(http: AsyncClient, pair: Json, shop: Shop) -> Response:
    return await http.post(f"/v1/tenant/me/tenants/{shop.id}/enter", headers=bearer(pair))


async def test_a_password_that_opens_several_shops_lets_one_choose(
    http: AsyncClient, shop: Shop, other_shop: Shop, email: str
) -> None:
    choice = await choice_of(http, email)

    assert await names(http, choice) == sorted([shop.tenant["name"], other_shop.tenant["name"]])
    for chosen in (shop, other_shop):
        assert await where(http, (await choose(http, choice, chosen)).json()) == chosen.id


async def test_a_program_names_the_shop_at_once(http: AsyncClient, other_shop: Shop, email: str) -> None:
    answer = await sign_in(http, email, tenant_id=other_shop.id)

    assert await where(http, answer.json()) == other_shop.id


async def test_a_password_opens_only_the_shops_it_is_the_password_of(
    http: AsyncClient, shop: Shop, other_shop: Shop
) -> None:
    address = new_email()
    await add(shop, address, PASSWORD)
    await add(other_shop, address, OTHER)

    first, second = (await sign_in(http, address, PASSWORD)).json(), (await sign_in(http, address, OTHER)).json()
    reached = await sign_in(http, address, PASSWORD, tenant_id=other_shop.id)

    assert (await where(http, first), await where(http, second)) == (shop.id, other_shop.id)
    assert await where(http, reached.json()) == shop.id
    assert (await go_to(http, first, other_shop)).status_code == 404
    assert (await http.get("/v1/tenant/me/tenants", headers=bearer(first))).json() == {"items": [], "next_cursor": None}


async def test_one_goes_from_shop_to_shop_and_the_sign_in_before_ends(
    http: AsyncClient, shop: Shop, other_shop: Shop, email: str
) -> None:
    here = (await choose(http, await choice_of(http, email), shop)).json()
    listed = (await http.get("/v1/tenant/me/tenants", headers=bearer(here))).json()["items"]

    there = (await go_to(http, here, other_shop)).json()
    back = (await go_to(http, there, shop)).json()

    assert {tenant["id"] for tenant in listed} == {shop.id, other_shop.id}
    assert [await where(http, pair) for pair in (here, there, back)] == ["401", "401", shop.id]


async def test_nobody_goes_to_a_shop_of_others(http: AsyncClient, shop: Shop, other_shop: Shop) -> None:
    pair = (await sign_in(http, shop.email)).json()

    refused = await go_to(http, pair, other_shop)

    assert (refused.status_code, refused.json()["detail"]) == (404, "There is no tenant with this id.")
    assert await where(http, pair) == shop.id


@pytest.mark.parametrize("what", ["removed", "switched off", "new password", "signed out everywhere"])
async def test_what_ends_a_membership_ends_the_way_to_it(
    app: FastAPI, http: AsyncClient, shop: Shop, other_shop: Shop, email: str, what: str
) -> None:
    choice = await choice_of(http, email)
    pair = (await choose(http, choice, shop)).json()
    members = (await other_shop.get("/v1/tenant/members"))["items"]
    path = next(f"/v1/tenant/members/{m['id']}" for m in members if m["email"] == email)
    if what == "removed":
        await other_shop.api.delete(path)
    elif what == "switched off":
        await other_shop.api.patch(path, json={"is_active": False})
    elif what == "new password":
        await other_shop.api.patch(path, json={"password": OTHER})
    else:
        elsewhere = visitor(app)
        own = (await choose(elsewhere, await choice_of(elsewhere, email), other_shop)).json()
        await elsewhere.delete("/v1/tenant/me/sessions", headers=bearer(own))

    assert (await go_to(http, pair, other_shop)).status_code == 404
    assert (await choose(http, choice, other_shop)).status_code == 401
    assert await names(http, choice) == [shop.tenant["name"]]


async def test_the_second_factor_of_the_shop_one_goes_to_is_asked_for(
    app: FastAPI, http: AsyncClient, shop: Shop, other_shop: Shop, email: str
) -> None:
    choice = await choice_of(http, email)
    guarded = Person("member", visitor(app), email)
    there = (await choose(guarded.http, choice, other_shop)).json()
    codes = await guarded.set_up(there["access_token"])
    here = (await choose(http, choice, shop)).json()

    asked = await go_to(http, here, other_shop)

    assert (asked.status_code, asked.json()["code"]) == (401, "second_factor_required")
    entered = (await guarded.enter(asked.json()["challenge"], codes[0])).json()
    assert await where(http, entered) == other_shop.id
    assert await where(http, (await go_to(http, entered, shop)).json()) == shop.id


async def test_a_choice_is_no_token_and_a_token_no_choice(http: AsyncClient, shop: Shop, email: str) -> None:
    choice = await choice_of(http, email)
    pair = (await choose(http, choice, shop)).json()

    assert await where(http, {"access_token": choice}) == "401"
    assert (await choose(http, pair["access_token"], shop)).status_code == 401
    assert (await choose(http, choice[:-4] + "AAAA", shop)).status_code == 401


async def test_an_invitation_says_that_the_address_has_a_login_elsewhere_and_the_same_password_joins_them(
    app: FastAPI, http: AsyncClient, shop: Shop, other_shop: Shop, settings: Settings, run_jobs: Jobs
) -> None:
    known, fresh = new_email("known"), new_email("fresh")
    await add(shop, known)
    looks = {}
    for address in (known, fresh):
        await other_shop.post("/v1/tenant/invitations", {"email": address, "role": "viewer"})
        await run_jobs()
        token = token_in(mails_to(settings.mail_dir, address)[-1])
        looks[address] = (await http.get(f"/v1/auth/invitations/{token}")).json()["elsewhere"]
        joined = (
            await http.post(f"/v1/auth/invitations/{token}/accept", json={"name": "Kim", "password": PASSWORD})
        ).json()
        if address == known:
            assert await where(http, (await go_to(http, joined, shop)).json()) == shop.id

    assert looks == {known: True, fresh: False}


async def test_who_is_in_the_team_already_is_not_invited_and_the_sentence_says_what_to_do(
    shop: Shop, email: str
) -> None:
    refused = await shop.api.post("/v1/tenant/invitations", json={"email": email, "role": "admin"})

    assert refused.json()["code"] == "email_taken"
    assert "change that person" in refused.json()["detail"]


def test_so_many_shops_fit_into_what_travels() -> None:
    from uuid import uuid4

    from shopwright.identity.memberships import Membership, Proof
    from shopwright.identity.sign_in import MAX_TENANTS

    proof = Proof(
        1_790_000_000_000, tuple(Membership(uuid4(), uuid4(), os.urandom(8).hex()) for _ in range(MAX_TENANTS))
    )

    assert Proof.read(proof.text) == proof
    assert len(proof.text) < 1_800
    assert Proof.read("") == Proof(0, ())
