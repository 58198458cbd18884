"""The lab as the console sees it: who may, what it is in the API, and that its calls stay where they belong."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from tests.gateway.talk import Jobs
from tests.lab.booth import QUESTION, Booth, open_booth
from tests.shops import OWNER_PASSWORD, Json, Shop
from tests.tenants.test_events import bearer, listen

from shopwright.channels.port import ApiCall
from shopwright.deployments.errors import CallRefused
from shopwright.deployments.lab import LabLine
from shopwright.deployments.live import by_id
from shopwright.entrypoints.wiring import Core
from shopwright.evaluation.lab import LabControl
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.lab.app import Lab
from shopwright.lab.registry import EMULATORS


@pytest_asyncio.fixture
async def telegram(shop: Shop, lab: Lab, run_jobs: Jobs, postgres: EmbeddedPostgres) -> Booth:
    return await open_booth(shop, lab, run_jobs, postgres, "telegram")


async def test_the_list_of_platforms_says_where_the_bot_is(telegram: Booth) -> None:
    found = await telegram.shop.get(f"/v1/tenant/bots/{telegram.bot['id']}/lab")
    assert found["enabled"] is True
    assert {each["channel"] for each in found["channels"]} == set(EMULATORS)
    here = {each["channel"]: each["deployment"]["id"] for each in found["channels"] if each["deployment"]}
    assert here == {"telegram": telegram.deployment["id"]}
    acts = {each["channel"]: set(each["acts"]) for each in found["channels"]}
    assert "reaction" in acts["telegram"]
    assert "choice" not in acts["twilio"]


async def test_people_who_are_played_and_what_got_stuck_there_are_not_among_the_shops(telegram: Booth) -> None:
    await telegram.shop.api.patch(f"/v1/tenant/bots/{telegram.bot['id']}", json={"is_active": False})
    await telegram.writes(QUESTION)
    await telegram.settle()
    await telegram.shop.api.patch(f"/v1/tenant/bots/{telegram.bot['id']}", json={"is_active": True})
    await telegram.writes(QUESTION)
    await telegram.settle()
    letters, mine = "/v1/tenant/dead-letters", telegram.deployment["id"]

    assert (await telegram.shop.get("/v1/tenant/contacts"))["items"] == []
    assert (await telegram.shop.get(letters))["items"] == []
    assert len((await telegram.shop.get(f"{letters}?deployment_id={mine}"))["items"]) == 1
    assert await telegram.shop.post(f"{letters}/replay", {}, status=202) == {"replayed": 0, "left": 0}
    [talk] = (await telegram.shop.get("/v1/tenant/conversations"))["items"]
    assert (await telegram.shop.get(f"/v1/tenant/contacts/{talk['contact_id']}"))["identities"] != []


async def test_asking_twice_gives_the_same_account(telegram: Booth) -> None:
    path = f"/v1/tenant/bots/{telegram.bot['id']}/lab"
    again = await telegram.shop.post(path, {"channel": "telegram"})
    assert again["id"] == telegram.deployment["id"]


async def test_a_real_deployment_may_stand_beside_that_of_the_lab(telegram: Booth) -> None:
    wanted = {"channel": "telegram", "fields": {"bot_token": "123456789:AAE-abcdefghijklmnopqrstuvwxyz012345"}}
    real = await telegram.shop.post(f"/v1/tenant/bots/{telegram.bot['id']}/deployments", wanted)
    assert (real["lab"], real["id"] != telegram.deployment["id"]) == (False, True)


async def test_what_is_no_platform_or_no_bot_cannot_be_tried(telegram: Booth) -> None:
    path = f"/v1/tenant/bots/{telegram.bot['id']}/lab"
    assert (await telegram.shop.api.post(path, json={"channel": "pigeon"})).status_code == 422
    assert (await telegram.shop.api.post(f"/v1/tenant/bots/{uuid4()}/lab", json={"channel": "http"})).status_code == 404


async def test_the_credentials_of_the_lab_cannot_be_changed(telegram: Booth) -> None:
    change = {"fields": {"bot_token": "123456789:AAE-abcdefghijklmnopqrstuvwxyz012345"}}
    answer = await telegram.shop.api.patch(f"/v1/tenant/deployments/{telegram.deployment['id']}", json=change)
    assert answer.status_code == 422


async def test_a_deployment_ends_as_any_other(telegram: Booth) -> None:
    ended = await telegram.shop.api.delete(f"/v1/tenant/deployments/{telegram.deployment['id']}")
    assert ended.status_code == 204
    assert telegram.account.webhook == {}
    assert (await telegram.shop.api.get(f"{telegram.path}/thread")).status_code == 404


async def test_another_tenant_finds_nothing(telegram: Booth, other_shop: Shop) -> None:
    for method, path, body in (
        ("GET", "/thread", None), ("DELETE", "/thread", None), ("POST", "/acts", {"kind": "text", "text": "Hello"}),
        ("PUT", "/faults", {"faults": []}),
    ):  # fmt: skip
        answer = await other_shop.api.request(method, telegram.path + path, json=body)
        assert answer.status_code == 404
    assert (await other_shop.api.get(f"/v1/tenant/bots/{telegram.bot['id']}/lab")).status_code == 404
    assert (await telegram.thread())["messages"] == []


async def test_who_may_only_look_cannot_play_the_customer(telegram: Booth, app: FastAPI) -> None:
    person = {"email": f"viewer@{telegram.shop.id}.example", "password": OWNER_PASSWORD, "role": "viewer"}
    await telegram.shop.post("/v1/tenant/members", person)
    async with AsyncClient(transport=ASGITransport(app=app, client=("10.98.0.1", 1)), base_url="http://test") as http:
        signed_in = await http.post("/v1/auth/login", json={k: person[k] for k in ("email", "password")})
        http.headers["authorization"] = f"Bearer {signed_in.json()['access_token']}"
        assert (await http.get(f"{telegram.path}/thread")).status_code == 200
        assert (await http.post(f"{telegram.path}/acts", json={"kind": "text", "text": "Hello"})).status_code == 403


async def test_looking_at_what_the_lab_forgot_changes_nothing_and_beginning_brings_it_back(telegram: Booth) -> None:
    telegram.lab.accounts.remove(telegram.deployment["id"])
    before = await telegram.status()
    looked = await telegram.shop.api.get(f"{telegram.path}/thread")
    assert (looked.status_code, looked.json()["code"]) == (409, "lab_forgot")
    assert telegram.lab.accounts.get(telegram.deployment["id"]) is None
    assert await telegram.status() == before

    await telegram.shop.post(f"/v1/tenant/bots/{telegram.bot['id']}/lab", {"channel": "telegram"})
    assert (await telegram.thread())["messages"] == []
    assert telegram.account.webhook["url"]


async def test_a_real_deployment_is_not_reached_by_the_labs_calls(telegram: Booth) -> None:
    wanted = {"channel": "http", "fields": {"callback_url": "https://shop.example/x", "secret": "s" * 20}}
    real = await telegram.shop.post(f"/v1/tenant/bots/{telegram.bot['id']}/deployments", wanted)
    act = {"kind": "text", "text": "Hello"}
    assert (await telegram.shop.api.post(f"/v1/tenant/lab/{real['id']}/acts", json=act)).status_code == 404


async def test_the_calls_of_the_lab_reach_nothing_but_the_lab(telegram: Booth, core: Core) -> None:
    async with core.db.tenant(UUID(telegram.shop.id)) as session:
        live = await by_id(session, core.envelope, UUID(telegram.shop.id), UUID(telegram.deployment["id"]))
    assert live is not None
    channel = core.platforms.channel(live)
    base = core.settings.lab_address
    for url in (
        "https://api.telegram.org/bot1/getMe", "http://127.0.0.1:5432/", f"{base}x/telegram/api/x",
        base.replace("127.0.0.1", "localhost") + "/telegram/api/x", base.replace("http:", "https:") + "/x",
    ):  # fmt: skip
        with pytest.raises(CallRefused):
            await core.platforms.call(channel, ApiCall("GET", url))
    assert (await core.platforms.call(channel, channel.check())).status == 200


async def test_a_deployment_of_the_lab_calls_nobody_when_the_lab_is_off(telegram: Booth, core: Core) -> None:
    async with core.db.tenant(UUID(telegram.shop.id)) as session:
        live = await by_id(session, core.envelope, UUID(telegram.shop.id), UUID(telegram.deployment["id"]))
    assert live is not None
    without = replace(core.platforms, lab=LabLine(""))
    channel = without.channel(live)
    with pytest.raises(CallRefused):
        await without.call(channel, channel.check())


@pytest.mark.parametrize(("url", "status", "code"), [("", 409, "lab_off"), ("http://127.0.0.1:9", 502, "lab_away")])
async def test_without_a_lab_its_routes_say_so(
    telegram: Booth, app: FastAPI, monkeypatch: pytest.MonkeyPatch, url: str, status: int, code: str
) -> None:
    monkeypatch.setitem(app.state._state, "lab", LabControl(LabLine(url), "secret", "http://test"))
    found = await telegram.shop.get(f"/v1/tenant/bots/{telegram.bot['id']}/lab")
    refused = await telegram.shop.api.get(f"{telegram.path}/thread")
    assert (found["enabled"], bool(found["detail"])) == (False, True)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_who_listens_hears_which_thread_changed(telegram: Booth, app: FastAPI) -> None:
    path = f"/v1/tenant/bots/{telegram.bot['id']}/lab/events"

    async def there(scope: Json, receive: Any, send: Any) -> None:
        await app({**scope, "path": path, "raw_path": path.encode()}, receive, send)

    async with listen(there, bearer(telegram.shop)) as stream:  # type: ignore[arg-type]
        await stream.until("hello")
        await telegram.writes(QUESTION)
        told = await stream.until("event: thread")
    assert f'"deployment_id":"{telegram.deployment["id"]}"' in told


async def test_another_tenant_does_not_hear_of_it(telegram: Booth, other_shop: Shop) -> None:
    path, accept = f"/v1/tenant/bots/{telegram.bot['id']}/lab/events", {"accept": "text/event-stream"}
    assert (await other_shop.api.get(path, headers=accept)).status_code == 404
    assert (await telegram.shop.api.get(path)).status_code == 406
