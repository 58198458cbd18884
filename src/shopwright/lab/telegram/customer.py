"""What a customer does in Telegram's app, and the updates that bots get of it.

Source: https://core.telegram.org/bots/api#update.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from shopwright.lab.accounts import Account, Entry, Payload
from shopwright.lab.base import Answer, NotThere, Refused
from shopwright.lab.samples import DOCUMENT, PICTURE, PICTURE_SIDE, VOICE
from shopwright.lab.schemas import LabAct, LabFile, LabLocation, LabMessage
from shopwright.lab.telegram.answers import ok, refused
from shopwright.lab.telegram.messages import chat, me, next_number
from shopwright.lab.text import plain_lines

UPDATES: Final = frozenset({
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "message_reaction", "message_reaction_count",
    "inline_query", "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query",
    "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
    "removed_chat_boost",
})  # fmt: skip
# Sent only to bots that ask for them by name.
ASKED_FOR: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


def act(account: Account, act: LabAct) -> list[Payload]:
    """Do it in the app; returns the updates that it makes."""
    if account.blocked and act.kind not in {"unblock", "delete", "edit"}:
        raise NotThere("You blocked the bot; unblock it to write to it.")
    if act.kind == "choice":
        return _press(account, act)
    if act.kind == "edit":
        return _edit(account, act)
    if act.kind == "delete":
        _mine(account, act).shown.deleted = True
        return []
    if act.kind == "reaction":
        return _react(account, act)
    if act.kind in {"block", "unblock"}:
        return _leave(account, left=act.kind == "block")
    shown, content = _said(account, act)
    raw = {**_head(account, int(shown.id), shown.at), **content}
    if act.message_id:
        replied = account.find(act.message_id)
        if replied is not None:
            shown.reply_to, raw["reply_to_message"] = act.message_id, replied.raw
    account.show(shown, raw)
    return _updates(account, "message", raw)


def _head(account: Account, number: int, at: datetime) -> dict[str, Any]:
    return {"message_id": number, "from": _customer(account), "chat": chat(account), "date": int(at.timestamp())}


def _customer(account: Account) -> dict[str, Any]:
    return {"id": int(account.customer), "is_bot": False, "first_name": "Customer"}


def _updates(account: Account, kind: str, content: Mapping[str, Any]) -> list[Payload]:
    """The update, if the bot asked for its kind."""
    asked = account.webhook.get("allowed_updates") or sorted(UPDATES - ASKED_FOR)
    if account.webhook and kind not in asked:
        return []
    return [Payload({"update_id": next_number(account, "update"), kind: dict(content)}, kind)]


def _said(account: Account, act: LabAct) -> tuple[LabMessage, dict[str, Any]]:
    shown = LabMessage(
        id=str(next_number(account, "message")), sender="customer", at=datetime.now(UTC), state="delivered",
        lines=plain_lines(act.text) if act.text else [],
    )  # fmt: skip
    caption = {"caption": act.text} if act.text else {}
    if act.kind == "text":
        if not act.text.strip():
            raise NotThere("Write something first.")
        return shown, {"text": act.text}
    if act.kind == "location":
        place = LabLocation(latitude=act.latitude or 0.0, longitude=act.longitude or 0.0, name=act.name)
        shown.kind, shown.location = "location", place
        found = {"latitude": place.latitude, "longitude": place.longitude}
        if act.name:
            return shown, {"location": found, "venue": {"location": found, "title": act.name, "address": ""}}
        return shown, {"location": found}
    if act.kind == "image":
        file = account.keep(act.name or "picture.png", "image/png", PICTURE)
        shown.kind = "image"
        size = {"width": PICTURE_SIDE, "height": PICTURE_SIDE, "file_size": len(PICTURE)}
        content: dict[str, Any] = {"photo": [{"file_id": file.id, "file_unique_id": file.id[:12], **size}]}
        kind = "image"
    elif act.kind == "voice":
        file = account.keep(act.name or "voice.ogg", "audio/ogg", VOICE)
        shown.kind, kind = "voice", "audio"
        content = {
            "voice": {"file_id": file.id, "file_unique_id": file.id[:12], "duration": 2, "mime_type": "audio/ogg"}
        }
    else:
        file = account.keep(act.name or "document.pdf", "application/pdf", DOCUMENT)
        shown.kind, kind = "file", "file"
        about = {"file_name": file.name, "mime_type": file.media_type, "file_size": len(file.content)}
        content = {"document": {"file_id": file.id, "file_unique_id": file.id[:12], **about}}
    shown.files = [LabFile(name=file.name, media_type=file.media_type, kind=kind)]
    return shown, {**content, **caption}


def _mine(account: Account, act: LabAct) -> Entry:
    entry = account.find(act.message_id) if act.message_id else next(reversed(account.said_by("customer")), None)
    if entry is None or entry.shown.sender != "customer" or entry.shown.deleted:
        raise NotThere("There is no such message of yours.")
    return entry


def _edit(account: Account, act: LabAct) -> list[Payload]:
    entry = _mine(account, act)
    if "text" not in entry.raw and "caption" not in entry.raw:
        raise NotThere("This message has no text to change.")
    entry.shown.lines, entry.shown.edited = plain_lines(act.text), True
    entry.raw["text" if "text" in entry.raw else "caption"] = act.text
    changed = {**entry.raw, "edit_date": int(datetime.now(UTC).timestamp())}
    return _updates(account, "edited_message", changed)


def _press(account: Account, act: LabAct) -> list[Payload]:
    offering = [account.find(act.message_id)] if act.message_id else list(reversed(account.said_by("bot")))
    for entry in offering:
        for choice in entry.shown.choices if entry is not None and not entry.shown.deleted else []:
            if act.value in {choice.value, choice.title} and entry is not None:
                return _pressed(account, entry, choice.value, choice.title)
    raise NotThere("There is no such button.")


def _pressed(account: Account, entry: Entry, value: str, title: str) -> list[Payload]:
    if entry.shown.choices_style == "quick_replies":
        return act(account, LabAct(kind="text", text=title))
    if not value:
        raise NotThere("This button opens an address; the bot is not told of it.")
    number = str(secrets.randbelow(10**17) + 10**17)
    now = datetime.now(UTC)
    account.show(LabMessage(id=number, sender="customer", at=now, kind="note", lines=plain_lines(f"→ {title}")))
    account.state.setdefault("pressed", {})[number] = now.timestamp()
    message = {**entry.raw, "from": me(account)}
    query = {"id": number, "from": _customer(account), "message": message, "chat_instance": number, "data": value}
    return _updates(account, "callback_query", query)


def answered(account: Account, given: Mapping[str, Any]) -> Answer:
    """The bot stops the clock on a button that was pressed."""
    waiting = account.state.get("pressed", {})
    if waiting.pop(str(given["callback_query_id"]), None) is None:
        said = "query is too old and response timeout expired or query ID is invalid"
        raise Refused(refused(said), "no button with this callback_query_id waits for an answer")
    return ok(True)


def _react(account: Account, act: LabAct) -> list[Payload]:
    entry = account.find(act.message_id)
    if entry is None:
        raise NotThere("There is no such message.")
    old = list(entry.shown.reactions)
    # The same one again takes it away.
    entry.shown.reactions = [] if act.emoji in old or not act.emoji else [act.emoji]
    change = {
        "chat": chat(account), "message_id": int(entry.shown.id), "user": _customer(account),
        "date": int(datetime.now(UTC).timestamp()),
        "old_reaction": [{"type": "emoji", "emoji": emoji} for emoji in old],
        "new_reaction": [{"type": "emoji", "emoji": emoji} for emoji in entry.shown.reactions],
    }  # fmt: skip
    return _updates(account, "message_reaction", change)


def _leave(account: Account, *, left: bool) -> list[Payload]:
    before, account.blocked = account.blocked, left
    if before == left:
        raise NotThere("You did that already.")
    now = datetime.now(UTC)
    note = "You blocked the bot." if left else "You unblocked the bot."
    account.show(LabMessage(id=secrets.token_hex(6), sender="customer", at=now, kind="note", lines=plain_lines(note)))

    def member(gone: bool) -> dict[str, Any]:
        ending = {"until_date": 0} if gone else {}
        return {"user": me(account), "status": "kicked" if gone else "member", **ending}

    change = {
        "chat": chat(account), "from": _customer(account), "date": int(now.timestamp()),
        "old_chat_member": member(before), "new_chat_member": member(left),
    }  # fmt: skip
    return _updates(account, "my_chat_member", change)
