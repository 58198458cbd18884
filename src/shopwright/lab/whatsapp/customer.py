"""What a customer does in WhatsApp's app, and the webhooks of it.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages, read
2026-11.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shopwright.lab.accounts import Account, Entry, Payload
from shopwright.lab.base import NotThere
from shopwright.lab.samples import DOCUMENT, PICTURE, VOICE
from shopwright.lab.schemas import LabAct, LabFile, LabLocation, LabMessage
from shopwright.lab.text import plain_lines
from shopwright.lab.whatsapp.messages import change, display_number, new_id, status


def act(account: Account, act: LabAct) -> list[Payload]:
    """Do it in the app; returns the webhooks that it makes."""
    if act.kind in {"block", "unblock"}:
        return _block(account, blocked=act.kind == "block")
    if account.blocked:
        raise NotThere("You blocked this business; unblock it to write to it.")
    if act.kind == "read":
        return _read(account)
    if act.kind == "choice":
        return _choose(account, act)
    if act.kind == "reaction":
        return _react(account, act)
    if act.kind in {"edit", "delete"}:
        return _correct(account, act)
    shown = LabMessage(id=new_id(), sender="customer", at=datetime.now(UTC), state="delivered")
    content = _said(account, act, shown)
    if act.message_id:
        shown.reply_to = act.message_id
        content["context"] = {"from": display_number(account), "id": act.message_id}
    account.show(shown, content)
    return [_told(account, shown.id, content)]


def _told(account: Account, name: str, content: Mapping[str, Any]) -> Payload:
    # Newer accounts are also told a name of the customer that is the business's own.
    user = f"LAB.{account.customer}"
    message = {
        "from": account.customer, "from_user_id": user, "id": name,
        "timestamp": str(int(datetime.now(UTC).timestamp())), **content,
    }  # fmt: skip
    contacts = [{"profile": {"name": "Customer"}, "wa_id": account.customer, "user_id": user}]
    return Payload(change(account, {"contacts": contacts, "messages": [message]}), str(content["type"]))


def _said(account: Account, act: LabAct, shown: LabMessage) -> dict[str, Any]:
    if act.kind == "text":
        if not act.text.strip():
            raise NotThere("Write something first.")
        shown.lines = plain_lines(act.text)
        return {"type": "text", "text": {"body": act.text}}
    if act.kind == "location":
        place = LabLocation(latitude=act.latitude or 0.0, longitude=act.longitude or 0.0, name=act.name)
        shown.kind, shown.location = "location", place
        named = {"name": act.name} if act.name else {}
        return {"type": "location", "location": {"latitude": place.latitude, "longitude": place.longitude, **named}}
    caption = {"caption": act.text} if act.text else {}
    shown.lines = plain_lines(act.text) if act.text else []
    if act.kind == "image":
        file = account.keep(act.name or "picture.png", "image/png", PICTURE, _file_id())
        shown.kind, kind = "image", "image"
    elif act.kind == "voice":
        file = account.keep(act.name or "voice.ogg", "audio/ogg; codecs=opus", VOICE, _file_id())
        shown.kind, kind = "voice", "audio"
    else:
        file = account.keep(act.name or "document.pdf", "application/pdf", DOCUMENT, _file_id())
        shown.kind, kind = "file", "document"
    more: dict[str, Any] = {"voice": True} if kind == "audio" else caption
    if kind == "document":
        more = {**caption, "filename": file.name}
    of_lab = {"image": "image", "audio": "audio", "document": "file"}[kind]
    shown.files = [LabFile(name=file.name, media_type=file.media_type.split(";")[0], kind=of_lab)]
    digest = hashlib.sha256(file.content).hexdigest()
    return {"type": kind, kind: {"mime_type": file.media_type, "sha256": digest, "id": file.id, **more}}


def _file_id() -> str:
    return str(secrets.randbelow(9 * 10**14) + 10**14)


def _choose(account: Account, act: LabAct) -> list[Payload]:
    offering = [account.find(act.message_id)] if act.message_id else list(reversed(account.said_by("bot")))
    for entry in offering:
        for choice in entry.shown.choices if entry is not None else []:
            if entry is not None and act.value in {choice.value, choice.title}:
                if not choice.value:
                    raise NotThere("This button opens an address; the business is not told of it.")
                return _chosen(account, entry, choice.value, choice.title)
    raise NotThere("There is no such button.")


def _chosen(account: Account, entry: Entry, value: str, title: str) -> list[Payload]:
    kind = "list_reply" if entry.shown.choices_style == "list" else "button_reply"
    name, _, description = title.partition(" – ") if kind == "list_reply" else (title, "", "")
    reply = {"id": value, "title": name} | ({"description": description} if kind == "list_reply" else {})
    content = {
        "type": "interactive", "interactive": {"type": kind, kind: reply},
        "context": {"from": display_number(account), "id": entry.shown.id},
    }  # fmt: skip
    shown = LabMessage(
        id=new_id(), sender="customer", at=datetime.now(UTC), state="delivered", lines=plain_lines(name),
        reply_to=entry.shown.id,
    )  # fmt: skip
    account.show(shown, content)
    return [_told(account, shown.id, content)]


def _react(account: Account, act: LabAct) -> list[Payload]:
    entry = account.find(act.message_id)
    if entry is None:
        raise NotThere("There is no such message.")
    # The same one again takes it away.
    entry.shown.reactions = [] if act.emoji in entry.shown.reactions or not act.emoji else [act.emoji]
    reaction = {"message_id": entry.shown.id} | ({"emoji": act.emoji} if entry.shown.reactions else {})
    return [_told(account, new_id(), {"type": "reaction", "reaction": reaction})]


def _correct(account: Account, act: LabAct) -> list[Payload]:
    entry = account.find(act.message_id) if act.message_id else next(reversed(account.said_by("customer")), None)
    if entry is None or entry.shown.sender != "customer" or entry.shown.deleted:
        raise NotThere("There is no such message of yours.")
    if act.kind == "delete":
        entry.shown.deleted = True
        revoke = {"original_message_id": entry.shown.id}
        return [_told(account, new_id(), {"type": "revoke", "revoke": revoke})]
    if entry.raw.get("type") != "text":
        raise NotThere("This message has no text to change.")
    entry.shown.lines, entry.shown.edited = plain_lines(act.text), True
    edited = {"original_message_id": entry.shown.id, "message": {"type": "text", "text": {"body": act.text}}}
    return [_told(account, new_id(), {"type": "edit", "edit": edited})]


def _read(account: Account) -> list[Payload]:
    unread = [entry for entry in account.said_by("bot") if entry.shown.state != "read"]
    for entry in unread:
        entry.shown.state = "read"
    return [status(account, entry.shown.id, "read") for entry in unread]


def _block(account: Account, *, blocked: bool) -> list[Payload]:
    if account.blocked == blocked:
        raise NotThere("You did that already.")
    account.blocked = blocked
    note = "You blocked this business; it is not told." if blocked else "You unblocked this business."
    at = datetime.now(UTC)
    account.show(LabMessage(id=new_id(), sender="customer", at=at, kind="note", lines=plain_lines(note)))
    return []
