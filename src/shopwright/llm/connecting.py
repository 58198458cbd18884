"""What every adapter does on its way to a provider: check key, address and model, send, and read a refusal.

All outgoing calls go through the client that was handed in. A key travels in a header, never in an address,
and is taken out of every text that a provider sends back.
"""

import math
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from shopwright.kit.egress import AddressRefused, AnswerTooLarge, EgressPolicy
from shopwright.kit.sentences import sentence
from shopwright.llm.port import (
    Credentials,
    ProviderBusy,
    ProviderDown,
    ProviderError,
    ProviderMisconfigured,
    ProviderRejected,
)

if TYPE_CHECKING:
    import httpx2

STREAM_READ_SECONDS: Final = 60  # a wall behind the limits of `calling`, for who uses an adapter without them
MAX_ERROR_BYTES: Final = 65_536
MAX_JSON_BYTES: Final = 16_000_000
_SHOWN_CHARS: Final = 200
_SENTENCES = ("error", "message", "Message", "detail")
_MODEL = re.compile(r"[\w.:@+-]+(/[\w.:@+-]+)*")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{1,500}")

# Headers that a tenant may add in `settings.headers`: who calls, for gateways that show it. Nothing that
# could change the key, the length or the routing of a request.
ALLOWED_HEADERS: Final = frozenset({"http-referer", "x-title", "openai-beta", "user-agent"})


def checked_key(credentials: Credentials, *, needed: bool) -> str | None:
    """Return the key without the blanks that copying adds.

    Raises:
        ProviderMisconfigured: it is missing, or holds characters that no key has.
    """
    key = (credentials.api_key or "").strip()
    if not key:
        if needed:
            raise ProviderMisconfigured(sentence("the key is missing; enter the provider's API key"))
        return None
    if not _PRINTABLE.fullmatch(key):
        # Such a key would be quoted in the HTTP library's own error.
        raise ProviderMisconfigured(sentence("the key holds characters that no key has; copy it again"))
    return key


def checked_base_url(credentials: Credentials, default: str | None, policy: EgressPolicy) -> str:
    """Return the address of the provider's API without a slash at the end.

    Raises:
        ProviderMisconfigured: there is none, or it is one that may not be called.
    """
    url = (credentials.base_url or default or "").strip().rstrip("/")
    if not url:
        raise ProviderMisconfigured(sentence("the address is missing; enter the provider's base_url"))
    try:
        policy.check_url(url)
    except AddressRefused as exc:
        raise ProviderMisconfigured(sentence("the address cannot be used: {reason}", reason=exc.message)) from None
    if "?" in url or "#" in url:
        raise ProviderMisconfigured(sentence("the address must not contain ? or #; enter the part before it"))
    return url


def checked_model(model: str) -> str:
    """Return the model's name if it can stand in an address.

    Raises:
        ProviderRejected: it cannot.
    """
    if len(model) > 200 or not _MODEL.fullmatch(model) or ".." in model:
        raise ProviderRejected(sentence("this is not the name of a model; choose one from the provider's list"))
    return model


def extra_headers(settings: Mapping[str, Any]) -> dict[str, str]:
    """The headers of `settings.headers` that a tenant may set.

    Raises:
        ProviderMisconfigured: a header that may not be set, or a value that cannot be sent.
    """
    given = settings.get("headers") or {}
    if not isinstance(given, Mapping):
        raise ProviderMisconfigured(sentence("settings.headers must be an object of names and values"))
    out: dict[str, str] = {}
    for name, value in given.items():
        if str(name).lower() not in ALLOWED_HEADERS:
            allowed = ", ".join(sorted(ALLOWED_HEADERS))
            raise ProviderMisconfigured(sentence("settings.headers may hold only {allowed}", allowed=allowed))
        if not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value):
            reason = sentence("the header {name} cannot be sent; use at most 500 plain characters", name=name)
            raise ProviderMisconfigured(reason)
        out[str(name).lower()] = value
    return out


def header_setting(settings: Mapping[str, Any], name: str) -> str | None:
    """A setting that is sent as a header, such as `organization`.

    Raises:
        ProviderMisconfigured: it cannot be sent.
    """
    value = settings.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value):
        raise ProviderMisconfigured(sentence("settings.{name} must be a short text of plain characters", name=name))
    return value


def without_key(text: str, key: str | None) -> str:
    """A provider's words, short, on one line, and without the key that some of them repeat."""
    if key:
        text = text.replace(key, "[key]")
        for part in key.split(":"):  # Amazon's key is two or three parts joined
            if len(part) >= 8:
                text = text.replace(part, "[key]")
    text = " ".join("".join(char if char.isprintable() else " " for char in text[:2000]).split())
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"


