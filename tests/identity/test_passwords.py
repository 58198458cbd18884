"""Forgotten and changed passwords."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import pytest
from httpx2 import AsyncClient, Response
from tests.identity.people import mails_to, new_email, token_in
from tests.shops import OWNER_PASSWORD, Json, Shop

from shopwright.entrypoints.settings import Settings
from shopwright.kit.embedded_postgres import EmbeddedPostgres

Jobs = Callable[[], Awaitable[None]]
NEW = "an-even-longer-password"


async def forget(http: AsyncClient, email: str, run_jobs: Jobs) -> None:
    answer = await http.post("/v1/auth/password/forgot", json={"email": email})
    assert (answer.status_code, answer.json()) == (202, {"status": "reset_sent"})
    await run_jobs()


async def reset(http: AsyncClient, token: str, password: str = NEW) -> Response:
    return await http.post("/v1/auth/password/reset", json={"token": token, "password": password})


async def login(http: AsyncClient, email: str, password: str) -> Response:
    return await http.post("/v1/auth/login", json={"email": email, "password": password})


async def test_a_forgotten_password_is_chosen_anew_and_all_devices_are_signed_out(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    await forget(http, shop.email, run_jobs)
    [mail] = mails_to(settings.mail_dir, shop.email)

    assert (await reset(http, token_in(mail))).status_code == 204

    assert (await shop.api.get("/v1/tenant/me")).status_code == 401
    assert (await login(http, shop.email, OWNER_PASSWORD)).status_code == 401
    assert (await login(http, shop.email, NEW)).status_code == 200
    await run_jobs()
    assert "was changed" in str(mails_to(settings.mail_dir, shop.email)[-1]["subject"])


async def test_a_link_works_once(http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings) -> None:
    await forget(http, shop.email, run_jobs)
    token = token_in(mails_to(settings.mail_dir, shop.email)[0])

    answers = await asyncio.gather(*(reset(http, token, f"{NEW}-{n}") for n in range(3)))

    assert sorted(answer.status_code for answer in answers) == [204, 404, 404]


async def test_a_used_link_ends_the_others_too(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    for _ in range(2):
        await forget(http, shop.email, run_jobs)
    first, second = (token_in(mail) for mail in mails_to(settings.mail_dir, shop.email))
    assert (await reset(http, second)).status_code == 204
    assert (await reset(http, first)).status_code == 404


async def test_an_old_link_does_not_work(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings, postgres: EmbeddedPostgres
) -> None:
    await forget(http, shop.email, run_jobs)
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("update password_resets set expires_at = now() where tenant_id = %s", (shop.id,))
    answer = await reset(http, token_in(mails_to(settings.mail_dir, shop.email)[0]))
    assert (answer.status_code, answer.json()["code"]) == (404, "link_expired")


@pytest.mark.parametrize("token", ["x" * 20, "pr_" + "A" * 64, "rt_" + "A" * 64, "é" * 30, "pr_" + "=" * 64])
async def test_what_is_no_link_of_ours_is_refused(http: AsyncClient, token: str) -> None:
    assert (await reset(http, token)).status_code == 404


async def test_nobody_is_mailed_who_is_not_here_or_switched_off(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    off, nobody = new_email("off"), new_email("nobody")
    member = await shop.post("/v1/tenant/members", {"email": off, "password": OWNER_PASSWORD, "role": "viewer"})
    await shop.api.patch(f"/v1/tenant/members/{member['id']}", json={"is_active": False})
    for to in (off, nobody):
        await forget(http, to, run_jobs)
        assert mails_to(settings.mail_dir, to) == []


async def test_a_person_of_two_shops_gets_a_link_for_each(
    http: AsyncClient, shop: Shop, other_shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email("both")
    for opened in (shop, other_shop):
        await opened.post("/v1/tenant/members", {"email": to, "password": OWNER_PASSWORD, "role": "viewer"})
    await forget(http, to, run_jobs)
    assert len({token_in(mail) for mail in mails_to(settings.mail_dir, to)}) == 2


async def change(shop: Shop, current: str, new: str = NEW) -> Response:
    return await shop.api.post("/v1/tenant/me/password", json={"current": current, "new": new})


async def test_ones_own_password_is_changed_and_the_other_devices_signed_out(http: AsyncClient, shop: Shop) -> None:
    other: Json = (await login(http, shop.email, OWNER_PASSWORD)).json()

    assert (await change(shop, OWNER_PASSWORD)).status_code == 204

    assert (await shop.api.get("/v1/tenant/me")).status_code == 200
    headers = {"authorization": f"Bearer {other['access_token']}"}
    assert (await http.get("/v1/tenant/me", headers=headers)).status_code == 401
    assert (await login(http, shop.email, NEW)).status_code == 200
    actions = [entry["action"] for entry in (await shop.get("/v1/tenant/audit"))["items"]]
    assert "password.change" in actions


async def test_who_does_not_know_the_password_cannot_change_it(shop: Shop) -> None:
    answers = [await change(shop, "a-wild-guess") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert answers[0].json()["code"] == "wrong_credentials"


async def test_a_weak_new_password_is_refused_everywhere(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    await forget(http, shop.email, run_jobs)
    token = token_in(mails_to(settings.mail_dir, shop.email)[0])
    person = {"email": new_email(), "role": "viewer"}
    answers = [
        await change(shop, OWNER_PASSWORD, "password1234"),
        await reset(http, token, shop.email),
        await shop.api.post("/v1/tenant/members", json={**person, "password": "password1234"}),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(422, "weak_password")] * 3
    assert (await reset(http, token)).status_code == 204  # a refused one does not use the link up
