"""The second factor, the same for members and administrators."""

import base64
import os
import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from tests.identity.people import mails_to, token_in, visitor
from tests.shops import OWNER_PASSWORD, Json, Shop

from shopwright.entrypoints.seed import create_admin
from shopwright.entrypoints.settings import Settings
from shopwright.identity.second_factor import step_of, totp
from shopwright.kit.embedded_postgres import EmbeddedPostgres

# RFC 6238, appendix B, SHA-1, the last six digits.
VECTORS = [
    (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
    (2000000000, "279037"), (20000000000, "353130"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "code"), VECTORS)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert totp(b"12345678901234567890", at // 30) == code


def test_a_clock_may_be_half_a_minute_off_and_no_more() -> None:
    secret, now = b"12345678901234567890", 1_000_000 * 30.0
    found = [step_of(secret, totp(secret, 1_000_000 + off), now) for off in (-2, -1, 0, 1, 2)]
    assert found == [None, 999_999, 1_000_000, 1_000_001, None]


class Person:
    """Somebody who signs in with a password and has an authenticator app."""

    def __init__(self, kind: str, http: AsyncClient, email: str) -> None:
        self.kind, self.http, self.email = kind, http, email
        self.me = "/admin/me" if kind == "admin" else "/v1/tenant/me"
        self.auth = "/admin/auth" if kind == "admin" else "/v1/auth"
        self.secret = ""
        self.token = ""
        self.steps_used = -1

    async def login(self) -> Response:
        return await self.http.post(f"{self.auth}/login", json={"email": self.email, "password": OWNER_PASSWORD})

    async def post(self, path: str, body: Json) -> Response:
        headers = {"authorization": f"Bearer {self.token}"}
        return await self.http.post(self.me + path, json=body, headers=headers)

    def code(self, off: int | None = None) -> str:
        """The app's code; each call gives a later one, so that no waiting is needed: this step's, then the next."""
        if off is None:
            self.steps_used += 1
            off = self.steps_used
            assert off <= 1
        return totp(base64.b32decode(self.secret), int(time.time() // 30) + off)

    async def set_up(self, token: str = "") -> list[str]:
        self.token = token or (await self.login()).json()["access_token"]
        begun = await self.post("/two-factor", {"password": OWNER_PASSWORD})
        assert begun.status_code == 200, begun.text
        self.secret = begun.json()["secret"]
        confirmed = await self.post("/two-factor/confirm", {"code": self.code()})
        assert confirmed.status_code == 200, confirmed.text
        return list(confirmed.json()["recovery_codes"])

    async def challenge(self) -> str:
        answer = await self.login()
        assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")
        return str(answer.json()["challenge"])

    async def enter(self, challenge: str, code: str) -> Response:
        return await self.http.post(f"{self.auth}/login/second-factor", json={"challenge": challenge, "code": code})


@pytest.fixture(params=["member", "admin"])
async def person(request: pytest.FixtureRequest, app: FastAPI, shop: Shop) -> Person:
    email = f"two-{request.param}-{os.getpid()}-{shop.id[-12:]}@people.example"
    if request.param == "admin":
        await create_admin(app.state.db, email, OWNER_PASSWORD)
    else:
        await shop.post("/v1/tenant/members", {"email": email, "password": OWNER_PASSWORD, "role": "viewer"})
    return Person(request.param, visitor(app), email)


async def test_what_the_app_needs_is_given_as_text_address_and_picture(person: Person) -> None:
    person.token = (await person.login()).json()["access_token"]
    given = (await person.post("/two-factor", {"password": OWNER_PASSWORD})).json()

    address = urlsplit(given["uri"])
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query)["secret"] == [given["secret"]]
    assert len(base64.b32decode(given["secret"])) == 20
    assert given["qr_svg"].startswith("<svg")
    assert "script" not in given["qr_svg"]


async def test_before_its_confirmation_the_second_factor_does_not_count(person: Person) -> None:
    person.token = (await person.login()).json()["access_token"]
    await person.post("/two-factor", {"password": OWNER_PASSWORD})
    assert (await person.login()).status_code == 200


async def test_with_a_second_factor_the_password_is_not_enough(person: Person) -> None:
    codes = await person.set_up()
    assert len(set(codes)) == 10

    answer = await person.enter(await person.challenge(), person.code())

    assert answer.status_code == 200
    assert answer.json()["kind"] == person.kind
    person.token = answer.json()["access_token"]
    headers = {"authorization": f"Bearer {person.token}"}
    assert (await person.http.get(person.me, headers=headers)).json()["two_factor"] is True


async def test_no_code_works_twice(person: Person) -> None:
    await person.set_up()
    code = person.code()
    assert (await person.enter(await person.challenge(), code)).status_code == 200

    again = await person.enter(await person.challenge(), code)

    assert (again.status_code, again.json()["code"]) == (401, "wrong_code")
    # Nor does one that is older than the last.
    assert (await person.enter(await person.challenge(), person.code(-1))).status_code == 401


async def test_each_recovery_code_works_once(person: Person) -> None:
    codes = await person.set_up()
    used = codes[3].upper().replace("-", " ")
    assert (await person.enter(await person.challenge(), used)).status_code == 200
    assert (await person.enter(await person.challenge(), codes[3])).status_code == 401
    assert (await person.enter(await person.challenge(), codes[4])).status_code == 200


async def test_new_recovery_codes_end_the_old_ones(person: Person) -> None:
    old = await person.set_up()
    assert (await person.post("/two-factor/recovery-codes", {"password": "wrong-password"})).status_code == 401
    new = (await person.post("/two-factor/recovery-codes", {"password": OWNER_PASSWORD})).json()["recovery_codes"]
    assert not set(old) & set(new)
    assert (await person.enter(await person.challenge(), old[0])).status_code == 401
    assert (await person.enter(await person.challenge(), new[0])).status_code == 200


async def test_the_database_holds_neither_secret_nor_codes(person: Person, postgres: EmbeddedPostgres) -> None:
    codes = await person.set_up()
    with psycopg.connect(postgres.owner_url) as connection:
        table = "admin_users" if person.kind == "admin" else "members"
        row = str(connection.execute(f"select t::text from {table} t where email = %s", (person.email,)).fetchone())
    assert person.secret not in row
    assert not [code for code in codes if code in row or code.replace("-", "") in row]


async def test_guessing_codes_ends_after_ten_and_then_the_right_one_helps_no_more(person: Person) -> None:
    codes = await person.set_up()
    challenge = await person.challenge()
    guesses = [await person.enter(challenge, f"{n:06}") for n in range(11)]

    assert [answer.status_code for answer in guesses] == [401] * 10 + [429]
    assert int(guesses[-1].headers["retry-after"]) > 60
    # Another challenge, another address: it is the person who is guarded.
    person.http = visitor(person.http._transport.app)  # type: ignore[attr-defined]
    assert (await person.enter(await person.challenge(), codes[0])).status_code == 429


async def test_guesses_at_the_same_moment_are_counted_too(person: Person) -> None:
    import asyncio

    await person.set_up()
    challenge = await person.challenge()
    answers = await asyncio.gather(*(person.enter(challenge, f"{n:06}") for n in range(20)))
    assert [answer.status_code for answer in answers].count(401) == 10


async def test_right_codes_do_not_use_the_guesses_up(person: Person, postgres: EmbeddedPostgres) -> None:
    codes = await person.set_up()
    for code in codes[:3]:
        challenge = await person.challenge()
        for n in range(4):
            assert (await person.enter(challenge, f"{n:06}")).status_code == 401
        assert (await person.enter(challenge, code)).status_code == 200


async def test_a_challenge_opens_nothing_by_itself_and_not_the_other_side(person: Person) -> None:
    await person.set_up()
    challenge = await person.challenge()
    headers = {"authorization": f"Bearer {challenge}"}
    assert (await person.http.get(person.me, headers=headers)).status_code == 401
    other = "/v1/auth" if person.kind == "admin" else "/admin/auth"
    body = {"challenge": challenge, "code": person.code()}
    assert (await person.http.post(f"{other}/login/second-factor", json=body)).status_code == 401


async def test_a_new_password_ends_a_challenge(person: Person) -> None:
    codes = await person.set_up()
    challenge = await person.challenge()
    changed = await person.post("/password", {"current": OWNER_PASSWORD, "new": "an-even-longer-password"})
    assert changed.status_code == 204
    assert (await person.enter(challenge, codes[0])).status_code == 401


async def test_it_is_switched_off_with_the_password_only(person: Person) -> None:
    await person.set_up()
    assert (await person.post("/two-factor/disable", {"password": "wrong-password"})).status_code == 401
    assert (await person.post("/two-factor/disable", {"password": OWNER_PASSWORD})).status_code == 204
    assert (await person.login()).status_code == 200


async def test_it_is_not_replaced_while_it_is_on(person: Person) -> None:
    await person.set_up()
    again = await person.post("/two-factor", {"password": OWNER_PASSWORD})
    assert (again.status_code, again.json()["code"]) == (409, "second_factor_on")
    confirmed = await person.post("/two-factor/confirm", {"code": person.code()})
    assert (confirmed.status_code, confirmed.json()["code"]) == (409, "second_factor_on")


async def test_a_new_password_by_mail_does_not_get_around_it(
    app: FastAPI, shop: Shop, run_jobs: Callable[[], Awaitable[None]], settings: Settings
) -> None:
    owner = Person("member", visitor(app), shop.email)
    await owner.set_up()
    await owner.http.post("/v1/auth/password/forgot", json={"email": shop.email})
    await run_jobs()
    body = {"token": token_in(mails_to(settings.mail_dir, shop.email)[0]), "password": "an-even-longer-password"}
    assert (await owner.http.post("/v1/auth/password/reset", json=body)).status_code == 204
    answer = await owner.http.post("/v1/auth/login", json={"email": shop.email, "password": body["password"]})
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")
