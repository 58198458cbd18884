"""Whether the facts and words of a sentence stand beside the same things in its source.

A source that says "standard 4.90, express 9.90" holds both numbers, and still does not say that standard
delivery costs 9.90. So a fact must stand nearer to its own words than another fact of its kind does.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shopwright.answering.claim_terms import claim_terms
from shopwright.answering.facts import Fact, states

Weigh = Callable[[str], float]

# A fact is misplaced when another of its kind shares this many times as much with the sentence.
MUCH_NEARER = 1.15
# ... and at least the weight of about one telling word
LEAST_SHARED = 0.8
# How much a shared fact tells, such as the weekday beside opening hours.
FACT_WEIGHT = 1.5
SENTENCE_SHARE = 0.5
BESIDE_WEIGHT = 0.7
FACT = "\x00"

_BREAK = re.compile(
    r"[,;|](?=\s|$)|[.!?](?=\s|$)|\n|[()]|\s(?:and|but|or|while|whereas|und|oder|aber|sowie|während|et|ou|mais|"
    r"y|o|pero|e|ma|en|of|maar|i|oraz|ale)(?=\s)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?](?=\s|$)|\n")
_NUMERIC = frozenset({"number", "quantity", "money", "percent", "ordinal"})


def misplaced(
    claim: str,
    claim_facts: Sequence[Fact],
    source: str,
    source_facts: Sequence[Fact],
    *,
    language: str,
    weigh: Weigh,
) -> str:
    """Return a fact of the claim that its source says of something else, or an empty string.

    `source_facts` have offsets in `source`.
    """
    for fact in claim_facts:
        if fact.kind not in _NUMERIC and fact.kind not in {"date", "time"}:
            continue
        rivals = [other for other in source_facts if _comparable(fact, other)]
        same = [other for other in rivals if states(other, fact)]
        others = [
            other for other in rivals if other not in same and not any(states(other, mine) for mine in claim_facts)
        ]
        if not same or not others:
            continue
        around = _around(claim, fact, claim_facts, language)
        nearest = max(_shared(around, _around(source, other, source_facts, language), weigh) for other in same)
        rival = max(_shared(around, _around(source, other, source_facts, language), weigh) for other in others)
        if rival >= LEAST_SHARED and rival > MUCH_NEARER * nearest:
            return fact.text
    return ""


def has_rival(fact: Fact, source_facts: Sequence[Fact], claim_facts: Sequence[Fact]) -> bool:
    """Say whether a source has another value of this kind and unit, which the claim does not mention."""
    return any(
        other.kind == fact.kind and other.unit == fact.unit and not any(states(other, mine) for mine in claim_facts)
        for other in source_facts
    )


def swapped_word(claim: Sequence[str], source: Sequence[str], new: frozenset[str], known: frozenset[str]) -> str:
    """Return a term that stands where the source has another, or an empty string.

    `claim` and `source` are the terms of both in order, `new` the terms of the claim that the source lacks,
    `known` all terms of the claim.
    """
    for i, term in enumerate(claim):
        if term not in new:
            continue
        before, after = claim[max(0, i - 2) : i], claim[i + 1 : i + 3]
        for at, other in enumerate(source):
            if other in known:
                continue
            left = _equal_from_end(before, source[max(0, at - 2) : at])
            right = _equal_from_start(after, source[at + 1 : at + 3])
            if (left and right) or left == 2 or right == 2:
                return term
    return ""


def _equal_from_end(one: Sequence[str], other: Sequence[str]) -> int:
    return _equal_from_start(one[::-1], other[::-1])


def _equal_from_start(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _comparable(one: Fact, other: Fact) -> bool:
    if one.kind in _NUMERIC and other.kind in _NUMERIC:
        return not one.unit or not other.unit or one.unit == other.unit
    return one.kind == other.kind


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a fact: the terms next to it, in its part of the sentence, and in all of it."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    part: frozenset[str]
    sentence: frozenset[str]


def _around(text: str, fact: Fact, facts: Sequence[Fact], language: str) -> _Around:
    start, end = _part(text, fact, _BREAK)
    part = _words_between(text, (start, end), fact, facts, language)
    sentence = _words_between(text, _part(text, fact, _SENTENCE), fact, facts, language)
    return _Around(
        claim_terms(text[start : fact.start], language)[-1:],
        claim_terms(text[fact.end : end], language)[:1],
        part if len(part) > 1 else sentence,
        sentence,
    )


def _part(text: str, fact: Fact, breaks: re.Pattern[str]) -> tuple[int, int]:
    start, end = 0, len(text)
    for match in breaks.finditer(text):
        if match.end() <= fact.start:
            start = match.end()
        elif match.start() >= fact.end:
            end = match.start()
            break
    return start, end


def _words_between(
    text: str, span: tuple[int, int], fact: Fact, facts: Sequence[Fact], language: str
) -> frozenset[str]:
    """Return the terms of a span and, marked as such, its other facts: "Lumo 2" is not "Lumo 3"."""
    start, end = span
    terms = set(claim_terms(text[start:end], language))
    for other in facts:
        if other != fact and start <= other.start and other.end <= end and not _comparable_kind(fact, other):
            terms |= {f"{FACT}{other.kind} {value}" for value in other.values}
    return frozenset(terms)


def _comparable_kind(one: Fact, other: Fact) -> bool:
    return one.kind == other.kind and one.unit == other.unit


def _shared(one: _Around, other: _Around, weigh: Weigh) -> float:
    beside = bool(one.before and one.before == other.before) + bool(one.after and one.after == other.after)
    return (
        _weight(one.part & other.part, weigh)
        + SENTENCE_SHARE * _weight(one.sentence & other.sentence, weigh)
        + BESIDE_WEIGHT * beside
    )


def _weight(terms: frozenset[str], weigh: Weigh) -> float:
    return sum(FACT_WEIGHT if term.startswith(FACT) else weigh(term) for term in terms)
