"""The writer that needs no language model: it answers with the passages' best sentences, word for word."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shopwright.answering.answerability import assess
from shopwright.answering.asked import understand
from shopwright.answering.choosing import Candidate, choose, nearby, rank
from shopwright.answering.citations import Citation, CitationList, CitationStyle
from shopwright.answering.names import words_of
from shopwright.answering.rows import readable_fields, shown_fields
from shopwright.answering.sources import Source, is_item
from shopwright.answering.templates import declined, lead_in, not_mentioned
from shopwright.knowledge.passages import Passage

ResponseFormat = Literal["helpful_and_detailed", "concise", "bullet_points"]
Strictness = Literal["strict", "moderate", "lenient"]

# How sure the composer must be that the passages answer. Chosen on bench/grounding.py.
THRESHOLDS: dict[Strictness, float] = {"strict": 0.6, "moderate": 0.5, "lenient": 0.35}
# A question that names something the passages do not hold is likely not answered by them.
MISSING_NAME_FACTOR = 0.6
MOST_SENTENCES: dict[ResponseFormat, int] = {"helpful_and_detailed": 3, "concise": 1, "bullet_points": 3}


@dataclass(frozen=True, slots=True)
class ComposedSentence:
    """A quoted sentence.

    `text` is `passages[passage].text[start:end]`, but for table bars and list signs, the fields of a row that do not
    answer, and the heading before an item of a list.
    """

    text: str
    passage: int
    span: tuple[int, int]
    number: int


@dataclass(frozen=True, slots=True)
class Composition:
    """An extractive answer.

    `answered` is false when the passages do not answer the question well enough. Then `text` says so, with a `note` of
    what they do not mention, and `nearby`, what they say of it for another year, place or model; both may be empty.
    `citations` are those of the text, and `sentences` the quoted ones or, where nothing is quoted, the likeliest.
    `confidence` is 0 to 1. `missing` are the names and details of the question that the passages do not hold.
    """

    text: str
    answered: bool
    confidence: float
    sentences: tuple[ComposedSentence, ...]
    citations: tuple[Citation, ...]
    missing: tuple[str, ...]
    note: str = ""
    nearby: str = ""


def compose(
    question: str,
    question_vector: NDArray[np.float32] | None,
    passages: Sequence[Passage],
    *,
    language: str = "en",
    response_format: ResponseFormat = "helpful_and_detailed",
    citation_style: CitationStyle = "numbered",
    strictness: Strictness = "moderate",
    known_names: Sequence[str] = (),
) -> Composition:
    """Answer a question with one to three sentences of the passages.

    Args:
        question: as the customer wrote it, follow-ups already made complete.
        question_vector: an embedder's query vector, or None to go by words alone.
        passages: best first; those without sentence vectors are judged by words alone.
        language: of the question; the words around the quotation are in it.
        response_format: how long and in which shape.
        citation_style: how citations look in the text.
        strictness: how sure the composer must be.
        known_names: names that need not stand in a passage, such as the shop's own.
    """
    sources = [Source(passage) for passage in passages]
    asked = understand(question, language)
    found = assess(question, question_vector, sources, language, known_names, asked.places)
    ranked = rank(question, asked, language, found, sources)
    about = found.confidence * (MISSING_NAME_FACTOR if found.missing else 1.0)
    confidence = _lowered(about, ranked[0].fit.doubt) if ranked else about
    writer = _Writer(sources, language, response_format, citation_style)
    chosen = choose(ranked, sources, MOST_SENTENCES[response_format])
    if ranked and ranked[0].answers and confidence >= THRESHOLDS[strictness]:
        sentences = writer.quote(chosen)
        text = writer.layout(sentences)
        if found.missing:
            text = f"{text}\n\n{not_mentioned(language, list(found.missing))}"
        text = writer.with_footer(text)
        return Composition(text, True, confidence, tuple(sentences), writer.citations(), found.missing)
    missing = (*found.missing, *_unsaid(ranked, sources))
    about_it = found.confidence >= THRESHOLDS[strictness]
    sentences = writer.quote(nearby(ranked)) if about_it and all(s.language == language for s in sources) else []
    near = writer.with_footer(writer.layout(sentences)) if sentences else ""
    missing = tuple(dict.fromkeys(missing))
    note = not_mentioned(language, list(missing)) if about_it and missing else ""
    text = " ".join(filter(None, [declined(language), note]))
    text = "\n\n".join(filter(None, [text, near]))
    citations = writer.citations()
    sentences = sentences or writer.quote(chosen)
    return Composition(text, False, confidence, tuple(sentences), citations, missing, note, near)


def _unsaid(ranked: Sequence[Candidate], sources: Sequence[Source]) -> list[str]:
    """What the likeliest sentence lacks, if a word of it stands in none of the passages."""
    if not ranked or ranked[0].answers:
        return []
    said = frozenset[str]().union(*(source.words for source in sources))
    return [name for name in ranked[0].fit.unmet if not words_of(name) <= said]


def _lowered(confidence: float, doubt: float) -> float:
    """A confidence with its log odds lowered."""
    return confidence / (confidence + (1 - confidence) * math.exp(doubt))


class _Writer:
    """Quotes sentences and puts them into one text with their citations."""

    def __init__(
        self, sources: Sequence[Source], language: str, response_format: ResponseFormat, citation_style: CitationStyle
    ) -> None:
        self._sources, self._language, self._format = sources, language, response_format
        # The heading of the item that was quoted last.
        self._said = ""
        self._list = CitationList([source.passage for source in sources], citation_style)

    def quote(self, candidates: Sequence[Candidate]) -> list[ComposedSentence]:
        return [self._quote(candidate) for candidate in candidates]

    def _quote(self, candidate: Candidate) -> ComposedSentence:
        source = self._sources[candidate.passage]
        place = source.sentences[candidate.sentence]
        span = (place.start, place.end)
        fields = source.fields.get(candidate.sentence)
        text = (
            readable_fields(shown_fields(fields, candidate.fit.fields, source.language))
            if fields
            else readable(place.text)
        )
        heading = self._heading(candidate.passage, candidate.sentence) if is_item(place.text) else ""
        if heading and heading != self._said:
            # "Opened gas cartridges" says nothing without "What cannot be returned".
            text = f"{heading.removesuffix(':')}: {text}"
        self._said = heading
        return ComposedSentence(text, candidate.passage, span, self._list.cite(candidate.passage, span))

    def _heading(self, passage: int, sentence: int) -> str:
        """What a sentence stands under: the line above it in the passage, else the passage's own heading."""
        source = self._sources[passage]
        if above := source.above(sentence):
            return readable(source.sentences[above[-1]].text)
        return source.passage.heading.rpartition("›")[2].strip()

    def layout(self, sentences: Sequence[ComposedSentence]) -> str:
        if self._format == "bullet_points":
            return "\n".join(f"- {self._list.mark(sentence.text, [sentence.number])}" for sentence in sentences)
        groups = [list(group) for _, group in groupby(sentences, key=self._document)]
        if len(groups) == 1 or not all(self._title(group[0]) for group in groups):
            body = self._body(sentences)
            title = self._title(sentences[0])
            framed = len(groups) == 1 and title and self._format == "helpful_and_detailed"
            return f"{lead_in(self._language, title)}\n\n{body}" if framed else body
        # Out of its document a sentence may seem to hold for everything.
        return "\n".join(f"**{self._title(group[0])}**: {self._body(group)}" for group in groups)

    def _body(self, sentences: Sequence[ComposedSentence]) -> str:
        # One marker where neighbours share it: "A. B. [1] C. [2]"
        parts = []
        for i, sentence in enumerate(sentences):
            last = i + 1 == len(sentences) or sentences[i + 1].number != sentence.number
            parts.append(self._list.mark(sentence.text, [sentence.number]) if last else sentence.text)
        return _joined(parts)

    def _document(self, sentence: ComposedSentence) -> object:
        return self._sources[sentence.passage].passage.document_id

    def _title(self, sentence: ComposedSentence) -> str:
        return self._sources[sentence.passage].passage.title

    def with_footer(self, text: str) -> str:
        footer = self._list.footer()
        return f"{text}\n\n{footer}" if footer else text

    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._list.citations())


def readable(text: str) -> str:
    """Take a sentence out of its list, table or wrapped lines; not a word changes."""
    text = re.sub(r"^\s*(?:[-*+•>]|#{1,6}|\(?\d{1,3}[.)])\s+", "", text)
    if text.startswith("|"):  # of a table without a header
        text = " · ".join(cell.strip() for cell in text.strip("| ").split("|") if cell.strip())
    return " ".join(text.split())


def _joined(parts: Sequence[str]) -> str:
    """Put sentences in a row; rows of a table and items of a list keep their own lines."""
    text = parts[0]
    for part in parts[1:]:
        ended = re.search(r"[.!?…。！？।؟:][\"'”’»)]*(?:\s?(?:\[\d+\])+|[⁰¹²³⁴-⁹]+|\s\([^()]*\))?$", text)
        text += (" " if ended else "\n") + part
    return text
