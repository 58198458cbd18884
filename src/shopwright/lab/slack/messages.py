"""What a bot does by the Web API's `chat` and `reactions` methods. Source: https://docs.slack.dev/reference/methods."""

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from shopwright.lab.accounts import Account, Entry, Payload
from shopwright.lab.base import Answer, Refused
from shopwright.lab.schemas import LabMessage
from shopwright.lab.slack.blocks import ALL_BLOCKS, length, problems, show
from shopwright.lab.slack.mrkdwn import parse
from shopwright.lab.text import lines_of

# What is longer is cut off by Slack.
TEXT: Final = 40_000
# Reactions by the names that Slack has for them.
EMOJIS: Final = {
    "👍": "+1", "👎": "-1", "❤": "heart", "❤️": "heart", "😂": "joy", "😀": "grinning", "😮": "open_mouth", "😢": "cry",
    "😡": "rage", "🎉": "tada", "👏": "clap", "🙏": "pray", "👀": "eyes", "✅": "white_check_mark", "🔥": "fire",
    "💯": "100",
}  # fmt: skip


def ok(**more: Any) -> Answer:
    return Answer({"ok": True, **more})


def failed(error: str, *messages: str) -> Answer:
    more = {"errors": list(messages), "response_metadata": {"messages": [f"[ERROR] {m}" for m in messages]}}
    return Answer({"ok": False, "error": error, **(more if messages else {})})


def bot_of(account: Account) -> dict[str, str]:
    """The ids of the bot and its workspace; the token holds their numbers."""
    _, team, bot, *_ = account.credentials["bot_token"].split("-")
    return {"user_id": f"U{bot}", "bot_id": f"B{bot}", "team_id": f"T{team}", "app_id": f"A{bot}"}


def channel_of(account: Account) -> str:
    """The direct messages of the bot and the member."""
    return f"D{account.customer}"


def next_ts(account: Account) -> str:
    """The name of a message: a time in seconds, never the same twice."""
    last = float(account.state.get("ts", 0))
    account.state["ts"] = max(time.time(), last + 0.000_1)
    return f"{account.state['ts']:.4f}{secrets.randbelow(90) + 10}"


def post(account: Account, given: Mapping[str, Any]) -> Answer:
    """Take a message and show it."""
    _check_channel(account, given)
    if given.get("thread_ts") is not None and account.find(str(given["thread_ts"])) is None:
        raise Refused(failed("thread_not_found"), "there is no message with this thread_ts")
    ts = next_ts(account)
    shown = LabMessage(id=ts, sender="bot", at=datetime.now(UTC), state="delivered")
    raw = {**_own(account, given), "ts": ts}
    _fill(account, given, shown, raw)
    if given.get("thread_ts"):
        shown.reply_to = raw["thread_ts"] = str(given["thread_ts"])
    account.show(shown, raw)
    # An app that asked for messages is told of its own as well.
    about = {**raw, "channel": channel_of(account), "channel_type": "im", "event_ts": ts}
    account.reports.append(Payload(envelope(account, about), "message of the bot itself", receipt=True))
    return ok(channel=channel_of(account), ts=ts, message=raw)


def update(account: Account, given: Mapping[str, Any]) -> Answer:
    entry = _mine(account, given, "cant_update_message")
    fresh = LabMessage(id=entry.shown.id, sender="bot", at=entry.shown.at, state="delivered", edited=True)
    _fill(account, given, fresh, entry.raw)
    entry.shown = fresh
    entry.raw["edited"] = {"user": bot_of(account)["user_id"], "ts": next_ts(account)}
    account.changed()
    return ok(channel=channel_of(account), ts=entry.shown.id, text=entry.raw["text"], message=entry.raw)


def delete(account: Account, given: Mapping[str, Any]) -> Answer:
    entry = _mine(account, given, "cant_delete_message")
    entry.shown.deleted = True
    account.changed()
    return ok(channel=channel_of(account), ts=entry.shown.id)


