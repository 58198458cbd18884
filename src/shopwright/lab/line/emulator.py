"""LINE, by its Messaging API.

Sources: `facts.json`, https://developers.line.biz/en/reference/messaging-api/ and
https://developers.line.biz/en/docs/messaging-api/retrying-api-request/, read 2026-11.
"""

import base64
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import orjson

from shopwright.lab.accounts import Account, Accounts, Payload
from shopwright.lab.base import Answer, Call, Emulator, Heard, Refused, Request, Web
from shopwright.lab.line import customer, messages
from shopwright.lab.line.messages import check, problem
from shopwright.lab.schemas import ActKind, FaultKind, LabAct

_CONTENT: Final = re.compile(r"v2/bot/message/(?P<id>\d+)/content")
_PROFILE: Final = re.compile(r"v2/bot/profile/(?P<id>U[0-9a-f]{32})")
ENDPOINT: Final = "v2/bot/channel/webhook/endpoint"
_TITLES: Final[Mapping[str, str]] = {
    "v2/bot/message/push": "push", "v2/bot/message/reply": "reply", "v2/bot/chat/loading/start": "loading",
    ENDPOINT: "webhook endpoint", "v2/bot/channel/webhook/test": "webhook test", "v2/bot/info": "info",
    "v2/bot/chat/markAsRead": "mark as read",
}  # fmt: skip
# Keys of messages are remembered for a day.
_KEYS: Final = 1_000


