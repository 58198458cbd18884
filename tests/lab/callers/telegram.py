"""Calls of Telegram's Bot API."""

from collections.abc import Iterator

from tests.lab.callers.base import Call, Wrong, changed

from shopwright.lab.accounts import Account


def sending(account: Account) -> Call:
    body = {"chat_id": int(account.customer), "text": "Hi"}
    return Call("POST", f"/telegram/api/bot{account.credentials['bot_token']}/sendMessage", json=body)


def registering(account: Account, url: str, word: str) -> Iterator[Call]:
    body = {"url": url, "secret_token": word, "allowed_updates": ["message", "callback_query", "message_reaction"]}
    yield Call("POST", f"/telegram/api/bot{account.credentials['bot_token']}/setWebhook", json=body)


def stranger(account: Account, other: Account) -> Call:
    call = sending(account)
    return Call(call.method, call.path.replace("/bot", "/bot0"), json=call.json)


def keyboard(**button: str) -> Wrong:
    return changed(reply_markup={"inline_keyboard": [[{"text": "Go", **button}]]})


# What is wrong, the call, and words of what is noted about it.
WRONG: list[tuple[str, Wrong, str]] = [
    ("no text", changed(text=None), "text is missing"),
    ("an empty text", changed(text="  "), "empty"),
    ("a text that is too long", changed(text="x" * 4097), "4097"),
    ("long only when counted in UTF-16", changed(text="😀" * 2049), "4098"),
    ("a tag that is not closed", changed(text="<b>x", parse_mode="HTML"), "end tag"),
    ("a tag that Telegram does not know", changed(text="<p>x</p>", parse_mode="HTML"), "Unsupported start tag"),
    ("a sign that is no tag", changed(text="1 < 2", parse_mode="HTML"), "Unsupported start tag"),
    ("no such way of formatting", changed(parse_mode="RTF"), "parse_mode"),
    ("a field that does not exist", changed(texts="x"), "texts is no field"),
    ("a number where a text belongs", changed(text=5), "text is not String"),
    ("a stranger", changed(chat_id=1), "chat_id"),
    ("too much in a button", keyboard(callback_data="x" * 65), "64 bytes"),
    ("a button that does nothing", keyboard(), "exactly one thing"),
    ("a button that opens a script", keyboard(url="javascript:x"), "cannot be opened"),
]
