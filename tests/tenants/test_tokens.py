"""Tokens that were changed, made elsewhere, or meant for something else."""

import base64
import json
import time
from collections.abc import Callable

import pytest
from httpx2 import AsyncClient
from joserfc import jwt
from joserfc.jwk import OctKey
from tests.shops import OWNER_PASSWORD, Shop

from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import Core
from shopwright.kit.errors import Unauthenticated
from shopwright.kit.tokens import Claims, TokenKind


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unpart(text: str) -> dict[str, object]:
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def token_of(shop: Shop) -> str:
    return shop.api.headers["authorization"].removeprefix("Bearer ")


def with_header(**fields: object) -> Callable[[str], str]:
    def change(token: str) -> str:
        head, body, signature = token.split(".")
        return ".".join((part({**unpart(head), **fields}), body, signature))

    return change


def with_claims(**fields: object) -> Callable[[str], str]:
    def change(token: str) -> str:
        head, body, signature = token.split(".")
        return ".".join((head, part({**unpart(body), **fields}), signature))

    return change


TAMPERED: dict[str, Callable[[str], str]] = {
    "no algorithm": lambda token: with_header(alg="none")(token).rsplit(".", 1)[0] + ".",
    "another algorithm": with_header(alg="HS384"),
    "an unknown algorithm": with_header(alg="RS256"),
    "another kind": with_header(typ="admin+jwt"),
    "a key id": with_header(kid="../../dev/null"),
    "another subject": with_claims(sub="018f0000-0000-7000-8000-000000000001"),
    "another tenant": with_claims(ten="018f0000-0000-7000-8000-000000000001"),
    "a longer life": with_claims(exp=9_999_999_999),
    "no signature": lambda token: token.rsplit(".", 1)[0] + ".",
    "a cut signature": lambda token: token[:-4],
    "two parts": lambda token: token.rsplit(".", 1)[0],
    "five parts": lambda token: token + ".a.b",
    "nothing": lambda _token: "",
    "rubbish": lambda _token: "\xff\xfe.a.b",
    "very long": lambda token: token + "A" * 10_000,
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED.keys())
async def test_a_changed_token_is_refused_like_a_random_one(
    shop: Shop, client: AsyncClient, change: Callable[[str], str]
) -> None:
    value = b"Bearer " + change(token_of(shop)).encode("latin-1")
    answer = await client.get("/v1/tenant", headers=[(b"authorization", value)])
    random = await client.get("/v1/tenant", headers={"authorization": "Bearer random"})

    assert answer.status_code == random.status_code == 401
    for said in (answer, random):
        assert said.headers["www-authenticate"] == "Bearer"
    assert answer.json()["detail"] == random.json()["detail"]


def claims(shop: Shop, **changes: object) -> dict[str, object]:
    return {**unpart(token_of(shop).split(".")[1]), **changes}


SIGNED_WRONG: dict[str, dict[str, object]] = {
    "expired": {"exp": int(time.time()) - 1},
    "from the future": {"iat": int(time.time()) + 3600},
    "another issuer": {"iss": "somebody"},
    "another audience": {"aud": "shopwright:admin"},
    "a subject that is no id": {"sub": "1 or 1=1"},
    "a session that is none": {"sid": ""},
    "a tenant that is no id": {"ten": "x"},
    "an end that is no number": {"exp": "soon"},
    "no end": {"exp": None},
}


@pytest.mark.parametrize("wrong", SIGNED_WRONG.values(), ids=SIGNED_WRONG.keys())
async def test_even_a_well_signed_token_must_be_right_in_every_part(
    shop: Shop, client: AsyncClient, settings: Settings, wrong: dict[str, object]
) -> None:
    key = OctKey.import_key(settings.derive("access tokens"))
    body = {name: value for name, value in claims(shop, **wrong).items() if value is not None}
    forged = jwt.encode({"alg": "HS256", "typ": "member+jwt"}, body, key)
    answer = await client.get("/v1/tenant", headers={"authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


async def test_a_token_signed_with_another_key_is_refused(shop: Shop, client: AsyncClient) -> None:
    key = OctKey.import_key(b"k" * 32)
    forged = jwt.encode({"alg": "HS256", "typ": "member+jwt"}, claims(shop), key)
    answer = await client.get("/v1/tenant", headers={"authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


async def test_a_members_token_opens_nothing_of_the_installation(shop: Shop) -> None:
    assert (await shop.api.get("/admin/tenants")).status_code == 401


async def test_an_administrators_token_opens_nothing_of_a_tenant(admin: AsyncClient) -> None:
    assert (await admin.get("/v1/tenant")).status_code == 401


async def test_an_api_key_is_no_member(shop: Shop, client: AsyncClient) -> None:
    made = await shop.post("/v1/tenant/api-keys", {"name": "k", "scopes": ["bots:read"]})
    answer = await client.get("/v1/tenant/me", headers={"authorization": f"Bearer {made['key']}"})
    assert answer.status_code == 403


async def test_a_refresh_token_is_no_access_token(shop: Shop, client: AsyncClient) -> None:
    person = {"email": shop.email, "password": OWNER_PASSWORD}
    pair = (await client.post("/v1/auth/login", json=person)).json()
    answer = await client.get("/v1/tenant", headers={"authorization": f"Bearer {pair['refresh_token']}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "bearer ", "Token x", "Bearer  "])
async def test_a_credential_of_another_form_is_refused_even_where_none_is_needed(
    client: AsyncClient, header: str
) -> None:
    body = {"bot_id": "018f0000-0000-7000-8000-000000000001", "messages": [{"role": "user", "content": "hi"}]}
    answer = await client.post("/v1/chat/public", json=body, headers={"authorization": header})
    assert answer.status_code == 401


def test_the_kinds_of_tokens_do_not_stand_in_for_each_other(core: Core) -> None:
    signed = core.tokens.sign(TokenKind.ADMIN, Claims("a", "b", "c"))
    with pytest.raises(Unauthenticated):
        core.tokens.read(TokenKind.MEMBER, signed)
    assert core.tokens.read(TokenKind.ADMIN, signed) == Claims("a", "b", "c")
