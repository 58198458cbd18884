"""Putting bots on platforms, and taking them off."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
from httpx2 import ASGITransport, AsyncClient
from tests.gateway.stub_platform import SECRET, StubChannel, StubPlatform, signature
from tests.shops import OWNER_PASSWORD, Json, Shop

from shopwright.channels.registry import CHANNELS
from shopwright.deployments.watching import Watch
from shopwright.entrypoints.wiring import Core
from shopwright.kit.embedded_postgres import EmbeddedPostgres


def credentials(platform: StubPlatform) -> Json:
    return {"callback_url": platform.url, "secret": SECRET}


async def deploy(shop: Shop, bot: Json, platform: StubPlatform, **fields: object) -> Json:
    wanted = {"channel": "http", "fields": credentials(platform), **fields}
    return await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", wanted)


def address(deployment: Json) -> str:
    return f"/v1/tenant/deployments/{deployment['id']}"


async def knock(client: AsyncClient, deployment: Json) -> int:
    """A signed call of the platform."""
    body = json.dumps({"events": []}).encode()
    path = urlsplit(deployment["webhook_url"]).path
    return (await client.post(path, content=body, headers={"x-signature": signature(body)})).status_code


async def test_a_bot_goes_live_with_the_credentials_of_its_client(shop: Shop, platform: StubPlatform) -> None:
    client = await shop.post("/v1/tenant/clients", {"name": "North Bikes"})
    bot = await shop.bot(client_id=client["id"])
    stored = {"fields": credentials(platform)}
    assert (await shop.api.put(f"/v1/tenant/clients/{client['id']}/credentials/http", json=stored)).status_code == 200

    made = await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", {"channel": "http"})
    live = await shop.post(f"{address(made)}/connect", status=200)

    assert (made["status"], made["fields"]) == ("pending", {})
    assert (live["status"], live["detail"]) == ("connected", "Connected.")
    assert live["registered_at"] is not None
    assert [(what, body.get("url")) for what, body in platform.calls] == [
        ("check", None), ("register", live["webhook_url"])
    ]  # fmt: skip


async def test_a_platform_is_asked_which_number_is_ours_before_it_gets_the_address(
    shop: Shop, bot: Json, platform: StubPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StubChannel, "asks_first", True)
    made = await deploy(shop, bot, platform)

    live = await shop.post(f"{address(made)}/connect", status=200)
    await shop.post(f"{address(made)}/disable", status=200)
    platform.number = "none"
    lost = await shop.post(f"{address(made)}/connect", status=200)

    asked = [(what, body.get("number")) for what, body in platform.calls]
    assert asked[:3] == [("check", None), ("locate", None), ("register", "n-1")]
    assert asked[3:] == [("locate", None), ("unregister", "n-1"), ("check", None), ("locate", None)]
    assert (live["status"], lost["status"]) == ("connected", "failed")
    assert "does not know the number or account" in lost["detail"]


async def test_what_is_missing_is_named(shop: Shop, bot: Json, platform: StubPlatform) -> None:
    path = f"/v1/tenant/bots/{bot['id']}/deployments"
    none = await shop.api.post(path, json={"channel": "http"})
    unknown = await shop.api.post(path, json={"channel": "pigeon"})
    wrong = await shop.api.post(path, json={"channel": "http", "fields": {"callback_url": "no address"}})

    assert (none.status_code, none.json()["code"]) == (422, "credentials_missing")
    assert "Address that gets the answers" in none.json()["detail"]
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_channel")
    assert "http" in unknown.json()["detail"]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_input")


async def test_a_bot_is_on_a_platform_once(shop: Shop, bot: Json, platform: StubPlatform) -> None:
    await deploy(shop, bot, platform)
    again = await shop.api.post(
        f"/v1/tenant/bots/{bot['id']}/deployments", json={"channel": "http", "fields": credentials(platform)}
    )
    assert (again.status_code, again.json()["code"]) == (409, "already_deployed")


async def test_secrets_are_never_shown_again(shop: Shop, bot: Json, platform: StubPlatform) -> None:
    made = await deploy(shop, bot, platform)
    live = await shop.post(f"{address(made)}/connect", status=200)
    read = await shop.get(address(made))
    listed = await shop.get(f"/v1/tenant/bots/{bot['id']}/deployments")

    assert SECRET not in json.dumps([made, live, read, listed])
    assert made["fields"] == {"callback_url": platform.url, "secret": f"••••{SECRET[-4:]}"}
    assert [item["id"] for item in listed["items"]] == [made["id"]]


@pytest.mark.parametrize(
    ("what", "status", "said"),
    [
        ("check", 401, "refused the credentials"), ("register", 400, "did not take the address of the webhook"),
        ("check", 503, "did not answer"),
    ],
)  # fmt: skip
async def test_a_platform_that_refuses_leaves_the_reason_in_plain_words(
    shop: Shop, bot: Json, platform: StubPlatform, what: str, status: int, said: str
) -> None:
    platform.refuses[what] = status
    made = await deploy(shop, bot, platform)

    failed = await shop.post(f"{address(made)}/connect", status=200)
    platform.refuses.clear()
    mended = await shop.post(f"{address(made)}/connect", status=200)

    assert failed["status"] == "failed"
    assert said in failed["detail"]
    assert failed["last_error"] == failed["detail"]
    word = "away" if status >= 500 else {"check": "credentials", "register": "address"}[what]
    assert failed["reason"] == word
    assert (mended["status"], mended["reason"]) == ("connected", "")


async def test_a_platform_that_must_be_asked_where_is_pointed_at_us_all_the_same(
    shop: Shop, bot: Json, platform: StubPlatform, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messenger names its app first; only then can the app be told our address."""
    monkeypatch.setitem(core.platforms.base_urls, "messenger", {"graph": platform.url})  # type: ignore[arg-type]
    fields = {"page_id": "1234567", "page_access_token": "EAAB", "app_secret": "0" * 32}
    made = await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", {"channel": "messenger", "fields": fields})
    live = await shop.post(f"{address(made)}/connect", status=200)

    told = [body for what, body in platform.calls if what.endswith("/subscriptions")]
    assert [body["callback_url"] for body in told] == [made["webhook_url"]]
    assert any(what.endswith("/subscribed_apps") for what, _ in platform.calls)
    assert live["status"] == "connected"


