"""Whether words of a question are said by the words of a text: by themselves, by relatives, or as a compound."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from shopwright.answering.claim_terms import same_terms
from shopwright.answering.question_words import COMPOUNDING, KINDS_OF

# Words that begin alike for this many letters, and end differently for at most so many, are of one family.
ROOT, ENDING = 5, 3
# A part of a compound has at least this many letters, and a compound two of them.
PART = 4


@dataclass(frozen=True, slots=True)
class _Ways:
    """How a term may be said: by one of these words, or by a word of each side of a pair."""

    words: frozenset[str]
    pairs: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()


class Vocabulary:
    """All terms of some texts, ready to be asked which of them say a term of a question.

    "Akku" is said by "Akkutausch", "Versandkosten" by "Versand" and "Kosten" together, "Visa" by "card" and "card" by
    "Visa". Looking is done once for each term; the texts are then compared by sets.
    """

    def __init__(self, terms: Iterable[str], language: str) -> None:
        """`terms` are those of the texts (`claim_terms.same_terms`)."""
        self._terms = frozenset(terms)
        self._joined = "\n".join(["", *self._terms, ""])
        self._language = language
        self._ways: dict[str, _Ways] = {}

    def says(self, terms: frozenset[str], term: str) -> bool:
        """Say whether some of the terms say a term of the question."""
        ways = self._ways.get(term)
        if ways is None:
            ways = self._ways[term] = self._look(term)
        if not ways.words.isdisjoint(terms):
            return True
        return any(not one.isdisjoint(terms) and not other.isdisjoint(terms) for one, other in ways.pairs)

    def _look(self, term: str) -> _Ways:
        words = {term} | _kin(self._language).get(term, frozenset())
        if len(term) < PART or not term.isalpha():
            return _Ways(frozenset(words))
        words.update(other for other in self._with(term) if other.startswith(term) or other.endswith(term))
        if len(term) >= ROOT:
            words.update(other for other in self._with(f"\n{term[:ROOT]}") if _one_family(term, other))
        return _Ways(frozenset(words), self._pairs(term))

    def _with(self, piece: str) -> set[str]:
        """The terms that hold a piece of text; one that starts with a line break begins the term."""
        found: set[str] = set()
        at = self._joined.find(piece)
        while at >= 0:
            start = self._joined.rfind("\n", 0, at + 1) + 1
            end = self._joined.index("\n", at + 1)
            found.add(self._joined[start:end])
            at = self._joined.find(piece, end)
        return found

    def _pairs(self, term: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
        if self._language not in COMPOUNDING:
            return ()
        pairs = []
        for cut in range(PART, len(term) - PART + 1):
            if not (head := self._part(term[:cut])):
                continue
            # "Akku+tausch", "Versand+s+kosten"
            joints = [cut, cut + 1] if term[cut] in "sn" else [cut]
            if tail := set[str]().union(*(self._part(term[joint:]) for joint in joints)):
                pairs.append((frozenset(head), frozenset(tail)))
        return tuple(pairs)

    def _part(self, part: str) -> set[str]:
        """The terms that may be a part of a compound, with a letter or two more at their end."""
        found = self._terms.intersection(same_terms(part, self._language))
        if len(part) >= PART:
            found |= {other for other in self._with(f"\n{part}") if len(other) - len(part) <= 2}
        return set(found)


def _one_family(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= ROOT and long.startswith(short) and len(long) - len(short) <= ENDING


@lru_cache(maxsize=32)
def _kin(language: str) -> dict[str, frozenset[str]]:
    kin: dict[str, frozenset[str]] = {}
    for general, special in KINDS_OF.get(language, {}).items():
        kinds, things = frozenset(same_terms(general, language)), frozenset(same_terms(special, language))
        kin |= {term: kin.get(term, frozenset()) | things for term in kinds}
        kin |= {term: kin.get(term, frozenset()) | kinds for term in things}
    return kin
