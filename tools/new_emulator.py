"""The beginning of a channel's emulator for the lab, which `make new-channel` writes with it.

It has the contract that the beginning of the adapter has: signed by HMAC, text out and in. It is then written from the
platform's documentation, as `docs/how-to/emulators.md` says, and never from the adapter.
"""

import re
from string import Template

EMULATOR = Template('''"""$title. Source: <address of the documentation>, read <year-month>."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import ClassVar

import orjson

from shopwright.lab.accounts import Account, Accounts, Payload
from shopwright.lab.base import Answer, Call, Emulator, NotThere, Refused, Request, Web
from shopwright.lab.checking import load_facts
from shopwright.lab.schemas import ActKind, FaultKind, LabAct, LabMessage
from shopwright.lab.text import linked_lines, plain_lines


class ${cls}Emulator(Emulator):
    slug: ClassVar[str] = "$slug"
    name: ClassVar[str] = "$title"
    acts: ClassVar[frozenset[ActKind]] = frozenset({"text"})
    by_hand: ClassVar[bool] = True
    signed_with: ClassVar[tuple[str, ...]] = ("secret",)

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:  # noqa: ARG002
        return {"access_token": secrets.token_hex(24), "secret": secrets.token_hex(16)}

    def names(self, credentials: Mapping[str, str]) -> Iterable[str]:
        return [credentials["access_token"]]

    def account_of(self, call: Call, accounts: Accounts) -> Account:
        account = accounts.named(self.slug, call.bearer)
        if account is None or call.address != "api":
            raise Refused(Answer({"error": "the token is not valid"}, 401))
        return account

    def title(self, call: Call) -> str:
        return f"{call.method} /{call.path}"

    def sends(self, call: Call) -> bool:
        return call.path == "messages"

    def fault(self, kind: FaultKind, seconds: float) -> Answer:
        if kind == "rate_limited":
            return Answer({"error": "too many"}, 429, {"retry-after": str(max(1, round(seconds)))})
        return Answer({"error": kind}, 401 if kind == "expired_token" else 503)

    async def answer(self, account: Account, call: Call, web: Web) -> Answer:  # noqa: ARG002
        if (call.method, call.path) == ("GET", "me"):
            return Answer({"name": account.name})
        body = call.json()
        if (call.method, call.path) != ("POST", "messages") or not isinstance(body, dict):
            raise Refused(Answer({"error": "there is no such call"}, 404), f"there is no {self.title(call)}")
        facts = load_facts(self.slug)
        problems = list(facts.problems(body, facts.methods["message"]))
        if not problems and body["to"] != account.customer:
            problems = ["nobody with this id ever wrote"]
        for problem in problems[1:]:
            account.violated("message", problem)
        if problems:
            raise Refused(Answer({"error": problems[0]}, 400), problems[0])
        shown = LabMessage(
            id=f"x-{secrets.token_hex(8)}", sender="bot", at=datetime.now(UTC), state="delivered",
            lines=linked_lines(body["text"]),
        )  # fmt: skip
        account.show(shown)
        return Answer({"id": shown.id})

    def act(self, account: Account, act: LabAct) -> list[Payload]:
        if not act.text.strip():
            raise NotThere("Write something first.")
        shown = LabMessage(
            id=f"m-{secrets.token_hex(8)}", sender="customer", at=datetime.now(UTC), state="delivered",
            lines=plain_lines(act.text),
        )  # fmt: skip
        account.show(shown)
        event = {
            "type": "message", "id": shown.id, "from": account.customer, "text": act.text,
            "time": int(shown.at.timestamp()),
        }  # fmt: skip
        return [Payload({"events": [event]}, "message")]

    def request(self, account: Account, payload: Payload) -> Request | None:
        url = account.webhook.get("url")
        if not url:
            return None
        body = orjson.dumps(payload.body)
        digest = hmac.new(account.credentials["secret"].encode(), body, hashlib.sha256).hexdigest()
        return Request(url, body, {"content-type": "application/json", "x-$slug-signature": digest})

    async def paste(self, account: Account, url: str, secret: str, web: Web) -> str:  # noqa: ARG002
        account.webhook = {"url": url}
        return ""
''')

FACTS = """{
 "source": "<address of the documentation>, read <year-month>",
 "methods": {
  "message": {"to": [["String"], true, {"min": 1}], "text": [["String"], true, {"min": 1, "max": 1000}]}
 }
}
"""

CALLER = Template('''"""Calls of $title. Source: <address of the documentation>, read <year-month>."""

from collections.abc import Iterator

from tests.lab.callers.base import Call, Wrong, bearer, changed

from shopwright.lab.accounts import Account


def sending(account: Account) -> Call:
    headers = bearer(account.credentials["access_token"])
    return Call("POST", "/$slug/api/messages", headers, {"to": account.customer, "text": "Hi"})


def registering(account: Account, url: str, word: str) -> Iterator[Call]:
    yield from ()


# What is wrong, the call, and words of what is noted about it.
WRONG: list[tuple[str, Wrong, str]] = [
    ("no text", changed(text=None), "text is missing"),
    ("a text that is too long", changed(text="x" * 1001), "1001"),
    ("a stranger", changed(to="u-2"), "this id"),
]
''')


def emulator_files(names: dict[str, str]) -> dict[str, str]:
    """The new files by their path."""
    slug = names["slug"]
    return {
        f"src/shopwright/lab/{slug}/__init__.py": f'"""{names["title"]}."""\n',
        f"src/shopwright/lab/{slug}/emulator.py": EMULATOR.substitute(names),
        f"src/shopwright/lab/{slug}/facts.json": FACTS,
        f"tests/lab/callers/{slug}.py": CALLER.substitute(names),
    }


def with_emulator(registry: str, slug: str, cls: str) -> str:
    """The lab's registry with the emulator's line and import, the imports in order."""
    imports = re.findall(r"^from shopwright\.lab\.\w+\.emulator import \w+\n", registry, re.MULTILINE)
    new = f"from shopwright.lab.{slug}.emulator import {cls}Emulator\n"
    after = [line for line in imports if line < new]
    anchor = after[-1] if after else imports[0]
    registry = registry.replace(anchor, anchor + new if after else new + anchor)
    return registry.replace("\n}\n", f'\n    "{slug}": {cls}Emulator(),\n}}\n', 1)