async def test_a_number_that_the_account_does_not_have_is_said_so(
    shop: Shop, bot: Json, platform: StubPlatform, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(core.platforms.base_urls, "twilio", {"api": platform.url})  # type: ignore[arg-type]
    fields = {"account_sid": "AC" + "0" * 32, "auth_token": "0" * 32, "from_number": "+4915735983768"}
    made = await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", {"channel": "twilio", "fields": fields})
    failed = await shop.post(f"{address(made)}/connect", status=200)
    assert (failed["status"], failed["reason"]) == ("failed", "address")
    assert "does not know the number or account" in failed["detail"]


async def test_what_a_person_must_do_as_well_is_waited_for(
    shop: Shop, bot: Json, platform: StubPlatform, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instagram takes the subscription by a call, and the address on its pages only."""
    monkeypatch.setitem(core.platforms.base_urls, "instagram", {"graph": platform.url})  # type: ignore[arg-type]
    fields = {"account_id": "1234567", "access_token": "IGAA", "app_secret": "0" * 32}
    made = await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", {"channel": "instagram", "fields": fields})
    live = await shop.post(f"{address(made)}/connect", status=200)
    assert (live["status"], live["reason"], live["registered_at"]) == ("pending", "by_hand", None)
    assert any(step["copy_text"] == made["webhook_url"] for step in (await shop.get(address(made)))["manual_steps"])


async def test_a_platform_that_wants_our_address_first_gets_it_before_there_are_credentials(
    shop: Shop, bot: Json, platform: StubPlatform, client: AsyncClient, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(core.platforms.base_urls, "slack", {"api": platform.url})  # type: ignore[arg-type]
    made = await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", {"channel": "slack"})
    steps = (await shop.get(address(made)))["manual_steps"]
    too_early = await shop.post(f"{address(made)}/connect", status=200)
    heard = await client.post(urlsplit(made["webhook_url"]).path, content=b'{"type": "url_verification"}')
    probe = await shop.post(f"{address(made)}/probe", status=200)
    half = await shop.api.patch(address(made), json={"fields": {"bot_token": "xoxb-1234567890"}})
    keys = {"bot_token": "xoxb-1234567890", "signing_secret": "0" * 32}
    assert (await shop.api.patch(address(made), json={"fields": keys})).status_code == 200
    live = await shop.post(f"{address(made)}/connect", status=200)

    assert (made["status"], made["reason"]) == ("pending", "no_keys")
    assert any(made["webhook_url"] in step["copy_text"] for step in steps)
    assert (too_early["status"], too_early["reason"]) == ("pending", "no_keys")
    assert (heard.status_code, probe["ok"], half.json()["code"]) == (404, False, "credentials_missing")
    assert live["reason"] in {"by_hand", "credentials"}
    assert (await shop.api.delete(address(made))).status_code == 204


async def test_what_every_platform_asks_for_is_told(shop: Shop) -> None:
    channels = {one["channel"]: one for one in (await shop.get("/v1/tenant/channels"))["items"]}
    assert set(channels) == set(CHANNELS)
    assert [field["name"] for field in channels["telegram"]["fields"]] == ["bot_token"]
    assert (channels["whatsapp"]["templates"], channels["whatsapp"]["window_hours"]) == (True, 24)
    assert [name for name, one in channels.items() if not one["automatic"]] == [
        "instagram",
        "slack",
        "teams",
        "email",
        "http",
    ]


async def test_deployments_of_all_bots_are_listed_together(shop: Shop, bot: Json, platform: StubPlatform) -> None:
    other = await shop.bot()
    first, second = await deploy(shop, bot, platform), await deploy(shop, other, platform)
    await shop.post(f"{address(second)}/connect", status=200)

    listed = (await shop.get("/v1/tenant/deployments"))["items"]
    live = (await shop.get("/v1/tenant/deployments?channel=http&status=connected"))["items"]
    none = (await shop.get("/v1/tenant/deployments?channel=telegram"))["items"]

    assert [(item["id"], item["bot_id"]) for item in listed] == [(second["id"], other["id"]), (first["id"], bot["id"])]
    assert ([item["id"] for item in live], none) == ([second["id"]], [])
    assert [item["reason"] for item in listed] == ["", "not_tried"]


async def test_a_platform_that_is_away_is_said_to_be(shop: Shop, bot: Json, platform: StubPlatform) -> None:
    gone = {"channel": "http", "fields": {"callback_url": "http://127.0.0.1:9", "secret": SECRET}}
    made = await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", gone)
    failed = await shop.post(f"{address(made)}/connect", status=200)
    assert failed["status"] == "failed"
    assert "could not be reached" in failed["detail"]


async def test_the_bot_shows_where_it_is_live_at_every_step(shop: Shop, bot: Json, platform: StubPlatform) -> None:
    async def shown() -> Json:
        status = (await shop.get(f"/api/bots/{bot['id']}/status"))["deployment_status"]
        assert status == (await shop.get(f"/v1/tenant/bots/{bot['id']}"))["deployment_status"]
        return dict(status)

    made = await deploy(shop, bot, platform)
    steps = [(await shown())["http"]["status"]]
    for step in ("connect", "disable", "enable", "connect"):
        await shop.post(f"{address(made)}/{step}", status=200)
        steps.append((await shown())["http"]["status"])
    assert (await shop.api.delete(address(made))).status_code == 204

    assert steps == ["pending", "connected", "disabled", "pending", "connected"]
    assert await shown() == {}


async def test_switching_off_and_removing_unregister_the_webhook(
    shop: Shop, bot: Json, platform: StubPlatform, client: AsyncClient
) -> None:
    made = await deploy(shop, bot, platform)
    await shop.post(f"{address(made)}/connect", status=200)
    before = await knock(client, made)

    await shop.post(f"{address(made)}/disable", status=200)
    off = await knock(client, made)
    await shop.post(f"{address(made)}/enable", status=200)
    on = await knock(client, made)
    await shop.api.delete(address(made))
    removed = await knock(client, made)

    assert (before, off, on, removed) == (200, 404, 200, 404)
    assert [what for what, _ in platform.calls].count("unregister") == 2
    await shop.get(address(made), status=404)


async def test_a_platform_that_does_not_let_go_does_not_keep_the_bot(
    shop: Shop, bot: Json, platform: StubPlatform, client: AsyncClient
) -> None:
    made = await deploy(shop, bot, platform)
    platform.refuses["unregister"] = 500
    off = await shop.post(f"{address(made)}/disable", status=200)
    assert off["status"] == "disabled"
    assert "still has the address" in off["detail"]
    assert (await shop.api.delete(address(made))).status_code == 204
    assert await knock(client, made) == 404


async def test_the_first_call_from_the_platform_completes_what_was_done_by_hand(
    shop: Shop, bot: Json, platform: StubPlatform, client: AsyncClient
) -> None:
    made = await deploy(shop, bot, platform)
    path = urlsplit(made["webhook_url"]).path
    assert (await client.get(path, params={"verify": SECRET, "challenge": "1"})).status_code == 200
    read = await shop.get(address(made))
    assert read["status"] == "connected"
    assert read["registered_at"] is not None


async def test_new_credentials_are_taken_in_place(shop: Shop, bot: Json, platform: StubPlatform) -> None:
    gone = {"channel": "http", "fields": {"callback_url": "http://127.0.0.1:9", "secret": SECRET}}
    made = await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", gone)
    changed = await shop.api.patch(address(made), json={"fields": {"callback_url": platform.url}})
    live = await shop.post(f"{address(made)}/connect", status=200)

    assert changed.json()["fields"]["callback_url"] == platform.url
    assert (live["status"], live["webhook_url"]) == ("connected", made["webhook_url"])


async def test_a_probe_says_which_half_works(shop: Shop, bot: Json, platform: StubPlatform) -> None:
    made = await deploy(shop, bot, platform)
    probe = await shop.post(f"{address(made)}/probe", status=200)
    steps = {step["name"]: step for step in probe["steps"]}
    assert steps["credentials"]["ok"] is True
    # Nothing listens at the address of this installation while tests run.
    assert (probe["ok"], steps["address"]["ok"]) == (False, False)
    assert "SHOPWRIGHT_PUBLIC_URL" in steps["address"]["detail"]


async def test_only_who_may_keep_credentials_may_send_them(shop: Shop, bot: Json, platform: StubPlatform) -> None:
    person = {"email": f"editor@{shop.tenant['slug']}.example", "password": OWNER_PASSWORD, "role": "editor"}
    await shop.post("/v1/tenant/members", person)
    transport = ASGITransport(app=shop.api._transport.app, client=("10.8.8.8", 1))  # type: ignore[attr-defined]
    async with AsyncClient(transport=transport, base_url="http://test") as http:
        signed_in = await http.post("/v1/auth/login", json={k: person[k] for k in ("email", "password")})
        http.headers["authorization"] = f"Bearer {signed_in.json()['access_token']}"
        wanted = {"channel": "http", "fields": credentials(platform)}
        answer = await http.post(f"/v1/tenant/bots/{bot['id']}/deployments", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def watch_of(core: Core) -> Watch:
    return Watch(core.db, core.envelope, core.platforms)


async def test_a_token_that_ends_soon_is_warned_about_before_it_does(
    shop: Shop, bot: Json, platform: StubPlatform, core: Core
) -> None:
    now = datetime.now(UTC)
    made = await deploy(shop, bot, platform, token_expires_at=(now + timedelta(days=10)).isoformat())
    await shop.post(f"{address(made)}/connect", status=200)
    seen = []
    for days in (0, 4, 11):
        await watch_of(core).look(UUID(shop.id), now + timedelta(days=days))
        read = await shop.get(address(made))
        seen.append((read["status"], "token" in read["detail"]))
    assert seen == [("connected", False), ("degraded", True), ("failed", True)]


async def test_a_later_end_of_the_token_ends_the_warning_at_once(
    shop: Shop, bot: Json, platform: StubPlatform, core: Core
) -> None:
    now = datetime.now(UTC)
    made = await deploy(shop, bot, platform, token_expires_at=(now + timedelta(days=3)).isoformat())
    await shop.post(f"{address(made)}/connect", status=200)
    await watch_of(core).look(UUID(shop.id))
    warned = await shop.get(address(made))
    later = {"token_expires_at": (now + timedelta(days=90)).isoformat()}
    renewed = (await shop.api.patch(address(made), json=later)).json()
    assert (warned["status"], warned["reason"]) == ("degraded", "token_ends")
    assert (renewed["status"], renewed["reason"]) == ("connected", "")


async def test_a_platform_that_has_gone_quiet_is_noticed(
    shop: Shop, bot: Json, platform: StubPlatform, core: Core
) -> None:
    made = await deploy(shop, bot, platform, settings={"silence_hours": 24})
    await shop.post(f"{address(made)}/connect", status=200)
    await watch_of(core).look(UUID(shop.id), datetime.now(UTC) + timedelta(hours=25))
    quiet = await shop.get(address(made))
    await watch_of(core).look(UUID(shop.id), datetime.now(UTC))
    assert (quiet["status"], quiet["reason"], "Nobody wrote since" in quiet["detail"]) == ("degraded", "silent", True)
    assert (await shop.get(address(made)))["status"] == "connected"


async def test_a_bot_that_is_given_away_leaves_the_old_clients_account(
    shop: Shop, platform: StubPlatform, client: AsyncClient, core: Core, postgres: EmbeddedPostgres
) -> None:
    first = await shop.post("/v1/tenant/clients", {"name": "North Bikes"})
    second = await shop.post("/v1/tenant/clients", {"name": "South Boats"})
    bot = await shop.bot(client_id=first["id"])
    stored = {"fields": credentials(platform)}
    assert (await shop.api.put(f"/v1/tenant/clients/{first['id']}/credentials/http", json=stored)).status_code == 200
    made = await shop.post(f"/v1/tenant/bots/{bot['id']}/deployments", {"channel": "http"})
    await shop.post(f"{address(made)}/connect", status=200)

    await shop.post(f"/v1/tenant/bots/{bot['id']}/move", {"client_id": second["id"]}, status=200)
    at_once = await knock(client, made)
    await watch_of(core).look(UUID(shop.id))

    read = await shop.get(address(made))
    assert at_once == 404
    assert (read["status"], read["reason"], "another client" in read["detail"]) == ("pending", "moved", True)
    assert platform.calls[-1][0] == "unregister"
    with psycopg.connect(postgres.owner_url) as connection:
        actions = connection.execute("select action from audit_log where tenant_id = %s", (shop.id,)).fetchall()
    assert ("deployment.connect",) in actions