def said(body: Any, key: str | None) -> str:
    """The sentence in an error body, whichever of the usual places it is in, or an empty text."""
    if isinstance(body, (bytes, str)):
        try:
            body = orjson.loads(body)
        except orjson.JSONDecodeError:
            return ""  # a page of HTML helps nobody
    for _ in range(3):
        if isinstance(body, list) and body:
            body = body[0]
        elif isinstance(body, Mapping):
            body = next((body[name] for name in ("error", "message", "Message", "detail") if body.get(name)), "")
    return without_key(body, key) if isinstance(body, str) else ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the provider asks to wait, from `retry-after-ms` or `Retry-After` (seconds or a date)."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * scale
        except ValueError:
            try:
                seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
            except (ValueError, TypeError):
                continue
        if math.isfinite(seconds):
            return max(0.0, seconds)
    return None


def refusal(status: int, told: str = "", wait: float | None = None) -> ProviderError:
    """The error of an HTTP status: who has to act decides the class."""
    reason = f"HTTP {status}: {told}" if told else f"HTTP {status}"
    if status in {401, 402, 403} or "API_KEY_INVALID" in told or "API key not valid" in told:
        return ProviderMisconfigured(reason)
    if 300 <= status < 400:
        moved = sentence("HTTP {status}: the address leads elsewhere; enter the final one", status=status)
        return ProviderMisconfigured(moved)
    if status in {429, 529}:  # 529 is Anthropic's word for too much to do
        return ProviderBusy(reason, retry_after=wait)
    if status in {408, 409, 425} or status >= 500:
        return ProviderDown(reason, retry_after=wait)
    return ProviderRejected(reason)


def translated(exc: BaseException) -> ProviderError:
    """The error of what went wrong on the way: an address that may not be called, or no sensible answer."""
    for cause in _chain(exc):
        if isinstance(cause, ProviderError):
            return cause
        if isinstance(cause, AnswerTooLarge):
            return ProviderDown(sentence("the answer is larger than any answer should be"))
        if isinstance(cause, AddressRefused):
            return ProviderMisconfigured(sentence("the address cannot be used: {reason}", reason=cause.message))
    name = type(exc).__name__
    if "ConnectTimeout" in name or "ConnectError" in name:
        return ProviderDown(sentence("no connection to it"))
    if "Timeout" in name:
        return ProviderDown(sentence("it did not answer in time"))
    # The library's words may quote the request, so only the kind of error is told.
    return ProviderDown(sentence("the connection failed ({kind})", kind=name))


def _chain(exc: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = exc
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or current.__context__
    return found


def build_request(
    client: "httpx2.AsyncClient",
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | None = None,
) -> "httpx2.Request":
    """Make a request.

    Raises:
        ProviderMisconfigured: the address cannot be read.
    """
    import httpx2

    try:
        return client.build_request(method, url, headers=headers, content=content)
    except (httpx2.InvalidURL, ValueError):
        raise ProviderMisconfigured(sentence("the address cannot be read; enter it again")) from None


@asynccontextmanager
async def answer(
    client: "httpx2.AsyncClient", request: "httpx2.Request", key: str | None
) -> "AsyncIterator[httpx2.Response]":
    """Send a request and hand out the response when its status is 200; leaving closes it.

    Raises:
        ProviderError: the connection failed, here or while the caller reads, or the status is another one.
    """
    import httpx2

    try:
        response = await client.send(request, stream=True)
        try:
            if response.status_code != 200:
                body = await _read(response, MAX_ERROR_BYTES, cut=True)
                # Said with 429 as well, but no waiting helps: the account has no credit.
                status = 402 if b'"insufficient_quota"' in body else response.status_code
                raise refusal(status, said(body, key), retry_after(response.headers))
            yield response
        finally:
            await response.aclose()
    except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, AddressRefused) as exc:
        raise translated(exc) from None


async def fetch_json(client: "httpx2.AsyncClient", request: "httpx2.Request", key: str | None) -> Any:
    """Send a request and return the JSON of the answer.

    Raises:
        ProviderError: as `answer`, and `ProviderDown` when the answer is no JSON or holds an error.
    """
    async with answer(client, request, key) as response:
        try:
            body = orjson.loads(await _read(response, MAX_JSON_BYTES))
        except orjson.JSONDecodeError:
            raise ProviderDown(sentence("the answer is not JSON; check the address")) from None
    if isinstance(body, dict) and body.get("error"):
        raise ProviderDown(sentence("an error in place of an answer: {said}", said=said(body, key)))
    return body


async def _read(response: "httpx2.Response", max_bytes: int, *, cut: bool = False) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > max_bytes:
            if cut:
                break
            raise AnswerTooLarge
    return bytes(body)


def model_ids(body: Any, name: str, prefix: str = "") -> list[str]:
    """The names in a list of models, `{"data": [{"id": …}]}` and its relatives.

    Raises:
        ProviderDown: it is no such list.
    """
    rows = body.get(name) if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise ProviderDown(sentence("the answer is no list of models; check the address"))
    keys = ("id", "name", "modelId")
    found = [next((str(row[key]) for key in keys if row.get(key)), "") for row in rows if isinstance(row, dict)]
    return sorted({each.removeprefix(prefix) for each in found if each})
