"""What the API of conversations gives."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shopwright.kit.schemas import Schema


class ConversationRead(Schema):
    id: UUID
    bot_id: UUID
    session_id: str
    status: str
    language: str | None
    metadata: dict[str, Any]
    message_count: int
    created_at: datetime
    updated_at: datetime


class MessageRead(Schema):
    id: UUID
    direction: str
    author: str
    parts: list[dict[str, Any]]
    outcome: str | None
    citations: list[dict[str, Any]]
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
