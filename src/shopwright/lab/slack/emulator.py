"""Slack, by its Web API and Events API. Sources: `facts.json`, https://docs.slack.dev/apis/events-api, read 2026-11."""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

import orjson

from shopwright.lab.accounts import Account, Accounts, Payload
from shopwright.lab.base import FORM, Answer, Call, Emulator, Refused, Request, Web
from shopwright.lab.checking import load_facts
from shopwright.lab.schemas import ActKind, FaultKind, LabAct
from shopwright.lab.slack import customer, messages
from shopwright.lab.slack.messages import bot_of, failed, ok

_FILE: Final = re.compile(r"files-pri/T\w+-(?P<file>F\w+)/(?:download/)?[^/]+")
# Methods that only read take GET as well.
_READS: Final = frozenset({"auth.test", "files.info"})
# A body of JSON is taken by those that write only.
_FORM_ONLY: Final = frozenset({"files.info"})
_TRIED: Final = 200


class SlackEmulator(Emulator):
    slug: ClassVar[str] = "slack"
    name: ClassVar[str] = "Slack"
    acts: ClassVar[frozenset[ActKind]] = frozenset(
        {"text", "choice", "image", "voice", "file", "edit", "delete", "reaction"}
    )
    lacks: ClassVar[Mapping[ActKind, str]] = {
        "location": "Slack has no messages with a place.",
        "read": "Slack does not tell apps what was read.",
        "block": "Members cannot block an app in Slack.",
        "unblock": "Members cannot block an app in Slack.",
    }
    by_hand: ClassVar[bool] = True
    # "Nearly immediately", after one minute, after five minutes.
    retries: ClassVar[tuple[float, ...]] = (0.5, 60.0, 300.0)
    signed_with: ClassVar[tuple[str, ...]] = ("signing_secret",)

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:  # noqa: ARG002
        numbers = "-".join(str(secrets.randbelow(9 * 10**11) + 10**11) for _ in range(2))
        return {"bot_token": f"xoxb-{numbers}-{secrets.token_hex(12)}", "signing_secret": secrets.token_hex(16)}

    def names(self, credentials: Mapping[str, str]) -> Iterable[str]:
        return [credentials["bot_token"]]

    def account_of(self, call: Call, accounts: Accounts) -> Account:
        if call.address not in {"api", "files"}:
            raise Refused(Answer(b"", 404, media_type="text/html"))
        account = accounts.named(self.slug, call.bearer)
        if account is None and call.address == "files":
            # Slack shows its page to sign in.
            raise Refused(Answer(b"", 302, {"location": "https://slack.com/signin"}, "text/html"))
        if account is None:
            raise Refused(failed("invalid_auth" if call.bearer else "not_authed"))
        return account

    def title(self, call: Call) -> str:
        return "file" if call.address == "files" else call.path

    def sends(self, call: Call) -> bool:
        return call.path == "chat.postMessage"

    def fault(self, kind: FaultKind, seconds: float) -> Answer:
        if kind == "rate_limited":
            return Answer(failed("ratelimited").body, 429, {"retry-after": str(max(1, round(seconds)))})
        return failed("token_revoked" if kind == "expired_token" else "internal_error")

    async def answer(self, account: Account, call: Call, web: Web) -> Answer:  # noqa: ARG002
        if call.address == "files":
            return _download(account, call)
        facts = load_facts(self.slug)
        if call.path not in facts.methods:
            raise Refused(failed("unknown_method"), f"there is no method {call.path}")
        if call.method != "POST" and not (call.path in _READS and call.method == "GET"):
            account.violated(call.path, f"it is called by POST, not by {call.method}")
        given = _arguments(call)
        # Blocks are checked for themselves, since they have an error of their own.
        outside = {name: [] if name == "blocks" and isinstance(value, list) else value for name, value in given.items()}
        problems = list(facts.problems(outside, facts.methods[call.path]))
        for problem in problems:
            account.violated(call.path, problem)
        missing = [name for name, described in facts.methods[call.path].items() if described[1] and name not in given]
        if missing or any(" is not " in problem for problem in problems):
            raise Refused(failed("invalid_arguments", *problems))
        return _DO[call.path](account, given)

    def act(self, account: Account, act: LabAct) -> list[Payload]:
        return customer.act(account, act)

    def request(self, account: Account, payload: Payload) -> Request | None:
        url = account.webhook.get("url")
        if not url:
            return None
        if payload.body.get("type") == "block_actions":
            padding = payload.body.get("padding", "")
            body = urlencode({"payload": orjson.dumps({**payload.body, "padding": padding}).decode()}).encode()
            return _signed(account, url, body, {"content-type": FORM})
        return _signed(account, url, orjson.dumps(payload.body), _again(account, payload.body["event_id"]))

    async def paste(self, account: Account, url: str, secret: str, web: Web) -> str:  # noqa: ARG002 - it makes its own
        """Put the address into the app's settings; Slack asks it for an echo before it takes it."""
        challenge = secrets.token_urlsafe(36)
        token = account.state.setdefault("verification_token", secrets.token_hex(12))
        asked = {"token": token, "challenge": challenge, "type": "url_verification"}
        heard = await web.send(_signed(account, url, orjson.dumps(asked), {}))
        if heard.status != 200 or not _echoed(heard.body, challenge):
            return "Your URL didn't respond with the value of the challenge parameter."
        account.webhook = {"url": url}
        return ""


