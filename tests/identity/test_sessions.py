"""Sign-ins: as a cookie in a browser, visible to their person, and ended by any token that comes back."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from pydantic import SecretStr
from tests.identity.people import ORIGIN, visitor
from tests.shops import ADMIN_EMAIL, ADMIN_PASSWORD, OWNER_PASSWORD, Json, Shop

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.settings import Settings

BROWSER = {"x-session": "cookie", "origin": ORIGIN}
COOKIE = "__Host-session"


async def login(http: AsyncClient, email: str, **headers: str) -> Response:
    return await http.post("/v1/auth/login", json={"email": email, "password": OWNER_PASSWORD}, headers=headers)


async def refresh(http: AsyncClient, token: str) -> Response:
    return await http.post("/v1/auth/refresh", json={"refresh_token": token})


async def with_cookie(http: AsyncClient, token: str, path: str = "refresh", **headers: str) -> Response:
    http.cookies.clear()
    sent = {**BROWSER, "cookie": f"{COOKIE}={token}", **headers}
    return await http.post(f"/v1/auth/{path}", json={}, headers=sent)


async def test_in_a_browser_no_script_sees_the_refresh_token(http: AsyncClient, shop: Shop) -> None:
    answer = await login(http, shop.email, **BROWSER)

    assert answer.json()["refresh_token"] is None
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=rt_")
    for mark in ("HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=2592000"):
        assert mark in cookie
    assert "Domain" not in cookie


async def test_the_cookie_alone_gives_a_new_pair(http: AsyncClient, shop: Shop) -> None:
    token = (await login(http, shop.email, **BROWSER)).cookies[COOKIE]

    answer = await with_cookie(http, token)

    assert answer.status_code == 200
    assert (answer.json()["refresh_token"], answer.json()["kind"]) == (None, "member")
    assert answer.cookies[COOKIE] != token
    headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
    assert (await http.get("/v1/tenant/me", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", "http://localhost:8000.evil.example", "http://localhost:8000/x",
               "http://localhost", "file://", "http://user@localhost:8000"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["refresh", "logout"])
async def test_a_page_of_another_site_cannot_use_the_cookie(
    http: AsyncClient, shop: Shop, origin: str, path: str
) -> None:
    token = (await login(http, shop.email, **BROWSER)).cookies[COOKIE]
    answer = await with_cookie(http, token, path, origin=origin)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert (await with_cookie(http, token)).status_code == 200


async def test_without_its_header_the_cookie_is_not_looked_at(http: AsyncClient, shop: Shop) -> None:
    token = (await login(http, shop.email, **BROWSER)).cookies[COOKIE]
    http.cookies.clear()
    answer = await http.post("/v1/auth/refresh", json={}, headers={"cookie": f"{COOKIE}={token}", "origin": ORIGIN})
    assert answer.status_code == 401


async def test_no_cookie_is_set_for_a_page_of_another_site(http: AsyncClient, shop: Shop) -> None:
    answer = await login(http, shop.email, **{**BROWSER, "origin": "https://evil.example"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


async def test_signing_out_takes_the_cookie_away(http: AsyncClient, shop: Shop) -> None:
    token = (await login(http, shop.email, **BROWSER)).cookies[COOKIE]
    out = await with_cookie(http, token, "logout")
    assert out.status_code == 204
    assert f'{COOKIE}=""' in out.headers["set-cookie"]
    assert (await with_cookie(http, token)).status_code == 401
    assert (await with_cookie(http, "nonsense", "logout")).status_code == 204


async def test_a_browser_that_reloads_in_mid_refresh_stays_signed_in(http: AsyncClient, shop: Shop) -> None:
    token = (await login(http, shop.email, **BROWSER)).cookies[COOKIE]
    lost = await with_cookie(http, token)
    again = await with_cookie(http, token)
    assert (lost.status_code, again.status_code) == (200, 200)

    # But only the token right before, and only there: the lost one was overtaken and is a copy now.
    assert (await with_cookie(http, token)).status_code == 401
    assert (await with_cookie(http, again.cookies[COOKIE])).status_code == 401


async def test_any_old_token_ends_the_sign_in_however_old_it_is(http: AsyncClient, shop: Shop) -> None:
    tokens = [(await login(http, shop.email)).json()["refresh_token"]]
    for _ in range(4):
        tokens.append((await refresh(http, tokens[-1])).json()["refresh_token"])

    assert (await refresh(http, tokens[0])).status_code == 401

    assert (await refresh(http, tokens[-1])).status_code == 401
    actions = [entry["action"] for entry in (await shop.get("/v1/tenant/audit"))["items"]]
    assert "sign_in.copied_token" in actions


async def test_a_made_up_token_ends_nothing(http: AsyncClient, shop: Shop) -> None:
    token = (await login(http, shop.email)).json()["refresh_token"]
    for made_up in (token[:-44] + "A" * 20 + token[-24:], "rt_" + "A" * 96):
        assert (await refresh(http, made_up)).status_code == 401
    assert (await refresh(http, token)).status_code == 200


async def test_at_a_plain_address_the_cookie_is_a_plain_one(app: FastAPI, settings: Settings, shop: Shop) -> None:
    other = create_app(settings.model_copy(update={"public_url": "http://bots.shop.example"}))
    async with other.router.lifespan_context(other):
        own = {**BROWSER, "origin": "http://bots.shop.example"}
        cookie = (await login(visitor(other), shop.email, **own)).headers["set-cookie"]
    assert cookie.startswith("session=rt_")
    assert "Secure" not in cookie


SIDES = ["member", "admin"]


class Side:
    """A member or an administrator, whose routes are the same."""

    def __init__(self, kind: str, http: AsyncClient, shop: Shop) -> None:
        self.http = http
        admin = kind == "admin"
        self.me = "/admin/me" if admin else "/v1/tenant/me"
        self.login_path = "/admin/auth/login" if admin else "/v1/auth/login"
        self.who = {
            "email": ADMIN_EMAIL if admin else shop.email,
            "password": ADMIN_PASSWORD if admin else OWNER_PASSWORD,
        }

    async def login(self, agent: str = "") -> Json:
        answer = await self.http.post(self.login_path, json=self.who, headers={"user-agent": agent})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def call(self, pair: Json, method: str, path: str) -> Response:
        headers = {"authorization": f"Bearer {pair['access_token']}"}
        return await self.http.request(method, self.me + path, headers=headers)


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest, http: AsyncClient, shop: Shop) -> Side:
    return Side(request.param, http, shop)


async def test_one_sees_where_one_is_signed_in(side: Side) -> None:
    first, second = await side.login("Firefox on a desk"), await side.login("Safari\ton a\x7fphone")

    listed = (await side.call(second, "GET", "/sessions")).json()["items"]

    newest = listed[:2]
    assert [item["current"] for item in newest] == [True, False]
    assert newest[1]["user_agent"] == "Firefox on a desk"
    assert newest[0]["user_agent"] == "Safarion aphone"
    assert newest[0]["address"].startswith("10.")
    assert (await side.call(first, "GET", "/sessions")).status_code == 200


async def test_a_sign_in_can_be_ended_from_elsewhere(side: Side) -> None:
    lost, mine = await side.login("lost"), await side.login("mine")
    listed = (await side.call(mine, "GET", "/sessions")).json()["items"]
    [of_the_lost] = [item["id"] for item in listed if item["user_agent"] == "lost"][:1]

    assert (await side.call(mine, "DELETE", f"/sessions/{of_the_lost}")).status_code == 204

    assert (await side.call(lost, "GET", "/sessions")).status_code == 401
    assert (await refresh(side.http, lost["refresh_token"])).status_code == 401
    assert (await side.call(mine, "DELETE", f"/sessions/{of_the_lost}")).status_code == 404
    assert (await side.call(mine, "GET", "/sessions")).status_code == 200


async def test_a_member_cannot_end_the_sign_in_of_another(http: AsyncClient, shop: Shop) -> None:
    owner = Side("member", http, shop)
    pair = await owner.login()
    [session] = [s for s in (await owner.call(pair, "GET", "/sessions")).json()["items"] if s["current"]]
    person = {"email": f"b-{shop.id}@people.example", "password": OWNER_PASSWORD, "role": "admin"}
    await shop.post("/v1/tenant/members", person)
    other = await http.post("/v1/auth/login", json={"email": person["email"], "password": OWNER_PASSWORD})

    answer = await owner.call(other.json(), "DELETE", f"/sessions/{session['id']}")

    assert answer.status_code == 404
    assert (await owner.call(pair, "GET", "/sessions")).status_code == 200


async def test_all_others_can_be_ended_at_once(http: AsyncClient, shop: Shop) -> None:
    side = Side("member", http, shop)
    others, mine = [await side.login() for _ in range(2)], await side.login()

    assert (await side.call(mine, "DELETE", "/sessions")).status_code == 204

    assert [(await side.call(other, "GET", "")).status_code for other in others] == [401, 401]
    [left] = (await side.call(mine, "GET", "/sessions")).json()["items"]
    assert left["current"]


async def test_who_one_is_can_be_changed_by_oneself(shop: Shop) -> None:
    changed = await shop.api.patch("/v1/tenant/me", json={"name": "Ada", "language": "de"})
    assert (changed.json()["name"], changed.json()["language"]) == ("Ada", "de")
    back = await shop.api.patch("/v1/tenant/me", json={"language": None})
    assert (back.json()["name"], back.json()["language"]) == ("Ada", None)


async def test_an_administrator_sees_itself(admin: AsyncClient) -> None:
    me = (await admin.get("/admin/me")).json()
    assert (me["email"], me["role"], me["two_factor"]) == (ADMIN_EMAIL, "super_admin", False)


async def test_a_bad_credential_makes_no_difference_where_nobody_is_asked_for_one(http: AsyncClient) -> None:
    for value in ("Bearer nonsense", "Bearer ak_live_nonsense", "Basic eDp5", "x"):
        for path in ("/health", "/health/quick", "/metrics", "/v1/auth/methods"):
            assert (await http.get(path, headers={"authorization": value})).status_code == 200


def test_secrets_of_the_mail_server_are_not_shown(settings: Settings) -> None:
    shown = settings.model_copy(update={"smtp_url": SecretStr("smtps://u:planted@mail.shop.example")})
    assert "planted" not in repr(shown)
