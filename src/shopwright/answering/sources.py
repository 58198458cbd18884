"""Passages made ready for checking: their sentences with search terms, facts and words, each computed once."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from shopwright.answering.claim_terms import claim_terms
from shopwright.answering.fact_extraction import Fact, facts_in
from shopwright.answering.facts import FactIndex
from shopwright.knowledge.passages import Passage
from shopwright.nlp.lexical import analyze, fold
from shopwright.nlp.sentences import split_sentences

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")


@lru_cache(maxsize=8192)
def terms_of(text: str, language: str) -> tuple[str, ...]:
    """Return the search terms of a short text; the same texts come again in every turn."""
    return tuple(analyze(text, language))


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, folded, whole and in their parts, with and without a plural `s`."""
    found: set[str] = set()
    for match in _WORD.finditer(text):
        word = fold(match.group().lower())
        for part in (word, *re.split(r"['’.&-]", word)):
            found.add(part)
            found.add(part.removesuffix("s"))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A sentence of a passage; `start` and `end` are offsets in the passage's text."""

    start: int
    end: int
    text: str
    terms: frozenset[str]
    language: str

    @property
    def claim_terms(self) -> tuple[str, ...]:
        """The terms a claim is compared with, in order."""
        return claim_terms(self.text, self.language)


class Source:
    """One passage, ready for checking."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.language = passage.language or "en"
        spans = passage.sentences or tuple(split_sentences(passage.text))
        self.sentences = tuple(
            SourceSentence(start, end, text, frozenset(terms_of(text, self.language)), self.language)
            for start, end, text in ((start, end, passage.text[start:end]) for start, end in spans)
        )

    @property
    def context(self) -> str:
        """What the passage stands under; it may be taken as said in each of its sentences."""
        return f"{self.passage.title}\n{self.passage.heading}"

    @cached_property
    def context_terms(self) -> frozenset[str]:
        return frozenset(terms_of(self.context, self.language))

    @cached_property
    def terms(self) -> frozenset[str]:
        return self.context_terms.union(*(sentence.terms for sentence in self.sentences))

    @cached_property
    def claim_context_terms(self) -> frozenset[str]:
        return frozenset(claim_terms(self.context, self.language))

    @cached_property
    def claim_terms(self) -> frozenset[str]:
        return self.claim_context_terms.union(*(sentence.claim_terms for sentence in self.sentences))

    @cached_property
    def facts(self) -> list[Fact]:
        return facts_in(self.passage.text, self.language)

    @cached_property
    def context_facts(self) -> list[Fact]:
        return facts_in(self.context, self.language)

    def facts_within(self, start: int, end: int) -> list[Fact]:
        """Return the facts of a span, with offsets in it."""
        return [
            replace(fact, start=fact.start - start, end=fact.end - start)
            for fact in self.facts
            if start <= fact.start and fact.end <= end
        ]

    def fact_index(self, start: int, end: int) -> FactIndex:
        """Return the facts of a span, with those of the title and the heading."""
        inside = [fact for fact in self.facts if start <= fact.start and fact.end <= end]
        return FactIndex(inside + self.context_facts, f"{self.passage.text[start:end]}\n{self.context}")

    def terms_in(self, language: str) -> "Source":
        """Return the same passage cut for another language's words."""
        return self if language == self.language else _recut(self, language)


def _recut(source: Source, language: str) -> Source:
    return Source(replace(source.passage, language=language))


class Rarity:
    """How much a term says among these passages: one that stands everywhere says little."""

    def __init__(self, sources: Sequence[Source], *, of_claims: bool = False) -> None:
        self._count = Counter(
            term
            for source in sources
            for sentence in source.sentences
            for term in (set(sentence.claim_terms) if of_claims else sentence.terms)
        )
        self._most = math.log(2 + sum(len(source.sentences) for source in sources))

    def __call__(self, term: str) -> float:
        """Return 0.3 to 1."""
        return max(0.3, 1 - math.log(1 + self._count[term] / 2) / self._most)
