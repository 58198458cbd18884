"""Passages made ready: their sentences with terms and facts, each computed once and only when asked for."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from shopwright.answering.claim_terms import claim_terms, same_terms, terms_without_facts
from shopwright.answering.fact_extraction import Fact, facts_in
from shopwright.answering.facts import FactIndex
from shopwright.answering.marks import plain_text
from shopwright.answering.names import words_of
from shopwright.knowledge.passages import Passage
from shopwright.nlp.rows import headed_rows, spoken
from shopwright.nlp.sentences import split_sentences

Fields = Sequence[tuple[str, str]]

# A line this short without a full stop names what follows.
HEADING_CHARACTERS = 50
# ... and one on a line of its own with an empty line below may be this long.
HEADING_LINE_CHARACTERS = 90
# Not the German "Sie", which mostly is the customer.
_GOES_ON = re.compile(
    r"(?:they|it|this|these|those|both|such|er|es|dies|diese[rsnm]?|das|beide|dazu|dafür|ils?|elles?|cela|esto|estos|"
    r"estas|questo|questi|queste|deze|dit|dat|het)\b",
    re.IGNORECASE,
)
LONGEST_ABBREVIATION = 4
_ENDED = re.compile(r"[.!?…;,。！？।؟][\"'”’»)\]]*$")
_ITEM = re.compile(r"(?:[-*+•·▪>]|\(?\d{1,3}[.)])\s")
_BELOW = re.compile(r"[ \t]*\n[ \t]*\n")
# A row of a table as it is stored: "Name: Fern Tent; Price: 129.00; Sizes: one size".
_NEXT_FIELD = re.compile(r"; (?=[^:;]{1,60}: )")
FEWEST_COLUMNS, LONGEST_COLUMN = 2, 60


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

    @cached_property
    def fields(self) -> Mapping[int, Fields]:
        """The sentences that are rows, as pairs of column and cell; a cell without a column has an empty one."""
        is_row = self.passage.kind == "row"
        return {
            i: fields
            for i, sentence in enumerate(self.sentences)
            if i not in self.table_headers
            and (fields := self.rows.get(i) or _stored_fields(sentence.text, is_row=is_row))
        }

    @cached_property
    def headings(self) -> frozenset[int]:
        """The sentences that only name what follows: headings, questions of an FAQ, lines ending in a colon."""
        return self.table_headers | {i for i in range(len(self.sentences)) if self._names_what_follows(i)}

    def _names_what_follows(self, i: int) -> bool:
        text = self.sentences[i].text.rstrip()
        if text.startswith("#") or (text.endswith((":", "：")) and not is_item(text)):
            return True
        if i in self.fields or is_item(text) or len(text) > HEADING_LINE_CHARACTERS:
            return False
        if text.endswith(("?", "？", "؟")):
            return i + 1 < len(self.sentences)
        if _ENDED.search(text):
            return False
        below = _BELOW.match(self.passage.text, self.sentences[i].end)
        return (below is not None and self._begins_line(i)) or (text.isupper() and len(text) > LONGEST_ABBREVIATION)

    def _begins_line(self, i: int) -> bool:
        before = self.passage.text[: self.sentences[i].start].rstrip(" \t")
        return not before or before.endswith("\n")

    def above(self, i: int) -> tuple[int, ...]:
        """The headings that a sentence stands under in the passage: the nearest ones that follow one another."""
        found: list[int] = []
        for j in range(i - 1, -1, -1):
            if j in self.headings:
                found.append(j)
            elif found:
                break
        return tuple(reversed(found))

    @property
    def context(self) -> str:
        """What the passage stands under; it counts as said in each of its sentences."""
        return f"{self.passage.title}\n{self.passage.heading}"

    @cached_property
    def context_terms(self) -> frozenset[str]:
        return frozenset(same_terms(self.context, self.language))

    @cached_property
    def sentence_terms(self) -> tuple[frozenset[str], ...]:
        """The terms of each sentence, synonyms of shops brought to one; a row is read with its columns."""
        rows = self.rows
        return tuple(
            frozenset(same_terms(spoken(rows[i]) if i in rows else sentence.text, self.language))
            for i, sentence in enumerate(self.sentences)
        )

    @cached_property
    def terms(self) -> frozenset[str]:
        return self.context_terms.union(*self.sentence_terms)

    @cached_property
    def words(self) -> frozenset[str]:
        return words_of(self.passage.text) | self.context_words

    @cached_property
    def rarity(self) -> "Rarity":
        return Rarity(self.sentence_terms)

    def terms_above(self, i: int) -> frozenset[str]:
        """The terms of all that a sentence stands under."""
        return self.context_terms.union(*(self.sentence_terms[j] for j in self.above(i)))

    def terms_told(self, i: int) -> frozenset[str]:
        """The terms of a sentence and what it stands under; of the one before it too, if it goes on about that."""
        told = self.terms_above(i) | self.sentence_terms[i]
        return told | self.sentence_terms[i - 1] if self.goes_on(i) else told

    def goes_on(self, i: int) -> bool:
        """Say whether a sentence begins with a word for something in the one before: "They cost more."."""
        if i == 0 or i - 1 in self.headings or i - 1 in self.fields or is_item(self.sentences[i].text):
            return False
        return bool(_GOES_ON.match(self.sentences[i].text))

    def terms_near(self, i: int) -> frozenset[str]:
        """The terms of a sentence of prose, of those beside it and of all that it stands under."""
        beside = [j for j in (i - 1, i, i + 1) if 0 <= j < len(self.sentences) and j not in self.fields]
        return self.terms_above(i).union(*(self.sentence_terms[j] for j in beside))

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


def is_item(text: str) -> bool:
    """Say whether a sentence is an item of a list."""
    return bool(_ITEM.match(text))


def _stored_fields(text: str, *, is_row: bool) -> Fields:
    """The columns and cells of a row as it is stored, or nothing for other texts."""
    if "; " not in text:
        return ()
    pieces = _NEXT_FIELD.split(" ".join(text.split()))
    pairs = [tuple(piece.split(": ", 1)) if ": " in piece else ("", piece) for piece in pieces]
    if any(len(pair[0]) > LONGEST_COLUMN for pair in pairs):
        return ()
    named = sum(bool(pair[0]) for pair in pairs)
    enough = len(pairs) >= FEWEST_COLUMNS and (named == len(pairs) or (is_row and named == len(pairs) - 1))
    return tuple((pair[0], pair[1]) for pair in pairs) if enough else ()


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
        self._counts = Counter(chain.from_iterable(counted))
        self._weights: dict[int, float] = {0: 1.0}

    def __call__(self, term: str) -> float:
        """Return 0.3 to 1."""
        count = self._counts.get(term, 0)
        weight = self._weights.get(count)
        if weight is None:
            weight = self._weights[count] = max(0.3, 1 - math.log(1 + count / 2) / self._most)
        return weight

    def total(self, terms: Iterable[str]) -> float:
        return sum(map(self, terms))
