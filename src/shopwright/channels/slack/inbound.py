"""Events, pressed buttons and commands of Slack.

Sources: https://docs.slack.dev/reference/events and
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload, read 2026-11.
"""

from collections.abc import Iterator, Mapping
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
    Sender,
)
from shopwright.channels.reading import moment, words
from shopwright.channels.slack.format import read_mrkdwn

_SAID: Final = frozenset({"", "file_share", "thread_broadcast"})
_KINDS: Final[Mapping[str, MediaKind]] = {"image": "image", "audio": "audio", "video": "video"}


def events(envelope: dict[str, Any]) -> Iterator[InboundEvent]:
    """The events of one envelope of the Events API."""
    if envelope.get("type") != "event_callback":
        return
    event, number = envelope["event"], words(envelope["event_id"])
    own = words(next((a["user_id"] for a in envelope.get("authorizations") or () if a.get("is_bot")), ""))
    kind, subtype = event["type"], words(event.get("subtype"))
    if kind in ("message", "app_mention") and subtype in _SAID:
        yield from _message(event, own)
    elif kind == "message" and subtype == "message_changed":
        message, before = event["message"], event.get("previous_message") or {}
        if "edited" in message and not _is_bot(message, own) and message.get("text") != before.get("text"):
            name = f"{words(event['channel'])}:{words(message['ts'])}"
            yield MessageEdited(number, name, _thread(event, message), read_mrkdwn(words(message["text"]), own))
    elif kind == "message" and subtype == "message_deleted":
        gone = event.get("previous_message") or {}
        if not _is_bot(gone, own):
            name = f"{words(event['channel'])}:{words(event['deleted_ts'])}"
            yield MessageDeleted(number, name, _thread(event, {"ts": event["deleted_ts"], **gone}))
    elif kind in ("reaction_added", "reaction_removed") and event["item"]["type"] == "message":
        item = event["item"]
        channel = words(item["channel"])
        name = f"{channel}:{words(item['ts'])}"
        yield Reaction(number, name, channel, f":{words(event['reaction'])}:", removed=kind == "reaction_removed")
    elif kind in ("app_uninstalled", "tokens_revoked"):
        yield AccountEvent(number, "revoked", detail=kind)


def _is_bot(message: dict[str, Any], own: str) -> bool:
    return bool(message.get("bot_id")) or (bool(own) and message.get("user") == own)


def _thread(event: dict[str, Any], message: dict[str, Any]) -> str:
    """In direct messages the channel; elsewhere the thread under the message, so that others are not disturbed."""
    channel, ts = words(event["channel"]), words(message.get("thread_ts"))
    if event.get("channel_type") != "im" and not channel.startswith("D"):
        ts = ts or words(message["ts"])
    return f"{channel}:{ts}" if ts else channel


def _message(event: dict[str, Any], own: str) -> Iterator[InboundMessage]:
    if _is_bot(event, own) or not event.get("user"):
        return
    channel, ts = words(event["channel"]), words(event["ts"])
    said = InboundMessage(
        # A mention comes as two events with different ids; the message is one.
        external_id=f"{channel}:{ts}",
        thread=_thread(event, event),
        sender=Sender(words(event["user"])),
        text=read_mrkdwn(words(event.get("text")), own),
        attachments=tuple(_file(file) for file in event.get("files") or () if file.get("mode") != "tombstone"),
        sent_at=moment(ts),
    )
    if said.text or said.attachments:
        yield said


def _file(file: dict[str, Any]) -> Attachment:
    media_type = words(file.get("mimetype"))
    voice = file.get("subtype") == "slack_audio"
    kind: MediaKind = "audio" if voice else _KINDS.get(media_type.split("/")[0], "file")
    url = words(file.get("url_private_download") or file.get("url_private"))
    return Attachment(kind, words(file["id"]), url, media_type, words(file.get("name")), file.get("size"))


def actions(payload: dict[str, Any]) -> Iterator[InboundMessage]:
    """Pressed buttons and chosen entries. A button that opens a page tells nothing."""
    if payload.get("type") != "block_actions" or not payload.get("channel"):
        return
    user, message = payload["user"], payload.get("message") or {}
    channel, ts = words(payload["channel"]["id"]), words(message.get("ts"))
    for action in payload["actions"]:
        option = action.get("selected_option") or {}
        value = words(option.get("value") or action.get("value"))
        if value:
            title = words((option.get("text") or action.get("text") or {}).get("text"))
            above = words(message.get("thread_ts")) or ("" if channel.startswith("D") else ts)
            yield InboundMessage(
                external_id=f"action:{channel}:{words(action['action_ts'])}",
                thread=f"{channel}:{above}" if above else channel,
                sender=Sender(words(user["id"]), username=words(user.get("username"))),
                text=title or value,
                choice=value,
                reply_to=f"{channel}:{ts}" if ts else "",
            )


def command(form: Mapping[str, str]) -> Iterator[InboundMessage]:
    yield InboundMessage(
        external_id=f"command:{form['trigger_id']}",
        thread=form["channel_id"],
        sender=Sender(form["user_id"], username=form.get("user_name", "")),
        text=words(form.get("text") or form["command"]),
    )