def _arguments(call: Call) -> dict[str, Any]:
    """What a method was given, as values.

    Raises:
        Refused: the body cannot be read.
    """
    given: dict[str, Any] = {name: _typed(name, value) for name, value in call.query.items()}
    if call.method == "GET" or not call.body:
        return given
    if call.media_type == FORM:
        return given | {name: _typed(name, value) for name, value in call.form() if name != "token"}
    if call.media_type != "application/json" or call.path in _FORM_ONLY:
        raise Refused(failed("invalid_post_type"), f"a body of the type {call.media_type or 'none'} is not taken")
    body = call.json()
    if not isinstance(body, dict):
        raise Refused(failed("json_not_object" if body is not None else "invalid_json"), "the body is no JSON object")
    return given | body


def _typed(name: str, text: str) -> Any:
    """In forms objects are JSON within the text."""
    if name in {"blocks", "attachments", "metadata"}:
        try:
            return orjson.loads(text)
        except ValueError:
            return text
    return {"true": True, "false": False, "1": True, "0": False}.get(text.lower(), text)


def _again(account: Account, event_id: str) -> dict[str, str]:
    """What stands in the head of an event that was tried before."""
    tried: dict[str, int] = account.state.setdefault("tried", {})
    number = tried.get(event_id, 0)
    tried[event_id] = number + 1
    while len(tried) > _TRIED:
        tried.pop(next(iter(tried)))
    return {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"} if number else {}


def _signed(account: Account, url: str, body: bytes, headers: Mapping[str, str]) -> Request:
    """Source: https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    at = str(int(time.time()))
    secret = account.credentials["signing_secret"].encode()
    digest = hmac.new(secret, f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    signed = {"x-slack-request-timestamp": at, "x-slack-signature": f"v0={digest}"}
    agent = {"user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "content-type": "application/json"}
    return Request(url, body, {**agent, **headers, **signed})


def _echoed(body: bytes, challenge: str) -> bool:
    """As plain text, as a form or as JSON."""
    said = body.decode(errors="replace").strip()
    try:
        read = orjson.loads(body)
    except ValueError:
        read = None
    return said in {challenge, f"challenge={challenge}"} or (
        isinstance(read, dict) and read.get("challenge") == challenge
    )


def _download(account: Account, call: Call) -> Answer:
    found = _FILE.fullmatch(call.path)
    file = account.files.get(found["file"]) if found and call.method == "GET" else None
    if file is None:
        raise Refused(Answer(b"", 404, media_type="text/html"), "there is no file at this address")
    return Answer(file.content, media_type=file.media_type)


def _file(account: Account, given: Mapping[str, Any]) -> Answer:
    if given["file"] not in account.files:
        raise Refused(failed("file_not_found"), "there is no file with this id")
    return ok(file=customer.file_object(account, given["file"]), comments=[], response_metadata={"next_cursor": ""})


def _test(account: Account, _: Mapping[str, Any]) -> Answer:
    ids = bot_of(account)
    return ok(
        url="https://lab.slack.com/", team="Lab", user=(account.name or "lab bot").lower(), team_id=ids["team_id"],
        user_id=ids["user_id"], bot_id=ids["bot_id"], is_enterprise_install=False,
    )  # fmt: skip


_DO: Final[Mapping[str, Callable[[Account, Mapping[str, Any]], Answer]]] = {
    "auth.test": _test,
    "chat.postMessage": messages.post,
    "chat.update": messages.update,
    "chat.delete": messages.delete,
    "files.info": _file,
    "reactions.add": lambda account, given: messages.react(account, given, removed=False),
    "reactions.remove": lambda account, given: messages.react(account, given, removed=True),
}
