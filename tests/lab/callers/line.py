"""Calls of LINE's Messaging API."""

from collections.abc import Iterator

from tests.lab.callers.base import Call, Wrong, bearer, changed

from shopwright.lab.accounts import Account
from shopwright.lab.line.messages import customer_id


def sending(account: Account) -> Call:
    body = {"to": customer_id(account), "messages": [{"type": "text", "text": "Hi"}]}
    return Call("POST", "/line/api/v2/bot/message/push", bearer(account.credentials["channel_access_token"]), body)


def registering(account: Account, url: str, word: str) -> Iterator[Call]:
    path = "/line/api/v2/bot/channel/webhook/endpoint"
    yield Call("PUT", path, bearer(account.credentials["channel_access_token"]), {"endpoint": url})


# What is wrong, the call, and words of what is noted about it.
WRONG: list[tuple[str, Wrong, str]] = [
    ("no messages", changed(messages=[]), "messages is empty"),
    ("six messages", changed(messages=[{"type": "text", "text": "x"}] * 6), "6 entries"),
    ("a text that is too long", changed(messages=[{"type": "text", "text": "😀" * 2501}]), "5002"),
    ("a stranger", changed(to="U" + "0" * 32), "this user id"),
]
