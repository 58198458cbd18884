"""Signatures, the check of our address and errors of the Graph API.

Sources: https://developers.facebook.com/docs/graph-api/webhooks/getting-started and
https://developers.facebook.com/docs/graph-api/guides/error-handling, read 2026-11.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

import orjson

from shopwright.channels.base import BaseChannel
from shopwright.channels.port import (
    ApiCall,
    ApiResponse,
    Attachment,
    InvalidSignature,
    Outcome,
    Rejected,
    RetryAfter,
    WebhookReply,
    WebhookRequest,
)
from shopwright.channels.reading import answer_of, explain_status, retry_seconds
from shopwright.channels.signing import check_hmac, same_secret, same_server
from shopwright.kit.sentences import sentence

VERSION: Final = "v23.0"
_TOKEN_FAULTS: Final = frozenset(
    {0, 3, 10, 102, 104, 190, 368, 131005, 131031, 131042, 131045, 133010, *range(200, 300)}
)
_BUSY: Final = frozenset(
    {1, 2, 4, 17, 32, 341, 613, 1200, 80006, 80007, 130429, 131000, 131016, 131048, 131056, 133004}
)
# The customer wrote too long ago: only a template is taken.
WINDOW: Final = frozenset({131047})
_WINDOW_DETAILS: Final = frozenset({2018278, 2534022})
_GONE: Final = frozenset({551, 131030})
_GONE_DETAILS: Final = frozenset({1545041, 2018001, 2018108})
_MEDIA_HOSTS: Final = (".fbsbx.com", ".facebook.com", ".fbcdn.net", ".cdninstagram.com")


class MetaChannel(BaseChannel):
    """A channel of Meta; `object` is what its webhooks are about, `token_field` the credential calls are made with."""

    object: ClassVar[str]
    token_field: ClassVar[str] = "access_token"  # noqa: S105 - a name

    def handshake(self, request: WebhookRequest) -> WebhookReply | None:
        if request.method != "GET":
            return None
        token = self._credentials.get("verify_token") or self._credentials.get("webhook_secret")
        same_secret(request.query.get("hub.verify_token"), token)
        if request.query.get("hub.mode") != "subscribe":
            raise InvalidSignature
        return WebhookReply(body=request.query.get("hub.challenge", "").encode())

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Check HMAC-SHA256 of the body with the app's secret. No time is in it; repeats are known by their ids."""
        given = request.headers.get("x-hub-signature-256")
        check_hmac(given, self._credentials.get("app_secret"), request.body, prefix="sha256=")

    def explain(self, response: ApiResponse) -> Outcome:
        answer = answer_of(response)
        error = answer.get("error")
        if not isinstance(error, dict):
            return explain_status(response, message_id=sent_id(answer))
        code, detail, reason = _number(error.get("code")), _number(error.get("error_subcode")), _reason(error)
        name = f"{code}/{detail}" if detail > 0 else str(code)
        if code in WINDOW or detail in _WINDOW_DETAILS:
            return Rejected(reason, name, window_closed=True)
        if code in _GONE or detail in _GONE_DETAILS:
            return Rejected(reason, name, gone=True)
        if code in _BUSY or response.status == 429 or error.get("is_transient") is True:
            return RetryAfter(reason, retry_seconds(response.headers) or _regained(response.headers))
        if code in _TOKEN_FAULTS:
            return Rejected(reason, name, account=True)
        if response.status < 400:
            return Rejected(reason, name)
        return explain_status(response, reason, code=name)

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        if attachment.url:
            own = same_server(attachment.url, self._urls["graph"], *_MEDIA_HOSTS)
            # The token goes to Meta's own hosts and nowhere else.
            return [ApiCall("GET", attachment.url, self._headers() if own else {}, purpose="media")]
        return [self._graph(attachment.reference, method="GET", purpose="locate")]

    def _headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._credentials.get(self.token_field)}"}

    def _graph(self, path: str, json: Any = None, *, method: str = "POST", purpose: str = "send") -> ApiCall:
        return self._call(f"{self._urls['graph']}/{VERSION}/{path}", json, method=method, purpose=purpose)

    def _verify_token(self, secret: str) -> str:
        return self._credentials.get("verify_token") or secret


def changes(body: Mapping[str, Any], about: str, account: str, name: str) -> Iterator[Any]:
    """The entries of a batch that are about our account, in order."""
    if body["object"] != about:
        return
    for entry in body["entry"]:
        if str(entry["id"]) == account or not account:
            listed: Iterable[Any] = entry.get(name) or ()
            yield from listed


def sent_id(answer: Mapping[str, Any]) -> str:
    """The id of a message in the answer to its sending."""
    messages = answer.get("messages")
    if isinstance(messages, list) and messages and isinstance(messages[0], dict):
        return str(messages[0].get("id") or "")
    return str(answer.get("message_id") or "")


def _number(value: Any) -> int:
    return value if isinstance(value, int) else -1


def _reason(error: Mapping[str, Any]) -> str:
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    said = [text for text in (error.get("message"), details) if isinstance(text, str) and text]
    return " – ".join(said) or sentence("The platform refused the call.")


def _regained(headers: Mapping[str, str]) -> float | None:
    """The minutes that Meta names in a header until calls are taken again, as seconds."""
    try:
        usage = orjson.loads(headers.get("x-business-use-case-usage", "{}"))
        minutes = [float(use["estimated_time_to_regain_access"]) for uses in usage.values() for use in uses]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return max(minutes, default=0) * 60 or None
