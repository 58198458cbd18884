"""A bot on many platforms, one of them in every state, with people who wrote and messages that got stuck."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from httpx2 import Client
from tests.e2e.console.peers import PATIENCE, Platforms

Json = dict[str, Any]
SECRET = "a-secret-of-the-shops-own-system"
HEX, TOKEN = "0123456789abcdef" * 2, "EAAGm0PX4ZCps"
# Keys that every form takes.
KEYS: dict[str, dict[str, str]] = {
    "telegram": {"bot_token": "123456789:" + "A" * 31 + "4321"},
    "whatsapp": {"phone_number_id": "106540352242922", "access_token": TOKEN, "app_secret": HEX},
    "messenger": {"page_id": "306540352242922", "page_access_token": TOKEN, "app_secret": HEX},
    "instagram": {"account_id": "178414000000001", "access_token": TOKEN, "app_secret": HEX},
    "teams": {"app_id": "0f8fad5b-d9cb-469f-a165-70867728950e", "app_password": "a-client-secret"},
    "twilio": {"account_sid": f"AC{HEX}", "auth_token": HEX, "from_number": "whatsapp:+4915735983768"},
    "email": {
        "address": "help@your-shop.example", "imap_url": "imaps://help:word@mail.your-shop.example",
        "smtp_url": "smtps://help:word@mail.your-shop.example",
    },
    "line": {"channel_secret": HEX, "channel_access_token": "a-long-lived-token"},
}  # fmt: skip
PEOPLE = (
    ("ada", "Ada Lindqvist", "How much is standard delivery within Germany?"),
    ("bruno", "Bruno Keller", "Can I return an article that I have worn?"),
    ("chiara", "Chiara Conti", "Is delivery free above 60 euros?"),
)


@dataclass(frozen=True)
class Board:
    """`of` are the deployments of the bot by channel; `other` is a bot that is on no platform."""

    of: dict[str, Json]
    other: str
    contact: str
    conversation: str


def _ok(answer: Any) -> Json:
    assert answer.status_code < 300, answer.text
    return dict(answer.json())


def deploy(api: Client, bot: str, channel: str, fields: Json | None = None, *, connect: bool = True) -> Json:
    made = _ok(api.post(f"/v1/tenant/bots/{bot}/deployments", json={"channel": channel, "fields": fields}))
    return _ok(api.post(f"/v1/tenant/deployments/{made['id']}/connect")) if connect else made


def set_up(api: Client, bot: str, platforms: Platforms) -> Board:
    def live(channel: str, *, connect: bool = True) -> Json:
        return deploy(api, bot, channel, KEYS.get(channel), connect=connect)

    platforms.refuses = 0
    of = {name: live(name) for name in ("telegram", "whatsapp", "instagram", "line")}
    ends = (datetime.now(UTC) + timedelta(days=5)).isoformat()
    _ok(api.patch(f"/v1/tenant/deployments/{of['whatsapp']['id']}", json={"token_expires_at": ends}))
    _ok(api.post(f"/v1/tenant/deployments/{of['line']['id']}/disable"))
    of |= {"slack": live("slack"), "email": live("email", connect=False)}
    platforms.refuses = 401
    of["messenger"] = live("messenger")
    platforms.refuses = 0
    of["http"] = deploy(api, bot, "http", {"callback_url": platforms.callback_url, "secret": SECRET})
    for name, called, text in PEOPLE:
        _write(platforms, of["http"], name, called, text)
    platforms.wait_for_answers({f"c-guest-{name}" for name, _, _ in PEOPLE})
    platforms.write(
        of["http"], SECRET, id="r-1", type="receipt", conversation="c-guest-ada", message_id="4242",
        state="read", sender={"id": "guest-ada"},
    )  # fmt: skip
    _stuck(api, bot, platforms, of["http"])
    people = {one["name"]: one["id"] for one in _ok(api.get("/v1/tenant/contacts"))["items"]}
    contact = people[PEOPLE[0][1]]
    consent = {"consent": {"marketing": {"given": True, "source": "chat"}}, "time_zone": "Europe/Berlin"}
    _ok(api.patch(f"/v1/tenant/contacts/{contact}", json={"email": "ada@lindqvist.example", **consent}))
    talk = _ok(api.get(f"/v1/tenant/contacts/{contact}"))["conversations"][0]["id"]
    other = _ok(api.post("/v1/tenant/bots", json={"name": "Night desk"}))["id"]
    return Board(of, other, contact, talk)


def _stuck(api: Client, bot: str, platforms: Platforms, deployment: Json) -> None:
    """Two messages that came while the bot was off."""
    _ok(api.patch(f"/v1/tenant/bots/{bot}", json={"is_active": False}))
    for name, called in (("dilan", "Dilan Aydin"), ("emil", "Emil Berg")):
        _write(platforms, deployment, name, called, "When does my parcel arrive?")
    deadline = time.monotonic() + PATIENCE
    while len(_ok(api.get(f"/v1/tenant/dead-letters?deployment_id={deployment['id']}"))["items"]) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    _ok(api.patch(f"/v1/tenant/bots/{bot}", json={"is_active": True}))


def _write(platforms: Platforms, deployment: Json, name: str, called: str, text: str) -> None:
    sender = {"id": f"guest-{name}", "name": called, "language": "en"}
    platforms.write(deployment, SECRET, id=f"b-{name}", conversation=f"c-guest-{name}", sender=sender, text=text)
