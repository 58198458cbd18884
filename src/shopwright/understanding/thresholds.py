"""Where the lines are. Chosen on messages of our own and checked across sources (`bench/scopes.py`).

All are differences of mean likeness between two sets of examples, so they hold for any embedder whose vectors have
length 1; `retrieval_*` are likenesses to passages.
"""

from dataclasses import dataclass

from shopwright.understanding.reference import ENGLISH, OTHER


@dataclass(frozen=True, slots=True)
class Thresholds:
    # A message is off topic below this (moderate): clearly nearer to what shops are not for.
    off_topic: float
    # A message is on topic above this (strict): nearer to the allowed topics than to all others.
    on_topic: float
    # A forbidden, dangerous or instructing message is ahead of all others by more than this.
    forbidden: float
    danger: float
    injection: float
    # Likeness to the bare name of a forbidden topic that the catalogue does not know.
    forbidden_name: float


THRESHOLDS: dict[str, Thresholds] = {
    ENGLISH: Thresholds(
        off_topic=-0.01, on_topic=0.0, forbidden=0.0, danger=0.05, injection=0.05, forbidden_name=0.5
    ),
    OTHER: Thresholds(
        off_topic=-0.02, on_topic=0.0, forbidden=0.01, danger=0.03, injection=0.05, forbidden_name=0.5
    ),
}

# From this likeness on, the bot's own knowledge speaks for a message, and counts half of what it exceeds.
RETRIEVAL_FROM = 0.35
RETRIEVAL_WEIGHT = 0.5
# From this likeness on, the knowledge answers the question even in `strict`.
RETRIEVAL_ANSWERS = 0.5
# What is this close to everyday examples is what the shop is about ("recipes" for a spice shop).
KNOWLEDGE_COVERS = 0.45
# A follow-up of up to this many words depends on what was said before, and has this much more room.
FOLLOW_UP_WORDS = 5
FOLLOW_UP_ROOM = 0.12
# One or two words say little: "office", "red xl".
FEW_WORDS = 2
FEW_WORDS_ROOM = 0.06
