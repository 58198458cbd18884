"""A messaging platform on loopback, and the channel that speaks with it: it takes messages, or refuses as told."""

import asyncio
import hashlib
import hmac
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from shopwright.channels.base import BaseChannel
from shopwright.channels.port import (
    AccountEvent,
    Address,
    ApiCall,
    ApiResponse,
    Attachment,
    BadPayload,
    Capabilities,
    Credentials,
    InboundEvent,
    InboundMessage,
    InvalidSignature,
    Limits,
    Location,
    ManualStep,
    MessageDeleted,
    MessageEdited,
    OutboundMessage,
    Outcome,
    Reaction,
    Receipt,
    Rejected,
    RetryAfter,
    Sender,
    Sent,
    WebhookReply,
    WebhookRequest,
)

Json = dict[str, Any]
SECRET = "a-secret-of-the-stub-platform"
PART_CHARACTERS = 600


def signature(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class StubChannel(BaseChannel):
    """The adapter of the stub platform."""

    slug: ClassVar[str] = "http"
    name: ClassVar[str] = "Stub"
    limits: ClassVar[Limits] = Limits("tests", "2026-11-21", PART_CHARACTERS, per_second=1000)
    capabilities: ClassVar[Capabilities] = Capabilities()
    addresses: ClassVar[Mapping[str, str]] = {}
    # Whether it must be told which number of ours an address is for.
    asks_first: ClassVar[bool] = False

    def __init__(self, credentials: Credentials, base_urls: Mapping[str, str] | None = None) -> None:
        super().__init__(credentials, base_urls)
        self._url, self._secret = credentials["callback_url"], credentials["secret"]

    def handshake(self, request: WebhookRequest) -> WebhookReply | None:
        if request.method != "GET":
            return None
        if request.query.get("verify") != self._secret:
            raise InvalidSignature
        return WebhookReply(body=request.query.get("challenge", "").encode())

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:
        given = request.headers.get("x-signature", "")
        if not hmac.compare_digest(given.encode(), signature(request.body, self._secret).encode()):
            raise InvalidSignature

    def parse(self, request: WebhookRequest) -> list[InboundEvent]:
        try:
            return [_event(item) for item in json.loads(request.body)["events"]]
        except (ValueError, KeyError, TypeError) as exc:
            raise BadPayload from exc

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        text = message.text
        parts = [text[i : i + PART_CHARACTERS] for i in range(0, len(text), PART_CHARACTERS)] or [""]
        body: Json = {"to": to.thread, "key": message.key, "template": message.template, "route": dict(to.route)}
        return [self._ask("send", {**body, "part": n, "text": part}) for n, part in enumerate(parts)]

    def stamp(self, call: ApiCall, at: datetime) -> ApiCall:
        return replace(call, headers={"x-sent-at": at.isoformat()})

    def _ask(self, what: str, body: Json) -> ApiCall:
        return ApiCall("POST", f"{self._url}/{what}", json=body, purpose=what)

    def explain(self, response: ApiResponse) -> Outcome:
        if response.status == 429:
            seconds = response.headers.get("retry-after")
            return RetryAfter("Stub asks for patience.", float(seconds) if seconds else None)
        if response.status >= 500:
            return RetryAfter("Stub has a problem.")
        if response.status >= 400:
            return Rejected(
                f"Stub refused it ({response.status}).", str(response.status), account=response.status == 401,
                gone=response.status == 410, window_closed=response.status == 470,
            )  # fmt: skip
        return Sent(str(json.loads(response.body or b"{}").get("id", "")))

    def typing(self, to: Address) -> ApiCall | None:
        return self._ask("typing", {"to": to.thread})

    def mark_read(self, to: Address, message_id: str) -> ApiCall | None:
        return self._ask("read", {"to": to.thread, "message": message_id})

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        if attachment.reference and not attachment.url:
            return [self._ask("locate", {"file": attachment.reference})]
        return super().fetch_media(attachment)

    def locate_media(self, attachment: Attachment, response: ApiResponse) -> Attachment:
        return replace(attachment, url=f"{self._url}/file/{attachment.reference}")

    def check(self) -> ApiCall:
        return self._ask("check", {})

    def register(self, webhook_url: str, secret: str, located: ApiResponse | None = None) -> list[ApiCall]:
        return self._point("register", webhook_url, located)

    def unregister(self, webhook_url: str, located: ApiResponse | None = None) -> list[ApiCall]:
        return self._point("unregister", webhook_url, located)

    def _point(self, what: str, webhook_url: str, located: ApiResponse | None) -> list[ApiCall]:
        if self.asks_first and located is None:
            return [self._ask("locate", {})]
        number = json.loads(located.body)["id"] if located else None
        return [self._ask(what, {"url": webhook_url, "number": number})] if number != "none" else []

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:
        return [ManualStep("Paste this address there.", webhook_url)]


def _event(item: Json) -> InboundEvent:
    kind, name, chat = item.get("type", "message"), item["id"], item.get("chat", "")
    if kind == "message":
        sender = Sender(item.get("from", chat), item.get("name", ""), item.get("language", ""))
        attachments = tuple(Attachment(**a) for a in item.get("attachments", ()))
        place = Location(**item["location"]) if "location" in item else None
        text, choice = item.get("text", ""), item.get("choice", "")
        changed = item.get("changed", False)
        return InboundMessage(name, chat, sender, text, choice, attachments, place, changed=changed)
    if kind == "edited":
        return MessageEdited(name, item["message"], chat, item["text"])
    if kind == "deleted":
        return MessageDeleted(name, item["message"], chat)
    if kind == "reaction":
        return Reaction(name, item["message"], chat, item["emoji"])
    if kind == "receipt":
        return Receipt(
            name, item["message"], item["state"], item.get("reason", ""), window_closed=item.get("late", False)
        )
    return AccountEvent(name, kind, chat)


@dataclass
class StubPlatform:
    """`calls` is what it was asked; `script` are the answers of the next sends: a status, or (status, headers)."""

    port: int = 0
    calls: list[tuple[str, Json]] = field(default_factory=list)
    script: deque[tuple[int, Json]] = field(default_factory=deque)
    refuses: dict[str, int] = field(default_factory=dict)
    # What it says when it is asked which number of ours it knows.
    number: str = "n-1"
    # What customers sent, by its name there.
    files: dict[str, bytes] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sent(self) -> list[Json]:
        return [body for what, body in self.calls if what == "send"]

    def texts(self, chat: str) -> list[str]:
        """What a customer reads: parts of a message in one."""
        found: dict[str, str] = {}
        for body in self.sent:
            if body["to"] == chat:
                found[body["key"]] = found.get(body["key"], "") + body["text"]
        return list(found.values())

    def will_answer(self, *statuses: int, **headers: str) -> None:
        self.script.extend((status, headers) for status in statuses)

    @classmethod
    @asynccontextmanager
    async def started(cls, port: int = 0) -> AsyncIterator["StubPlatform"]:
        stub = cls()
        server = await asyncio.start_server(stub._serve, "127.0.0.1", port)
        stub.port = server.sockets[0].getsockname()[1]
        try:
            yield stub
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                what = head.split(b" ", 2)[1].decode().strip("/")
                lines = head.lower().split(b"\r\n")
                length = next((int(x.split(b":")[1]) for x in lines if x.startswith(b"content-length")), 0)
                body = json.loads(await reader.readexactly(length) if length else b"{}")
                if what.startswith("file/"):
                    self._hand_out(writer, what.removeprefix("file/"))
                    continue
                status, headers = self._judge(what)
                if status < 300:
                    self.calls.append((what, body))
                number = self.number if what == "locate" else f"p-{next(self._numbers)}"
                answer = json.dumps({"id": number}).encode()
                extra = "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in headers.items())
                writer.write(f"HTTP/1.1 {status} X\r\n{extra}content-length: {len(answer)}\r\n\r\n".encode() + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()

    def _hand_out(self, writer: asyncio.StreamWriter, name: str) -> None:
        status, content = (200, self.files[name]) if name in self.files else (404, b"")
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content)

    def _judge(self, what: str) -> tuple[int, Json]:
        if what in self.refuses:
            return self.refuses[what], {}
        return self.script.popleft() if what == "send" and self.script else (200, {})
