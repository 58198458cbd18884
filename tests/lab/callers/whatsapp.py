"""Calls of WhatsApp's Cloud API."""

from collections.abc import Iterator
from typing import Any

from tests.lab.callers.base import Call, Wrong, bearer, changed

from shopwright.lab.accounts import Account


def sending(account: Account) -> Call:
    known = account.credentials
    body = {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": account.customer, "type": "text",
        "text": {"body": "Hi"},
    }  # fmt: skip
    return Call(
        "POST", f"/whatsapp/graph/v23.0/{known['phone_number_id']}/messages", bearer(known["access_token"]), body
    )


def registering(account: Account, url: str, word: str) -> Iterator[Call]:
    known = account.credentials
    path = f"/whatsapp/graph/v23.0/{known['business_account_id']}/subscribed_apps"
    yield Call("POST", path, bearer(known["access_token"]), {"override_callback_uri": url, "verify_token": word})


def interactive(**content: Any) -> Wrong:
    return changed(type="interactive", text=None, interactive={"body": {"text": "Which?"}, **content})


def replies(*titles: str, same: bool = False) -> dict[str, Any]:
    listed = [{"type": "reply", "reply": {"id": "v" if same else f"v{n}", "title": t}} for n, t in enumerate(titles)]
    return {"type": "button", "action": {"buttons": listed}}


def rows(count: int, title: str = "Row") -> dict[str, Any]:
    listed = [{"id": f"v{n}", "title": f"{title} {n}"} for n in range(count)]
    return {"type": "list", "action": {"button": "Options", "sections": [{"rows": listed}]}}


def image(**content: str) -> Wrong:
    return changed(type="image", text=None, image=content)


# What is wrong, the call, and words of what is noted about it.
WRONG: list[tuple[str, Wrong, str]] = [
    ("no product", changed(messaging_product=None), "messaging_product is missing"),
    ("another product", changed(messaging_product="whatsap"), "none of whatsapp"),
    ("no kind of recipient", changed(recipient_type=None), "recipient_type is missing"),
    ("a text that is too long", changed(text={"body": "x" * 4097}), "4097"),
    ("an empty text", changed(text={"body": ""}), "empty"),
    ("a type without what it is", changed(type="image"), "image is missing"),
    ("a field that does not exist", changed(bodyy="x"), "bodyy is no field"),
    ("a stranger", changed(to="15550000000"), "this number"),
    ("four buttons", interactive(**replies("A", "B", "C", "D")), "4 entries"),
    ("a title that is too long", interactive(**replies("x" * 21)), "21 characters"),
    ("two buttons of one id", interactive(**replies("A", "B", same=True)), "same id"),
    ("two buttons of one title", interactive(**replies("A", "A")), "same title"),
    ("a list that is too long", interactive(**rows(11)), "11"),
    ("a row that is too long", interactive(**rows(1, "x" * 24)), "26 characters"),
    ("a list without a body", changed(type="interactive", text=None, interactive=rows(2)), "body"),
    ("a picture with id and link", image(id="1", link="https://a.example"), "either"),
    ("a picture at no address", image(link="file:///etc"), "no web address"),
]
