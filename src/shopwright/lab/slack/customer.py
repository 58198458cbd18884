"""What a member does in Slack's app, and what the app is told of it.

Sources: https://docs.slack.dev/reference/events,
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload, read 2026-11.
"""

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from shopwright.lab.accounts import Account, Entry, Payload
from shopwright.lab.base import NotThere
from shopwright.lab.samples import DOCUMENT, PICTURE, VOICE
from shopwright.lab.schemas import LabAct, LabFile, LabMessage
from shopwright.lab.slack.blocks import elements_of
from shopwright.lab.slack.messages import EMOJIS, bot_of, channel_of, envelope, next_ts
from shopwright.lab.slack.mrkdwn import parse, typed
from shopwright.lab.text import lines_of, plain_lines

# Of what kind a file is to us, its name, its type, its bytes, and Slack's own words for the type.
_FILES: Final[Mapping[str, tuple[Any, str, str, bytes, str]]] = {
    "image": ("image", "picture.png", "image/png", PICTURE, "png"),
    "voice": ("audio", "audio_message.ogg", "audio/ogg", VOICE, "ogg"),
    "file": ("file", "document.pdf", "application/pdf", DOCUMENT, "pdf"),
}


def act(account: Account, act: LabAct) -> list[Payload]:
    """Do it in the app; returns what Slack tells of it."""
    if act.kind == "choice":
        return _press(account, act)
    if act.kind == "edit":
        return _edit(account, act)
    if act.kind == "delete":
        return _delete(account, act)
    if act.kind == "reaction":
        return _react(account, act)
    ts = next_ts(account)
    shown = LabMessage(id=ts, sender="customer", at=datetime.now(UTC), state="delivered")
    raw: dict[str, Any] = {"user": member(account), "type": "message", "ts": ts, "text": typed(act.text)}
    shown.lines = lines_of(parse(raw["text"])) if act.text else []
    if act.kind == "text":
        if not act.text.strip():
            raise NotThere("Write something first.")
        raw |= {"client_msg_id": str(uuid4()), "team": bot_of(account)["team_id"]}
    else:
        raw |= _with_file(account, act, shown)
    if act.message_id:
        _answers(account, act.message_id, shown, raw)
    account.show(shown, raw)
    return [_event(account, {**raw, **_place(account), "event_ts": ts}, "message")]


def member(account: Account) -> str:
    return f"U{account.customer}"


def _place(account: Account) -> dict[str, str]:
    return {"channel": channel_of(account), "channel_type": "im"}


def _event(account: Account, event: Mapping[str, Any], about: str) -> Payload:
    return Payload(envelope(account, event), about)


def _answers(account: Account, message_id: str, shown: LabMessage, raw: dict[str, Any]) -> None:
    """Write in the thread under a message."""
    above = account.find(message_id)
    if above is None or above.shown.kind == "note":
        raise NotThere("There is no such message.")
    shown.reply_to = raw["thread_ts"] = str(above.raw.get("thread_ts") or above.shown.id)
    parent = account.find(raw["thread_ts"])
    raw["parent_user_id"] = parent.raw["user"] if parent is not None else member(account)


def _with_file(account: Account, act: LabAct, shown: LabMessage) -> dict[str, Any]:
    kind, name, media_type, content, short = _FILES[act.kind]
    file = account.keep(act.name or name, media_type, content, f"F{secrets.token_hex(5).upper()}")
    shown.kind = "file" if act.kind == "file" else "voice" if act.kind == "voice" else "image"
    shown.files = [LabFile(name=file.name, media_type=media_type, kind=kind)]
    about = file_object(account, file.id) | {"filetype": short}
    if act.kind == "voice":
        about |= {"subtype": "slack_audio", "transcription": {"status": "none"}, "duration_ms": 2000}
    return {"subtype": "file_share", "files": [about], "upload": False, "display_as_bot": False}


def file_object(account: Account, file_id: str) -> dict[str, Any]:
    """A file as Slack describes it."""
    file, team = account.files[file_id], bot_of(account)["team_id"]
    at = int(datetime.now(UTC).timestamp())
    place = f"{account.home}/files/files-pri/{team}-{file.id}"
    return {
        "id": file.id, "created": at, "timestamp": at, "name": file.name, "title": file.name, "mode": "hosted",
        "mimetype": file.media_type, "pretty_type": file.media_type, "user": member(account), "user_team": team,
        "editable": False, "size": len(file.content), "is_external": False, "external_type": "", "is_public": False,
        "public_url_shared": False, "display_as_bot": False, "username": "", "url_private": f"{place}/{file.name}",
        "url_private_download": f"{place}/download/{file.name}", "file_access": "visible",
    }  # fmt: skip


