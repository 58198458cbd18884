"""What a person does in Teams' app, and the activities that the bot gets of it.

Sources: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages,
…/conversations/subscribe-to-conversation-events and …/bots-filesv4, read 2026-11.
"""

import html
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from shopwright.lab.accounts import Account, Entry, Payload
from shopwright.lab.base import NotThere
from shopwright.lab.samples import DOCUMENT, PICTURE
from shopwright.lab.schemas import LabAct, LabFile, LabMessage
from shopwright.lab.teams.activities import ADAPTIVE, bot_id, choice_of, conversation_id, next_id
from shopwright.lab.text import plain_lines

_REACTIONS: Final = {
    "👍": "like", "❤": "heart", "❤️": "heart", "😆": "laugh", "😂": "laugh", "😮": "surprised", "😢": "sad",
    "😡": "angry",
}  # fmt: skip
DOWNLOAD: Final = "application/vnd.microsoft.teams.file.download.info"


def act(account: Account, act: LabAct) -> list[Payload]:
    """Do it in the app; returns the activities that it makes."""
    if act.kind in {"block", "unblock"}:
        return _leave(account, left=act.kind == "block")
    if account.blocked:
        raise NotThere("You removed the app; add it again to write to it.")
    if act.kind == "choice":
        return _press(account, act)
    if act.kind in {"edit", "delete"}:
        return _correct(account, act)
    if act.kind == "reaction":
        return _react(account, act)
    if act.kind == "read":
        return _read(account)
    content, shown = _said(account, act)
    if act.message_id:
        shown.reply_to = content["replyToId"] = act.message_id
    return [_message(account, shown, content)]


def _message(account: Account, shown: LabMessage, content: Mapping[str, Any]) -> Payload:
    activity = _activity(account, "message", shown.id, **content)
    account.show(shown, activity)
    return Payload(activity, "message")


def service_url(account: Account) -> str:
    """Where answers go."""
    return f"{account.home}/service/"


def tenant(account: Account) -> str:
    return account.credentials.get("app_tenant_id") or str(uuid5(NAMESPACE_URL, account.id))


def person(account: Account) -> dict[str, str]:
    """Who writes to the bot."""
    known = str(uuid5(NAMESPACE_URL, f"customer/{account.customer}"))
    return {"id": f"29:1{account.customer}", "name": "Customer", "aadObjectId": known}


def _activity(account: Account, kind: str, id_: str, /, **more: Any) -> dict[str, Any]:
    clock = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "type": kind, "id": id_, "timestamp": clock, "localTimestamp": clock, "localTimezone": "Etc/UTC",
        "serviceUrl": service_url(account), "channelId": "msteams", "from": person(account),
        "conversation": {"conversationType": "personal", "tenantId": tenant(account), "id": conversation_id(account)},
        "recipient": {"id": bot_id(account), "name": account.name or "Lab bot"},
        "entities": [{"locale": "en-US", "country": "US", "platform": "Windows", "timezone": "Etc/UTC",
                      "type": "clientInfo"}],
        "channelData": {"tenant": {"id": tenant(account)}}, "locale": "en-US", **more,
    }  # fmt: skip


def _said(account: Account, act: LabAct) -> tuple[dict[str, Any], LabMessage]:
    shown = LabMessage(id=next_id(account), sender="customer", at=datetime.now(UTC), state="delivered")
    shown.lines = plain_lines(act.text) if act.text else []
    as_html = {"contentType": "text/html", "content": f"<p>{html.escape(act.text)}</p>"}
    written = {"textFormat": "plain", "text": act.text} if act.text else {"textFormat": "plain"}
    if act.kind == "text":
        if not act.text.strip():
            raise NotThere("Write something first.")
        return {**written, "attachments": [as_html]}, shown
    if act.kind == "image":
        file = account.keep(act.name or "image.png", "image/png", PICTURE)
        shown.kind = "image"
        url = f"{service_url(account)}v3/attachments/{file.id}/views/original"
        attachments: list[Any] = [{"contentType": "image/*", "contentUrl": url}, as_html]
    else:
        file = account.keep(act.name or "document.pdf", "application/pdf", DOCUMENT)
        shown.kind = "file"
        place = f"{account.home}/files/{account.id}/{file.id}/{file.name}"
        about: Any = {"downloadUrl": place, "uniqueId": file.id, "fileType": file.name.rsplit(".", 1)[-1], "etag": "1"}
        attachments = [{"contentType": DOWNLOAD, "contentUrl": place, "name": file.name, "content": about}, as_html]
    kind: Any = "image" if act.kind == "image" else "file"
    shown.files = [LabFile(name=file.name, media_type=file.media_type, kind=kind)]
    return {**written, "attachments": attachments}, shown


def _press(account: Account, act: LabAct) -> list[Payload]:
    offering = [account.find(act.message_id)] if act.message_id else list(reversed(account.said_by("bot")))
    for entry in offering:
        if entry is None or entry.shown.deleted:
            continue
        for action in _actions(entry):
            choice = choice_of(action)
            if act.value in {choice.value, choice.title} - {""}:
                return _pressed(account, entry, action)
        for button in _buttons(entry):
            if act.value in {str(button["value"]), str(button.get("title"))}:
                return _written(account, button)
    raise NotThere("There is no such button.")


