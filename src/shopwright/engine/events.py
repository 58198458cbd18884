"""What a turn tells while it runs: text that was checked, and at the end the whole answer."""

from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

Outcome = Literal["answered", "declined", "refused", "handoff"]


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done: `finding`, `writing`."""

    name: str


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


TurnEvent = Step | CheckedText | Answer
