"""Calls of Instagram's messaging API."""

from collections.abc import Iterator

from tests.lab.callers.base import Call, Wrong, bearer, changed
from tests.lab.callers.messenger import quick, says

from shopwright.lab.accounts import Account

DOCUMENT = {"type": "file", "payload": {"url": "https://a.example/a.pdf"}}


def sending(account: Account) -> Call:
    known = account.credentials
    body = {"recipient": {"id": account.customer}, "message": {"text": "Hi"}}
    return Call("POST", f"/instagram/graph/v23.0/{known['account_id']}/messages", bearer(known["access_token"]), body)


def registering(account: Account, url: str, word: str) -> Iterator[Call]:
    known = account.credentials
    path = f"/instagram/graph/v23.0/{known['account_id']}/subscribed_apps"
    yield Call("POST", path, bearer(known["access_token"]), {"subscribed_fields": "messages,messaging_seen"})


# What is wrong, the call, and words of what is noted about it.
WRONG: list[tuple[str, Wrong, str]] = [
    ("a text that is too long in bytes", says(text="ü" * 501), "1002 bytes"),
    ("a document", says(attachment=DOCUMENT), "none of image"),
    ("a stranger", changed(recipient={"id": "1"}), "this id"),
    ("fourteen quick replies", quick(14), "14 entries"),
]