class LineEmulator(Emulator):
    slug: ClassVar[str] = "line"
    name: ClassVar[str] = "LINE"
    acts: ClassVar[frozenset[ActKind]] = frozenset(
        {"text", "choice", "image", "voice", "file", "location", "delete", "block", "unblock"}
    )
    lacks: ClassVar[Mapping[ActKind, str]] = {
        "edit": "A message in LINE cannot be changed, only taken back.",
        "reaction": "LINE does not tell accounts of reactions.",
        "read": "LINE does not tell accounts what was read.",
    }
    # With "Webhook redelivery" switched on; how often and when is not documented.
    retries: ClassVar[tuple[float, ...]] = (1.0, 10.0, 60.0)
    knows_repeats: ClassVar[bool] = True
    signed_with: ClassVar[tuple[str, ...]] = ("channel_secret",)

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:  # noqa: ARG002
        token = base64.b64encode(secrets.token_bytes(128)).decode()
        return {"channel_secret": secrets.token_hex(16), "channel_access_token": token}

    def names(self, credentials: Mapping[str, str]) -> Iterable[str]:
        return [credentials["channel_access_token"]]

    def account_of(self, call: Call, accounts: Accounts) -> Account:
        account = accounts.named(self.slug, call.bearer)
        if account is None:
            raise Refused(_named(_unauthorized()))
        return account

    def title(self, call: Call) -> str:
        if _CONTENT.fullmatch(call.path):
            return "content"
        return _TITLES.get(call.path, f"{call.method} /{call.path}")

    def sends(self, call: Call) -> bool:
        return call.path in {"v2/bot/message/push", "v2/bot/message/reply"}

    def fault(self, kind: FaultKind, seconds: float) -> Answer:  # noqa: ARG002 - LINE does not say how long
        if kind == "rate_limited":
            return _named(problem(429, "The API rate limit has been exceeded. Try again later."))
        if kind == "expired_token":
            return _named(_unauthorized())
        return _named(problem(500, "Internal server error"))

    async def answer(self, account: Account, call: Call, web: Web) -> Answer:
        try:
            answer = await self._answered(account, call, web)
        except Refused as exc:
            raise Refused(_named(exc.answer), exc.problem) from exc
        return _named(answer)

    async def _answered(self, account: Account, call: Call, web: Web) -> Answer:
        content, profile = _CONTENT.fullmatch(call.path), _PROFILE.fullmatch(call.path)
        if content and call.method == "GET":
            return _content(account, call, content["id"])
        if call.address != "api":
            raise Refused(problem(404, "Not found"), f"there is no {call.method} /{call.path} at this server")
        if call.method == "GET" and call.path == "v2/bot/info":
            return Answer({
                "userId": messages.bot_id(account), "basicId": "@lab0000a", "displayName": account.name or "Lab bot",
                "chatMode": "bot", "markAsReadMode": "auto",
            })  # fmt: skip
        if profile and call.method == "GET":
            if profile["id"] != messages.customer_id(account):
                raise Refused(problem(404, "Not found"), "there is nobody with this user id")
            return Answer({"displayName": "Customer", "userId": profile["id"], "language": "en"})
        if call.path == ENDPOINT:
            return _endpoint(account, call, web)
        done = {
            "v2/bot/message/push": self._push, "v2/bot/message/reply": self._reply,
            "v2/bot/chat/loading/start": self._loading, "v2/bot/chat/markAsRead": self._read,
        }.get(call.path)  # fmt: skip
        if call.path == "v2/bot/channel/webhook/test" and call.method == "POST":
            return await _test(account, call, web)
        if done is None or call.method != "POST":
            raise Refused(problem(404, "Not found"), f"there is no call {call.method} /{call.path}")
        return done(account, call, _body(call))

    def _push(self, account: Account, call: Call, given: dict[str, Any]) -> Answer:
        check(account, "push", given, "push")
        if given["to"] != messages.customer_id(account):
            said = "The property, 'to', in the request body is invalid (line: -, column: -)"
            raise Refused(problem(400, said), "nobody with this user id ever wrote to the account")
        key = call.headers.get("x-line-retry-key")
        if key is None:
            return Answer({"sentMessages": messages.send(account, given["messages"])})
        return _once(account, key, given)

    def _reply(self, account: Account, call: Call, given: dict[str, Any]) -> Answer:
        if "x-line-retry-key" in call.headers:
            raise Refused(problem(400, "The retry key is not supported by this API"), "a reply takes no retry key")
        check(account, "reply", given, "reply")
        ends = account.state.get("reply_tokens", {}).pop(given["replyToken"], 0.0)
        if time.monotonic() > ends:
            raise Refused(problem(400, "Invalid reply token"), "the reply token was used, is too old or never was")
        return Answer({"sentMessages": messages.send(account, given["messages"])})

    def _loading(self, account: Account, call: Call, given: dict[str, Any]) -> Answer:  # noqa: ARG002
        check(account, "loading", given, "loading")
        if given["chatId"] != messages.customer_id(account):
            raise Refused(problem(400, "Invalid chat id"), "nobody with this user id ever wrote to the account")
        account.types(float(given.get("loadingSeconds", 20)))
        return Answer({}, 202)

    def _read(self, account: Account, call: Call, given: dict[str, Any]) -> Answer:  # noqa: ARG002
        check(account, "read", given, "mark as read")
        for entry in account.said_by("customer"):
            entry.shown.state = "read"
            if entry.raw.get("markAsReadToken") == given["markAsReadToken"]:
                break
        account.changed()
        return Answer({})

    def act(self, account: Account, act: LabAct) -> list[Payload]:
        return customer.act(account, act)

    def request(self, account: Account, payload: Payload) -> Request | None:
        url = account.webhook.get("url")
        return _signed(account, url, _delivery(account, payload.body)) if url else None


def _unauthorized() -> Answer:
    return problem(401, "Authentication failed. Confirm that the access token in the authorization header is valid.")


def _named(answer: Answer) -> Answer:
    """Every answer has an id."""
    return Answer(answer.body, answer.status, {"x-line-request-id": str(uuid4()), **answer.headers}, answer.media_type)


def _body(call: Call) -> dict[str, Any]:
    if call.media_type != "application/json":
        raise Refused(problem(415, "Unsupported Media Type"), f"a body of the type {call.media_type or 'none'}")
    given = call.json()
    if not isinstance(given, dict):
        raise Refused(problem(400, "The request body could not be parsed as JSON"), "the body is no JSON object")
    return given


