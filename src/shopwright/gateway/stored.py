"""Events and messages as they are stored: JSON that PostgreSQL takes, and back."""

import hashlib
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from pydantic import TypeAdapter

from shopwright.channels.port import (
    AccountEvent,
    InboundEvent,
    InboundMessage,
    MessageDeleted,
    MessageEdited,
    OutboundMessage,
    Reaction,
    Receipt,
)
from shopwright.kit.schemas import strip_forbidden

KINDS: dict[str, type[InboundEvent]] = {
    "message": InboundMessage,
    "edited": MessageEdited,
    "deleted": MessageDeleted,
    "reaction": Reaction,
    "receipt": Receipt,
    "account": AccountEvent,
}
_KIND_OF = {made: kind for kind, made in KINDS.items()}
# A name that is longer than this is kept as its digest: indexes have limits.
MAX_EXTERNAL_ID = 300


@lru_cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(OutboundMessage if kind == "outbound" else KINDS[kind])


def kind_of(event: InboundEvent) -> str:
    return _KIND_OF[type(event)]


def event_json(event: InboundEvent | OutboundMessage) -> dict[str, Any]:
    cleaned: dict[str, Any] = _clean(asdict(event))
    return cleaned


def read_event(kind: str, stored: dict[str, Any]) -> Any:
    return _adapter(kind).validate_python(stored)


def read_message(stored: dict[str, Any]) -> OutboundMessage:
    message: OutboundMessage = _adapter("outbound").validate_python(stored)
    return message


def thread_of(event: InboundEvent) -> str:
    """The thread an event belongs to; receipts belong to none, and are done with the account's own events."""
    return getattr(event, "thread", "")


def thread_id(deployment_id: UUID, thread: str) -> UUID:
    """A thread's id, made of what it is, so that no personal number goes into job rows."""
    return uuid5(deployment_id, strip_forbidden(thread))


def external_id(event: InboundEvent) -> str:
    """The platform's name of an event, apart from those of events of other kinds."""
    name = strip_forbidden(event.external_id)
    named = name if isinstance(event, InboundMessage) else f"{kind_of(event)}:{name}"
    return named if len(named) <= MAX_EXTERNAL_ID else hashlib.sha256(named.encode()).hexdigest()


def message_name(message_id: str) -> str:
    """What `external_id` made of a message with this name."""
    name = strip_forbidden(message_id)
    return name if len(name) <= MAX_EXTERNAL_ID else hashlib.sha256(name.encode()).hexdigest()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return strip_forbidden(value)
    if isinstance(value, dict):
        return {strip_forbidden(str(key)): _clean(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime) else value
