"""Invitations: by mail, with a role, and never with more than the inviter holds."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from tests.identity.people import PASSWORD, html_of, mails_to, new_email, text_of, token_in, visitor
from tests.shops import OWNER_PASSWORD, Json, Shop

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.settings import Settings
from shopwright.kit.embedded_postgres import EmbeddedPostgres

Jobs = Callable[[], Awaitable[None]]


async def invite(http: AsyncClient, to: str, role: str = "editor") -> Response:
    return await http.post("/v1/tenant/invitations", json={"email": to, "role": role, "client_id": None})


async def accept(http: AsyncClient, token: str, password: str = PASSWORD) -> Response:
    return await http.post(f"/v1/auth/invitations/{token}/accept", json={"name": "Grace", "password": password})


async def signed_in(app: FastAPI, shop: Shop, role: str) -> tuple[Json, AsyncClient]:
    email = new_email(role)
    member = await shop.post("/v1/tenant/members", {"email": email, "password": OWNER_PASSWORD, "role": role})
    http = visitor(app)
    pair = (await http.post("/v1/auth/login", json={"email": email, "password": OWNER_PASSWORD})).json()
    http.headers["authorization"] = f"Bearer {pair['access_token']}"
    return member, http


async def test_who_is_invited_joins_with_the_role(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email("guest")
    made = await invite(shop.api, to.upper(), "operator")
    assert made.status_code == 201, made.text
    assert (made.json()["status"], made.json()["client_id"]) == ("pending", None)
    await run_jobs()
    [mail] = mails_to(settings.mail_dir, to)
    assert shop.tenant["name"].replace(".", " .") in text_of(mail)
    assert "operator" in html_of(mail)
    token = token_in(mail)

    look = (await http.get(f"/v1/auth/invitations/{token}")).json()
    assert look == {"email": to, "tenant_name": shop.tenant["name"], "role": "operator", "elsewhere": False}
    joined = await accept(http, token)

    assert joined.status_code == 200, joined.text
    headers = {"authorization": f"Bearer {joined.json()['access_token']}"}
    me = (await http.get("/v1/tenant/me", headers=headers)).json()
    assert (me["email"], me["name"], me["role"], me["tenant"]["id"]) == (to, "Grace", "operator", shop.id)
    assert (await http.post("/v1/auth/login", json={"email": to, "password": PASSWORD})).status_code == 200
    [listed] = (await shop.get("/v1/tenant/invitations"))["items"]
    assert listed["status"] == "accepted"


async def test_who_is_invited_to_a_client_sees_that_client_only(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    client = await shop.post("/v1/tenant/clients", {"name": "North Bikes"})
    hidden = await shop.bot()
    to = new_email("guest")
    wanted = {"email": to, "role": "editor", "client_id": client["id"]}
    await shop.post("/v1/tenant/invitations", wanted)
    await run_jobs()
    [mail] = mails_to(settings.mail_dir, to)
    joined = (await accept(http, token_in(mail))).json()
    mine = {"authorization": f"Bearer {joined['access_token']}"}
    assert (await http.get("/v1/tenant/me", headers=mine)).json()["client_id"] == client["id"]
    assert (await http.get(f"/v1/tenant/bots/{hidden['id']}", headers=mine)).status_code == 404


async def test_an_invitation_is_accepted_once(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email("guest")
    await invite(shop.api, to)
    await run_jobs()
    token = token_in(mails_to(settings.mail_dir, to)[0])
    answers = await asyncio.gather(*(accept(http, token) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404]
    assert (await http.get(f"/v1/auth/invitations/{token}")).json()["code"] == "link_expired"


@pytest.mark.parametrize(
    ("role", "may"),
    [("owner", {"owner", "admin", "editor", "operator", "viewer"}),
     ("admin", {"admin", "editor", "operator", "viewer"}), ("editor", set()), ("viewer", set())],
)  # fmt: skip
async def test_nobody_gives_more_than_they_hold(app: FastAPI, shop: Shop, role: str, may: set[str]) -> None:
    _, http = await signed_in(app, shop, role)
    given = {
        wanted
        for wanted in ("owner", "admin", "editor", "operator", "viewer")
        if (await invite(http, new_email(wanted), wanted)).status_code == 201
    }
    assert given == may


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"is_active": False}, None], ids=str)
async def test_an_invitation_is_worth_no_more_than_who_wrote_it(
    app: FastAPI, http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings, change: Json | None
) -> None:
    inviter, their = await signed_in(app, shop, "admin")
    to = new_email("guest")
    await invite(their, to, "admin")
    await run_jobs()
    path = f"/v1/tenant/members/{inviter['id']}"
    await (shop.api.patch(path, json=change) if change else shop.api.delete(path))

    assert (await accept(http, token_in(mails_to(settings.mail_dir, to)[0]))).status_code == 404


async def test_who_is_here_or_invited_is_not_invited_again(shop: Shop) -> None:
    to = new_email("guest")
    assert (await invite(shop.api, shop.email)).json()["code"] == "email_taken"
    assert (await invite(shop.api, to)).status_code == 201
    again = await invite(shop.api, to)
    assert (again.status_code, again.json()["code"]) == (409, "already_invited")


async def test_an_invitation_sent_again_has_a_new_link(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email("guest")
    made = (await invite(shop.api, to)).json()
    await run_jobs()
    again = await shop.api.post(f"/v1/tenant/invitations/{made['id']}/resend")
    assert again.json()["expires_at"] > made["expires_at"]
    await run_jobs()
    first, second = (token_in(mail) for mail in mails_to(settings.mail_dir, to))
    assert (await accept(http, first)).status_code == 404
    assert (await accept(http, second)).status_code == 200
    assert (await shop.api.post(f"/v1/tenant/invitations/{made['id']}/resend")).status_code == 404


async def test_a_withdrawn_or_old_invitation_opens_nothing(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings, postgres: EmbeddedPostgres
) -> None:
    withdrawn, old = new_email("withdrawn"), new_email("old")
    made = (await invite(shop.api, withdrawn)).json()
    await invite(shop.api, old)
    await run_jobs()
    assert (await shop.api.delete(f"/v1/tenant/invitations/{made['id']}")).status_code == 204
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("update invitations set expires_at = now() where email = %s", (old,))
    for to in (withdrawn, old):
        assert (await accept(http, token_in(mails_to(settings.mail_dir, to)[0]))).status_code == 404
    [listed] = (await shop.get("/v1/tenant/invitations"))["items"]
    assert listed["status"] == "expired"
    assert (await invite(shop.api, old)).status_code == 201


async def test_a_weak_password_does_not_use_the_invitation_up(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email("guest")
    await invite(shop.api, to)
    await run_jobs()
    token = token_in(mails_to(settings.mail_dir, to)[0])
    assert (await accept(http, token, to)).json()["code"] == "weak_password"
    assert (await accept(http, token)).status_code == 200


async def test_an_invitation_of_a_tenant_that_is_switched_off_opens_nothing(
    http: AsyncClient, admin: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email("guest")
    await invite(shop.api, to)
    await run_jobs()
    await admin.patch(f"/admin/tenants/{shop.id}", json={"is_active": False})
    assert (await accept(http, token_in(mails_to(settings.mail_dir, to)[0]))).status_code == 404


async def test_where_nobody_may_join_invitations_neither_go_out_nor_open(
    app: FastAPI, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email("guest")
    await invite(shop.api, to)
    await run_jobs()
    closed = create_app(settings.model_copy(update={"sign_up": "closed"}))
    async with closed.router.lifespan_context(closed):
        http = visitor(closed)
        assert (await accept(http, token_in(mails_to(settings.mail_dir, to)[0]))).status_code == 403
        http.headers["authorization"] = shop.api.headers["authorization"]
        assert (await invite(http, new_email())).json()["code"] == "sign_up_closed"


async def test_invitations_are_in_the_audit_log(shop: Shop) -> None:
    made = (await invite(shop.api, new_email("guest"))).json()
    await shop.api.delete(f"/v1/tenant/invitations/{made['id']}")
    entries = [e["action"] for e in (await shop.get("/v1/tenant/audit"))["items"] if e["subject"] == made["id"]]
    assert entries == ["invitation.delete", "invitation.create"]
