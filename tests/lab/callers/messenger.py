"""Calls of Messenger's Send API."""

from collections.abc import Iterator
from typing import Any

from tests.lab.callers.base import Call, Wrong, bearer, changed

from shopwright.lab.accounts import Account
from shopwright.lab.meta.graph import number_of

FIELDS = "messages,messaging_postbacks,message_reads,message_deliveries"
POSTBACK = {"type": "postback", "title": "A", "payload": "v"}


def sending(account: Account) -> Call:
    known = account.credentials
    body = {"recipient": {"id": account.customer}, "messaging_type": "RESPONSE", "message": {"text": "Hi"}}
    return Call("POST", f"/messenger/graph/v23.0/{known['page_id']}/messages", bearer(known["page_access_token"]), body)


def registering(account: Account, url: str, word: str) -> Iterator[Call]:
    known = account.credentials
    app = number_of(known["app_secret"])
    body = {"object": "page", "callback_url": url, "verify_token": word, "fields": FIELDS}
    yield Call("POST", f"/messenger/graph/v23.0/{app}/subscriptions", bearer(f"{app}|{known['app_secret']}"), body)
    path = f"/messenger/graph/v23.0/{known['page_id']}/subscribed_apps"
    yield Call("POST", path, bearer(known["page_access_token"]), {"subscribed_fields": FIELDS})


def says(**message: Any) -> Wrong:
    return changed(message=message)


def quick(count: int, title: str = "Yes") -> Wrong:
    listed = [{"content_type": "text", "title": title, "payload": f"v{n}"} for n in range(count)]
    return says(text="Which?", quick_replies=listed)


def generic(**element: Any) -> Wrong:
    payload = {"template_type": "generic", "elements": [{"title": "Lamp", "subtitle": "Warm", **element}]}
    return says(attachment={"type": "template", "payload": payload})


# What is wrong, the call, and words of what is noted about it.
WRONG: list[tuple[str, Wrong, str]] = [
    ("a text that is too long", says(text="x" * 2001), "2001"),
    ("no kind of message", changed(messaging_type=None), "messaging_type is missing"),
    ("nothing said", says(), "either a text or an attachment"),
    ("a field that does not exist", says(text="x", body="x"), "body is no field"),
    ("fourteen quick replies", quick(14), "14 entries"),
    ("a quick reply that is too long", quick(1, "x" * 21), "21 characters"),
    ("a card that is too long", generic(title="x" * 81), "81 characters"),
    ("a card with four buttons", generic(buttons=[POSTBACK] * 4), "4 entries"),
    ("a stranger", changed(recipient={"id": "1"}), "this id"),
]
