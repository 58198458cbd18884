"""What a turn tells while it runs: text that was checked, and at the end the whole answer."""

from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

Outcome = Literal["answered", "declined", "refused", "handoff"]


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done: `finding`, `writing`, then with the title of the document that is looked into."""

    name: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A piece of the answer that has passed its check; it is never taken back."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer, stored; the last event of a turn."""

    session_id: str
    message_id: UUID
    answer: str
    outcome: Outcome
    citations: list[dict[str, Any]]
    usage: dict[str, Any]
    timings_ms: dict[str, float] = field(default_factory=dict)
    # What is shown beside the text, and what the customer may tap instead of typing.
    blocks: list[dict[str, Any]] = field(default_factory=list)
    quick_replies: list[str] = field(default_factory=list)


TurnEvent = Step | CheckedText | Answer
