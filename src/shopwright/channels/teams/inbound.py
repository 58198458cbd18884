"""Activities of the Bot Framework as events.

Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations, read 2026-11.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from shopwright.channels.port import (
    AccountEvent,
    Attachment,
    InboundEvent,
    InboundMessage,
    MediaKind,
    MessageDeleted,
    MessageEdited,
    Reaction,
    Receipt,
    Sender,
)
from shopwright.channels.reading import words
from shopwright.channels.teams.format import read_text

DOWNLOAD: Final = "application/vnd.microsoft.teams.file.download.info"
_READ: Final = "application/vnd.microsoft.readReceipt"
_KINDS: Final[Mapping[str, MediaKind]] = {"image": "image", "audio": "audio", "video": "video"}
_EMOJIS: Final = {
    "like": "👍", "heart": "❤", "laugh": "😆", "surprised": "😮", "sad": "😢", "angry": "😡", "plusOne": "+1",
}  # fmt: skip


def events(activity: dict[str, Any]) -> Iterator[InboundEvent]:
    kind, change = activity["type"], words((activity.get("channelData") or {}).get("eventType"))
    thread = words(activity["conversation"]["id"])
    # Ids are times in milliseconds, of one conversation each. What we sent is known by the bare id.
    name = f"{thread}:{words(activity.get('id') or activity.get('timestamp'))}"
    if kind == "message":
        yield from _message(activity, thread, name)
    elif kind == "messageUpdate" and change == "editMessage":
        text = read_text(activity, words(activity["recipient"]["id"]))
        yield MessageEdited(f"{name}:edit:{words(activity['timestamp'])}", name, thread, text)
    elif kind == "messageDelete" and change == "softDeleteMessage":
        yield MessageDeleted(f"{name}:delete", name, thread)
    elif kind == "messageReaction":
        yield from _reactions(activity, thread, name)
    elif kind == "event" and activity.get("name") == _READ:
        read = words(activity["value"]["lastReadMessageId"])
        yield Receipt(f"{thread}:{read}:read", read, "read", thread=thread)
    elif kind == "installationUpdate":
        removed = words(activity.get("action")).startswith("remove")
        yield AccountEvent(name, "blocked" if removed else "unblocked", thread)


def _message(activity: dict[str, Any], thread: str, name: str) -> Iterator[InboundMessage]:
    person, bot = activity["from"], words(activity["recipient"]["id"])
    if words(person["id"]) == bot or person.get("role") == "bot":
        return
    value = activity.get("value")
    chosen = value if isinstance(value, dict) and "choice" in value else {}
    said = InboundMessage(
        external_id=name,
        thread=thread,
        sender=Sender(
            words(person["id"]),
            name=words(person.get("name")),
            language=words(activity.get("locale")),
            username=words(person.get("aadObjectId")),
        ),
        text=read_text(activity, bot) or words(chosen.get("title") or chosen.get("choice")),
        choice=words(chosen.get("choice")),
        attachments=tuple(_attachments(activity.get("attachments") or ())),
        reply_to=words(activity.get("replyToId")),
        sent_at=_time(activity.get("timestamp")),
        route={"service_url": words(activity["serviceUrl"]), "bot_id": bot},
    )
    if said.text or said.attachments:
        yield said


def _attachments(attachments: Any) -> Iterator[Attachment]:
    for file in attachments:
        media_type = words(file["contentType"])
        if media_type == DOWNLOAD:
            content = file["content"]
            name = words(file.get("name"))
            yield Attachment("file", words(content.get("uniqueId")), words(content["downloadUrl"]), name=name)
        elif media_type.split("/")[0] in _KINDS and file.get("contentUrl"):
            # The type may be "image/*".
            kind = _KINDS[media_type.split("/")[0]]
            known = "" if media_type.endswith("*") else media_type
            yield Attachment(kind, url=words(file["contentUrl"]), media_type=known, name=words(file.get("name")))


def _reactions(activity: dict[str, Any], thread: str, name: str) -> Iterator[Reaction]:
    about = words(activity["replyToId"])
    for field, removed in (("reactionsRemoved", True), ("reactionsAdded", False)):
        for reaction in activity.get(field) or ():
            emoji = words(reaction["type"])
            yield Reaction(f"{name}:{field}:{emoji}", about, thread, _EMOJIS.get(emoji, emoji), removed)


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(words(text)) if text else None
