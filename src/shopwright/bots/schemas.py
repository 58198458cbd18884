"""What the API of bots and their scopes takes and returns."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationError, field_validator

from shopwright.bots.theme_schemas import Theme
from shopwright.kit.schemas import LongText, Name, Schema, Text
from shopwright.tenants.schemas import Origins

ResponseFormat = Literal["helpful_and_detailed", "concise", "bullet_points"]
CitationStyle = Literal["numbered", "inline", "footnotes", "none"]
Fallback = Literal["escalate_to_human", "say_unknown", "suggest_topics"]
Strictness = Literal["strict", "moderate", "lenient"]


Suggestion = Annotated[Text, Field(min_length=1, max_length=120)]
TextName = Annotated[str, Field(pattern=r"^[a-z][a-zA-Z0-9_]{0,39}$")]
WidgetText = Annotated[Text, Field(min_length=1, max_length=300)]


class BotSettings(Schema):
    """How a bot answers."""

    response_format: ResponseFormat = "helpful_and_detailed"
    citation_style: CitationStyle = "numbered"
    fallback_behavior: Fallback = "escalate_to_human"
    greeting: Annotated[Text, Field(max_length=500)] | None = None
    contact: Annotated[Text, Field(max_length=500)] | None = Field(
        None, description="Where customers reach people; named when the bot has no answer."
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = Field(
        None, description="Answer in this language; null follows the customer."
    )
    suggestions: Annotated[list[Suggestion], Field(max_length=4)] = Field(
        default=[], description="Questions a visitor can tap before the first one is typed."
    )
    theme: Theme | None = None
    texts: Annotated[dict[TextName, WidgetText], Field(max_length=60)] = Field(
        default={}, description="Texts of the widget in the shop's own words, by their names."
    )

    @field_validator("theme", mode="before")
    @classmethod
    def _no_theme(cls, value: object) -> object:
        return value or None  # an empty object was the default before themes had a shape


def stored_settings(value: dict[str, Any]) -> BotSettings:
    """The settings of a row; a theme that was stored before themes had a shape is left out."""
    try:
        return BotSettings.model_validate(value)
    except ValidationError:
        return BotSettings.model_validate({**value, "theme": None})


class BotCreate(Schema):
    name: Name
    description: LongText = ""
    category: Annotated[Text, Field(max_length=80)] | None = None
    client_id: UUID | None = Field(None, description="The client it belongs to; null is the tenant itself.")
    tenant_ai_provider_id: UUID | None = Field(None, description="Null: answers are quoted from the documents.")
    fallback_ai_provider_id: UUID | None = None
    system_prompt: LongText = ""
    personality: Annotated[Text, Field(max_length=500)] = ""
    tone: Annotated[Text, Field(max_length=200)] = ""
    model: Annotated[Text, Field(max_length=200)] | None = None
    temperature: float = Field(0.7, ge=0, le=2)
    max_tokens: int = Field(1000, ge=16, le=32_000)
    is_active: bool = True
    is_public: bool = False
    allowed_domains: Origins = []
    settings: BotSettings = BotSettings()
    rate_limit_per_minute: int = Field(60, ge=1, le=100_000)
    rate_limit_per_second: int = Field(2, ge=1, le=10_000)


class BotUpdate(Schema):
    """Only what is sent changes."""

    name: Name | None = None
    description: LongText | None = None
    category: Annotated[Text, Field(max_length=80)] | None = None
    tenant_ai_provider_id: UUID | None = None
    fallback_ai_provider_id: UUID | None = None
    system_prompt: LongText | None = None
    personality: Annotated[Text, Field(max_length=500)] | None = None
    tone: Annotated[Text, Field(max_length=200)] | None = None
    model: Annotated[Text, Field(max_length=200)] | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    max_tokens: int | None = Field(None, ge=16, le=32_000)
    is_active: bool | None = None
    is_public: bool | None = None
    allowed_domains: Origins | None = None
    settings: BotSettings | None = None
    rate_limit_per_minute: int | None = Field(None, ge=1, le=100_000)
    rate_limit_per_second: int | None = Field(None, ge=1, le=10_000)


class BotMove(Schema):
    client_id: UUID | None = Field(description="The client it belongs to from now on; null is the tenant itself.")


class BotRead(Schema):
    id: UUID
    name: str
    tenant_id: UUID
    is_active: bool
    is_public: bool
    description: str
    category: str | None
    client_id: UUID | None
    tenant_ai_provider_id: UUID | None
    fallback_ai_provider_id: UUID | None
    system_prompt: str
    personality: str
    tone: str
    model: str | None
    temperature: float
    max_tokens: int
    allowed_domains: list[str]
    settings: dict[str, Any]
    rate_limit_per_minute: int
    rate_limit_per_second: int
    deployment_status: dict[str, Any]
    revision: int
    created_at: datetime
    updated_at: datetime


class BotDatasetCreate(Schema):
    dataset_id: UUID
    is_active: bool = True
    priority: int = Field(1, ge=1, le=100)


class BotDatasetUpdate(Schema):
    is_active: bool | None = None
    priority: int | None = Field(None, ge=1, le=100)


class BotDatasetRead(Schema):
    bot_id: UUID
    dataset_id: UUID
    is_active: bool
    priority: int
    created_at: datetime


def _topics(value: list[str]) -> list[str]:
    return list(dict.fromkeys(topic.strip() for topic in value if topic.strip()))


Topic = Annotated[Text, Field(min_length=1, max_length=120)]
Topics = Annotated[list[Topic], Field(max_length=100), AfterValidator(_topics)]


class ContextSettings(Schema):
    max_conversation_history: int = Field(10, ge=0, le=50, description="Messages the bot remembers.")
    citation_required: bool = Field(True, description="An answer without a checked source is not given.")
    escalation_triggers: Topics = Field(default=[], description="What leads to a person, such as billing_dispute.")


class ScopeExample(Schema):
    """A message, and whether the bot may answer it: what the gate learns from."""

    text: Annotated[Text, Field(min_length=1, max_length=500)]
    allowed: bool


class ScopeWrite(Schema):
    strictness_level: Strictness = "moderate"
    allowed_topics: Topics = []
    forbidden_topics: Topics = []
    refusal_message: Annotated[Text, Field(max_length=1000)] | None = None
    context_settings: ContextSettings = ContextSettings()
    examples: Annotated[list[ScopeExample], Field(max_length=200)] = []


class ScopeRead(Schema):
    id: UUID
    bot_id: UUID
    strictness_level: str
    allowed_topics: list[str]
    forbidden_topics: list[str]
    refusal_message: str | None
    context_settings: dict[str, Any]
    examples: list[dict[str, Any]]
    created_at: datetime
    updated_at: datetime


class ScopeTest(Schema):
    text: Annotated[Text, Field(min_length=1, max_length=4000)]


class ScopeVerdict(Schema):
    action: Literal["allow", "refuse", "handoff"]
    reason: str
    topic: str | None
    score: float
    signals: dict[str, float]


class ReadinessItem(Schema):
    group: Literal["infrastructure", "data", "security", "testing", "monitoring"]
    key: str
    label: str
    ok: bool
    evidence: str
    todo: str = Field("", description="What to do when it is red.")


class Readiness(Schema):
    bot_id: UUID
    ready: bool
    items: list[ReadinessItem]


class OverviewWeek(Schema):
    conversations: int
    turns: int
    answered: int
    declined: int
    refused: int
    handoff: int
    up: int
    down: int


class Unanswered(Schema):
    text: str
    at: datetime
    message_id: UUID
    conversation_id: UUID


class OverviewDocument(Schema):
    document_id: UUID
    title: str
    citations: int


class OverviewStep(Schema):
    code: str
    title: str
    detail: str
    link: str = Field(description="A page of the console.")


class Overview(Schema):
    bot_id: UUID
    live: bool = Field(description="On, and open to everybody.")
    healthy: bool
    revision: int
    week: OverviewWeek
    unanswered: list[Unanswered]
    top_documents: list[OverviewDocument]
    next_steps: list[OverviewStep] = Field(description="At most three, the most urgent first.")
