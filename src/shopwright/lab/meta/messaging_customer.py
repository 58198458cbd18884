"""What a customer does in Messenger's or Instagram's app, and the webhooks of it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from shopwright.lab.accounts import Account, Entry, Payload
from shopwright.lab.base import NotThere
from shopwright.lab.meta.messaging_messages import drop_quick_replies, new_mid
from shopwright.lab.samples import DOCUMENT, PICTURE, VOICE
from shopwright.lab.schemas import LabAct, LabFile, LabLocation, LabMessage
from shopwright.lab.text import plain_lines

if TYPE_CHECKING:
    from shopwright.lab.meta.messaging import MessagingEmulator

_FILES: Final = {
    "image": ("picture.png", "image/png", PICTURE, "image"), "voice": ("voice.ogg", "audio/ogg", VOICE, "audio"),
    "file": ("document.pdf", "application/pdf", DOCUMENT, "file"),
}  # fmt: skip
# Reactions have names; others are called by what they are.
_REACTIONS: Final = {"😆": "smile", "😠": "angry", "😢": "sad", "😮": "wow", "❤": "love", "👍": "like", "👎": "dislike"}


def act(emulator: "MessagingEmulator", account: Account, act: LabAct) -> list[Payload]:
    """Do it in the app; returns the webhooks that it makes."""
    if act.kind in {"block", "unblock"}:
        return _block(account, blocked=act.kind == "block")
    if account.blocked:
        raise NotThere("You blocked this business; unblock it to write to it.")
    if act.kind == "read":
        return _read(emulator, account)
    if act.kind == "choice":
        return _choose(emulator, account, act)
    if act.kind == "reaction":
        return _react(emulator, account, act)
    if act.kind == "edit":
        return _edit(emulator, account, act)
    if act.kind == "delete":
        return _delete(emulator, account, act)
    return _say(emulator, account, act)


def _say(emulator: "MessagingEmulator", account: Account, act: LabAct) -> list[Payload]:
    shown = LabMessage(id=new_mid(), sender="customer", at=datetime.now(UTC), state="delivered")
    message: dict[str, Any] = {"mid": shown.id}
    if act.kind == "text" and not act.text.strip():
        raise NotThere("Write something first.")
    if act.text:
        shown.lines, message["text"] = plain_lines(act.text), act.text
    if act.kind in _FILES:
        name, media_type, content, kind = _FILES[act.kind]
        file = account.keep(act.name or name, media_type, content)
        shown.kind = act.kind  # type: ignore[assignment]
        shown.files = [LabFile(name=file.name, media_type=media_type, kind=kind)]
        message["attachments"] = [{"type": kind, "payload": {"url": emulator.file_url(account, file.id)}}]
    elif act.kind == "location":
        place = LabLocation(latitude=act.latitude or 0.0, longitude=act.longitude or 0.0, name=act.name)
        shown.kind, shown.location = "location", place
        coordinates = {"lat": place.latitude, "long": place.longitude}
        message["attachments"] = [
            {"type": "location", "title": act.name or "Pinned location", "payload": {"coordinates": coordinates}}
        ]
    if act.message_id:
        shown.reply_to, message["reply_to"] = act.message_id, {"mid": act.message_id}
    drop_quick_replies(account)
    account.show(shown, message)
    return emulator.events(account, "message", message=message)


def _choose(emulator: "MessagingEmulator", account: Account, act: LabAct) -> list[Payload]:
    offering = [account.find(act.message_id)] if act.message_id else list(reversed(account.said_by("bot")))
    for entry in offering:
        if entry is None:
            continue
        for choice in [*entry.shown.choices, *(c for card in entry.shown.cards for c in card.choices)]:
            if act.value in {choice.value, choice.title}:
                if not choice.value:
                    raise NotThere("This button opens an address; the business is not told of it.")
                return _chosen(emulator, account, entry, choice.value, choice.title)
    raise NotThere("There is no such button.")


def _chosen(emulator: "MessagingEmulator", account: Account, entry: Entry, value: str, title: str) -> list[Payload]:
    quick = entry.shown.choices_style == "quick_replies"
    shown = LabMessage(
        id=new_mid(), sender="customer", at=datetime.now(UTC), state="delivered", lines=plain_lines(title)
    )  # fmt: skip
    drop_quick_replies(account)
    account.show(shown, {"mid": shown.id, "text": title})
    if quick:
        message = {"mid": shown.id, "text": title, "quick_reply": {"payload": value}}
        return emulator.events(account, "message", message=message)
    return emulator.events(account, "postback", postback={"mid": shown.id, "title": title, "payload": value})


def _react(emulator: "MessagingEmulator", account: Account, act: LabAct) -> list[Payload]:
    entry = account.find(act.message_id)
    if entry is None:
        raise NotThere("There is no such message.")
    removed = act.emoji in entry.shown.reactions
    entry.shown.reactions = [] if removed else [act.emoji]
    reaction: dict[str, Any] = {"mid": entry.shown.id, "action": "unreact" if removed else "react"}
    if not removed:
        reaction |= {"reaction": _REACTIONS.get(act.emoji, "other"), "emoji": act.emoji}
    return emulator.events(account, "reaction", reaction=reaction)


def _mine(account: Account, act: LabAct) -> Entry:
    entry = account.find(act.message_id) if act.message_id else next(reversed(account.said_by("customer")), None)
    if entry is None or entry.shown.sender != "customer" or entry.shown.deleted:
        raise NotThere("There is no such message of yours.")
    return entry


def _edit(emulator: "MessagingEmulator", account: Account, act: LabAct) -> list[Payload]:
    entry = _mine(account, act)
    if "text" not in entry.raw:
        raise NotThere("This message has no text to change.")
    entry.raw["edits"] = entry.raw.get("edits", 0) + 1
    entry.shown.lines, entry.shown.edited = plain_lines(act.text), True
    edit = {"mid": entry.shown.id, "text": act.text, "num_edit": entry.raw["edits"]}
    return emulator.events(account, "edit", message_edit=edit)


def _delete(emulator: "MessagingEmulator", account: Account, act: LabAct) -> list[Payload]:
    entry = _mine(account, act)
    entry.shown.deleted = True
    return emulator.events(account, "deletion", message={"mid": entry.shown.id, "is_deleted": True})


def _read(emulator: "MessagingEmulator", account: Account) -> list[Payload]:
    unread = [entry for entry in account.said_by("bot") if entry.shown.state != "read"]
    for entry in unread:
        entry.shown.state = "read"
    if not unread:
        return []
    return emulator.events(account, "read", read=emulator.read_of(unread[-1].shown.id))


def _block(account: Account, *, blocked: bool) -> list[Payload]:
    if account.blocked == blocked:
        raise NotThere("You did that already.")
    account.blocked = blocked
    note = "You blocked this business; it is not told." if blocked else "You unblocked this business."
    at = datetime.now(UTC)
    account.show(LabMessage(id=new_mid(), sender="customer", at=at, kind="note", lines=plain_lines(note)))
    return []
