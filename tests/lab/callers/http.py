"""Calls of our own protocol, as `docs/how-to/channels/http.md` has them."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from tests.lab.callers.base import Call, Wrong

from shopwright.lab.accounts import Account


def signed(account: Account, body: Any, *, seconds_ago: int = 0, secret: str = "") -> Call:
    at = str(int(time.time()) - seconds_ago)
    content = f"{at}.".encode() + json.dumps(body).encode()
    digest = hmac.new((secret or account.credentials["secret"]).encode(), content, hashlib.sha256).hexdigest()
    signature = {"x-shopwright-timestamp": at, "x-shopwright-signature": f"sha256={digest}"}
    path = "/" + account.credentials["callback_url"].split("/", 3)[-1]
    return Call("POST", path, {**signature, "idempotency-key": body.get("id", "x")}, body)


def sending(account: Account) -> Call:
    return signed(account, {
        "type": "message", "id": f"k-{uuid4()}", "conversation": account.customer, "text": "Hi", "plain_text": "Hi",
        "choices": [], "cards": [], "images": [], "files": [], "sources": [],
    })  # fmt: skip


def registering(account: Account, url: str, word: str) -> Iterator[Call]:
    yield from ()


def stranger(account: Account, other: Account) -> Call:
    return signed(account, sending(account).json, secret=other.credentials["secret"])


def own(**fields: Any) -> Wrong:
    return lambda account, call: signed(account, {**call.json, **fields})


# What is wrong, the call, and words of what is noted about it.
WRONG: list[tuple[str, Wrong, str]] = [
    ("no text for plain systems", own(plain_text=5), "plain_text"),
    ("a stranger", own(conversation="x"), "conversation"),
    ("a kind that does not exist", own(type="shout"), "no type shout"),
    ("another secret", lambda a, c: signed(a, c.json, secret="another"), "signature"),
    ("an old time", lambda a, c: signed(a, c.json, seconds_ago=400), "timestamp"),
]
