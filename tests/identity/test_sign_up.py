"""From a form to a tenant of one's own: nothing exists until the address is proved, and nobody learns who is here."""

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable

import psycopg
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from pydantic import SecretStr
from tests.identity.people import PASSWORD, html_of, mails_to, new_email, sign_up, text_of, token_in, visitor
from tests.shops import Shop

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.maintenance import run_maintenance
from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import Core
from shopwright.kit.embedded_postgres import EmbeddedPostgres

Jobs = Callable[[], Awaitable[None]]


async def verify(http: AsyncClient, token: str) -> Response:
    return await http.post("/v1/auth/verify-email", json={"token": token})


async def test_who_signs_up_and_proves_the_address_is_in_as_owner(
    http: AsyncClient, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email()
    asked = await sign_up(http, to, name="Ada", tenant_name="Ada's Shop")
    assert (asked.status_code, asked.json()) == (202, {"status": "verification_sent"})
    await run_jobs()
    [mail] = mails_to(settings.mail_dir, to)

    answer = await verify(http, token_in(mail))

    assert answer.status_code == 200, answer.text
    headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await http.get("/v1/tenant/me", headers=headers)).json()
    assert (me["email"], me["name"], me["role"], me["tenant"]["name"]) == (to, "Ada", "owner", "Ada's Shop")
    assert me["two_factor"] is False
    assert "tenant:write" in me["permissions"]
    assert (await http.post("/v1/auth/login", json={"email": to, "password": PASSWORD})).status_code == 200


async def test_before_the_address_is_proved_nobody_gets_in(http: AsyncClient, run_jobs: Jobs) -> None:
    to = new_email()
    await sign_up(http, to)
    await run_jobs()
    assert (await http.post("/v1/auth/login", json={"email": to, "password": PASSWORD})).status_code == 401