def _mine(account: Account, act: LabAct) -> Entry:
    entry = account.find(act.message_id) if act.message_id else next(reversed(account.said_by("customer")), None)
    if entry is None or entry.shown.sender != "customer" or entry.shown.kind == "note" or entry.shown.deleted:
        raise NotThere("There is no such message of yours.")
    return entry


def _edit(account: Account, act: LabAct) -> list[Payload]:
    entry = _mine(account, act)
    if not entry.raw.get("text"):
        raise NotThere("This message has no text to change.")
    before = dict(entry.raw)
    entry.raw["text"] = typed(act.text)
    entry.raw["edited"] = {"user": member(account), "ts": next_ts(account)}
    entry.shown.lines, entry.shown.edited = lines_of(parse(entry.raw["text"])), True
    return [_changed(account, "message_changed", {"message": dict(entry.raw), "previous_message": before})]


def _delete(account: Account, act: LabAct) -> list[Payload]:
    entry = _mine(account, act)
    entry.shown.deleted = True
    return [_changed(account, "message_deleted", {"previous_message": entry.raw, "deleted_ts": entry.shown.id})]


def _changed(account: Account, subtype: str, more: Mapping[str, Any]) -> Payload:
    at = next_ts(account)
    event = {"type": "message", "subtype": subtype, **more, **_place(account), "hidden": True, "ts": at, "event_ts": at}
    return _event(account, event, subtype)


def _react(account: Account, act: LabAct) -> list[Payload]:
    entry = account.find(act.message_id)
    if entry is None or entry.shown.kind == "note":
        raise NotThere("There is no such message.")
    name = EMOJIS.get(act.emoji) or act.emoji.strip(":")
    if not name.isascii() or not name:
        raise NotThere("Slack knows reactions by their names, such as :thumbsup:.")
    # The same one again takes it away.
    removed = act.emoji in entry.shown.reactions
    entry.shown.reactions = [r for r in entry.shown.reactions if r != act.emoji] + ([] if removed else [act.emoji])
    item = {"type": "message", "channel": channel_of(account), "ts": entry.shown.id}
    kind = "reaction_removed" if removed else "reaction_added"
    event = {"type": kind, "user": member(account), "reaction": name, "item": item, "item_user": entry.raw["user"],
             "event_ts": next_ts(account)}  # fmt: skip
    return [_event(account, event, kind)]


def _press(account: Account, act: LabAct) -> list[Payload]:
    offering = [account.find(act.message_id)] if act.message_id else list(reversed(account.said_by("bot")))
    for entry in offering:
        for block, element, option in _pressable(entry) if entry is not None and not entry.shown.deleted else ():
            given = option or element
            if act.value in {given.get("value"), given["text"]["text"], given.get("url")} - {None}:
                return _pressed(account, entry, block, element, option)
    raise NotThere("There is no such button.")


def _pressable(entry: Entry) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None]]:
    for block in entry.raw.get("blocks") or ():
        for element in elements_of(block) if block["type"] in {"actions", "section"} else ():
            if element["type"] == "button":
                yield block, element, None
            for option in element.get("options") or ():
                yield block, element, option


def _pressed(
    account: Account, entry: Entry | None, block: Mapping[str, Any], element: Mapping[str, Any],
    option: Mapping[str, Any] | None,
) -> list[Payload]:  # fmt: skip
    assert entry is not None
    at, ids = next_ts(account), bot_of(account)
    title = (option or element)["text"]["text"]
    note = LabMessage(id=at, sender="customer", at=datetime.now(UTC), kind="note", lines=plain_lines(f"→ {title}"))
    account.show(note, {"user": member(account)})
    action = {"type": element["type"], "action_id": element.get("action_id", ""), "block_id": block["block_id"],
              "action_ts": at}  # fmt: skip
    if option is not None:
        action |= {"selected_option": option, "placeholder": element.get("placeholder")}
    else:
        action |= {key: element[key] for key in ("text", "value", "url") if key in element}
    channel = channel_of(account)
    container = {"type": "message", "message_ts": entry.shown.id, "channel_id": channel, "is_ephemeral": False}
    payload = {
        "type": "block_actions", "team": {"id": ids["team_id"], "domain": "lab"}, "api_app_id": ids["app_id"],
        "user": {"id": member(account), "username": "customer", "name": "customer", "team_id": ids["team_id"]},
        "token": account.state.get("verification_token", ""), "container": container, "actions": [action],
        "trigger_id": f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}",
        "channel": {"id": channel, "name": "directmessage"}, "message": entry.raw, "state": {"values": {}},
        "response_url": f"{account.home}/hooks/actions/{ids['team_id']}/{secrets.token_hex(8)}",
        "is_enterprise_install": False, "enterprise": None,
    }  # fmt: skip
    return [Payload(payload, "block_actions")]