def _cards(entry: Entry) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for attachment in entry.raw.get("attachments") or ():
        if "content" in attachment:
            yield attachment["contentType"], attachment["content"]


def _actions(entry: Entry) -> Iterator[Mapping[str, Any]]:
    """Everything in the adaptive cards of a message that can be pressed."""
    for kind, card in _cards(entry):
        if kind == ADAPTIVE:
            yield from card.get("actions") or ()
            for element in card.get("body") or ():
                yield from element.get("actions") or ()


def _buttons(entry: Entry) -> Iterator[Mapping[str, Any]]:
    """The same of other cards, and what is suggested below the thread."""
    for kind, card in _cards(entry):
        if kind != ADAPTIVE:
            yield from card.get("buttons") or ()
    yield from (entry.raw.get("suggestedActions") or {}).get("actions") or ()


def _pressed(account: Account, entry: Entry, action: Mapping[str, Any]) -> list[Payload]:
    if "url" in action:
        raise NotThere("This button opens an address; the bot is not told of it.")
    if action["type"] != "Action.Submit":
        raise NotThere("The lab presses buttons of the kind Action.Submit only.")
    title = str(action.get("title", ""))
    at = datetime.now(UTC)
    shown = LabMessage(id=next_id(account), sender="customer", at=at, kind="note", lines=plain_lines(f"→ {title}"))
    return [_message(account, shown, {"value": action.get("data") or {}, "replyToId": entry.shown.id})]


def _written(account: Account, button: Mapping[str, Any]) -> list[Payload]:
    if button["type"] == "openUrl":
        raise NotThere("This button opens an address; the bot is not told of it.")
    return act(account, LabAct(kind="text", text=str(button["value"])))


def _mine(account: Account, act: LabAct) -> Entry:
    entry = account.find(act.message_id) if act.message_id else next(reversed(account.said_by("customer")), None)
    if entry is None or entry.shown.sender != "customer" or entry.shown.kind == "note" or entry.shown.deleted:
        raise NotThere("There is no such message of yours.")
    return entry


def _correct(account: Account, act: LabAct) -> list[Payload]:
    entry = _mine(account, act)
    if act.kind == "delete":
        entry.shown.deleted = True
        told = _activity(account, "messageDelete", entry.shown.id, channelData=_changed(account, "softDeleteMessage"))
        return [Payload(told, "messageDelete")]
    if "text" not in entry.raw:
        raise NotThere("This message has no text to change.")
    entry.shown.lines, entry.shown.edited = plain_lines(act.text), True
    entry.raw["text"] = act.text
    told = _activity(
        account, "messageUpdate", entry.shown.id, textFormat="plain", text=act.text,
        channelData=_changed(account, "editMessage"),
    )  # fmt: skip
    return [Payload(told, "messageUpdate")]


def _changed(account: Account, kind: str) -> dict[str, Any]:
    return {"eventType": kind, "tenant": {"id": tenant(account)}}


def _react(account: Account, act: LabAct) -> list[Payload]:
    entry = account.find(act.message_id)
    if entry is None or entry.shown.kind == "note":
        raise NotThere("There is no such message.")
    kind = _REACTIONS.get(act.emoji)
    if kind is None:
        raise NotThere("Teams tells bots of six reactions: 👍 ❤ 😆 😮 😢 😡.")
    # The same one again takes it away.
    removed = act.emoji in entry.shown.reactions
    entry.shown.reactions = [] if removed else [act.emoji]
    if entry.shown.sender != "bot":
        return []
    field = "reactionsRemoved" if removed else "reactionsAdded"
    told = _activity(
        account, "messageReaction", next_id(account), replyToId=entry.shown.id, **{field: [{"type": kind}]}
    )
    return [Payload(told, "messageReaction")]


def _read(account: Account) -> list[Payload]:
    said = account.said_by("bot")
    if not said or said[-1].shown.state == "read":
        return []
    for entry in said:
        entry.shown.state = "read"
    told = _activity(
        account, "event", next_id(account), name="application/vnd.microsoft.readReceipt",
        value={"lastReadMessageId": said[-1].shown.id},
    )  # fmt: skip
    return [Payload(told, "readReceipt")]


def _leave(account: Account, *, left: bool) -> list[Payload]:
    if account.blocked == left:
        raise NotThere("You did that already.")
    account.blocked = left
    note = "You removed the app." if left else "You added the app again."
    at = datetime.now(UTC)
    account.show(
        LabMessage(id=f"n{secrets.token_hex(6)}", sender="customer", at=at, kind="note", lines=plain_lines(note))
    )
    told = _activity(account, "installationUpdate", f"f:{secrets.token_hex(8)}", action="remove" if left else "add")
    return [Payload(told, "installationUpdate")]
