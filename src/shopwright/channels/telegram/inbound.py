"""Updates of the Bot API as events. Source: https://core.telegram.org/bots/api#update, read 2026-11."""

from collections.abc import Iterator
from typing import Any, Final

from shopwright.channels.port import (
    AccountEvent,
    Attachment,
    InboundEvent,
    InboundMessage,
    Location,
    MediaKind,
    MessageDeleted,
    MessageEdited,
    Reaction,
    Sender,
)
from shopwright.channels.reading import moment, words

_MEDIA: Final[tuple[tuple[str, MediaKind], ...]] = (
    ("voice", "audio"),
    ("audio", "audio"),
    ("video", "video"),
    ("video_note", "video"),
    ("animation", "video"),
    ("sticker", "sticker"),
    ("document", "file"),
)
_GONE: Final = frozenset({"kicked", "left"})


def events(update: dict[str, Any]) -> Iterator[InboundEvent]:
    number = f"update:{words(update['update_id'])}"
    for name in ("message", "business_message"):
        if name in update:
            yield from _message(update[name])
    for name in ("edited_message", "edited_business_message"):
        if name in update and not _is_bot(update[name]):
            edited = update[name]
            yield MessageEdited(number, _id(edited), thread_of(edited), _text(edited))
    if "callback_query" in update:
        yield from _pressed(update["callback_query"])
    if "deleted_business_messages" in update:
        gone = update["deleted_business_messages"]
        chat = words(gone["chat"]["id"])
        for message_id in gone["message_ids"]:
            yield MessageDeleted(f"{number}:{words(message_id)}", f"{chat}:{words(message_id)}", chat)
    if "message_reaction" in update:
        yield from _reaction(number, update["message_reaction"])
    if "my_chat_member" in update:
        yield from _membership(number, update["my_chat_member"])


def thread_of(message: dict[str, Any]) -> str:
    """The chat, and the topic of it where it has topics."""
    chat = words(message["chat"]["id"])
    topic = words(message.get("message_thread_id")) if message.get("is_topic_message") else ""
    return f"{chat}:{topic}" if topic else chat


def _id(message: dict[str, Any]) -> str:
    return f"{words(message['chat']['id'])}:{words(message['message_id'])}"


def _is_bot(message: dict[str, Any]) -> bool:
    return bool(message.get("from", {}).get("is_bot")) or "sender_business_bot" in message


def _text(message: dict[str, Any]) -> str:
    return words(message.get("text") or message.get("caption"))


def _sender(user: dict[str, Any], phone: str = "") -> Sender:
    name = f"{words(user.get('first_name'))} {words(user.get('last_name'))}".strip()
    language, username = words(user.get("language_code")), words(user.get("username"))
    return Sender(words(user["id"]), name=name, language=language, username=username, phone=phone)


def _message(message: dict[str, Any]) -> Iterator[InboundMessage]:
    if _is_bot(message) or "from" not in message:
        return
    contact = message.get("contact") or {}
    own_number = contact and words(contact.get("user_id")) == words(message["from"]["id"])
    said = InboundMessage(
        external_id=_id(message),
        thread=thread_of(message),
        sender=_sender(message["from"], words(contact.get("phone_number")) if own_number else ""),
        text=_text(message) or words(contact.get("phone_number")),
        attachments=tuple(_attachments(message)),
        location=_location(message),
        reply_to=_id(message["reply_to_message"]) if message.get("reply_to_message") else "",
        sent_at=moment(message["date"]),
        route=_route(message),
    )
    if said.text or said.attachments or said.location:
        yield said


def _route(message: dict[str, Any]) -> dict[str, str]:
    connection = words(message.get("business_connection_id"))
    return {"business_connection_id": connection} if connection else {}


def _attachments(message: dict[str, Any]) -> Iterator[Attachment]:
    if message.get("photo"):
        largest = max(message["photo"], key=lambda size: int(size["width"]) * int(size["height"]))
        yield _attachment("image", largest, "image/jpeg")
    for name, kind in _MEDIA:
        # An animation comes as a document as well, for older programs.
        if name in message and not (name == "document" and "animation" in message):
            yield _attachment(kind, message[name])


def _attachment(kind: MediaKind, file: dict[str, Any], media_type: str = "") -> Attachment:
    return Attachment(
        kind,
        reference=words(file["file_id"]),
        media_type=words(file.get("mime_type")) or media_type,
        name=words(file.get("file_name")),
        size_bytes=file.get("file_size"),
    )


def _location(message: dict[str, Any]) -> Location | None:
    venue = message.get("venue") or {}
    place = venue.get("location") or message.get("location")
    if not place:
        return None
    title, address = words(venue.get("title")), words(venue.get("address"))
    return Location(float(place["latitude"]), float(place["longitude"]), title, address)


def _pressed(query: dict[str, Any]) -> Iterator[InboundMessage]:
    message = query.get("message")
    if not message or not query.get("data"):
        return
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    titles = {words(b.get("callback_data")): words(b["text"]) for row in rows for b in row}
    data = words(query["data"])
    yield InboundMessage(
        external_id=f"callback:{words(query['id'])}",
        thread=thread_of(message),
        sender=_sender(query["from"]),
        text=titles.get(data, data),
        choice=data,
        reply_to=_id(message),
        route=_route(message),
    )


def _reaction(number: str, change: dict[str, Any]) -> Iterator[Reaction]:
    def emojis(reactions: list[dict[str, Any]]) -> list[str]:
        return [words(r["emoji"]) for r in reactions if r["type"] == "emoji"]

    old, new = emojis(change["old_reaction"]), emojis(change["new_reaction"])
    for emoji in [e for e in old if e not in new] + [e for e in new if e not in old]:
        yield Reaction(f"{number}:{emoji}", _id(change), thread_of(change), emoji, removed=emoji in old)


def _membership(number: str, change: dict[str, Any]) -> Iterator[AccountEvent]:
    was, now = (change[name]["status"] in _GONE for name in ("old_chat_member", "new_chat_member"))
    if was != now:
        yield AccountEvent(number, "blocked" if now else "unblocked", thread=words(change["chat"]["id"]))
