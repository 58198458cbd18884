"""What a page or an account says in Messenger or Instagram, as the app shows it."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from shopwright.lab.accounts import Account
from shopwright.lab.base import Refused
from shopwright.lab.meta.graph import graph_error
from shopwright.lab.schemas import LabCard, LabChoice, LabFile, LabMessage
from shopwright.lab.text import linked_lines


def new_mid() -> str:
    return "m_" + secrets.token_urlsafe(40)


def _invalid(said: str) -> Refused:
    return Refused(graph_error(400, 100, f"(#100) {said}"), said)


def show(account: Account, message: Mapping[str, Any]) -> LabMessage:
    """Take a message that has the right form, and show it.

    Raises:
        Refused: what is in it does not go together.
    """
    if ("text" in message) == ("attachment" in message):
        raise _invalid("message has either a text or an attachment")
    shown = LabMessage(id=new_mid(), sender="bot", at=datetime.now(UTC), state="delivered")
    if "text" in message:
        shown.lines = linked_lines(message["text"])
    else:
        _attach(shown, message["attachment"])
    replies = message.get("quick_replies") or []
    for reply in replies:
        if reply["content_type"] == "text" and not (reply.get("title") and reply.get("payload")):
            raise _invalid("a quick reply of the kind text has a title and a payload")
    drop_quick_replies(account)
    if replies:
        shown.choices = [
            LabChoice(title=r.get("title", r["content_type"]), value=r.get("payload", "")) for r in replies
        ]
        shown.choices_style = "quick_replies"
    account.show(shown, dict(message))
    return shown


def drop_quick_replies(account: Account) -> None:
    """They vanish with the next message, whoever sends it."""
    for entry in account.entries:
        if entry.shown.choices_style == "quick_replies":
            entry.shown.choices, entry.shown.choices_style = [], "none"


def _attach(shown: LabMessage, attachment: Mapping[str, Any]) -> None:
    kind, payload = attachment["type"], attachment["payload"]
    if kind == "template":
        _fill_template(shown, payload)
        return
    url = str(payload.get("url", ""))
    if "template_type" in payload or (not url and "attachment_id" not in payload):
        raise _invalid(f"an attachment of the type {kind} has a url")
    if url and urlsplit(url).scheme not in {"http", "https"}:
        raise _invalid("attachment.payload.url is no web address")
    if kind == "image":
        shown.kind, shown.images = "image", [url]
        return
    name = urlsplit(url).path.rsplit("/", 1)[-1] or kind
    shown.kind = "voice" if kind == "audio" else "file"
    shown.files = [LabFile(name=name, media_type="", kind=kind if kind in {"audio", "video"} else "file")]


def _fill_template(shown: LabMessage, payload: Mapping[str, Any]) -> None:
    shown.kind = "card"
    if payload.get("template_type") == "button":
        shown.kind, shown.lines = "text", linked_lines(payload["text"])
        shown.choices, shown.choices_style = [_button(button) for button in payload["buttons"]], "buttons"
        return
    if payload.get("template_type") != "generic":
        raise _invalid("the lab shows generic and button templates")
    for element in payload["elements"]:
        if len(element) < 2:
            raise _invalid("an element has at least one property beside its title")
        shown.cards.append(
            LabCard(
                title=element["title"], subtitle=element.get("subtitle", ""), image_url=element.get("image_url", ""),
                url=(element.get("default_action") or {}).get("url", ""),
                choices=[_button(button) for button in element.get("buttons") or []],
            )
        )  # fmt: skip


def _button(button: Mapping[str, str]) -> LabChoice:
    if button["type"] == "web_url":
        return LabChoice(title=button["title"], url=button["url"])
    return LabChoice(title=button["title"], value=button.get("payload", ""))
