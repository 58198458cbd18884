"""What a bot may talk about, as its owner sets it, and what was decided about one message."""

from dataclasses import dataclass, field
from typing import Literal

Strictness = Literal["strict", "moderate", "lenient"]
Action = Literal["allow", "refuse", "handoff"]


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """A bot's scope. Topics are plain words in any language; none of them is ever read as a pattern."""

    # Empty means: everything that a shop is asked.
    allowed_topics: tuple[str, ...] = ()
    forbidden_topics: tuple[str, ...] = ()
    strictness: Strictness = "moderate"
    escalation_triggers: tuple[str, ...] = ()
    # None means: `refusals.default_refusal`.
    refusal_message: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a message, and why.

    `reason` is one plain sentence for the owner, never for the customer. `topic` is the topic that decided,
    in the owner's words when it is one of theirs. `score` says how far the deciding signal was beyond its
    threshold (0 is a close call; a decision of a rule has 1). `signals` holds what was measured, for the
    turn's trace: `scope` (positive is on topic), `forbidden`, `danger`, `injection` (positive speaks for
    refusing), `retrieval`. `off_topic` says that nothing but its subject speaks against the message.
    """

    action: Action
    reason: str
    topic: str | None = None
    score: float = 0.0
    signals: dict[str, float] = field(default_factory=dict)
    off_topic: bool = False
