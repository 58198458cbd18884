"""Phone and recovery codes are lost: who may switch a second factor off, for whom, and what follows."""

import os
from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from tests.identity.people import mails_to, text_of, visitor
from tests.identity.test_second_factor import Person
from tests.shops import OWNER_PASSWORD, Shop, open_shop

from shopwright.entrypoints.rescue import reset_second_factor
from shopwright.entrypoints.seed import create_admin
from shopwright.entrypoints.settings import Settings

RunJobs = Callable[[], Awaitable[None]]


async def locked_out(app: FastAPI, shop: Shop, role: str = "editor", name: str = "lost") -> tuple[str, Person]:
    """A member who has a second factor, and nothing left to pass it with."""
    email = f"{name}-{os.getpid()}-{shop.id[-12:]}@people.example"
    body = {"email": email, "name": "Ada Lost", "password": OWNER_PASSWORD, "role": role}
    member = await shop.post("/v1/tenant/members", body)
    person = Person("member", visitor(app), email)
    await person.set_up()
    return str(member["id"]), person


async def helper(app: FastAPI, shop: Shop, role: str) -> AsyncClient:
    email = f"helper-{role}-{os.getpid()}-{shop.id[-12:]}@people.example"
    body = {"email": email, "name": "Grace Helper", "password": OWNER_PASSWORD, "role": role}
    await shop.post("/v1/tenant/members", body)
    http = visitor(app)
    token = (await http.post("/v1/auth/login", json={"email": email, "password": OWNER_PASSWORD})).json()
    http.headers["authorization"] = f"Bearer {token['access_token']}"
    return http


def at(member: str) -> str:
    return f"/v1/tenant/members/{member}/two-factor"


async def test_after_it_the_password_is_enough_and_every_sign_in_has_ended(app: FastAPI, shop: Shop) -> None:
    member, person = await locked_out(app, shop)
    challenge = await person.challenge()
    assert (await shop.get(f"/v1/tenant/members/{member}"))["two_factor"] is True

    assert (await shop.api.delete(at(member))).status_code == 204

    assert (await person.http.get("/v1/tenant/me", headers=_bearer(person))).status_code == 401
    assert (await person.enter(challenge, person.code())).status_code == 401
    assert (await person.login()).status_code == 200
    assert (await shop.get(f"/v1/tenant/members/{member}"))["two_factor"] is False
    person.steps_used = -1  # the new secret has codes of its own
    assert len(await person.set_up()) == 10


def _bearer(person: Person) -> dict[str, str]:
    return {"authorization": f"Bearer {person.token}"}


async def test_the_person_is_told_who_did_it_and_the_log_says_so(
    app: FastAPI, shop: Shop, run_jobs: RunJobs, settings: Settings
) -> None:
    member, person = await locked_out(app, shop)
    http = await helper(app, shop, "admin")

    for _ in range(2):  # the second time there is nothing to do
        assert (await http.delete(at(member))).status_code == 204
    await run_jobs()

    [mail] = mails_to(settings.mail_dir, person.email)
    assert "Grace Helper switched off the second step" in text_of(mail)
    assert "Choose a new password at once" in text_of(mail)
    entries = [e for e in (await shop.get("/v1/tenant/audit"))["items"] if e["action"] == "second_factor.off_for"]
    assert [(entry["subject"], entry["actor_kind"]) for entry in entries] == [(member, "member")]


async def test_only_an_owner_does_it_for_an_owner(app: FastAPI, shop: Shop) -> None:
    owner, person = await locked_out(app, shop, "owner")
    http = await helper(app, shop, "admin")

    answer = await http.delete(at(owner))

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    await person.challenge()
    assert (await shop.api.delete(at(owner))).status_code == 204


async def test_nobody_does_it_for_themselves(app: FastAPI, shop: Shop) -> None:
    owner, person = await locked_out(app, shop, "owner")
    answer = await person.http.delete(at(owner), headers=_bearer(person))
    assert (answer.status_code, answer.json()["code"]) == (409, "own_second_factor")
    await person.challenge()


async def test_another_shop_and_a_person_elsewhere_stay_as_they_are(app: FastAPI, shop: Shop, admin_token: str) -> None:
    member, person = await locked_out(app, shop)
    async with open_shop(app, admin_token, f"elsewhere-{os.getpid()}") as other:
        assert (await other.api.delete(at(member))).status_code == 404
        body = {"email": person.email, "password": "another-long-password", "role": "viewer"}
        there = await other.post("/v1/tenant/members", body)
        assert (await other.api.delete(at(there["id"]))).status_code == 204
    await person.challenge()


async def test_an_administrator_finds_a_person_and_helps(
    app: FastAPI, shop: Shop, admin: AsyncClient, run_jobs: RunJobs, settings: Settings
) -> None:
    member, person = await locked_out(app, shop)

    [found] = (await admin.post("/admin/people/find", json={"email": person.email.upper()})).json()["items"]
    assert (found["id"], found["tenant_id"], found["two_factor"]) == (member, shop.id, True)
    path = f"/admin/tenants/{shop.id}/members/{member}/two-factor"
    assert (await admin.delete(path)).status_code == 204
    await run_jobs()

    assert (await person.login()).status_code == 200
    assert "the people who run this installation" in text_of(mails_to(settings.mail_dir, person.email)[-1])
    newest = (await shop.get("/v1/tenant/audit"))["items"]
    assert ("second_factor.off_for", "admin") in {(entry["action"], entry["actor_kind"]) for entry in newest}
    assert member in {entry["subject"] for entry in (await admin.get("/admin/audit")).json()["items"]}


async def test_an_administrator_helps_another_one_and_not_itself(app: FastAPI, admin: AsyncClient) -> None:
    people = []
    for name in ("one", "two"):
        email = f"{name}-lost-{os.getpid()}@people.example"
        await create_admin(app.state.db, email, OWNER_PASSWORD)
        people.append(Person("admin", visitor(app), email))
    one, two = people
    await one.set_up()
    [found] = (await admin.post("/admin/people/find", json={"email": one.email})).json()["items"]
    assert (found["tenant_id"], found["two_factor"]) == (None, True)
    path = f"/admin/administrators/{found['id']}/two-factor"

    assert (await one.http.delete(path, headers=_bearer(one))).json()["code"] == "own_second_factor"
    two.token = (await two.login()).json()["access_token"]
    assert (await two.http.delete(path, headers=_bearer(two))).status_code == 204

    assert (await one.login()).status_code == 200


@pytest.mark.parametrize("kind", ["member", "admin"])
async def test_the_command_helps_where_nobody_else_can(
    app: FastAPI, shop: Shop, admin: AsyncClient, settings: Settings, kind: str
) -> None:
    if kind == "member":
        subject, person = await locked_out(app, shop, "owner", "only")
    else:
        person = Person("admin", visitor(app), f"only-{os.getpid()}@people.example")
        await create_admin(app.state.db, person.email, OWNER_PASSWORD)
        await person.set_up()
        subject = (await person.http.get("/admin/me", headers=_bearer(person))).json()["id"]

    [line] = await reset_second_factor(settings, person.email)

    assert "is off" in line
    assert (await person.login()).status_code == 200
    entries = (await admin.get("/admin/audit")).json()["items"]
    assert (subject, "installation") in {(entry["subject"], entry["actor"]) for entry in entries}
    assert "has no second factor" in (await reset_second_factor(settings, person.email))[0]
    assert await reset_second_factor(settings, "nobody-at-all@people.example") == []
