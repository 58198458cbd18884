"""Attempts to make the bot drop its instructions or reveal them.

Documents and messages are data, never instructions: the writers keep to that. This is the alarm in front of
them, so that such a message costs nothing and is seen in the trace. The signs are in
`texts/injection.yaml`.
"""

from dataclasses import dataclass
from functools import cache

from shopwright.understanding.patterns import Pattern, compile_any
from shopwright.understanding.text import plain
from shopwright.understanding.texts import load

# A sign of this weight stands alone; weaker ones must come together.
THRESHOLD = 1.0
# Longer than what customers write: here a persona and demands on the answer's form weigh half as much again.
LONG_CHARACTERS = 500
LONG_WEIGHT = 1.5
INNOCENT_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Injection:
    """What was found: `score` is at least 1; the names of the signs, strongest first."""

    score: float
    signs: tuple[str, ...]


def detect_injection(text: str) -> Injection | None:
    """Return the signs that a message attacks the bot's instructions, or None.

    About 0.1 ms for a message of a customer's usual length, 2 ms for a page.
    """
    message = plain(text)
    found: dict[str, float] = {}
    for sign, weight, pattern in _signs():
        if pattern.search(message):
            found[sign] = max(found.get(sign, 0.0), weight)
    if not found:
        return None
    factor = LONG_WEIGHT if len(message) > LONG_CHARACTERS else 1.0
    score = sum(weight if weight >= THRESHOLD else weight * factor for weight in found.values())
    if len(found) == 1 and _innocent().search(message):
        score -= INNOCENT_WEIGHT
    if score < THRESHOLD:
        return None
    return Injection(score, tuple(sorted(found, key=lambda sign: -found[sign])))


@cache
def _signs() -> tuple[tuple[str, float, Pattern], ...]:
    known = load("injection")
    words = {"instructions": [known["instructions"]]}
    return tuple((s["sign"], float(s["weight"]), compile_any(s["patterns"], words)) for s in known["signs"])


@cache
def _innocent() -> Pattern:
    return compile_any(load("injection")["innocent"])
