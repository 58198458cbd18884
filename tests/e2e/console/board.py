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


# Platforms that are played, as they stand side by side in a picture.
PLAYED = ("telegram", "whatsapp", "slack", "messenger", "line", "email")


def play(api: Client, bot: str, question: str) -> dict[str, str]:
    """Put a bot on played platforms, and have a customer ask it something on each; returns the accounts by channel."""
    of = {name: _ok(api.post(f"/v1/tenant/bots/{bot}/lab", json={"channel": name}))["id"] for name in PLAYED}
    for id_ in of.values():
        # A first mail has a subject.
        named = {"name": "My order"} if id_ == of["email"] else {}
        _ok(api.post(f"/v1/tenant/lab/{id_}/acts", json={"kind": "text", "text": question, **named}))
    deadline = time.monotonic() + PATIENCE
    while any(len(_ok(api.get(f"/v1/tenant/lab/{id_}/thread"))["messages"]) < 2 for id_ in of.values()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return of


def send_things(api: Client) -> str:
    """A customer sends a picture, a file and a place on a played platform; returns the conversation."""
    place = {"latitude": 53.0793, "longitude": 8.8017, "name": "Our shop"}
    bot = _ok(api.post("/v1/tenant/bots", json={"name": "Field desk"}))["id"]
    id_ = _ok(api.post(f"/v1/tenant/bots/{bot}/lab", json={"channel": "whatsapp"}))["id"]
    for act in ({"kind": "image", "text": "Is this one waterproof?"}, {"kind": "file"}, {"kind": "location", **place}):
        _ok(api.post(f"/v1/tenant/lab/{id_}/acts", json=act))
    deadline = time.monotonic() + PATIENCE
    while True:
        talks = _ok(api.get(f"/v1/tenant/conversations?bot_id={bot}"))["items"]
        said = _ok(api.get(f"/v1/tenant/conversations/{talks[0]['id']}/messages"))["items"] if talks else []
        kept = [file for one in said for file in one["attachments"] if file["state"] == "kept"]
        if len(kept) == 2 and said[-1]["author"] == "bot":
            return str(talks[0]["id"])
        assert time.monotonic() < deadline, said
        time.sleep(0.2)


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
