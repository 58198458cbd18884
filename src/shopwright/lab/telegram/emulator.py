"""Telegram's Bot API (10.1). Sources: https://core.telegram.org/bots/api; `facts.json` was read out of it."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

import orjson

from shopwright.lab.accounts import Account, Accounts, Payload
from shopwright.lab.base import FORM, Answer, Call, Emulator, Refused, Request, Web
from shopwright.lab.checking import load_facts
from shopwright.lab.schemas import ActKind, FaultKind, LabAct
from shopwright.lab.telegram import customer, messages
from shopwright.lab.telegram.answers import not_found, ok, refused, unauthorized

PORTS: Final = frozenset({443, 80, 88, 8443})
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
ACTIONS: Final = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
_PATH: Final = re.compile(r"bot(?P<token>[^/]+)/(?P<method>\w+)")
_FILE: Final = re.compile(r"file/bot(?P<token>[^/]+)/(?P<path>.+)")


class TelegramEmulator(Emulator):
    slug: ClassVar[str] = "telegram"
    name: ClassVar[str] = "Telegram"
    acts: ClassVar[frozenset[ActKind]] = frozenset(
        {"text", "choice", "image", "voice", "file", "location", "edit", "delete", "reaction", "block", "unblock"}
    )
    lacks: ClassVar[Mapping[ActKind, str]] = {"read": "Telegram does not tell bots what was read."}
    signed_with: ClassVar[tuple[str, ...]] = ("secret_token",)

    def credentials(self, account_id: str, lab_url: str) -> dict[str, str]:  # noqa: ARG002
        return {"bot_token": f"{secrets.randbelow(9 * 10**8) + 10**8}:AA{secrets.token_urlsafe(25)[:33]}"}

    def names(self, credentials: Mapping[str, str]) -> Iterable[str]:
        return [credentials["bot_token"]]

    def account_of(self, call: Call, accounts: Accounts) -> Account:
        found = _PATH.fullmatch(call.path) or _FILE.fullmatch(call.path)
        if found is None or call.address != "api":
            raise Refused(not_found())
        account = accounts.named(self.slug, found["token"])
        if account is None:
            raise Refused(unauthorized())
        return account

    def title(self, call: Call) -> str:
        found = _PATH.fullmatch(call.path)
        return found["method"] if found else "file"

    def sends(self, call: Call) -> bool:
        return self.title(call) in messages.SENDS

    def fault(self, kind: FaultKind, seconds: float) -> Answer:
        if kind == "rate_limited":
            wait = max(1, round(seconds))
            said = {"description": f"Too Many Requests: retry after {wait}", "parameters": {"retry_after": wait}}
            return Answer({"ok": False, "error_code": 429, **said}, 429)
        if kind == "expired_token":
            return unauthorized()
        return Answer({"ok": False, "error_code": 500, "description": "Internal Server Error"}, 500)

    async def answer(self, account: Account, call: Call, web: Web) -> Answer:
        file = _FILE.fullmatch(call.path)
        if file is not None:
            return _download(account, file["path"])
        method = self.title(call)
        facts = load_facts(self.slug)
        # Names of methods are read without regard to case.
        known = next((name for name in facts.methods if name.lower() == method.lower()), None)
        if known is None or call.method not in {"GET", "POST"}:
            raise Refused(not_found(), f"there is no method {method}")
        given = _parameters(call, facts.methods[known])
        problems = list(facts.problems(given, facts.methods[known]))
        for problem in problems:
            account.violated(known, problem)
        missing = [name for name, described in facts.methods[known].items() if described[1] and name not in given]
        if missing:
            raise Refused(refused(f"parameter {missing[0]} is required"))
        if known in messages.SENDS:
            return messages.send(account, known, given)
        return self._other(account, known, given, web)

    def _other(self, account: Account, method: str, given: Mapping[str, Any], web: Web) -> Answer:
        if method == "setWebhook":
            return _set_webhook(account, given, web)
        if method in messages.CHANGES:
            return messages.change(account, method, given)
        do = _DOES.get(method)
        return do(account, given) if do is not None else ok(True)

    def act(self, account: Account, act: LabAct) -> list[Payload]:
        return customer.act(account, act)

    def request(self, account: Account, payload: Payload) -> Request | None:
        url = account.webhook.get("url")
        if not url:
            return None
        headers = {"content-type": "application/json"}
        if account.webhook.get("secret_token"):
            headers["x-telegram-bot-api-secret-token"] = account.webhook["secret_token"]
        return Request(url, orjson.dumps(payload.body), headers)


def _parameters(call: Call, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as the Bot API takes them: in the query, as a form, as JSON or as parts."""
    given: dict[str, Any] = {name: _typed(value, fields.get(name)) for name, value in call.query.items()}
    if call.parts:
        for name, part in call.parts.items():
            given[name] = _typed(part, fields.get(name)) if isinstance(part, str) else {"bytes": len(part)}
    elif call.media_type == FORM:
        given |= {name: _typed(value, fields.get(name)) for name, value in call.form()}
    elif call.body:
        body = call.json()
        if not isinstance(body, dict):
            raise Refused(refused("can't parse JSON object"), "the body is no JSON object")
        given |= body
    return given


