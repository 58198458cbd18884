"""Chat is called from shops' pages. No cookie is involved, so any page may ask; the bot decides whether it answers."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN_PATHS = ("/v1/chat/", "/v1/widget/", "/api/bots/")
PREFLIGHT = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, accept, idempotency-key, x-request-id"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]
EXPOSED = "x-request-id, retry-after, x-ratelimit-limit"


class ChatCors:
    """Answers preflights of the chat paths and marks their answers as readable by pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(OPEN_PATHS):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
            return

        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                out["access-control-allow-origin"] = "*"
                out["access-control-expose-headers"] = EXPOSED
                out["cross-origin-resource-policy"] = "cross-origin"
            await send(message)

        await self.app(scope, receive, send_open if "origin" in headers else send)
