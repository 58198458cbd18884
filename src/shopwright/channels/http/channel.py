"""Our own protocol over HTTP: signed JSON in both directions. Described in docs/how-to/channels/http.md."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, get_args

import orjson

from shopwright.channels.base import BaseChannel
from shopwright.channels.port import (
    AccountEvent,
    Address,
    ApiCall,
    ApiResponse,
    Attachment,
    Capabilities,
    InboundEvent,
    InboundMessage,
    Limits,
    Location,
    ManualStep,
    MediaKind,
    MessageDeleted,
    MessageEdited,
    OutboundMessage,
    Outcome,
    Reaction,
    Receipt,
    Rejected,
    Sender,
    WebhookRequest,
)
from shopwright.channels.reading import answer_of, explain_status, read_object, words
from shopwright.channels.signing import check_fresh, check_hmac, sign_hmac
from shopwright.channels.text.choices import choice_value
from shopwright.channels.text.dialects import PlainText
from shopwright.channels.text.parts import write_parts
from shopwright.kit.sentences import sentence

SIGNATURE: Final = "x-shopwright-signature"
TIMESTAMP: Final = "x-shopwright-timestamp"
_NO_LIMIT: Final = 1_000_000
_ACCOUNT_EVENTS: Final = frozenset({"blocked", "unblocked", "opt_out", "opt_in"})
_STATES: Final = frozenset({"sent", "delivered", "read", "failed"})


class HttpChannel(BaseChannel):
    slug: ClassVar[str] = "http"
    name: ClassVar[str] = "Your own system (HTTP)"
    addresses: ClassVar[Mapping[str, str]] = {}
    limits: ClassVar[Limits] = Limits(
        source="docs/how-to/channels/http.md", read_on="2026-11-21", text_characters=0, choices=100, list_entries=100,
        cards=100, card_choices=100, per_second=20,
    )  # fmt: skip
    capabilities: ClassVar[Capabilities] = Capabilities(
        formatting="yes", images_in="yes", images_out="yes", voice_in="yes", files_in="yes", files_out="yes",
        location_in="yes", choices="yes", lists="yes", cards="yes", carousel="yes", typing="yes",
        read_receipts_in="yes", mark_read="yes", reactions_in="yes", edits_in="yes", deletions_in="yes",
    )  # fmt: skip

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Check HMAC-SHA256 over `timestamp.body`, at most five minutes old."""
        timestamp = request.headers.get(TIMESTAMP)
        check_fresh(timestamp, request.received_at)
        signed = f"{timestamp}.".encode() + request.body
        check_hmac(request.headers.get(SIGNATURE), self._credentials.get("secret"), signed, prefix="sha256=")

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        body = read_object(request.body)
        for event in body.get("events", [body]):
            yield from _event(event)

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        plain = write_parts(
            message, PlainText(), self.limits, choices=message.choices, cards=message.cards, links=message.files,
            characters=_NO_LIMIT,
        )  # fmt: skip
        if not plain and not message.images:
            return []
        body = {
            **asdict(replace(message, choices=(), cards=(), files=())),
            "choices": [_choice(choice) for choice in message.choices],
            "cards": [{**asdict(c), "choices": [_choice(choice) for choice in c.choices]} for c in message.cards],
            "files": [asdict(file) for file in message.files],
            # For systems that show text only: formatting gone, choices numbered, sources at the end.
            "plain_text": "\n\n".join(plain),
        }
        return [self._event("message", to.thread, body, key=message.key)]

    def stamp(self, call: ApiCall, at: datetime) -> ApiCall:
        """Sign the call. Without a secret it stays unsigned, and the other side should refuse it."""
        secret, timestamp = self._credentials.get("secret"), str(int(at.timestamp()))
        if not secret:
            return call
        signature = sign_hmac(secret, f"{timestamp}.".encode() + (call.content or b""), prefix="sha256=")
        return replace(call, headers={**call.headers, TIMESTAMP: timestamp, SIGNATURE: signature})

    def typing(self, to: Address) -> ApiCall | None:
        return self._event("typing", to.thread, {}, purpose="typing")

    def mark_read(self, to: Address, message_id: str) -> ApiCall | None:
        return self._event("read", to.thread, {"message_id": message_id}, purpose="read")

    def explain(self, response: ApiResponse) -> Outcome:
        answer = answer_of(response)
        said = answer.get("detail") or answer.get("error")
        reason = said if isinstance(said, str) else ""
        if response.status == 410:
            return Rejected(reason or sentence("The conversation is gone."), "410", gone=True)
        message_id = answer.get("id")
        return explain_status(response, reason, message_id=message_id if isinstance(message_id, str) else "")

    def check(self) -> ApiCall:
        return self._event("ping", "", {}, purpose="check")

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:
        return [
            ManualStep("Let your system POST what customers write to this address.", webhook_url),
            ManualStep("Sign with this secret; the answers are signed with it as well.", secret),
            ManualStep(
                f"Put the time in {TIMESTAMP} and the signature in {SIGNATURE}.",
                f"{TIMESTAMP}: <seconds since 1970>\n"
                f"{SIGNATURE}: sha256=<hex of HMAC-SHA256(secret, timestamp + '.' + body)>",
            ),
        ]

    def _event(
        self, kind: str, thread: str, body: Mapping[str, Any], *, key: str = "", purpose: str = "send"
    ) -> ApiCall:
        said = {"type": kind, "conversation": thread, **body}
        if key:
            said["id"] = said.pop("key", key)
        headers = {"content-type": "application/json"} | ({"idempotency-key": key} if key else {})
        # Bytes, not an object: what is signed must be what is sent.
        url = self._credentials.get("callback_url")
        return ApiCall("POST", url, headers, content=orjson.dumps(said), purpose=purpose, idempotent=bool(key))


