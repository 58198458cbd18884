"""Calls of the Bot Framework's connector."""

from collections.abc import Iterator

from tests.lab.callers.base import Call, Wrong, bearer, changed

from shopwright.lab.accounts import Account
from shopwright.lab.teams.activities import conversation_id
from shopwright.lab.teams.tokens import bot_token


def sending(account: Account) -> Call:
    known = account.credentials
    token = bot_token(known["app_id"], known["app_password"], known["app_tenant_id"])
    path = f"/teams/service/v3/conversations/{conversation_id(account)}/activities"
    return Call("POST", path, bearer(token), {"type": "message", "text": "Hi"})


def registering(account: Account, url: str, word: str) -> Iterator[Call]:
    yield from ()  # pasted on Azure's pages


# What is wrong, the call, and words of what is noted about it.
WRONG: list[tuple[str, Wrong, str]] = [
    ("no type", changed(type=None), "type is missing"),
    ("nothing said", changed(text=None), "empty"),
    ("a field that does not exist", changed(texts="x"), "texts is no field"),
    ("somebody else's name", changed(**{"from": {"id": "28:x"}}), "from is not the bot"),
    ("a message that is too long", changed(text="x" * 60_000), "as UTF-16"),
]
