"""Microsoft Teams by the Bot Framework: its token service, its keys and its connector.

Sources: `facts.json`, `tokens` and https://learn.microsoft.com/microsoftteams/platform/bots/how-to, read 2026-11.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from uuid import uuid4

import orjson

from shopwright.lab.accounts import Account, Accounts, Payload
from shopwright.lab.base import FORM, Answer, Call, Emulator, Refused, Request, Web
from shopwright.lab.checking import load_facts
from shopwright.lab.schemas import ActKind, FaultKind, LabAct
from shopwright.lab.teams import activities, customer, tokens
from shopwright.lab.teams.activities import error

_TOKEN: Final = re.compile(r"(?P<tenant>[\w.-]+)/oauth2/v2\.0/token")
_ACTIVITY: Final = re.compile(r"v3/conversations/(?P<conversation>[^/]+)/activities(?:/(?P<activity>[^/]+))?")
_MEMBERS: Final = re.compile(r"v3/conversations/(?P<conversation>[^/]+)/members")
_PICTURE: Final = re.compile(r"v3/attachments/(?P<file>\w+)/views/original")
_FILE: Final = re.compile(r"(?P<account>[\w-]+)/(?P<file>\w+)/[^/]+")
_MULTI_TENANT: Final = "botframework.com"


class TeamsEmulator(Emulator):
    slug: ClassVar[str] = "teams"
    name: ClassVar[str] = "Microsoft Teams"
    acts: ClassVar[frozenset[ActKind]] = frozenset(
        {"text", "choice", "image", "file", "edit", "delete", "reaction", "read", "block", "unblock"}
    )
    lacks: ClassVar[Mapping[ActKind, str]] = {
        "voice": "Teams brings bots texts, pictures and files; a voice message is none of them.",
        "location": "Teams brings bots texts, pictures and files; a place is none of them.",
    }
    by_hand: ClassVar[bool] = True
    # It tries a second time: https://github.com/MicrosoftDocs/msteams-docs/issues/1571.
    retries: ClassVar[tuple[float, ...]] = (1.0,)
    signed_with: ClassVar[tuple[str, ...]] = ("app_id",)

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:  # noqa: ARG002
        secret = f"{secrets.token_urlsafe(4)}8Q~{secrets.token_urlsafe(24)}"
        return {"app_id": str(uuid4()), "app_password": secret, "app_tenant_id": str(uuid4())}

    def names(self, credentials: Mapping[str, str]) -> Iterable[str]:
        return [credentials["app_id"]]

    def anonymous(self, call: Call) -> Answer | None:
        if call.address != "keys":
            return None
        if call.path == "v1/.well-known/keys":
            return Answer(tokens.public_keys())
        if call.path == "v1/.well-known/openidconfiguration":
            return Answer(tokens.metadata("https://login.botframework.com/v1/.well-known/keys"))
        return Answer(None, 404)

    def account_of(self, call: Call, accounts: Accounts) -> Account:
        if call.address == "login":
            account = accounts.named(self.slug, dict(call.form()).get("client_id", ""))
            if account is None:
                raise Refused(_not_signed_in(400, "unauthorized_client", 700016, "Application was not found."))
            return account
        if call.address == "files":
            file = _FILE.fullmatch(call.path)
            account = accounts.get(file["account"]) if file else None
            if account is None or account.channel != self.slug:
                raise Refused(Answer(None, 404))
            return account
        account = accounts.named(self.slug, tokens.bot_of(call.bearer))
        if account is None or not tokens.is_good(call.bearer, account.credentials["app_password"]):
            raise Refused(_denied())
        return account

    def title(self, call: Call) -> str:
        if call.address == "login":
            return "sign in"
        if call.address == "files" or _PICTURE.fullmatch(call.path):
            return "file"
        body = call.json()
        kind = body.get("type") if isinstance(body, dict) else None
        return f"{call.method} {kind}" if isinstance(kind, str) else f"{call.method} {call.path.rsplit('/', 1)[-1]}"

    def sends(self, call: Call) -> bool:
        return call.address == "service" and self.title(call) == "POST message"

    def fault(self, kind: FaultKind, seconds: float) -> Answer:  # noqa: ARG002 - Teams does not say how long
        if kind == "rate_limited":
            return error(429, "TooManyRequests", "Too many requests.")
        return _denied() if kind == "expired_token" else error(502, "ServiceError", "Service error.")

    def fault_on(self, call: Call, kind: FaultKind, seconds: float) -> Answer:
        if call.address == "login" and kind == "expired_token":
            return _not_signed_in(401, "invalid_client", 7000222, "The provided client secret keys are expired.")
        return self.fault(kind, seconds)

    async def answer(self, account: Account, call: Call, web: Web) -> Answer:  # noqa: ARG002
        if call.address == "login":
            return _sign_in(account, call)
        if call.address == "files":
            found = _FILE.fullmatch(call.path)
            return _file(account, found["file"] if found else "")
        if call.address != "service":
            raise Refused(Answer(None, 404), f"there is no server {call.address}")
        picture, members = _PICTURE.fullmatch(call.path), _MEMBERS.fullmatch(call.path)
        if picture and call.method == "GET":
            return _file(account, picture["file"])
        found = _ACTIVITY.fullmatch(call.path) or members
        if found is None:
            raise Refused(error(404, "NotFound", "Not found."), f"there is no call {call.method} /{call.path}")
        if found["conversation"] != activities.conversation_id(account):
            said = "there is no conversation with this id"
            raise Refused(error(404, "ConversationNotFound", "Conversation not found."), said)
        if members:
            return Answer([customer.person(account)])
        return _activity(account, call, found["activity"] or "")

    def act(self, account: Account, act: LabAct) -> list[Payload]:
        return customer.act(account, act)

    def request(self, account: Account, payload: Payload) -> Request | None:
        url = account.webhook.get("url")
        if not url:
            return None
        token = tokens.connector_token(account.credentials["app_id"], payload.body["serviceUrl"])
        headers = {
            "authorization": f"Bearer {token}", "content-type": "application/json; charset=utf-8",
            "user-agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)",
            "x-ms-conversation-id": payload.body["conversation"]["id"], "x-ms-tenant-id": customer.tenant(account),
        }  # fmt: skip
        return Request(url, orjson.dumps(payload.body), headers)

    async def paste(self, account: Account, url: str, secret: str, web: Web) -> str:  # noqa: ARG002
        """Enter it as the messaging endpoint; nothing is asked there before somebody writes."""
        if not web.reaches(url):
            return "The messaging endpoint is not at this installation."
        account.webhook = {"url": url}
        return ""


def _denied() -> Answer:
    return Answer({"message": "Authorization has been denied for this request."}, 401)


def _not_signed_in(status: int, kind: str, code: int, said: str) -> Answer:
    """Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes."""
    trace, correlation, at = str(uuid4()), str(uuid4()), datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    described = f"AADSTS{code}: {said} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {at}"
    return Answer(
        {"error": kind, "error_description": described, "error_codes": [code], "timestamp": at, "trace_id": trace,
         "correlation_id": correlation, "error_uri": f"https://login.microsoftonline.com/error?code={code}"},
        status,
    )  # fmt: skip


def _sign_in(account: Account, call: Call) -> Answer:
    """Give a token for a secret."""
    found = _TOKEN.fullmatch(call.path)
    if found is None or call.method != "POST" or call.media_type != FORM:
        said = "The endpoint only accepts POST requests with a form."
        raise Refused(_not_signed_in(400, "invalid_request", 900561, said), "signing in is a POST of a form")
    given = dict(call.form())
    facts = load_facts("teams")
    problems = list(facts.problems(given, facts.methods["token"]))
    if problems:
        for problem in problems[1:]:
            account.violated("sign in", problem)
        raise Refused(_not_signed_in(400, "invalid_request", 900144, "The request body is wrong."), problems[0])
    own = account.credentials.get("app_tenant_id", "")
    if found["tenant"] != (own or _MULTI_TENANT):
        said = f"the bot of the tenant {own or _MULTI_TENANT} signs in there, not at {found['tenant']}"
        raise Refused(_not_signed_in(400, "unauthorized_client", 700016, "Application was not found."), said)
    if not secrets.compare_digest(given["client_secret"].encode(), account.credentials["app_password"].encode()):
        raise Refused(_not_signed_in(401, "invalid_client", 7000215, "Invalid client secret provided."))
    token = tokens.bot_token(
        account.credentials["app_id"], account.credentials["app_password"], customer.tenant(account)
    )
    seconds = tokens.SECONDS
    return Answer({"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token})


def _activity(account: Account, call: Call, activity_id: str) -> Answer:
    if call.method == "DELETE" and activity_id:
        return activities.delete(account, activity_id)
    body: Any = call.json()
    if call.media_type != "application/json" or not isinstance(body, dict):
        raise Refused(error(400, "BadSyntax", "The body is no activity."), "the body is no JSON object")
    if call.method == "PUT" and activity_id:
        return activities.update(account, activity_id, body)
    if call.method != "POST":
        raise Refused(error(405, "MethodNotAllowed", "Method not allowed."), f"{call.method} is not taken here")
    if activity_id and account.find(activity_id) is None:
        said = f"Unknown activity id. '{activity_id}'"
        raise Refused(error(404, "ActivityNotFoundInConversation", said), "there is no activity to answer with this id")
    return activities.send(account, body, reply_to=activity_id)


def _file(account: Account, file_id: str) -> Answer:
    file = account.files.get(file_id)
    if file is None:
        raise Refused(error(404, "NotFound", "Not found."), "there is no file at this address")
    return Answer(file.content, media_type=file.media_type)
