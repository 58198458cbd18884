"""What the chat API takes and returns."""

import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, JsonValue

from shopwright.kit.schemas import Metadata, Schema, Text

MAX_MESSAGE = 8_000
# What the gateway writes beside what a page says: nobody can say from outside that they write on a platform.
_OURS = frozenset({"channel", "deployment_id", "lab"})
# Nothing to see: white space, and signs that have no shape of their own.
_EMPTY = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]*"
)


def _without_ours(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: said for name, said in value.items() if name not in _OURS}


VisitorMetadata = Annotated[Metadata, AfterValidator(_without_ours)]
SessionId = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._:-]+$")]


def says_nothing(text: str) -> bool:
    return _EMPTY.fullmatch(text) is not None


class ChatMessageIn(Schema):
    role: Literal["user", "assistant"]
    content: Annotated[Text, Field(max_length=MAX_MESSAGE)]


class PublicChat(Schema):
    """The last message is answered. What was said before is taken from the session, never from the caller."""

    bot_id: UUID
    messages: Annotated[list[ChatMessageIn], Field(min_length=1, max_length=100)]
    session_id: SessionId | None = None
    metadata: VisitorMetadata = {}
    stream: bool = False


class EfficientChat(Schema):
    bot_id: UUID
    message: Annotated[Text, Field(min_length=1, max_length=MAX_MESSAGE)]
    session_id: SessionId | None = None
    context_limit: int = Field(10, ge=0, le=50)
    metadata: VisitorMetadata = {}
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


class Product(Schema):
    title: str
    price: str = Field(description="As it stands in the cited record.")
    was_price: str | None
    currency: str | None = Field(description="Where the price itself does not name it.")
    image_url: str | None
    url: str | None
    citation: int = Field(description="The number of the citation that holds the record.")


class Products(Schema):
    """Product cards, made from cited rows of price lists only."""

    type: Literal["products"]
    items: list[Product]


class ChatAnswer(Schema):
    session_id: str
    message_id: UUID
    answer: str = Field(description="Markdown.")
    outcome: Literal["answered", "declined", "refused", "handoff"]
    citations: list[Citation]
    usage: Usage
    timings_ms: dict[str, float]
    blocks: list[Products] = Field(default=[], description="Shown beside the text, such as product cards.")
    quick_replies: list[str] = Field(default=[], description="What the customer may tap instead of typing.")


class TranscriptMessage(Schema):
    id: UUID
    author: str
    text: str
    outcome: str | None
    citations: list[Citation]
    at: str
    blocks: list[Products] = []
    quick_replies: list[str] = []


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


class CitedPassage(Schema):
    """The place a citation points to, with what stands around it in that version of the document."""

    title: str
    url: str | None
    page: int | None
    heading: str
    before: str
    quote: str
    after: str
    document_version: int


class WidgetConfig(Schema):
    """What the widget needs to look and speak like the bot."""

    bot_id: UUID
    name: str
    icon_url: str | None
    greeting: str | None
    suggestions: list[str]
    language: str | None = Field(description="Null: the visitor's.")
    theme: dict[str, JsonValue]
    texts: dict[str, str] = Field(description="Texts of the widget in the shop's own words.")
    feedback: bool


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
