"""Webhooks of the Cloud API as events.

Source: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples, read 2026-11.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from shopwright.channels.meta.channel import WINDOW
from shopwright.channels.port import (
    Attachment,
    InboundEvent,
    InboundMessage,
    Location,
    MediaKind,
    MessageDeleted,
    MessageEdited,
    Reaction,
    Receipt,
    Sender,
)
from shopwright.channels.reading import moment, words

_MEDIA: Final[Mapping[str, MediaKind]] = {
    "image": "image", "audio": "audio", "video": "video", "document": "file", "sticker": "sticker",
}  # fmt: skip
_STATES: Final = frozenset({"sent", "delivered", "read", "failed"})


def events(value: dict[str, Any]) -> Iterator[InboundEvent]:
    """The events of one change."""
    people = {words(c.get("wa_id") or c.get("user_id")): c for c in value.get("contacts") or ()}
    for message in value.get("messages") or ():
        yield from _message(message, people)
    for status in value.get("statuses") or ():
        if status["status"] in _STATES:
            yield _receipt(status)


def _message(message: dict[str, Any], people: Mapping[str, dict[str, Any]]) -> Iterator[InboundEvent]:
    kind, name = message["type"], words(message["id"])
    # Customers with a user name may hide their number; then they have an id of the business instead.
    who = words(message.get("from") or message["from_user_id"])
    if kind == "reaction":
        reaction = message["reaction"]
        emoji = words(reaction.get("emoji"))
        yield Reaction(name, words(reaction["message_id"]), who, emoji, removed=not emoji)
    elif kind == "edit":
        edited = message["edit"]
        yield MessageEdited(name, words(edited["original_message_id"]), who, _text(edited["message"]))
    elif kind == "revoke":
        yield MessageDeleted(name, words(message["revoke"]["original_message_id"]), who)
    elif kind == "unsupported" and (message.get("unsupported") or {}).get("type") == "edit":
        yield replace(_said(message, name, who, people.get(who, {})), text="", changed=True)
    elif kind not in ("system", "unsupported", "errors"):
        said = _said(message, name, who, people.get(who, {}))
        if said.text or said.attachments or said.location:
            yield said


def _said(message: dict[str, Any], name: str, who: str, person: Mapping[str, Any]) -> InboundMessage:
    profile = person.get("profile") or {}
    return InboundMessage(
        external_id=name,
        thread=who,
        sender=Sender(
            who,
            name=words(profile.get("name")),
            phone=f"+{who}" if who.isdigit() else "",
            username=words(profile.get("username")),
        ),
        text=_text(message),
        choice=_choice(message),
        attachments=tuple(_attachments(message)),
        location=_location(message.get("location")),
        reply_to=words((message.get("context") or {}).get("id")),
        sent_at=moment(message["timestamp"]),
        route={"message_id": name, **_referral(message)},
    )


def _referral(message: dict[str, Any]) -> dict[str, str]:
    """The advertisement or post that led here."""
    referral = message.get("referral") or {}
    source = words(referral.get("source_id") or referral.get("source_url"))
    return {"referral": source} if source else {}


def _text(message: dict[str, Any]) -> str:
    kind = message["type"]
    part = message.get(kind) or {}
    if kind == "text":
        return words(part["body"])
    if kind == "button":
        return words(part["text"])
    if kind == "interactive":
        reply = part[part["type"]]
        return words(reply.get("title") or reply.get("body"))
    if kind == "order":
        items = [f"{words(i['quantity'])} × {words(i['product_retailer_id'])}" for i in part.get("product_items") or ()]
        return "\n".join(line for line in (words(part.get("text")), *items) if line)
    if kind == "contacts":
        return ", ".join(words(phone["phone"]) for contact in part for phone in contact.get("phones") or ())
    return words(part.get("caption")) if kind in _MEDIA else ""


def _choice(message: dict[str, Any]) -> str:
    if message["type"] == "button":
        return words(message["button"].get("payload"))
    if message["type"] == "interactive":
        interactive = message["interactive"]
        return words(interactive[interactive["type"]].get("id"))
    return ""


def _attachments(message: dict[str, Any]) -> Iterator[Attachment]:
    kind = message["type"]
    if kind in _MEDIA:
        file = message[kind]
        media_type = words(file.get("mime_type")).split(";")[0]
        yield Attachment(_MEDIA[kind], words(file["id"]), media_type=media_type, name=words(file.get("filename")))


def _location(place: dict[str, Any] | None) -> Location | None:
    if not place:
        return None
    name, address = words(place.get("name")), words(place.get("address"))
    return Location(float(place["latitude"]), float(place["longitude"]), name, address)


def _receipt(status: dict[str, Any]) -> Receipt:
    name, state = words(status["id"]), status["status"]
    errors = [
        f"{words(e['code'])}: {words((e.get('error_data') or {}).get('details') or e.get('title'))}"
        for e in status.get("errors") or ()
    ]
    who = words(status.get("recipient_id") or status.get("recipient_user_id"))
    late = any(e["code"] in WINDOW for e in status.get("errors") or ())
    return Receipt(f"{name}:{state}", name, state, "; ".join(errors), who, window_closed=late)
