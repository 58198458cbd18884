"""Which words of a sentence are turned round by a negation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from shopwright.answering import claim_words as words
from shopwright.nlp.lexical import analyze

# A negation reaches this many words on, within its clause.
REACH_WORDS = 8
# ... and this many back, where the language puts it behind ("gilt nicht")
REACH_BACK_WORDS = 3
# Sentences that share this much of their words say the same or the opposite.
NEARLY_THE_SAME = 0.85

_TOKEN = re.compile(r"n['’]t\b|\d[\d.,]*(?<=\d)|[^\W\d_]+(?:['’](?=[^\W\d_]{3}))?|[;:()\[\]–—.!?,]")
_CLAUSE_STARTERS = frozenset(
    [
        "but",
        "however",
        "although",
        "though",
        "while",
        "whereas",
        "unless",
        "if",
        "when",
        "because",
        "so",
        "which",
        "who",
        "where",
        "then",
        "instead",
        "aber",
        "sondern",
        "wenn",
        "weil",
        "falls",
        "sofern",
        "obwohl",
        "während",
        "mais",
        "si",
        "quand",
        "car",
        "lorsque",
        "qui",
        "pero",
        "sino",
        "cuando",
        "porque",
        "ma",
        "quando",
        "perché",
        "maar",
        "als",
        "omdat",
        "terwijl",
        "mas",
        "quando",
        "ale",
        "jeśli",
        "gdy",
    ]
)
_STRONG_MARKS = frozenset(";:()[]–—.!?")
_ABBREVIATED_NOT = re.compile(r"(?<=[a-z])n['’]t\b|\bcannot\b|\bcan ?not\b", re.IGNORECASE)
_FREE = re.compile(
    r"\b(?:free of charge|(?:at )?(?:no|without) (?:an? )?(?:extra |additional |further )?(?:charges?|"
    r"costs?|fees?))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Polarity:
    """The search terms of a text, apart by whether a negation reaches them; a term may be in both."""

    turned: frozenset[str]
    straight: frozenset[str]
    # for each negation the terms it reaches, nearest first
    reaches: tuple[tuple[str, ...], ...] = ()


@lru_cache(maxsize=4096)
def polarity(text: str, language: str) -> Polarity:
    """Split the terms of a text by negation."""
    negators = words.NEGATORS.get(language) or words.NEGATORS["en"]
    plain = words.NOT_A_NEGATION.sub(" ", text)
    if language == "en":
        plain = _ABBREVIATED_NOT.sub(" not", plain)
        plain = _FREE.sub("free", plain)
    lowered = plain.lower()
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(lowered)]
    at = [i for i, (token, _, _) in enumerate(tokens) if token.rstrip("'’") in negators]
    if not at:
        return Polarity(frozenset(), frozenset(analyze(plain, language)))
    reached = [False] * len(tokens)
    reaches = []
    for i in at:
        words_on = _reach(tokens, i, reached, 1, REACH_WORDS)
        if language in words.NEGATOR_BEHIND:
            words_on += _reach(tokens, i, reached, -1, REACH_BACK_WORDS)
        reaches.append(tuple(analyze(" ".join(words_on), language)))
    turned: list[str] = []
    straight: list[str] = []
    for (_, start, end), is_turned in zip(tokens, reached, strict=True):
        (turned if is_turned else straight).append(plain[start:end])
    return Polarity(
        frozenset(analyze(" ".join(turned), language)),
        frozenset(analyze(" ".join(straight), language)),
        tuple(reaches),
    )


def _reach(tokens: list[tuple[str, int, int]], at: int, reached: list[bool], step: int, limit: int) -> list[str]:
    words_on: list[str] = []
    i = at + step
    while 0 <= i < len(tokens) and len(words_on) < limit:
        word = tokens[i][0]
        if word in _STRONG_MARKS or word in _CLAUSE_STARTERS:
            break
        if word != ",":
            reached[i] = True
            words_on.append(word)
        i += step
    return words_on


def denies(claim: Polarity, sources: Sequence[Polarity]) -> bool:
    """Say whether a claim denies what the sources state, or states what one of them denies.

    What a negation of the claim reaches first must be reached by one in the sources, if it stands there at
    all; what one of a source reaches first, by one of the claim.
    """
    if len(sources) == 1 and _nearly_the_same(claim, sources[0]):
        return len(claim.reaches) != len(sources[0].reaches)
    stated = frozenset().union(*(source.turned | source.straight for source in sources))
    denied = frozenset().union(*(source.turned for source in sources))
    for reach in claim.reaches:
        nearest = next((term for term in reach if term in stated), None)
        if nearest is not None and nearest not in denied:
            return True
    mine = claim.turned | claim.straight
    for source in sources:
        for reach in source.reaches:
            nearest = next((term for term in reach if term in mine), None)
            if nearest is not None and nearest not in claim.turned and nearest not in source.straight:
                return True
    return False


def _nearly_the_same(one: Polarity, other: Polarity) -> bool:
    mine, theirs = one.turned | one.straight, other.turned | other.straight
    return len(mine & theirs) >= NEARLY_THE_SAME * max(len(mine), len(theirs), 1)
