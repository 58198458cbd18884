"""What a person does in LINE's app, and the webhook events of it.

Source: https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects, read 2026-11.
"""

import secrets
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from shopwright.lab.accounts import Account, Entry, Payload
from shopwright.lab.base import NotThere
from shopwright.lab.line.messages import bot_id, choice_of, customer_id, new_id
from shopwright.lab.samples import DOCUMENT, PICTURE, VOICE
from shopwright.lab.schemas import LabAct, LabFile, LabLocation, LabMessage
from shopwright.lab.text import plain_lines

# How long a message of the account's can be answered by its token.
REPLY_SECONDS: Final = 60.0
_ULID: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FILES: Final[Mapping[str, tuple[Any, str, str, bytes]]] = {
    "image": ("image", "image.png", "image/png", PICTURE),
    "voice": ("audio", "voice.m4a", "audio/ogg", VOICE),
    "file": ("file", "document.pdf", "application/pdf", DOCUMENT),
}


def act(account: Account, act: LabAct) -> list[Payload]:
    """Do it in the app; returns the webhooks that it makes."""
    if act.kind in {"block", "unblock"}:
        return _leave(account, left=act.kind == "block")
    if account.blocked and act.kind != "delete":
        raise NotThere("You blocked this account; unblock it to write to it.")
    if act.kind == "choice":
        return _choose(account, act)
    if act.kind == "delete":
        return _unsend(account, act)
    shown, content = _said(account, act)
    if act.message_id:
        quoted = account.find(act.message_id)
        if quoted is None:
            raise NotThere("There is no such message.")
        shown.reply_to = content["quotedMessageId"] = act.message_id
    return [_message(account, shown, content)]


def _message(account: Account, shown: LabMessage, content: dict[str, Any]) -> Payload:
    account.show(shown, content)
    return _event(account, "message", replyToken=reply_token(account), message={"id": shown.id, **content})


def _event(account: Account, kind: str, **more: Any) -> Payload:
    event = {
        "type": kind, "timestamp": int(time.time() * 1000), "mode": "active", "webhookEventId": _ulid(),
        "source": {"type": "user", "userId": customer_id(account)}, "deliveryContext": {"isRedelivery": False}, **more,
    }  # fmt: skip
    return Payload({"destination": bot_id(account), "events": [event]}, kind)


def _ulid() -> str:
    number = int(time.time() * 1000) << 80 | secrets.randbits(80)
    return "".join(_ULID[number >> shift & 31] for shift in range(125, -1, -5))


def reply_token(account: Account) -> str:
    token = secrets.token_hex(16)
    account.state.setdefault("reply_tokens", {})[token] = time.monotonic() + REPLY_SECONDS
    return token


def _said(account: Account, act: LabAct) -> tuple[LabMessage, dict[str, Any]]:
    shown = LabMessage(id=new_id(account), sender="customer", at=datetime.now(UTC), state="delivered")
    quote = {"quoteToken": secrets.token_urlsafe(24), "markAsReadToken": secrets.token_urlsafe(24)}
    if act.kind == "text":
        if not act.text.strip():
            raise NotThere("Write something first.")
        shown.lines = plain_lines(act.text)
        return shown, {"type": "text", "text": act.text, **quote}
    if act.text:
        raise NotThere("LINE has no captions; send the text by itself.")
    if act.kind == "location":
        place = LabLocation(latitude=act.latitude or 0.0, longitude=act.longitude or 0.0, name=act.name)
        shown.kind, shown.location = "location", place
        named = {"title": act.name} if act.name else {}
        where = {"address": act.name or "Somewhere", "latitude": place.latitude, "longitude": place.longitude}
        return shown, {"type": "location", **named, **where, "markAsReadToken": quote["markAsReadToken"]}
    kind, name, media_type, content = _FILES[act.kind]
    file = account.keep(act.name or name, media_type, content, shown.id)
    shown.kind = "voice" if act.kind == "voice" else "image" if act.kind == "image" else "file"
    shown.files = [LabFile(name=file.name, media_type=media_type, kind=kind)]
    if kind == "file":
        about: dict[str, Any] = {"fileName": file.name, "fileSize": len(content)}
    else:
        about = {"contentProvider": {"type": "line"}} | ({"duration": 2000} if kind == "audio" else quote)
    return shown, {"type": kind, **about, "markAsReadToken": quote["markAsReadToken"]}


def _choose(account: Account, act: LabAct) -> list[Payload]:
    offering = [account.find(act.message_id)] if act.message_id else list(reversed(account.said_by("bot")))
    for entry in offering:
        for action in _actions(account, entry) if entry is not None else ():
            choice = choice_of(action)
            if act.value in {choice.value, choice.title, choice.url} - {""}:
                return _chosen(account, action)
    raise NotThere("There is no such button, or it went with a later message.")


def _actions(account: Account, entry: Entry) -> Iterator[Mapping[str, Any]]:
    """What can be pressed. Quick replies are gone as soon as something else is said."""
    said = [other for other in account.entries if other.shown.kind != "note"]
    if said and said[-1] is entry:
        yield from (item["action"] for item in (entry.raw.get("quickReply") or {}).get("items") or ())
    yield from _within(entry.raw.get("template"))
    yield from _within(entry.raw.get("contents"))


def _within(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, list):
        for each in node:
            yield from _within(each)
    elif isinstance(node, dict):
        yield from node.get("actions") or ()
        if "action" in node:
            yield node["action"]
        for name in ("columns", "contents", "hero", "header", "body", "footer"):
            yield from _within(node.get(name))


def _chosen(account: Account, action: Mapping[str, Any]) -> list[Payload]:
    kind = action["type"]
    if kind == "message":
        return act(account, LabAct(kind="text", text=action["text"]))
    if kind != "postback":
        raise NotThere("This button opens an address; the account is not told of it.")
    title = action.get("displayText") or action.get("text") or ""
    at = datetime.now(UTC)
    if title:
        shown = LabMessage(id=new_id(account), sender="customer", at=at, state="delivered", lines=plain_lines(title))
    else:
        note = plain_lines(f"→ {action['label']}")
        shown = LabMessage(id=new_id(account), sender="customer", at=at, kind="note", lines=note)
    account.show(shown, {"type": "postback"})
    told = [_event(account, "postback", replyToken=reply_token(account), postback={"data": action["data"]})]
    if action.get("text"):
        # What is said with it is a message as any other.
        content = {"id": shown.id, "type": "text", "text": action["text"], "quoteToken": secrets.token_urlsafe(24)}
        told.append(_event(account, "message", replyToken=reply_token(account), message=content))
    return told


def _unsend(account: Account, act: LabAct) -> list[Payload]:
    entry = account.find(act.message_id) if act.message_id else next(reversed(account.said_by("customer")), None)
    if entry is None or entry.shown.sender != "customer" or entry.shown.deleted:
        raise NotThere("There is no such message of yours.")
    entry.shown.deleted = True
    return [_event(account, "unsend", unsend={"messageId": entry.shown.id})]


def _leave(account: Account, *, left: bool) -> list[Payload]:
    if account.blocked == left:
        raise NotThere("You did that already.")
    account.blocked = left
    note = plain_lines("You blocked this account." if left else "You unblocked this account.")
    account.show(LabMessage(id=new_id(account), sender="customer", at=datetime.now(UTC), kind="note", lines=note))
    if left:
        return [_event(account, "unfollow")]
    return [_event(account, "follow", replyToken=reply_token(account), follow={"isUnblocked": True})]
