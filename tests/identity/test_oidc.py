"""Signing in with an OpenID provider: the whole way, and every way it must not go."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import psycopg
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from joserfc.jwk import RSAKey
from tests.identity.openid import CLIENT_ID, CLIENT_SECRET, OpenId
from tests.identity.people import new_email, visitor
from tests.shops import OWNER_PASSWORD, Json, Shop

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.settings import Settings
from shopwright.identity.oidc.flow import safe_path
from shopwright.kit.embedded_postgres import EmbeddedPostgres

SESSION, ATTEMPT = "__Host-session", "__Host-sign-in-attempt"


@pytest.fixture
async def openid(shop: Shop) -> AsyncIterator[OpenId]:
    async with OpenId.started() as provider:
        provider.person = {"sub": "ada-1", "email": shop.email, "email_verified": True, "name": "Ada"}
        yield provider


async def register(admin: AsyncClient, provider: OpenId, **fields: object) -> str:
    slug = f"own-{secrets.token_hex(6)}"  # a port comes back within a run
    body = {"slug": slug, "name": "Own", "issuer": provider.issuer, "client_id": CLIENT_ID}
    made = await admin.post("/admin/oidc-providers", json={**body, "client_secret": CLIENT_SECRET, **fields})
    assert made.status_code == 201, made.text
    return slug


@pytest.fixture
async def slug(admin: AsyncClient, openid: OpenId) -> str:
    return await register(admin, openid)


async def start(http: AsyncClient, slug: str, next_path: str = "/bots") -> str:
    answer = await http.get(f"/v1/auth/oidc/{slug}/start", params={"next": next_path})
    assert answer.status_code == 303, answer.text
    http.headers["cookie"] = f"{ATTEMPT}={answer.cookies[ATTEMPT]}"
    return answer.headers["location"]


async def sign_in(http: AsyncClient, provider: OpenId, slug: str, next_path: str = "/bots") -> Response:
    return await http.get(provider.authorize(await start(http, slug, next_path)))


def error_of(answer: Response) -> str:
    assert answer.status_code == 303, answer.text
    assert SESSION not in answer.cookies
    place = urlsplit(answer.headers["location"])
    assert place.path == "/sign-in"
    return parse_qs(place.query)["error"][0]


async def me(http: AsyncClient, answer: Response) -> Json:
    """Who the browser is now, as the console finds out."""
    sent = {"x-session": "cookie", "origin": "http://localhost:8000", "cookie": f"{SESSION}={answer.cookies[SESSION]}"}
    pair = (await http.post("/v1/auth/refresh", json={}, headers=sent)).json()
    found = await http.get("/v1/tenant/me", headers={"authorization": f"Bearer {pair['access_token']}"})
    return dict(found.json())


async def test_who_the_provider_vouches_for_is_in(http: AsyncClient, shop: Shop, openid: OpenId, slug: str) -> None:
    answer = await sign_in(http, openid, slug, "/bots?tab=all")

    assert (answer.status_code, answer.headers["location"]) == (303, "/bots?tab=all")
    assert (await me(http, answer))["email"] == shop.email
    actions = [entry["action"] for entry in (await shop.get("/v1/tenant/audit"))["items"]]
    assert {"oidc.link", "sign_in.oidc"} <= set(actions)


async def test_the_sign_in_page_learns_of_the_provider(http: AsyncClient, slug: str) -> None:
    assert {"slug": slug, "name": "Own"} in (await http.get("/v1/auth/methods")).json()["oidc"]


async def test_the_cookie_of_an_attempt_comes_back_from_another_site(http: AsyncClient, slug: str) -> None:
    cookie = (await http.get(f"/v1/auth/oidc/{slug}/start")).headers["set-cookie"]
    for mark in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=600"):
        assert mark in cookie


async def test_a_person_stays_the_same_when_the_address_changes_there(
    http: AsyncClient, shop: Shop, openid: OpenId, slug: str
) -> None:
    await sign_in(http, openid, slug)
    openid.person |= {"email": new_email("renamed"), "email_verified": False}
    assert (await me(http, await sign_in(http, openid, slug)))["email"] == shop.email


async def test_somebody_else_with_the_old_address_is_not_taken_for_the_person(
    http: AsyncClient, shop: Shop, openid: OpenId, slug: str
) -> None:
    openid.person |= {"sub": "eve-1", "email_verified": False}
    assert error_of(await sign_in(http, openid, slug)) == "oidc_email_unverified"


@pytest.mark.parametrize("said", [False, None, "false", "yes", 0, "missing"])
async def test_an_address_that_was_not_proved_there_opens_nothing_here(
    http: AsyncClient, openid: OpenId, slug: str, said: object
) -> None:
    openid.person["email_verified"] = said
    if said == "missing":
        del openid.person["email_verified"]
    assert error_of(await sign_in(http, openid, slug)) == "oidc_email_unverified"


async def test_addresses_of_a_domain_the_operator_trusts_count_as_proved(
    http: AsyncClient, admin: AsyncClient, shop: Shop, openid: OpenId
) -> None:
    slug = await register(admin, openid, trusted_email_domains=[shop.email.split("@")[1]])
    del openid.person["email_verified"]
    assert (await me(http, await sign_in(http, openid, slug)))["email"] == shop.email
    # But not against the provider's own word.
    openid.person |= {"sub": "eve-1", "email_verified": False}
    assert error_of(await sign_in(http, openid, slug)) == "oidc_email_unverified"


async def test_the_address_may_be_told_by_userinfo_only(
    http: AsyncClient, shop: Shop, openid: OpenId, slug: str
) -> None:
    openid.userinfo = openid.person
    assert (await me(http, await sign_in(http, openid, slug)))["email"] == shop.email
    assert "/userinfo" in openid.asked


async def test_userinfo_of_somebody_else_is_refused(http: AsyncClient, openid: OpenId, slug: str) -> None:
    openid.userinfo = {**openid.person, "sub": "eve-1"}
    assert error_of(await sign_in(http, openid, slug)) == "oidc_token"


WRONG = {
    "foreign audience": lambda c: {**c, "aud": "another client"},
    "one of two audiences, for another": lambda c: {**c, "aud": [CLIENT_ID, "another"], "azp": "another"},
    "two audiences, for nobody": lambda c: {**c, "aud": [CLIENT_ID, "another"]},
    "foreign issuer": lambda c: {**c, "iss": "https://evil.example"},
    "expired": lambda c: {**c, "exp": c["iat"] - 120},
    "no end": lambda c: {k: v for k, v in c.items() if k != "exp"},
    "end is no number": lambda c: {**c, "exp": "tomorrow"},
    "from the future": lambda c: {**c, "iat": c["iat"] + 600, "exp": c["iat"] + 900},
    "not valid yet": lambda c: {**c, "nbf": c["iat"] + 600},
    "wrong nonce": lambda c: {**c, "nonce": "another"},
    "no nonce": lambda c: {k: v for k, v in c.items() if k != "nonce"},
    "no subject": lambda c: {k: v for k, v in c.items() if k != "sub"},
    "subject is no text": lambda c: {**c, "sub": 1},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
async def test_a_token_with_a_wrong_claim_is_refused(http: AsyncClient, openid: OpenId, slug: str, change) -> None:
    openid.claims = change
    openid.userinfo = {**openid.person}
    assert error_of(await sign_in(http, openid, slug)) == "oidc_token"


SIGNING = {
    "alg none": OpenId.unsigned,
    "the public key as a secret": OpenId.signed_with_public_key,
    "another key": lambda self, c: self.signed(c, key=RSAKey.generate_key(2048)),
    "a changed body": lambda self, c: self.signed(c).replace(".", ".e30", 1),
    "nothing": lambda self, c: "",
    "no token": lambda self, c: "a.b",
    "a list as header": lambda self, c: "W10.e30.e30",
}


@pytest.mark.parametrize("sign", SIGNING.values(), ids=SIGNING)
async def test_a_token_that_was_not_signed_by_the_provider_is_refused(
    http: AsyncClient, openid: OpenId, slug: str, sign
) -> None:
    openid.sign = sign
    assert error_of(await sign_in(http, openid, slug)) == "oidc_token"


async def test_a_new_key_of_the_provider_is_fetched(
    http: AsyncClient, shop: Shop, openid: OpenId, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shopwright.identity.oidc.client.ASK_AGAIN_SECONDS", 0)
    await sign_in(http, openid, slug)
    openid.rotate()
    assert (await me(http, await sign_in(http, openid, slug)))["email"] == shop.email


async def test_what_the_provider_says_of_itself_is_kept(http: AsyncClient, openid: OpenId, slug: str) -> None:
    for _ in range(3):
        await sign_in(http, openid, slug)
    assert openid.asked.count("/.well-known/openid-configuration") == openid.asked.count("/keys") == 1


async def test_coming_back_twice_works_once(http: AsyncClient, openid: OpenId, slug: str) -> None:
    back = openid.authorize(await start(http, slug))
    answers = await asyncio.gather(*(http.get(back) for _ in range(3)))
    assert sorted(SESSION in answer.cookies for answer in answers) == [False, False, True]


async def test_a_code_that_was_used_before_is_refused_by_the_provider(
    http: AsyncClient, openid: OpenId, slug: str
) -> None:
    used = dict(parse_qsl(urlsplit(openid.authorize(await start(http, slug))).query))["code"]
    state = dict(parse_qsl(urlsplit(openid.authorize(await start(http, slug))).query))["state"]
    del openid.codes[used]
    answer = await http.get(f"/v1/auth/oidc/{slug}/callback", params={"code": used, "state": state})
    assert error_of(answer) == "oidc_refused"


async def test_a_code_of_another_sign_in_does_not_fit(
    http: AsyncClient, app: FastAPI, openid: OpenId, slug: str
) -> None:
    """Somebody's stolen code, put into one's own sign-in: PKCE and nonce belong to the other one."""
    stolen = dict(parse_qsl(urlsplit(openid.authorize(await start(visitor(app), slug))).query))["code"]
    state = dict(parse_qsl(urlsplit(await start(http, slug)).query))["state"]
    answer = await http.get(f"/v1/auth/oidc/{slug}/callback", params={"code": stolen, "state": state})
    assert error_of(answer) == "oidc_refused"


@pytest.mark.parametrize("state", ["", "another", "x" * 43])
async def test_a_wrong_state_is_refused(http: AsyncClient, openid: OpenId, slug: str, state: str) -> None:
    back = urlsplit(openid.authorize(await start(http, slug)))
    code = dict(parse_qsl(back.query))["code"]
    answer = await http.get(f"{back.path}?{urlencode({'code': code, 'state': state})}")
    assert error_of(answer) == "oidc_state"
    assert "/token" not in openid.asked


async def test_a_sign_in_cannot_be_ended_in_another_browser(
    http: AsyncClient, app: FastAPI, openid: OpenId, slug: str
) -> None:
    """An attacker's half-done sign-in, put into the victim's browser."""
    back = openid.authorize(await start(http, slug))
    victim = visitor(app)
    assert error_of(await victim.get(back)) == "oidc_state"
    await start(victim, slug)
    assert error_of(await victim.get(openid.authorize(await start(http, slug)))) == "oidc_state"


async def test_an_attempt_is_given_up_after_ten_minutes(
    http: AsyncClient, openid: OpenId, slug: str, postgres: EmbeddedPostgres
) -> None:
    back = openid.authorize(await start(http, slug))
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("update oidc_attempts set expires_at = now()")
    assert error_of(await http.get(back)) == "oidc_state"


async def test_two_tabs_sign_in_beside_each_other(http: AsyncClient, openid: OpenId, slug: str) -> None:
    first, second = openid.authorize(await start(http, slug)), openid.authorize(await start(http, slug))
    assert [SESSION in (await http.get(back)).cookies for back in (first, second)] == [True, True]


async def test_an_answer_of_another_provider_is_refused(http: AsyncClient, openid: OpenId, slug: str) -> None:
    back = openid.authorize(await start(http, slug))
    assert error_of(await http.get(f"{back}&iss=https%3A%2F%2Fevil.example")) == "oidc_state"


async def test_who_says_no_there_is_told_so(http: AsyncClient, openid: OpenId, slug: str) -> None:
    state = dict(parse_qsl(urlsplit(await start(http, slug)).query))["state"]
    query = {"error": "access_denied", "error_description": "<b>x</b>", "state": state}
    answer = await http.get(f"/v1/auth/oidc/{slug}/callback", params=query)
    assert error_of(answer) == "oidc_refused"
    assert "x" not in urlsplit(answer.headers["location"]).query.replace("oidc_refused", "").replace("error", "")


NOT_OURS = ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example",
            "\\\\evil.example", "/a\r\nset-cookie: x=y", "bots", "", "/x" * 251]  # fmt: skip


@pytest.mark.parametrize("path", NOT_OURS)
def test_one_is_sent_on_to_pages_of_ours_only(path: str) -> None:
    assert safe_path(path) == "/"


async def test_who_has_a_second_factor_is_asked_for_it_here_too(
    http: AsyncClient, shop: Shop, openid: OpenId, slug: str
) -> None:
    from tests.identity.test_second_factor import Person

    owner = Person("member", http, shop.email)
    codes = await owner.set_up()

    answer = await sign_in(http, openid, slug)

    assert (answer.status_code, SESSION in answer.cookies) == (303, False)
    place = urlsplit(answer.headers["location"])
    assert (place.path, place.query) == ("/sign-in", "")
    given = dict(parse_qsl(place.fragment))
    assert set(given) == {"challenge", "next"}
    assert given["next"] == "/bots"
    assert (await owner.enter(given["challenge"], codes[0])).status_code == 200


async def test_who_is_in_several_shops_chooses_one_and_a_new_one_joins_the_choice_by_itself(
    http: AsyncClient, shop: Shop, other_shop: Shop, openid: OpenId, slug: str
) -> None:
    assert (await sign_in(http, openid, slug)).headers["location"] == "/bots"  # known here, by one shop only
    person = {"email": shop.email, "password": "not-the-same-password", "role": "viewer"}
    await other_shop.post("/v1/tenant/members", person)

    answer = await sign_in(http, openid, slug)

    assert SESSION not in answer.cookies
    given = dict(parse_qsl(urlsplit(answer.headers["location"]).fragment))
    assert set(given) == {"choice", "next"}
    listed = (await http.post("/v1/auth/login/tenants", json={"choice": given["choice"]})).json()["items"]
    assert {tenant["id"] for tenant in listed} == {shop.id, other_shop.id}
    chosen = {"choice": given["choice"], "tenant_id": other_shop.id}
    pair = (await http.post("/v1/auth/login/tenant", json=chosen)).json()
    me = await http.get("/v1/tenant/me", headers={"authorization": f"Bearer {pair['access_token']}"})
    assert (me.json()["tenant"]["id"], me.json()["role"]) == (other_shop.id, "viewer")
    actions = [entry["action"] for entry in (await other_shop.get("/v1/tenant/audit"))["items"]]
    assert {"oidc.link", "sign_in.oidc"} <= set(actions)


async def test_a_stranger_is_refused_unless_the_provider_may_bring_some(
    http: AsyncClient, admin: AsyncClient, openid: OpenId, slug: str
) -> None:
    openid.person |= {"sub": "new-1", "email": new_email("new"), "name": "New\x00 Person"}
    assert error_of(await sign_in(http, openid, slug)) == "oidc_no_account"

    listed = (await admin.get("/admin/oidc-providers")).json()["items"]
    [provider] = [row for row in listed if row["slug"] == slug]
    await admin.patch(f"/admin/oidc-providers/{provider['id']}", json={"allow_sign_up": True})

    found = await me(http, await sign_in(http, openid, slug))
    assert (found["email"], found["role"], found["name"]) == (openid.person["email"], "owner", "New Person")
    body = {"email": openid.person["email"], "password": ""}
    for password in ("x", OWNER_PASSWORD):
        login = await http.post("/v1/auth/login", json={**body, "password": password})
        assert login.status_code == 401


async def test_a_member_that_is_switched_off_stays_out(
    http: AsyncClient, shop: Shop, openid: OpenId, slug: str
) -> None:
    to = new_email("off")
    member = await shop.post("/v1/tenant/members", {"email": to, "password": OWNER_PASSWORD, "role": "viewer"})
    openid.person |= {"sub": "off-1", "email": to}
    assert SESSION in (await sign_in(http, openid, slug)).cookies
    await shop.api.patch(f"/v1/tenant/members/{member['id']}", json={"is_active": False})
    assert error_of(await sign_in(http, openid, slug)) == "oidc_no_account"


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://169.254.169.254/authorize"},
        {"authorization_endpoint": None},
    ],
    ids=str,
)
async def test_a_provider_that_says_strange_things_of_itself_is_not_gone_to(
    http: AsyncClient, openid: OpenId, slug: str, said: Json
) -> None:
    openid.discovery = said
    assert error_of(await http.get(f"/v1/auth/oidc/{slug}/start")) == "oidc_unreachable"


@pytest.mark.parametrize("field", ["token_endpoint", "jwks_uri"])
async def test_inner_addresses_are_not_called_for_a_provider(
    http: AsyncClient, openid: OpenId, slug: str, field: str
) -> None:
    openid.discovery = {field: "http://169.254.169.254/latest/meta-data"}
    assert error_of(await sign_in(http, openid, slug)) == "oidc_unreachable"


async def test_a_provider_that_is_away_is_said_to_be(http: AsyncClient, admin: AsyncClient, openid: OpenId) -> None:
    slug = await register(admin, openid, issuer="http://127.0.0.1:9")
    assert error_of(await http.get(f"/v1/auth/oidc/{slug}/start")) == "oidc_unreachable"


async def test_an_unencrypted_or_inner_issuer_needs_the_operators_word(app: FastAPI, settings: Settings) -> None:
    strict = create_app(settings.model_copy(update={"egress_allow": []}))
    async with strict.router.lifespan_context(strict):
        client = strict.state.identity.oidc.client
        for issuer in (
            "http://accounts.shop.example",
            "http://127.0.0.1:9",
            "ftp://x.example",
            "https://u:p@x.example",
        ):
            with pytest.raises(Exception, match="cannot be reached"):
                client.check_address(issuer)
        client.check_address("https://accounts.shop.example")


async def test_the_secret_of_a_provider_is_kept_sealed_and_never_shown(
    admin: AsyncClient, openid: OpenId, slug: str, postgres: EmbeddedPostgres
) -> None:
    listed = await admin.get("/admin/oidc-providers")
    assert CLIENT_SECRET not in listed.text
    [row] = [row for row in listed.json()["items"] if row["slug"] == slug]
    assert row["client_secret"] == "…gns/"
    assert row["redirect_uri"] == f"http://localhost:8000/v1/auth/oidc/{slug}/callback"
    with psycopg.connect(postgres.owner_url) as connection:
        kept = connection.execute("select client_secret from oidc_providers where slug = %s", (slug,)).fetchone()
    assert kept is not None
    assert CLIENT_SECRET not in str(kept[0])
    again = await admin.post(
        "/admin/oidc-providers", json={"slug": slug, "name": "x", "issuer": openid.issuer, "client_id": "x"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "provider_slug_taken")


async def test_a_removed_or_switched_off_provider_is_unknown(
    http: AsyncClient, admin: AsyncClient, openid: OpenId, slug: str
) -> None:
    back = openid.authorize(await start(http, slug))
    [row] = [row for row in (await admin.get("/admin/oidc-providers")).json()["items"] if row["slug"] == slug]
    await admin.patch(f"/admin/oidc-providers/{row['id']}", json={"is_active": False})
    assert (await http.get(f"/v1/auth/oidc/{slug}/start")).status_code == 404
    assert (await http.get(back)).status_code == 404
    assert (await admin.delete(f"/admin/oidc-providers/{row['id']}")).status_code == 204
    assert (await admin.get(f"/admin/oidc-providers/{row['id']}")).status_code == 404


async def test_the_whole_way_with_a_provider_others_have_written(
    http: AsyncClient, admin: AsyncClient, shop: Shop, unused_tcp_port: int
) -> None:
    issuer = f"http://127.0.0.1:{unused_tcp_port}"
    claims = f'{{"sub": "ada", "email": "{shop.email}", "email_verified": true}}'
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock"]
    server = await asyncio.create_subprocess_exec(
        *command, "--port", str(unused_tcp_port), "--user-claims", claims, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert server.stderr is not None
        async with asyncio.timeout(60):
            while b"running on" not in (line := await server.stderr.readline()):
                assert line, "the provider did not start"
        slug = f"other-{os.getpid()}"
        body = {"slug": slug, "name": "Other", "issuer": issuer, "client_id": "us", "client_secret": "secret"}
        assert (await admin.post("/admin/oidc-providers", json=body)).status_code == 201
        address = await start(http, slug)
        async with AsyncClient(trust_env=False) as browser:
            agreed = await browser.post(address, data={"sub": "ada"})
        assert agreed.status_code == 302, agreed.text
        back = urlsplit(agreed.headers["location"])

        answer = await http.get(f"{back.path}?{back.query}")

        assert (await me(http, answer))["email"] == shop.email
        assert error_of(await http.get(f"{back.path}?{back.query}")) == "oidc_state"
    finally:
        server.terminate()
        await server.wait()
