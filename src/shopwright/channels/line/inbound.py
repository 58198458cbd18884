"""Webhook events of LINE. Source: https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shopwright.channels.port import (
    AccountEvent,
    Attachment,
    InboundEvent,
    InboundMessage,
    Location,
    MediaKind,
    MessageDeleted,
    Sender,
)
from shopwright.channels.reading import moment, words

_MEDIA: Final[Mapping[str, MediaKind]] = {"image": "image", "audio": "audio", "video": "video", "file": "file"}


def events(event: dict[str, Any]) -> Iterator[InboundEvent]:
    """The events of one webhook event."""
    # "standby": another module of the account has the conversation.
    if event.get("mode") == "standby" or not event.get("source"):
        return
    kind, number, source = event["type"], words(event["webhookEventId"]), event["source"]
    thread = words(source.get("groupId") or source.get("roomId") or source["userId"])
    if kind == "message" and source.get("userId"):
        yield from _message(event, event["message"], thread)
    elif kind == "postback" and source.get("userId"):
        data = words(event["postback"]["data"])
        yield InboundMessage(
            external_id=number,
            thread=thread,
            sender=Sender(words(source["userId"])),
            text=data,
            choice=data,
            sent_at=moment(event["timestamp"], per_second=1000),
        )
    elif kind == "unsend":
        yield MessageDeleted(number, words(event["unsend"]["messageId"]), thread)
    elif kind in ("follow", "unfollow"):
        yield AccountEvent(number, "unblocked" if kind == "follow" else "blocked", thread)


def _message(event: dict[str, Any], message: dict[str, Any], thread: str) -> Iterator[InboundMessage]:
    said = InboundMessage(
        external_id=words(message["id"]),
        thread=thread,
        sender=Sender(words(event["source"]["userId"])),
        text=words(message.get("text")),
        attachments=tuple(_attachments(message)),
        location=_location(message),
        reply_to=words(message.get("quotedMessageId")),
        sent_at=moment(event["timestamp"], per_second=1000),
    )
    if said.text or said.attachments or said.location:
        yield said


def _attachments(message: dict[str, Any]) -> Iterator[Attachment]:
    kind = message["type"]
    if kind == "sticker":
        yield Attachment("sticker", words(message["stickerId"]), name=", ".join(message.get("keywords") or ()))
    elif kind in _MEDIA:
        provider = message.get("contentProvider") or {}
        url = words(provider.get("originalContentUrl")) if provider.get("type") == "external" else ""
        name, length = words(message.get("fileName")), message.get("fileSize")
        yield Attachment(_MEDIA[kind], words(message["id"]), url, name=name, size_bytes=length)


def _location(message: dict[str, Any]) -> Location | None:
    if message["type"] != "location":
        return None
    title, address = words(message.get("title")), words(message.get("address"))
    return Location(float(message["latitude"]), float(message["longitude"]), title, address)
