"""Calls of Slack's Web API."""

from collections.abc import Iterator

from tests.lab.callers.base import Call, Wrong, bearer, changed

from shopwright.lab.accounts import Account


def sending(account: Account) -> Call:
    body = {"channel": f"D{account.customer}", "text": "Hi"}
    return Call("POST", "/slack/api/chat.postMessage", bearer(account.credentials["bot_token"]), body)


def registering(account: Account, url: str, word: str) -> Iterator[Call]:
    yield from ()  # pasted on Slack's pages


def section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


# What is wrong, the call, and words of what is noted about it.
WRONG: list[tuple[str, Wrong, str]] = [
    ("nothing said", changed(text=None), "neither text nor a block"),
    ("a field that does not exist", changed(texts="x"), "texts is no field"),
    ("a stranger", changed(channel="D1"), "no conversation"),
    ("a section that is too long", changed(blocks=[section("x" * 3001)]), "3001 characters"),
    ("all blocks together too long", changed(blocks=[section("x" * 2999)] * 5), "14995"),
]
