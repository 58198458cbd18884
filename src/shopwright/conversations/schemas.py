"""What the API of conversations gives."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from shopwright.kit.schemas import Schema


class ConversationRead(Schema):
    id: UUID
    bot_id: UUID
    session_id: str
    status: str
    channel: str | None = Field(None, description="The platform it is led on; null on a web page or by a program.")
    contact_id: UUID | None
    language: str | None
    metadata: dict[str, Any]
    message_count: int
    last_message: str = Field("", description="Its beginning, on one line.")
    rating: str | None = Field(None, description="What the visitor said of the answers: `down` if of any, else `up`.")
    outcomes: list[str] = []
    created_at: datetime
    updated_at: datetime


class Delivery(Schema):
    """What became of an answer on a platform."""

    state: Literal["waiting", "sent", "delivered", "read", "failed"]
    reason: str = Field("", description="What kept it so far, in plain words.")


class AttachmentRead(Schema):
    """What became of a picture, voice note or file that a part of a message names."""

    id: UUID
    state: Literal["waiting", "kept", "failed"]
    reason: str = Field(description="Why it could not be had, in plain words.")
    media_type: str | None = Field(description="Seen in its bytes.")
    size_bytes: int | None


class MessageRead(Schema):
    id: UUID
    rating: str | None = None
    comment: str = ""
    direction: str
    author: str
    parts: list[dict[str, Any]]
    attachments: list[AttachmentRead] = []
    outcome: str | None
    citations: list[dict[str, Any]]
    delivery: Delivery | None = Field(None, description="Null where no platform carries it.")
    created_at: datetime


class TurnRead(Schema):
    message_id: UUID
    conversation_id: UUID
    bot_id: UUID
    inbound_message_id: UUID
    outcome: str
    provider: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    cost_minor: float
    currency: str
    total_ms: float
    trace: dict[str, Any]
    created_at: datetime


Outcome = Literal["answered", "declined", "refused", "handoff"]
Rating = Literal["up", "down"]


class Totals(Schema):
    turns: int = 0
    answered: int = 0
    declined: int = 0
    refused: int = 0
    handoff: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_minor: float = Field(0, description="In minor units of the currency (cents), with fractions.")


class UsageDay(Totals):
    day: date
    currency: str


class UsageRead(Schema):
    days: list[UsageDay]
    totals: Totals
    currency: str
