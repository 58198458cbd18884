"""The Graph API: tokens, errors, the check of a webhook's address, signatures.

Sources: https://developers.facebook.com/docs/graph-api/webhooks/getting-started,
https://developers.facebook.com/docs/graph-api/guides/error-handling, read 2026-11.
"""

import hashlib
import hmac
import json
import re
import secrets
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from shopwright.lab.accounts import Account, Accounts, Payload
from shopwright.lab.base import FORM, Answer, Call, Emulator, Refused, Request, Web
from shopwright.lab.schemas import FaultKind

_PATH: Final = re.compile(r"v(\d{1,2})\.\d/(?P<rest>[\w./-]+)")
_FILE: Final = re.compile(r"media/(?P<account>[\w-]+)/(?P<file>\w+)")


def graph_error(
    status: int, code: int, message: str, *, subcode: int = 0, details: str = "", kind: str = "OAuthException"
) -> Answer:
    """An error as the Graph API answers it."""
    error: dict[str, Any] = {"message": message, "type": kind, "code": code, "fbtrace_id": secrets.token_urlsafe(8)}
    if subcode:
        error["error_subcode"] = subcode
    if details:
        error["error_data"] = {"messaging_product": "whatsapp", "details": details}
    return Answer({"error": error}, status)


def number_of(text: str, digits: int = 15) -> str:
    """A number that always belongs to this text, such as the id of an app to its secret."""
    return str(int(hashlib.sha256(text.encode()).hexdigest(), 16))[:digits].lstrip("0").ljust(digits, "7")


def escaped(payload: Any) -> bytes:
    """JSON as Meta sends it: letters beyond ASCII and slashes escaped, and it is that which is signed."""
    return json.dumps(payload, separators=(",", ":")).replace("/", "\\/").encode()


class GraphEmulator(Emulator):
    """A platform of Meta; `token_field` names the credential that calls are made with."""

    token_field: ClassVar[str]
    signed_with: ClassVar[tuple[str, ...]] = ("app_secret",)

    def app_of(self, account: Account) -> str:
        return number_of(account.credentials["app_secret"])

    def names(self, credentials: Mapping[str, str]) -> Iterable[str]:
        secret = credentials["app_secret"]
        return [credentials[self.token_field], f"{number_of(secret)}|{secret}"]

    def account_of(self, call: Call, accounts: Accounts) -> Account:
        file = _FILE.fullmatch(call.path)
        if call.address != "graph" or not (file or _PATH.fullmatch(call.path)):
            said = f"Unknown path components: /{call.path.split('/')[-1]}"
            raise Refused(graph_error(400, 2500, said))
        if file and not self.guards_files:
            account = accounts.get(file["account"])
        else:
            account = accounts.named(self.slug, token_of(call))
        if account is None:
            raise Refused(graph_error(401, 190, "Invalid OAuth access token - Cannot parse access token"))
        return account

    # Whether files are handed out to the account's token only, or to whoever has the address.
    guards_files: ClassVar[bool] = True

    def title(self, call: Call) -> str:
        return f"{call.method} /{call.path}" if not _FILE.fullmatch(call.path) else "GET a file"

    async def answer(self, account: Account, call: Call, web: Web) -> Answer:
        file = _FILE.fullmatch(call.path)
        if file:
            return self._download(account, file["file"])
        found = _PATH.fullmatch(call.path)
        assert found is not None
        if token_of(call).startswith(f"{self.app_of(account)}|") and not found["rest"].startswith(self.app_of(account)):
            raise Refused(graph_error(400, 190, "This method must be called with a page or user access token."),
                          "an app's token where the account's is wanted")  # fmt: skip
        answer = await self.node(account, call, found["rest"], web)
        if answer is None:
            said = (
                f"Unsupported {call.method.lower()} request. Object with ID '{found['rest'].split('/')[0]}' does not"
                " exist, cannot be loaded due to missing permissions, or does not support this operation"
            )
            raise Refused(graph_error(400, 100, said, subcode=33, kind="GraphMethodException"), f"no {call.path}")
        return answer

    @abstractmethod
    async def node(self, account: Account, call: Call, path: str, web: Web) -> Answer | None:
        """What is at this path, without the version; None: nothing."""

    @staticmethod
    def _download(account: Account, file_id: str) -> Answer:
        file = account.files.get(file_id)
        if file is None:
            raise Refused(Answer(b"", 404, media_type="text/plain"), "there is no such file")
        return Answer(file.content, media_type=file.media_type)

    def file_url(self, account: Account, file_id: str) -> str:
        return f"{account.home}/graph/media/{account.id}/{file_id}"

    def fault(self, kind: FaultKind, seconds: float) -> Answer:
        if kind == "expired_token":
            said = "Error validating access token: Session has expired"
            return graph_error(401, 190, said, subcode=463)
        if kind == "rate_limited":
            return self.too_fast(seconds)
        return graph_error(503, 2, "Service temporarily unavailable")

    def too_fast(self, seconds: float) -> Answer:
        minutes = max(1, round(seconds / 60))
        usage = {"1": [{"type": "messages", "call_count": 100, "estimated_time_to_regain_access": minutes}]}
        answer = graph_error(400, 613, "(#613) Calls to this api have exceeded the rate limit.")
        return Answer(answer.body, answer.status, {"x-business-use-case-usage": json.dumps(usage)})

    def request(self, account: Account, payload: Payload) -> Request | None:
        url = account.webhook.get("url")
        if not url:
            return None
        body = escaped(payload.body)
        secret = account.credentials["app_secret"].encode()
        headers = {
            "content-type": "application/json",
            "user-agent": "facebookexternalua",
            "x-hub-signature": "sha1=" + hmac.new(secret, body, hashlib.sha1).hexdigest(),
            "x-hub-signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest(),
        }
        return Request(url, body, headers)


def token_of(call: Call) -> str:
    """The token of a call: in the header, the query or the body."""
    return call.bearer or call.query.get("access_token", "") or str(given(call).get("access_token", ""))


def given(call: Call) -> dict[str, Any]:
    """The parameters in a body, JSON or form."""
    if call.parts:
        return {name: part for name, part in call.parts.items() if isinstance(part, str)}
    if call.media_type == FORM:
        return dict(call.form())
    body = call.json()
    return body if isinstance(body, dict) else {}


async def check_address(url: str, token: str, web: Web) -> str:
    """Ask an address whether it is ours, as Meta does; returns what went wrong, or nothing."""
    if not web.reaches(url):
        return "the address is not at this installation"
    challenge = str(secrets.randbelow(10**9) + 10**9)
    query = urlencode({"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token})
    heard = await web.send(Request(f"{url}{'&' if '?' in url else '?'}{query}", b"", method="GET"))
    if heard.status is None:
        return heard.detail
    if heard.status != 200:
        return f"HTTP Status Code = {heard.status}"
    if heard.body.decode(errors="replace") != challenge:
        return "the answer is not the challenge"
    return ""


async def point(account: Account, url: str, token: str, web: Web) -> None:
    """Take an address for webhooks when it passes the check.

    Raises:
        Refused: it does not.
    """
    problem = await check_address(url, token, web)
    if problem:
        said = f"(#2200) Callback verification failed with the following errors: {problem}"
        raise Refused(graph_error(400, 2200, said), f"the address for webhooks: {problem}")
    account.webhook.update(url=url, verify_token=token)
    account.changed()