def _typed(text: str, described: Any) -> Any:
    """What stands in a form is text; numbers, flags and objects are written into it."""
    kinds = described[0] if described else ["String"]
    if "Integer" in kinds and text.lstrip("-").isdigit():
        return int(text)
    if "Boolean" in kinds and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if "String" not in kinds or text[:1] in {"{", "["}:
        try:
            return orjson.loads(text)
        except ValueError:
            return text
    return text


def _set_webhook(account: Account, given: Mapping[str, Any], web: Web) -> Answer:
    url = str(given["url"])
    if not url:
        account.webhook = {}
        return ok(True)
    parts = urlsplit(url)
    # The lab may stand beside us without https; any other address must be as documented.
    if not web.reaches(url):
        if parts.scheme != "https":
            raise Refused(refused("bad webhook: An HTTPS URL must be provided for webhook"), "the webhook is not https")
        if (parts.port or 443) not in PORTS:
            said = "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
            raise Refused(refused(said), f"the webhook's port {parts.port} is none of Telegram's")
        raise Refused(refused("bad webhook: Failed to resolve host"), "the webhook is not at this installation")
    secret = given.get("secret_token", "")
    if secret and not SECRET.fullmatch(str(secret)):
        raise Refused(
            refused("secret token contains unallowed characters"), "secret_token has characters or a length it may not"
        )
    unknown = [kind for kind in given.get("allowed_updates") or [] if kind not in customer.UPDATES]
    if unknown:
        account.violated("setWebhook", f"there are no updates of the kind {', '.join(map(str, unknown))}")
    if not 1 <= int(given.get("max_connections", 40)) <= 100:
        account.violated("setWebhook", "max_connections is 1 to 100")
    account.webhook = {"url": url, "secret_token": secret, "allowed_updates": list(given.get("allowed_updates") or [])}
    account.changed()
    return ok(True)


def _delete_webhook(account: Account, _: Mapping[str, Any]) -> Answer:
    account.webhook = {}
    return ok(True)


def _webhook_info(account: Account, _: Mapping[str, Any]) -> Answer:
    shown = {key: account.webhook[key] for key in ("url", "allowed_updates") if key in account.webhook}
    return ok({"url": "", "has_custom_certificate": False, "pending_update_count": 0, **shown})


def _updates(account: Account, _: Mapping[str, Any]) -> Answer:
    if account.webhook:
        said = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
        raise Refused(Answer({"ok": False, "error_code": 409, "description": said}, 409), "a webhook is set")
    return ok([])


def _action(account: Account, given: Mapping[str, Any]) -> Answer:
    messages.chat_of(account, given)
    if given["action"] not in ACTIONS:
        raise Refused(refused("wrong parameter action in request"), f"{given['action']!r} is no action")
    account.types()
    return ok(True)


def _file(account: Account, given: Mapping[str, Any]) -> Answer:
    file = account.files.get(str(given["file_id"]))
    if file is None:
        raise Refused(refused("invalid file_id"), "there is no file with this file_id")
    return ok({
        "file_id": file.id, "file_unique_id": file.id[:12], "file_size": len(file.content),
        "file_path": f"files/{file.id}",
    })  # fmt: skip


def _download(account: Account, path: str) -> Answer:
    file = account.files.get(path.removeprefix("files/"))
    if file is None:
        raise Refused(not_found(), "there is no file at this path")
    return Answer(file.content, media_type="application/octet-stream")


_DOES: Final[Mapping[str, Callable[[Account, Mapping[str, Any]], Answer]]] = {
    "getMe": lambda account, _: ok(messages.me(account)),
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _webhook_info,
    "getUpdates": _updates,
    "sendChatAction": _action,
    "getFile": _file,
    "answerCallbackQuery": customer.answered,
}
