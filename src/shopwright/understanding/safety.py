"""Requests that are refused in every scope: what their words say. Vectors are compared in `gate`.

The words are in `texts/danger_english.yaml` and, for the gravest requests in other languages,
`texts/danger.yaml`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from shopwright.understanding.patterns import Pattern, compile_any
from shopwright.understanding.text import plain
from shopwright.understanding.texts import load

# These are no less grave for standing in a game or a question about a word.
_ALWAYS = ("self_harm", "abuse", "stalking", "hate")


@dataclass(frozen=True, slots=True)
class Danger:
    """A dangerous request; `topic` is an id of the catalogue's `danger.yaml`."""

    topic: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    elsewhere: tuple[tuple[str, Pattern], ...]
    english: tuple[tuple[str, Pattern, Pattern | None], ...]
    others_data: Pattern
    argue: Pattern
    harmless: Pattern


def detect_danger(text: str) -> Danger | None:
    """Return what a message dangerously asks for, or None. About 0.1 ms.

    Only what is asked counts: "what is terrorism?" or "how do I steal a car in GTA?" are harmless here,
    though the scope may still find them off topic.
    """
    message, known = plain(text), _patterns()
    for topic, pattern in known.elsewhere:
        if pattern.search(message):
            return Danger(topic)
    harmless: bool | None = None
    for topic, pattern, exception in known.english:
        if not pattern.search(message) or (exception and exception.search(message)):
            continue
        if topic in _ALWAYS:
            if topic != "hate" or known.argue.search(message):
                return Danger(topic)
            continue
        if harmless is None:
            harmless = sounds_harmless(message)
        if not harmless:
            return Danger(topic)
    return None


def sounds_harmless(message: str) -> bool:
    """Whether a `plain` English message is about a game, a story, history or the meaning of a word."""
    return _patterns().harmless.search(message) is not None


def asks_for_others_data(message: str) -> bool:
    """Whether a `plain` English message asks for what belongs to another customer or to staff."""
    return _patterns().others_data.search(message) is not None


@cache
def _patterns() -> _Patterns:
    """Compile the expressions (0.1 s), at the first message or by `gate.TopicGate.build`."""
    english: dict[str, Any] = load("danger_english")
    words: dict[str, list[str]] = english["words"]
    return _Patterns(
        elsewhere=tuple((topic, compile_any(some)) for topic, some in load("danger")["patterns"].items()),
        english=tuple(
            (topic, compile_any(rule["patterns"], words), compile_any(rule["not"]) if "not" in rule else None)
            for topic, rule in english["topics"].items()
        ),
        others_data=compile_any(english["others_data"], words),
        argue=compile_any(english["argue"]),
        harmless=compile_any(english["harmless"]),
    )
