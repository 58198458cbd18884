"""Fetching one page: one request, through the egress door, with limits of time and size.

Redirects are not followed here: where one leads is a page of its own, which is checked like any other.
"""

import asyncio
import re
import socket
import ssl
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shopwright.kit.egress import AddressRefused, AnswerTooLarge, EgressPolicy, HttpError, WebClient
from shopwright.knowledge.crawling.addresses import normalize
from shopwright.knowledge.crawling.reasons import PageFailed

PAGE_SECONDS = 30
MAX_PAGE_BYTES = 8 * 1024 * 1024
MAX_RETRY_AFTER_SECONDS = 30.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READABLE = re.compile(
    r"text/(?:html|plain|markdown|csv|tab-separated-values|rtf|x-rst)|application/(?:xhtml\+xml|pdf|rtf|epub\+zip|"
    r"vnd\.openxmlformats-officedocument\.(?:wordprocessingml\.document|spreadsheetml\.sheet|"
    r"presentationml\.presentation)|vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation))"
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: a page's content, or where it leads, or that it has not changed."""

    status: int
    address: str
    body: bytes = b""
    media_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    robots: frozenset[str] = frozenset()
    leads_to: str | None = None

    @property
    def is_html(self) -> bool:
        return self.media_type in {"text/html", "application/xhtml+xml"}


@dataclass(frozen=True, slots=True)
class Web:
    """What fetching needs: the door to the outside and how we name ourselves."""

    client: WebClient
    policy: EgressPolicy
    user_agent: str
    # The least time between two requests to a site.
    pause_seconds: float = 0.5


@dataclass(slots=True)
class Fetcher:
    """Fetches from one site, no faster than the pause allows."""

    web: Web
    pause_seconds: float
    bytes_read: int = 0
    _next: float = field(default=0.0)

    async def fetch(
        self, address: str, *, etag: str | None = None, last_modified: str | None = None, readable_only: bool = True
    ) -> Fetched:
        """Fetch an address.

        Raises:
            PageFailed: it cannot be had; the reason is a sentence for the owner.
        """
        host = urlsplit(address).hostname or ""
        headers = {"user-agent": self.web.user_agent, "accept-encoding": "gzip", "accept": "text/html, */*;q=0.5"}
        if etag:
            headers["if-none-match"] = etag
        if last_modified:
            headers["if-modified-since"] = last_modified
        for again in (True, False):
            await self._wait()
            try:
                async with asyncio.timeout(PAGE_SECONDS):
                    fetched, retry_after = await self._ask(address, headers, readable_only=readable_only)
            except TimeoutError:
                raise PageFailed("too_slow", seconds=PAGE_SECONDS) from None
            except AnswerTooLarge:
                raise PageFailed("too_large", limit_mb=MAX_PAGE_BYTES >> 20) from None
            except AddressRefused:
                raise PageFailed("address_refused", host=host) from None
            except HttpError as exc:
                raise _failure(exc, host) from None
            if fetched.status not in {429, 500, 502, 503, 504} or not again:
                return fetched
            self._next += retry_after
        raise AssertionError

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        if (left := self._next - loop.time()) > 0:
            await asyncio.sleep(left)
        self._next = loop.time() + self.pause_seconds

    async def _ask(self, address: str, headers: dict[str, str], *, readable_only: bool) -> tuple[Fetched, float]:
        self.web.policy.check_url(address)
        request = self.web.client.build_request("GET", address, headers=headers)
        response = await self.web.client.send(request, stream=True)
        try:
            media_type, _, parameters = response.headers.get("content-type", "").lower().partition(";")
            media_type = media_type.strip() or "text/html"
            fetched = Fetched(
                response.status_code,
                address,
                media_type=media_type,
                etag=_header(response.headers.get("etag")),
                last_modified=_header(response.headers.get("last-modified")),
                robots=_directives(response.headers.get_list("x-robots-tag")),
                leads_to=_leads_to(response.status_code, response.headers.get("location"), address),
            )
            if response.status_code != 200 or (readable_only and not _READABLE.fullmatch(media_type)):
                return fetched, _retry_after(response.headers.get("retry-after"), self.pause_seconds)
            body = await self._body(response.aiter_raw(), response.headers.get("content-encoding", ""))
        finally:
            await response.aclose()
        charset = _CHARSET.search(parameters)
        if charset and media_type.startswith(("text/", "application/xhtml")):
            body = _as_utf8(body, charset[1])
        return Fetched(
            fetched.status, address, body, media_type, fetched.etag, fetched.last_modified, fetched.robots
        ), 0.0  # fmt: skip

    async def _body(self, parts: AsyncIterator[bytes], encoding: str) -> bytes:
        """The content, unpacked here and only as far as the limit, since a small answer can swell."""
        encoding = encoding.strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise PageFailed("garbled")
        unpacker = zlib.decompressobj(wbits=31) if encoding in {"gzip", "x-gzip"} else None
        body = bytearray()
        async for part in parts:
            self.bytes_read += len(part)
            if unpacker is None:
                body += part
            else:
                try:
                    body += unpacker.decompress(part, MAX_PAGE_BYTES + 1 - len(body))
                except zlib.error:
                    raise PageFailed("garbled") from None
            if len(body) > MAX_PAGE_BYTES:
                raise AnswerTooLarge
        return bytes(body)


def _failure(error: HttpError, host: str) -> PageFailed:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return PageFailed("insecure", host=host)
        if isinstance(seen, socket.gaierror):
            return PageFailed("no_such_host", host=host)
        if isinstance(seen, TimeoutError) or "Timeout" in type(seen).__name__:
            return PageFailed("no_answer", host=host)
        if "ProtocolError" in type(seen).__name__:
            return PageFailed("garbled")
        seen = seen.__cause__ or seen.__context__
    return PageFailed("no_answer", host=host)


def _header(value: str | None) -> str | None:
    """A header as we may send it back."""
    return value if value and len(value) <= 300 and value.isascii() and value.isprintable() else None


def _directives(values: list[str]) -> frozenset[str]:
    words: set[str] = set()
    for value in values:
        name, colon, rest = value.lower().partition(":")
        if colon and name.strip() not in {"shopwrightbot", "unavailable_after"}:
            continue
        words |= set(re.split(r"[\s,]+", rest if colon else value.lower()))
    return frozenset(words & {"noindex", "nofollow", "none"})


def _leads_to(status: int, location: str | None, address: str) -> str | None:
    return normalize(location, address) if status in _REDIRECTS and location else None


def _retry_after(value: str | None, pause: float) -> float:
    seconds = float(value) if value and value.isdecimal() and len(value) < 6 else pause * 4
    return min(seconds, MAX_RETRY_AFTER_SECONDS)


def _as_utf8(body: bytes, charset: str) -> bytes:
    """Text in UTF-8 with a mark, so that whoever reads it later need not know what the server said."""
    try:
        name = charset.lower()
        return body if name in {"utf-8", "utf8"} else b"\xef\xbb\xbf" + body.decode(name, "replace").encode()
    except (LookupError, ValueError):
        return body
