"""Passages made ready: their sentences with terms and facts, each computed once and only when asked for."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from shopwright.answering.claim_terms import claim_terms, terms_without_facts
from shopwright.answering.fact_extraction import Fact, facts_in
from shopwright.answering.facts import FactIndex
from shopwright.answering.marks import plain_text
from shopwright.answering.names import words_of
from shopwright.knowledge.passages import Passage
from shopwright.nlp.lexical import analyze
from shopwright.nlp.rows import headed_rows, spoken
from shopwright.nlp.sentences import split_sentences

# A line this short without a full stop names what follows.
HEADING_CHARACTERS = 50
_ENDED = re.compile(r"[.!?…;,。！？।؟][\"'”’»)\]]*$")


@lru_cache(maxsize=8192)
def terms_of(text: str, language: str) -> tuple[str, ...]:
    """Return the search terms of a short text; the same texts come again in every turn."""
    return tuple(analyze(text, language))


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A sentence of a passage; `start` and `end` are offsets in the passage's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A sentence of a passage as claims are compared with it: its facts (offsets in `text`) and its other
    terms in order.
    """

    start: int
    end: int
    text: str
    plain: str
    is_heading: bool
    facts: tuple[Fact, ...]
    ordered: tuple[str, ...]
    terms: frozenset[str]
    index: FactIndex


class Source:
    """One passage, ready to be answered from and checked against."""

    def __init__(self, passage: Passage, language: str | None = None) -> None:
        """`language` says how to cut words; the passage's own by default."""
        self.passage = passage
        self.language = language or passage.language or "en"
        spans = passage.sentences or tuple(split_sentences(passage.text))
        self.sentences = tuple(SourceSentence(start, end, passage.text[start:end]) for start, end in spans)

    @cached_property
    def _table(self) -> tuple[Mapping[int, tuple[tuple[str, str], ...]], frozenset[int]]:
        return headed_rows([sentence.text for sentence in self.sentences])

    @property
    def rows(self) -> Mapping[int, tuple[tuple[str, str], ...]]:
        """The sentences that are rows of a table with a header, as pairs of column and cell."""
        return self._table[0]

    @property
    def table_headers(self) -> frozenset[int]:
        """The sentences that are headers of a table, or the rule below one."""
        return self._table[1]

    @property
    def context(self) -> str:
        """What the passage stands under; it counts as said in each of its sentences."""
        return f"{self.passage.title}\n{self.passage.heading}"

    @cached_property
    def context_terms(self) -> frozenset[str]:
        return frozenset(terms_of(self.context, self.language))

    @cached_property
    def sentence_terms(self) -> tuple[frozenset[str], ...]:
        rows = self.rows
        return tuple(
            frozenset(terms_of(spoken(rows[i]) if i in rows else sentence.text, self.language))
            for i, sentence in enumerate(self.sentences)
        )

    @cached_property
    def terms(self) -> frozenset[str]:
        return self.context_terms.union(*self.sentence_terms)

    @cached_property
    def facts(self) -> list[Fact]:
        return facts_in(self.passage.text, self.language)

    @cached_property
    def context_facts(self) -> list[Fact]:
        return facts_in(self.context, self.language)

    @cached_property
    def context_words(self) -> frozenset[str]:
        return words_of(self.context)

    @cached_property
    def claim_context_terms(self) -> frozenset[str]:
        return frozenset(terms_without_facts(self.context, self.context_facts, self.language))

    @cached_property
    def claim_views(self) -> tuple[ClaimView, ...]:
        return tuple(self._view(sentence) for sentence in self.sentences)

    @cached_property
    def claim_terms(self) -> frozenset[str]:
        return self.claim_context_terms.union(*(view.terms for view in self.claim_views))

    def _view(self, sentence: SourceSentence) -> ClaimView:
        facts = self.facts_within(sentence.start, sentence.end)
        plain = plain_text(sentence.text)
        ordered = (
            terms_without_facts(sentence.text, facts, self.language)
            if plain == sentence.text
            else claim_terms(plain, self.language)
        )
        index = FactIndex([*facts, *self.context_facts], f"{sentence.text}\n{self.context}")
        return ClaimView(
            sentence.start,
            sentence.end,
            sentence.text,
            plain,
            _is_heading(sentence.text, plain, has_facts=bool(facts)),
            tuple(facts),
            ordered,
            frozenset(ordered),
            index,
        )

    def facts_within(self, start: int, end: int) -> list[Fact]:
        """Return the facts of a span, with offsets in it."""
        return [
            replace(fact, start=fact.start - start, end=fact.end - start)
            for fact in self.facts
            if start <= fact.start < end
        ]

    def fact_index(self, start: int, end: int) -> FactIndex:
        """Return the facts of a span, with those of the title and the heading."""
        inside = [fact for fact in self.facts if start <= fact.start < end]
        return FactIndex(inside + self.context_facts, f"{self.passage.text[start:end]}\n{self.context}")


def _is_heading(text: str, plain: str, *, has_facts: bool) -> bool:
    if text.startswith("#"):
        return True
    return (
        not has_facts
        and not text.startswith(("-", "*", "+", "•", "|"))
        and len(plain) < HEADING_CHARACTERS
        and not _ENDED.search(plain)
        and plain[:1].isupper()
    )


class Rarity:
    """How much a term says among these sentences: one that stands in all of them says little."""

    def __init__(self, sentences: Iterable[Iterable[str]]) -> None:
        """`sentences` are sets of terms."""
        counted: Sequence[Iterable[str]] = list(sentences)
        self._most = math.log(2 + len(counted))
        self._weights: dict[str, float] = {
            term: max(0.3, 1 - math.log(1 + count / 2) / self._most)
            for term, count in Counter(term for terms in counted for term in terms).items()
        }

    def __call__(self, term: str) -> float:
        """Return 0.3 to 1."""
        return self._weights.get(term, 1.0)

    def total(self, terms: Iterable[str]) -> float:
        get = self._weights.get
        return sum(get(term, 1.0) for term in terms)
