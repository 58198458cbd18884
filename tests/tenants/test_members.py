"""The people of a tenant: who may change whom, and what takes effect at once."""

import os

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from tests.shops import OWNER_PASSWORD, Json, Shop

NEW_PASSWORD = "another-long-password"


async def person(shop: Shop, role: str, name: str = "") -> tuple[Json, AsyncClient]:
    """Add a member and sign it in."""
    email = f"{name or role}-{shop.id[-8:]}@people-{os.getpid()}.example"
    member = await shop.post("/v1/tenant/members", {"email": email, "password": OWNER_PASSWORD, "role": role})
    return member, await signed_in(shop, email)


async def signed_in(shop: Shop, email: str, password: str = OWNER_PASSWORD) -> AsyncClient:
    http = AsyncClient(transport=shop.api._transport, base_url="http://test")
    answer = await http.post("/v1/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
    return http


async def test_a_member_sees_itself(shop: Shop) -> None:
    member, http = await person(shop, "viewer")
    me = (await http.get("/v1/tenant/me")).json()
    assert {name: me[name] for name in member} == member
    assert (me["tenant"]["id"], me["two_factor"], me["client_id"]) == (shop.id, False, None)
    assert me["permissions"] == [
        "bots:read", "chat:read", "clients:read", "contacts:read", "conversations:read", "datasets:read",
        "deployments:read", "tenant:read",
    ]  # fmt: skip
    assert "password" not in str(me)


async def test_a_change_of_role_takes_effect_at_once(shop: Shop) -> None:
    member, http = await person(shop, "editor")
    assert (await http.post("/v1/tenant/datasets", json={"name": "Before"})).status_code == 201

    await shop.api.patch(f"/v1/tenant/members/{member['id']}", json={"role": "viewer"})

    assert (await http.post("/v1/tenant/datasets", json={"name": "After"})).status_code == 403


async def test_a_member_that_is_switched_off_is_out_at_once(shop: Shop) -> None:
    member, http = await person(shop, "editor")

    await shop.api.patch(f"/v1/tenant/members/{member['id']}", json={"is_active": False})

    assert (await http.get("/v1/tenant")).status_code == 401


async def test_a_member_that_is_switched_on_again_has_to_sign_in_again(shop: Shop) -> None:
    member, http = await person(shop, "editor")
    for state in (False, True):
        await shop.api.patch(f"/v1/tenant/members/{member['id']}", json={"is_active": state})

    assert (await http.get("/v1/tenant")).status_code == 401
    assert (await (await signed_in(shop, member["email"])).get("/v1/tenant")).status_code == 200


async def test_a_new_password_ends_every_sign_in_of_the_person(shop: Shop) -> None:
    member, http = await person(shop, "editor")

    await shop.api.patch(f"/v1/tenant/members/{member['id']}", json={"password": NEW_PASSWORD})

    assert (await http.get("/v1/tenant")).status_code == 401
    assert (await (await signed_in(shop, member["email"], NEW_PASSWORD)).get("/v1/tenant")).is_success


async def test_a_deleted_member_is_gone_and_its_address_free(shop: Shop) -> None:
    member, http = await person(shop, "editor")

    assert (await shop.api.delete(f"/v1/tenant/members/{member['id']}")).status_code == 204

    assert (await http.get("/v1/tenant")).status_code == 401
    body = {"email": member["email"], "password": OWNER_PASSWORD, "role": "viewer"}
    assert (await shop.post("/v1/tenant/members", body))["id"] != member["id"]


async def test_an_address_is_there_once(shop: Shop) -> None:
    member, _ = await person(shop, "viewer")
    body = {"email": member["email"].upper(), "password": OWNER_PASSWORD, "role": "viewer"}
    answer = await shop.post("/v1/tenant/members", body, status=409)
    assert answer["code"] == "email_taken"


@pytest.mark.parametrize("change", [{"role": "admin"}, {"is_active": False}], ids=str)
async def test_the_last_owner_stays(shop: Shop, change: Json) -> None:
    me = await shop.get("/v1/tenant/me")
    answer = await shop.api.patch(f"/v1/tenant/members/{me['id']}", json=change)
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert (await shop.api.delete(f"/v1/tenant/members/{me['id']}")).status_code == 409
    assert await shop.get("/v1/tenant/me") == me


async def test_with_two_owners_one_may_go(shop: Shop) -> None:
    await person(shop, "owner", "second")
    me = await shop.get("/v1/tenant/me")
    assert (await shop.api.patch(f"/v1/tenant/members/{me['id']}", json={"role": "viewer"})).is_success


async def test_two_owners_cannot_both_go_at_the_same_moment(shop: Shop, app: FastAPI) -> None:
    import asyncio

    second, http = await person(shop, "owner", "second")
    me = await shop.get("/v1/tenant/me")

    answers = await asyncio.gather(
        shop.api.patch(f"/v1/tenant/members/{second['id']}", json={"role": "viewer"}),
        http.patch(f"/v1/tenant/members/{me['id']}", json={"role": "viewer"}),
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200
    assert statuses[1] in {401, 403, 409}, "one of them must be left"


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"password": NEW_PASSWORD}, {"is_active": False}], ids=str)
async def test_who_is_no_owner_cannot_take_an_owners_place(shop: Shop, change: Json) -> None:
    await person(shop, "owner", "second")
    me = await shop.get("/v1/tenant/me")
    _, http = await person(shop, "admin")

    answer = await http.patch(f"/v1/tenant/members/{me['id']}", json=change)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert (await http.delete(f"/v1/tenant/members/{me['id']}")).status_code == 403
    assert await shop.get("/v1/tenant/me") == me


