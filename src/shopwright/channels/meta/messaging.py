"""Messenger and Instagram: nearly the same webhooks and the same Send API.

Sources: https://developers.facebook.com/docs/messenger-platform/webhooks and
https://developers.facebook.com/docs/instagram-platform/webhooks, read 2026-11.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

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
    "image": "image", "audio": "audio", "video": "video", "file": "file", "reel": "video", "ig_reel": "video",
    "share": "file", "story_mention": "image", "ig_story": "image", "ig_post": "file", "ephemeral": "image",
}  # fmt: skip
_EMOJIS: Final = {
    "smile": "😆", "angry": "😠", "sad": "😢", "wow": "😮", "love": "❤", "like": "👍", "dislike": "👎",
}  # fmt: skip


def events(event: dict[str, Any], account: str) -> Iterator[InboundEvent]:
    """The events of one entry under `messaging`."""
    thread = words(event["sender"]["id"])
    if thread == account:
        return
    if "message" in event:
        yield from _message(event, event["message"], thread)
    elif "postback" in event:
        yield _postback(event, event["postback"], thread)
    elif "message_edit" in event:
        edited = event["message_edit"]
        mid, number = words(edited["mid"]), words(edited.get("num_edit"))
        yield MessageEdited(f"{mid}:edit:{number}", mid, thread, words(edited["text"]))
    elif "reaction" in event:
        yield _reaction(event, event["reaction"], thread)
    elif "delivery" in event:
        yield from _delivered(event["delivery"], thread)
    elif "read" in event:
        yield _read(event["read"], thread)


def _message(event: dict[str, Any], message: dict[str, Any], thread: str) -> Iterator[InboundEvent]:
    mid = words(message["mid"])
    if message.get("is_echo"):
        return
    if message.get("is_deleted"):
        yield MessageDeleted(f"{mid}:deleted", mid, thread)
        return
    files = message.get("attachments") or ()
    said = InboundMessage(
        external_id=mid,
        thread=thread,
        sender=Sender(thread),
        text=words(message.get("text")) or _titles(files),
        choice=words((message.get("quick_reply") or {}).get("payload")),
        attachments=tuple(_attachments(files)),
        location=_location(files),
        reply_to=words((message.get("reply_to") or {}).get("mid")),
        sent_at=moment(event.get("timestamp"), per_second=1000),
        route=_referral(message),
    )
    if said.text or said.attachments or said.location:
        yield said


def _postback(event: dict[str, Any], postback: dict[str, Any], thread: str) -> InboundMessage:
    when = words(event["timestamp"])
    payload = words(postback.get("payload"))
    return InboundMessage(
        external_id=words(postback.get("mid")) or f"postback:{thread}:{when}",
        thread=thread,
        sender=Sender(thread),
        text=words(postback.get("title")) or payload,
        choice=payload,
        sent_at=moment(event["timestamp"], per_second=1000),
        route=_referral(postback),
    )


def _referral(said: dict[str, Any]) -> dict[str, str]:
    """The link or advertisement that led here."""
    referral = said.get("referral") or {}
    source = words(referral.get("ref") or referral.get("ad_id"))
    return {"referral": source} if source else {}


def _reaction(event: dict[str, Any], reaction: dict[str, Any], thread: str) -> Reaction:
    mid, action = words(reaction["mid"]), words(reaction["action"])
    name = words(reaction.get("reaction"))
    emoji = words(reaction.get("emoji")) or _EMOJIS.get(name, name)
    number = f"{mid}:{action}:{words(event['timestamp'])}"
    return Reaction(number, mid, thread, emoji, removed=action == "unreact")


def _delivered(delivery: dict[str, Any], thread: str) -> Iterator[Receipt]:
    for mid in delivery.get("mids") or ():
        yield Receipt(f"{words(mid)}:delivered", words(mid), "delivered", thread=thread)


def _read(read: dict[str, Any], thread: str) -> Receipt:
    if "mid" in read:
        return Receipt(f"{words(read['mid'])}:read", words(read["mid"]), "read", thread=thread)
    until = words(read["watermark"])
    return Receipt(f"read:{thread}:{until}", "", "read", thread=thread, until=moment(until, per_second=1000))


def _payload(file: dict[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = file.get("payload") or {}
    return payload


def _attachments(files: Any) -> Iterator[Attachment]:
    for file in files:
        payload = _payload(file)
        if file["type"] in _MEDIA and payload.get("url"):
            sticker = "sticker_id" in payload
            reference = words(payload.get("sticker_id"))
            yield Attachment("sticker" if sticker else _MEDIA[file["type"]], reference, words(payload["url"]))


def _titles(files: Any) -> str:
    """What a shared page or product is called: there is no text beside it."""
    shared = [file for file in files if file["type"] in ("fallback", "template")]
    found = [f"{words(f.get('title'))} {words(f.get('url') or _payload(f).get('url'))}".strip() for f in shared]
    return "\n".join(text for text in found if text)


def _location(files: Any) -> Location | None:
    for file in files:
        if file["type"] == "location":
            place = _payload(file)["coordinates"]
            return Location(float(place["lat"]), float(place["long"]), words(file.get("title")))
    return None