def _once(account: Account, key: str, given: dict[str, Any]) -> Answer:
    """Do it, if nothing was done with this key before."""
    try:
        UUID(key)
    except ValueError:
        raise Refused(problem(400, "Invalid retry key"), "x-line-retry-key is no UUID") from None
    keys: dict[str, tuple[str, Any]] = account.state.setdefault("keys", {})
    if key in keys:
        accepted, sent = keys[key]
        said = {"message": "The retry key is already accepted", "sentMessages": sent}
        return Answer(said, 409, {"x-line-accepted-request-id": accepted})
    sent = messages.send(account, given["messages"])
    request = str(uuid4())
    keys[key] = request, sent
    while len(keys) > _KEYS:
        keys.pop(next(iter(keys)))
    return Answer({"sentMessages": sent}, headers={"x-line-request-id": request})


def _endpoint(account: Account, call: Call, web: Web) -> Answer:
    """The address of the webhook: told, or changed."""
    if call.method == "GET":
        return Answer({"endpoint": account.webhook.get("url", ""), "active": bool(account.webhook)})
    if call.method != "PUT":
        raise Refused(problem(405, "Method not allowed"), f"{call.method} is not taken here")
    given = _body(call)
    check(account, "endpoint", given, "webhook endpoint")
    url = given["endpoint"]
    # The lab may stand beside us without https; any other address must be as documented.
    if not web.reaches(url):
        where = "is not https" if urlsplit(url).scheme != "https" else "is not at this installation"
        raise Refused(problem(400, "Invalid webhook endpoint URL"), f"the webhook {where}")
    account.webhook = {"url": url}
    account.changed()
    return Answer({})


async def _test(account: Account, call: Call, web: Web) -> Answer:
    """Send a webhook without events, and say how it went."""
    given = _body(call) if call.body else {}
    check(account, "test", given, "webhook test")
    url = given.get("endpoint") or account.webhook.get("url", "")
    nothing = orjson.dumps({"destination": messages.bot_id(account), "events": []})
    heard = await web.send(_signed(account, url, nothing)) if url else Heard(None)
    good = heard.status == 200
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    reason = "OK" if good else "COULD_NOT_CONNECT" if heard.status is None else "ERROR_STATUS_CODE"
    status = heard.status or 0
    return Answer({"success": good, "timestamp": at, "statusCode": status, "reason": reason, "detail": str(status)})


def _delivery(account: Account, body: dict[str, Any]) -> bytes:
    """The events of a webhook, which say whether they were sent before."""
    tried: dict[str, bool] = account.state.setdefault("tried", {})
    events = []
    for event in body["events"]:
        again = event["webhookEventId"] in tried
        tried[event["webhookEventId"]] = True
        events.append({**event, "deliveryContext": {"isRedelivery": again}})
    while len(tried) > _KEYS:
        tried.pop(next(iter(tried)))
    return orjson.dumps({**body, "events": events})


def _signed(account: Account, url: str, body: bytes) -> Request:
    """Source: https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/."""
    digest = hmac.new(account.credentials["channel_secret"].encode(), body, hashlib.sha256).digest()
    signature = base64.b64encode(digest).decode()
    headers = {
        "content-type": "application/json; charset=utf-8", "user-agent": "LineBotWebhook/2.0",
        "x-line-signature": signature,
    }  # fmt: skip
    return Request(url, body, headers)


def _content(account: Account, call: Call, message_id: str) -> Answer:
    if call.address != "data":
        raise Refused(problem(404, "Not found"), "content is fetched from the data server, api-data.line.me")
    file = account.files.get(message_id)
    entry = account.find(message_id)
    if file is None or entry is None or entry.shown.deleted:
        raise Refused(problem(404, "Not found"), "" if file else "there is no content with this message id")
    return Answer(file.content, media_type=file.media_type)