def _choice(choice: Any) -> dict[str, str]:
    return {**asdict(choice), "value": "" if choice.url else choice_value(choice)}


def _event(event: dict[str, Any]) -> Iterator[InboundEvent]:
    kind, name, thread = words(event.get("type") or "message"), words(event["id"]), words(event.get("conversation"))
    about = words(event.get("message_id"))
    if kind == "message":
        yield _message(event, name, thread)
    elif kind == "edit":
        yield MessageEdited(name, about, thread, words(event["text"]))
    elif kind == "delete":
        yield MessageDeleted(name, about, thread)
    elif kind == "reaction":
        yield Reaction(name, about, thread, words(event["emoji"]), removed=event.get("removed") is True)
    elif kind == "receipt" and event["state"] in _STATES:
        yield Receipt(name, about, event["state"], words(event.get("reason")), thread)
    elif kind in _ACCOUNT_EVENTS:
        yield AccountEvent(name, kind, thread, words(event.get("detail")))  # type: ignore[arg-type]


def _message(event: dict[str, Any], name: str, thread: str) -> InboundMessage:
    sender, place = event["sender"], event.get("location")
    if not name or not thread:
        raise ValueError("a message has an id and a conversation")
    told = {key: words(sender.get(key)) for key in ("name", "language", "phone", "email", "username")}
    return InboundMessage(
        external_id=name,
        thread=thread,
        sender=Sender(words(sender["id"]), **told),
        text=words(event.get("text")),
        choice=words(event.get("choice")),
        attachments=tuple(_attachment(file) for file in event.get("attachments") or ()),
        location=_location(place) if place else None,
        reply_to=words(event.get("reply_to")),
        sent_at=_time(event.get("sent_at")),
    )


def _attachment(file: dict[str, Any]) -> Attachment:
    kind: MediaKind = file["kind"] if file.get("kind") in get_args(MediaKind) else "file"
    told = {key: words(file.get(key)) for key in ("reference", "media_type", "name")}
    length = file.get("size_bytes")
    return Attachment(kind, url=words(file["url"]), size_bytes=int(length) if length is not None else None, **told)


def _location(place: dict[str, Any]) -> Location:
    name, address = words(place.get("name")), words(place.get("address"))
    return Location(float(place["latitude"]), float(place["longitude"]), name, address)


def _time(text: str | None) -> datetime | None:
    at = datetime.fromisoformat(text) if text else None
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
