"""What the chat API takes and returns."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shopwright.kit.schemas import Metadata, Schema, Text

MAX_MESSAGE = 8_000
SessionId = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._:-]+$")]


class ChatMessageIn(Schema):
    role: Literal["user", "assistant"]
    content: Annotated[Text, Field(max_length=MAX_MESSAGE)]


class PublicChat(Schema):
    """The last message is answered. What was said before is taken from the session, never from the caller."""

    bot_id: UUID
    messages: Annotated[list[ChatMessageIn], Field(min_length=1, max_length=100)]
    session_id: SessionId | None = None
    metadata: Metadata = {}
    stream: bool = False


class EfficientChat(Schema):
    bot_id: UUID
    message: Annotated[Text, Field(min_length=1, max_length=MAX_MESSAGE)]
    session_id: SessionId | None = None
    context_limit: int = Field(10, ge=0, le=50)
    metadata: Metadata = {}
    stream: bool = False


class Citation(Schema):
    number: int
    document_id: UUID
    document_version: int
    title: str
    url: str | None
    quote: str = Field(description="Exactly the span `start`..`end` of the text of that document version.")
    start: int
    end: int


class Usage(Schema):
    prompt_tokens: int
    completion_tokens: int
    cost_minor: float = Field(description="In minor units of the currency (cents), with fractions.")
    currency: str


class ChatAnswer(Schema):
    session_id: str
    message_id: UUID
    answer: str = Field(description="Markdown.")
    outcome: Literal["answered", "declined", "refused", "handoff"]
    citations: list[Citation]
    usage: Usage
    timings_ms: dict[str, float]


class TranscriptMessage(Schema):
    id: UUID
    author: str
    text: str
    outcome: str | None
    citations: list[Citation]
    at: str


class Transcript(Schema):
    session_id: str
    bot_id: UUID
    status: str
    messages: list[TranscriptMessage]


class Feedback(Schema):
    session_id: SessionId
    message_id: UUID
    rating: Literal["up", "down"] | None = Field(description="Null takes it back.")
    comment: Annotated[Text, Field(max_length=2000)] = ""


class FeedbackStored(Schema):
    message_id: UUID
    rating: Literal["up", "down"] | None


class ClearConversation(Schema):
    session_id: SessionId


class Cleared(Schema):
    session_id: str
    cleared: bool


class BotStatus(Schema):
    bot_id: UUID
    is_active: bool
    is_public: bool
    deployment_status: dict[str, object]
