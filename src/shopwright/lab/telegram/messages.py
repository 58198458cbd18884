"""What a bot says and changes, checked, and shown as Telegram's app shows it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from shopwright.lab.accounts import Account, Entry
from shopwright.lab.base import Answer, Refused
from shopwright.lab.checking import utf16
from shopwright.lab.schemas import ChoicesStyle, LabChoice, LabFile, LabLocation, LabMessage, Run
from shopwright.lab.telegram.answers import forbidden, ok, refused
from shopwright.lab.telegram.html import CannotParse, parse
from shopwright.lab.text import lines_of, text_of

TEXT_UNITS: Final = 4096
CAPTION_UNITS: Final = 1024
CALLBACK_BYTES: Final = 64
MAX_BUTTONS: Final = 100
# Which field holds the file, and what it is to the customer.
MEDIA: Final[Mapping[str, tuple[str, str]]] = {
    "sendPhoto": ("photo", "image"), "sendAudio": ("audio", "audio"), "sendVideo": ("video", "video"),
    "sendDocument": ("document", "file"), "sendVoice": ("voice", "audio"), "sendAnimation": ("animation", "video"),
}  # fmt: skip
# By address only these are taken as documents.
DOCUMENTS: Final = (".pdf", ".zip", ".gif")
SENDS: Final = frozenset({"sendMessage", "sendLocation", "sendVenue", "sendMediaGroup", *MEDIA})
CHANGES: Final = frozenset({"editMessageText", "editMessageReplyMarkup", "deleteMessage", "setMessageReaction"})
_MODES: Final = frozenset({"html", "markdown", "markdownv2", ""})


def me(account: Account) -> dict[str, Any]:
    number = int(account.credentials["bot_token"].split(":")[0])
    name = account.name or "Lab bot"
    return {"id": number, "is_bot": True, "first_name": name, "username": f"lab_{number}_bot"}


def chat(account: Account) -> dict[str, Any]:
    return {"id": int(account.customer), "type": "private", "first_name": "Customer"}


def next_number(account: Account, what: str) -> int:
    """Numbers of messages and updates begin anywhere and go up."""
    import secrets

    account.state[what] = account.state.get(what, secrets.randbelow(10**6) + 1000) + 1
    return int(account.state[what])


def chat_of(account: Account, given: Mapping[str, Any]) -> None:
    """Check that the bot may write to this chat.

    Raises:
        Refused: there is none, or the customer blocked the bot.
    """
    if str(given.get("chat_id")) != account.customer:
        raise Refused(refused("chat not found"), "nobody with this chat_id ever wrote to the bot")
    if account.blocked:
        raise Refused(forbidden("bot was blocked by the user"))


def send(account: Account, method: str, given: Mapping[str, Any]) -> Answer:
    """Take a message and show it."""
    chat_of(account, given)
    number = next_number(account, "message")
    now = datetime.now(UTC)
    raw: dict[str, Any] = {
        "message_id": number, "date": int(now.timestamp()), "chat": chat(account), "from": me(account),
    }  # fmt: skip
    shown = LabMessage(id=str(number), sender="bot", at=now, state="delivered")
    if method in MEDIA:
        _media(method, given, shown, raw)
    elif method in {"sendLocation", "sendVenue"}:
        place = {"latitude": given["latitude"], "longitude": given["longitude"]}
        shown.kind, shown.location = "location", LabLocation(**place, name=str(given.get("title", "")))
        raw["location"] = place
    elif method == "sendMediaGroup":
        raise Refused(refused("the lab does not show albums"))
    else:
        runs = _formatted(given, "text", TEXT_UNITS, "message is too long")
        if not text_of([runs]).strip():
            raise Refused(refused("message text is empty"), "text is empty")
        shown.lines, raw["text"] = lines_of(runs), text_of([runs])
    markup = given.get("reply_markup")
    if isinstance(markup, dict):
        shown.choices, shown.choices_style = keyboard(markup)
        if "inline_keyboard" in markup:
            raw["reply_markup"] = markup
    reply = given.get("reply_parameters")
    if isinstance(reply, dict):
        shown.reply_to = str(reply.get("message_id", ""))
    account.show(shown, raw)
    return ok(raw)


def _media(method: str, given: Mapping[str, Any], shown: LabMessage, raw: dict[str, Any]) -> None:
    name, kind = MEDIA[method]
    file = given[name]
    if isinstance(file, str) and "://" in file:
        parts = urlsplit(file)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused(refused("wrong HTTP URL specified"), f"{name} is no web address")
        if kind == "file" and not parts.path.lower().endswith(DOCUMENTS):
            problem = "documents are taken by address only when they are GIF, PDF or ZIP"
            raise Refused(refused("wrong type of the web page content"), problem)
    shown_url = file if isinstance(file, str) else ""
    runs = _formatted(given, "caption", CAPTION_UNITS, "message caption is too long") if given.get("caption") else []
    shown.lines = lines_of(runs) if runs else []
    if runs:
        raw["caption"] = text_of([runs])
    if kind == "image":
        shown.kind, shown.images = "image", [shown_url]
        raw["photo"] = [{"file_id": "sent", "file_unique_id": "sent", "width": 1, "height": 1}]
    else:
        last = urlsplit(shown_url).path.rsplit("/", 1)[-1] or name
        shown.kind, shown.files = "file", [LabFile(name=last, media_type="", kind=kind)]
        raw[name] = {"file_id": "sent", "file_unique_id": "sent"}


def _formatted(given: Mapping[str, Any], field: str, units: int, too_long: str) -> list[Run]:
    """The runs of a text, counted after its signs of formatting are read."""
    text, mode = given[field], str(given.get("parse_mode") or "").lower()
    if not isinstance(text, str):
        raise Refused(refused(f"{field} must be a string"))
    if mode not in _MODES:
        raise Refused(refused("unsupported parse_mode"), f"there is no parse_mode {mode!r}")
    if mode == "html":
        try:
            runs = parse(text)
        except CannotParse as exc:
            raise Refused(refused(f"can't parse entities: {exc}"), f"{field}: {exc}") from exc
    else:
        runs = [Run(text=text)]
    length = utf16(text_of([runs]).strip())
    if length > units:
        raise Refused(refused(too_long), f"{field} has {length} characters, {units} are taken")
    return runs


def keyboard(markup: Mapping[str, Any]) -> tuple[list[LabChoice], ChoicesStyle]:
    """Buttons under a message, or the keyboard of answers below the thread."""
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list):
        rows = markup.get("keyboard")
        titles = [b.get("text") if isinstance(b, dict) else b for row in rows or [] for b in row]
        return [LabChoice(title=str(t), value=str(t)) for t in titles], "quick_replies" if titles else "none"
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS:
        raise Refused(refused("reply markup is too long"), f"{len(buttons)} buttons, {MAX_BUTTONS} are taken")
    return [_button(button) for button in buttons], "buttons"


def _button(button: Mapping[str, Any]) -> LabChoice:
    title = str(button.get("text", ""))
    if not title.strip():
        raise Refused(refused("text buttons are unallowed in the inline keyboard"), "a button has no text")
    kinds = [name for name in button if name not in {"text", "icon_custom_emoji_id", "style"}]
    if len(kinds) != 1:
        problem = f"the button {title!r} must do exactly one thing"
        raise Refused(refused("text buttons are unallowed in the inline keyboard"), problem)
    data, url = button.get("callback_data"), button.get("url")
    if data is not None and not 1 <= len(str(data).encode()) <= CALLBACK_BYTES:
        raise Refused(refused("BUTTON_DATA_INVALID"), f"callback_data of {title!r} is not 1 to {CALLBACK_BYTES} bytes")
    if url is not None and urlsplit(str(url)).scheme not in {"http", "https", "tg"}:
        raise Refused(refused("BUTTON_URL_INVALID"), f"the address of {title!r} cannot be opened")
    return LabChoice(title=title, value=str(data or ""), url=str(url or ""))


def change(account: Account, method: str, given: Mapping[str, Any]) -> Answer:
    """Edit or delete a message of the bot's, or react to one of the customer's."""
    chat_of(account, given)
    entry = account.find(str(given.get("message_id")))
    if entry is None or entry.shown.deleted:
        raise Refused(refused("message to edit not found"), "there is no message with this message_id")
    if method == "setMessageReaction":
        entry.shown.reactions = [str(r.get("emoji", "")) for r in given.get("reaction") or []]
        account.changed()
        return ok(True)
    if method == "deleteMessage":
        entry.shown.deleted = True
        account.changed()
        return ok(True)
    return _edit(account, entry, method, given)


def _edit(account: Account, entry: Entry, method: str, given: Mapping[str, Any]) -> Answer:
    if entry.shown.sender != "bot":
        raise Refused(refused("message can't be edited"), "only the bot's own messages can be edited")
    if method == "editMessageText":
        runs = _formatted(given, "text", TEXT_UNITS, "message is too long")
        entry.shown.lines, entry.raw["text"] = lines_of(runs), text_of([runs])
    markup = given.get("reply_markup") or {}
    entry.shown.choices, entry.shown.choices_style = keyboard(markup) if markup else ([], "none")
    entry.shown.edited = True
    account.changed()
    return ok(entry.raw)