def react(account: Account, given: Mapping[str, Any], *, removed: bool) -> Answer:
    _check_channel(account, given)
    entry = account.find(str(given.get("timestamp")))
    if entry is None or entry.shown.deleted:
        raise Refused(failed("message_not_found"), "there is no message with this timestamp")
    name = str(given["name"]).strip(":")
    emoji = next((sign for sign, known in EMOJIS.items() if known == name), f":{name}:")
    if (emoji in entry.shown.reactions) != removed:
        raise Refused(failed("no_reaction" if removed else "already_reacted"), f"{name} is there, or is not")
    entry.shown.reactions = [r for r in entry.shown.reactions if r != emoji] + ([] if removed else [emoji])
    account.changed()
    return ok()


def _own(account: Account, given: Mapping[str, Any]) -> dict[str, Any]:
    ids = bot_of(account)
    profile = {"id": ids["bot_id"], "app_id": ids["app_id"], "name": account.name or "Lab bot", "deleted": False}
    return {
        "type": "message", "user": ids["user_id"], "bot_id": ids["bot_id"], "app_id": ids["app_id"],
        "team": ids["team_id"], "bot_profile": profile, "text": str(given.get("text") or ""),
    }  # fmt: skip


def _check_channel(account: Account, given: Mapping[str, Any]) -> None:
    if given.get("channel") not in {channel_of(account), f"U{account.customer}"}:
        raise Refused(failed("channel_not_found"), "the bot is in no conversation with this id")


def _mine(account: Account, given: Mapping[str, Any], error: str) -> Entry:
    _check_channel(account, given)
    entry = account.find(str(given["ts"]))
    if entry is None or entry.shown.deleted:
        raise Refused(failed("message_not_found"), "there is no message with this ts")
    if entry.shown.sender != "bot":
        raise Refused(failed(error), "the message is not the bot's own")
    return entry


def _fill(account: Account, given: Mapping[str, Any], shown: LabMessage, raw: dict[str, Any]) -> None:
    """Check and show what the message says: its blocks, else its text."""
    blocks, text = given.get("blocks") or [], str(given.get("text") or "")
    if not blocks and not text.strip() and not given.get("markdown_text") and not given.get("attachments"):
        raise Refused(failed("no_text"), "there is neither text nor a block")
    if given.get("markdown_text") and (blocks or text):
        raise Refused(failed("markdown_text_conflict"), "markdown_text stands beside text or blocks")
    wrong = list(problems(blocks)) if blocks else []
    if wrong:
        for problem in wrong[1:]:
            account.violated("chat.postMessage", problem)
        raise Refused(failed("invalid_blocks", *wrong), wrong[0])
    if length(blocks) > ALL_BLOCKS:
        said = f"all blocks have {length(blocks)} characters together, about {ALL_BLOCKS} are taken"
        raise Refused(failed("msg_blocks_too_long"), said)
    if len(text) > TEXT:
        account.violated("chat.postMessage", f"text has {len(text)} characters and is cut off at {TEXT}")
        text = text[:TEXT]
    raw["text"] = text
    if blocks:
        # Blocks without a name get one.
        raw["blocks"] = [{"block_id": secrets.token_urlsafe(4), **block} for block in blocks]
        show(raw["blocks"], shown)
    else:
        plain = str(given.get("markdown_text") or "")
        shown.lines = lines_of(parse(text)) if text else [[run] for run in parse(plain)]


def envelope(account: Account, event: Mapping[str, Any]) -> dict[str, Any]:
    """An event in what the Events API puts around it."""
    ids = bot_of(account)
    authorization = {
        "enterprise_id": None, "team_id": ids["team_id"], "user_id": ids["user_id"], "is_bot": True,
        "is_enterprise_install": False,
    }  # fmt: skip
    return {
        "token": account.state.setdefault("verification_token", secrets.token_hex(12)), "team_id": ids["team_id"],
        "context_team_id": ids["team_id"], "context_enterprise_id": None, "api_app_id": ids["app_id"],
        "event": dict(event), "type": "event_callback", "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()), "authorizations": [authorization], "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(8)}",
    }  # fmt: skip