async def test_who_is_no_owner_cannot_make_one(shop: Shop) -> None:
    member, http = await person(shop, "admin")
    body = {"email": "mine@people.example", "password": OWNER_PASSWORD, "role": "owner"}

    assert (await http.post("/v1/tenant/members", json=body)).status_code == 403
    promoted = await http.patch(f"/v1/tenant/members/{member['id']}", json={"role": "owner"})
    assert promoted.status_code == 403


async def test_nobody_learns_a_password_or_its_hash(shop: Shop) -> None:
    await person(shop, "viewer")
    listed = await shop.api.get("/v1/tenant/members")
    assert "password" not in listed.text
    assert "argon2" not in listed.text


async def test_changes_of_people_are_in_the_audit_log(shop: Shop) -> None:
    member, _ = await person(shop, "viewer")
    await shop.api.patch(f"/v1/tenant/members/{member['id']}", json={"password": NEW_PASSWORD})
    await shop.api.delete(f"/v1/tenant/members/{member['id']}")

    entries = [e for e in (await shop.get("/v1/tenant/audit"))["items"] if e["subject"] == member["id"]]

    assert [entry["action"] for entry in entries] == ["member.delete", "member.update", "member.create"]
    assert {entry["actor_id"] for entry in entries} == {(await shop.get("/v1/tenant/me"))["id"]}
    assert all(entry["request_id"] for entry in entries)
    assert NEW_PASSWORD not in str(entries)


async def test_the_profile_of_a_tenant_is_changed_by_its_owner(shop: Shop) -> None:
    answer = await shop.api.patch("/v1/tenant", json={"name": "New name", "owner_email": "boss@shop.example"})
    assert (answer.json()["name"], answer.json()["owner_email"]) == ("New name", "boss@shop.example")
    cleared = await shop.api.patch("/v1/tenant", json={"name": None, "owner_email": None})
    assert (cleared.json()["name"], cleared.json()["owner_email"]) == ("New name", None)


async def test_a_tenant_cannot_give_itself_another_plan(shop: Shop) -> None:
    for field, value in (("plan", "gold"), ("is_active", False), ("slug", "x"), ("id", shop.id)):
        answer = await shop.api.patch("/v1/tenant", json={field: value})
        assert answer.status_code == 422, field
    assert (await shop.get("/v1/tenant"))["plan"] == "enterprise"


async def test_an_unsigned_caller_from_elsewhere_changes_nothing(app: FastAPI, shop: Shop) -> None:
    transport = ASGITransport(app=app, client=("10.1.1.1", 1))
    async with AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await http.patch("/v1/tenant", json={"name": "Mine"})).status_code == 401
