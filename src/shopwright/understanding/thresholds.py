"""Where the lines are. Chosen on messages of our own and checked across sources (`bench/scopes.py`).

All are differences of mean likeness between two sets of examples, so they hold for any embedder whose
vectors have length 1; `retrieval_*` are likenesses to passages.
"""

from dataclasses import dataclass

from shopwright.nlp.embedding import USE_LANGUAGES


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


# Most examples are English, and small models know English best; elsewhere the sets lie closer together.
ENGLISH = Thresholds(off_topic=0.0, on_topic=0.0, forbidden=0.0, danger=0.05, injection=0.05)
KNOWN = Thresholds(off_topic=-0.01, on_topic=0.0, forbidden=0.01, danger=0.03, injection=0.05)
# In a language the local models hardly know, likeness means little: only what is plain is refused.
UNKNOWN = Thresholds(off_topic=-0.03, on_topic=-0.02, forbidden=0.02, danger=0.06, injection=0.06)


def thresholds(language: str | None) -> Thresholds:
    if language in (None, "en"):
        return ENGLISH
    return KNOWN if language in USE_LANGUAGES else UNKNOWN


# Likeness of a message to the bare name of a forbidden topic that the catalogue does not know.
FORBIDDEN_NAME = 0.5
# Of one that it knows, whose messages say more than its name: only "Can you help me with politics?" counts.
FORBIDDEN_NAME_KNOWN = 0.8

# From this likeness on, the bot's own knowledge speaks for a message, and counts half of what it exceeds.
RETRIEVAL_FROM = 0.35
RETRIEVAL_WEIGHT = 0.5
# From this likeness on, the knowledge answers the question even in `strict`.
RETRIEVAL_ANSWERS = 0.47
# What is this close to everyday examples is what the shop is about ("recipes" for a spice shop).
KNOWLEDGE_COVERS = 0.45
# A follow-up of up to this many words depends on what was said before, and has this much more room.
FOLLOW_UP_WORDS = 5
FOLLOW_UP_ROOM = 0.12
# One or two words say little: "office", "red xl".
FEW_WORDS = 2
FEW_WORDS_ROOM = 0.06
