"""What surrounds every request: an id, a size limit, one path for both spellings, security headers, a log line."""

import re
import time
from typing import Any

import orjson
import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shopwright.entrypoints.proxies import TrustedProxies
from shopwright.kit import metrics
from shopwright.kit.errors import problem
from shopwright.kit.ids import uuid7
from shopwright.kit.logs import get_logger

log = get_logger("shopwright.api")
MAX_DIGITS = 15
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,80}")
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}
# Pages with styles and scripts of their own set their own policy.
DOCS_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
    " script-src 'self'; frame-ancestors 'none'"
)


class EdgeMiddleware:
    """One plain ASGI layer, since each layer costs time on every streamed chunk."""

    def __init__(self, app: ASGIApp, *, max_body: int, max_upload: int, proxies: TrustedProxies) -> None:
        self.app, self.max_body, self.max_upload, self.proxies = app, max_body, max_upload, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        self.proxies.look_through(scope, headers)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else str(uuid7())
        scope.setdefault("state", {})["request_id"] = request_id
        path: str = scope["path"]
        if len(path) > 1 and path.endswith("/"):
            scope["path"] = path.rstrip("/") or "/"
        multipart = headers.get("content-type", "").startswith("multipart/")
        limit = self.max_upload if multipart else self.max_body
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started, status = time.perf_counter(), 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, request_id)
            await send(message)

        try:
            declared = headers.get("content-length", "0")
            if not declared.isdecimal() or len(declared) > MAX_DIGITS or int(declared) > limit:
                await _refuse(send_with_headers, limit, request_id)
            else:
                await self.app(scope, _Limited(receive, limit), send_with_headers)
        finally:
            self._note(scope, status, time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    @staticmethod
    def _note(scope: Scope, status: int, seconds: float) -> None:
        route: Any = scope.get("route")
        name = getattr(route, "path", "other")
        metrics.requests.labels(scope["method"], name, str(status)).inc()
        metrics.request_seconds.labels(name).observe(seconds)
        if name not in {"/health/quick", "/metrics"}:
            log.info("request", method=scope["method"], route=name, status=status, ms=round(seconds * 1000, 1))


class _TooLarge(HTTPException):
    """Of the one kind that passes through the framework's reading of bodies as it is."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"The request is larger than {limit} bytes; send less at once.")


class _Limited:
    """Counts the body as it comes, for bodies that do not say their length."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._left, self._limit = receive, limit, limit

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise _TooLarge(self._limit)
        return message


_DEFAULTS = [
    (name.encode(), value.encode()) for name, value in {**SECURITY_HEADERS, "cache-control": "no-store"}.items()
]


def _add_headers(message: Message, request_id: str) -> None:
    headers = [pair for pair in message.get("headers", ()) if pair[0] != b"x-request-id"]
    given = {name for name, _ in headers}
    headers += [pair for pair in _DEFAULTS if pair[0] not in given]
    message["headers"] = [*headers, (b"x-request-id", request_id.encode())]


async def _refuse(send: Send, limit: int, request_id: str) -> None:
    body = orjson.dumps(
        problem(
            413,
            "payload_too_large",
            f"The request is larger than {limit} bytes; send less at once.",
            request_id,
        )
    )
    await send(
        {
            "type": "http.response.start",
            "status": 413,
            "headers": [
                (b"content-type", b"application/problem+json"),
                (b"content-length", str(len(body)).encode()),
                (b"connection", b"close"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