async def test_a_link_works_once(http: AsyncClient, run_jobs: Jobs, settings: Settings) -> None:
    to = new_email()
    await sign_up(http, to)
    await run_jobs()
    token = token_in(mails_to(settings.mail_dir, to)[0])

    answers = await asyncio.gather(*(verify(http, token) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [200, 404, 404]
    assert (await verify(http, token)).json()["code"] == "link_expired"


async def test_two_sign_ups_of_one_address_make_one_tenant(
    http: AsyncClient, run_jobs: Jobs, settings: Settings, postgres: EmbeddedPostgres
) -> None:
    to = new_email()
    for name in ("First try", "Second try"):
        await sign_up(http, to, tenant_name=name)
        await run_jobs()
    tokens = [token_in(mail) for mail in mails_to(settings.mail_dir, to)]
    assert len(tokens) == 2

    answers = await asyncio.gather(*(verify(http, token) for token in tokens))

    assert sorted(answer.status_code for answer in answers) == [200, 404]
    with psycopg.connect(postgres.owner_url) as connection:
        rows = connection.execute("select count(*) from tenants where email = %s", (to,)).fetchone()
    assert rows == (1,)


async def test_two_shops_of_one_name_get_different_slugs(http: AsyncClient, run_jobs: Jobs, settings: Settings) -> None:
    slugs = []
    for _ in range(2):
        to = new_email()
        await sign_up(http, to, tenant_name="Käse & Co: Berlin!")
        await run_jobs()
        pair = (await verify(http, token_in(mails_to(settings.mail_dir, to)[0]))).json()
        headers = {"authorization": f"Bearer {pair['access_token']}"}
        slugs.append((await http.get("/v1/tenant", headers=headers)).json()["slug"])
    assert slugs[0] != slugs[1]
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs)


async def test_a_known_address_gets_the_same_answer_and_another_mail(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings, postgres: EmbeddedPostgres
) -> None:
    known, unknown = await sign_up(http, shop.email), await sign_up(http, new_email())
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    await run_jobs()

    [mail] = mails_to(settings.mail_dir, shop.email)
    assert "already have a login" in str(mail["subject"])
    assert "#token=" not in text_of(mail)
    with psycopg.connect(postgres.owner_url) as connection:
        kept = connection.execute("select count(*) from sign_ups where email = %s", (shop.email,)).fetchone()
    assert kept == (0,)


async def test_the_route_does_the_same_statements_for_a_known_and_an_unknown_address(
    http: AsyncClient, shop: Shop, core: Core
) -> None:
    from tests.entrypoints.test_lists import statements

    seen = []
    for path in ("sign-up", "verify-email/resend", "password/forgot"):
        for to in (shop.email, new_email()):
            body = {"email": to}
            if path == "sign-up":
                body |= {"password": PASSWORD, "name": "A", "tenant_name": "B"}
            with statements(core) as sent:
                answer = await http.post(f"/v1/auth/{path}", json=body)
            assert answer.status_code == 202
            seen.append([statement.split()[0:3] for statement in sent])
    assert seen[0] == seen[1]
    assert seen[2] == seen[3]
    assert seen[4] == seen[5]


async def test_the_link_can_be_sent_again_and_the_one_before_stops_working(
    http: AsyncClient, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email()
    await sign_up(http, to)
    await run_jobs()
    assert (await http.post("/v1/auth/verify-email/resend", json={"email": to.upper()})).status_code == 202
    await run_jobs()

    first, second = (token_in(mail) for mail in mails_to(settings.mail_dir, to))

    assert (await verify(http, first)).status_code == 404
    assert (await verify(http, second)).status_code == 200


async def test_nothing_is_sent_again_to_who_never_signed_up(
    http: AsyncClient, shop: Shop, run_jobs: Jobs, settings: Settings
) -> None:
    for to in (shop.email, new_email("nobody")):
        assert (await http.post("/v1/auth/verify-email/resend", json={"email": to})).status_code == 202
        await run_jobs()
        assert mails_to(settings.mail_dir, to) == []


async def test_an_old_link_does_not_work_and_is_swept(
    http: AsyncClient, run_jobs: Jobs, settings: Settings, postgres: EmbeddedPostgres, core: Core
) -> None:
    to = new_email()
    await sign_up(http, to)
    await run_jobs()
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("update sign_ups set expires_at = now() - interval '1 second' where email = %s", (to,))

    assert (await verify(http, token_in(mails_to(settings.mail_dir, to)[0]))).status_code == 404

    await run_maintenance(core)
    with psycopg.connect(postgres.owner_url) as connection:
        left = connection.execute("select count(*) from sign_ups where email = %s", (to,)).fetchone()
    assert left == (0,)


async def test_the_database_holds_no_link_that_works(
    http: AsyncClient, run_jobs: Jobs, settings: Settings, postgres: EmbeddedPostgres
) -> None:
    to = new_email()
    await sign_up(http, to)
    await run_jobs()
    token = token_in(mails_to(settings.mail_dir, to)[0])
    with psycopg.connect(postgres.owner_url) as connection:
        dumped = connection.execute(
            "select string_agg(t::text, '') from (select s::text t from sign_ups s union all"
            " select m::text from outgoing_mails m union all select j::text from procrastinate_jobs j) x"
        ).fetchone()
    assert dumped is not None
    assert token not in str(dumped[0])


WEAK = ["password123", "1234567890", "aaaaaaaaaaaa", "QwertyUiop", "Passwort123", "same-as-email"]


@pytest.mark.parametrize("password", WEAK)
async def test_a_password_that_is_guessed_first_is_refused(http: AsyncClient, password: str) -> None:
    to = new_email()
    answer = await sign_up(http, to, password=to if password == "same-as-email" else password)
    assert (answer.status_code, answer.json()["code"]) == (422, "weak_password")


async def test_mails_to_one_address_are_few(http: AsyncClient) -> None:
    to = new_email()
    answers = [await http.post("/v1/auth/password/forgot", json={"email": to}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]


@pytest.mark.parametrize("language", ["en", "de", "de-AT", "fr"])
async def test_a_mail_is_in_the_readers_language(
    language: str, http: AsyncClient, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email()
    await sign_up(http, to, language=language)
    await run_jobs()
    [mail] = mails_to(settings.mail_dir, to)
    expected = "Bestätigen Sie Ihre E-Mail-Adresse" if language.startswith("de") else "Confirm your e-mail address"
    assert str(mail["subject"]) == expected


EVIL = "Win at https://evil.example/prize, www.evil.example or evil.example\u2028Bcc: all@evil.example<b>"


async def test_a_name_cannot_bring_a_link_or_a_line_into_a_mail(
    http: AsyncClient, run_jobs: Jobs, settings: Settings
) -> None:
    to = new_email()
    assert (await sign_up(http, to, name=EVIL[:120], tenant_name=EVIL[:120])).status_code == 202
    await run_jobs()
    [mail] = mails_to(settings.mail_dir, to)

    assert mail["bcc"] is None
    base = settings.base_url
    for content in (text_of(mail), html_of(mail)):
        rest = content.replace(base, "").replace("localhost:8000", "")
        assert not re.search(r"https?:|www\.|\w\.example|@evil|<b>", rest), rest
        assert re.findall(r"https?://[\w.:]+", content) == [base] * content.count(base)


async def test_letters_of_the_folder_are_for_nobody_else_on_the_machine(
    http: AsyncClient, run_jobs: Jobs, settings: Settings
) -> None:
    await sign_up(http, new_email())
    await run_jobs()
    assert settings.mail_dir.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in settings.mail_dir.iterdir())


async def test_the_methods_tell_where_mail_is_written(http: AsyncClient, settings: Settings) -> None:
    methods = (await http.get("/v1/auth/methods")).json()
    assert methods == {
        "password": True,
        "sign_up": True,
        "oidc": methods["oidc"],
        "mail": {"configured": False, "folder": str(settings.mail_dir)},
    }


@pytest.mark.parametrize("mode", ["invited", "closed"])
async def test_where_sign_up_is_not_open_nobody_can(app: FastAPI, settings: Settings, mode: str) -> None:
    other = create_app(settings.model_copy(update={"sign_up": mode}))
    async with other.router.lifespan_context(other):
        http = visitor(other)
        answer = await sign_up(http, new_email())
        assert (answer.status_code, answer.json()["code"]) == (403, "sign_up_closed")
        assert (await http.get("/v1/auth/methods")).json()["sign_up"] is False


async def test_a_production_does_not_tell_where_its_files_are(app: FastAPI, settings: Settings) -> None:
    key = SecretStr(base64.b64encode(bytes(range(32))).decode())
    other = create_app(settings.model_copy(update={"environment": "production", "master_key": key}))
    async with other.router.lifespan_context(other):
        mail = (await visitor(other).get("/v1/auth/methods")).json()["mail"]
    assert mail == {"configured": False, "folder": None}
