"""The writer that needs no language model: it answers with the passages' best sentences, word for word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shopwright.answering.answerability import ScoredSentence, assess
from shopwright.answering.citations import Citation, CitationList, CitationStyle
from shopwright.answering.sources import Source, terms_of
from shopwright.answering.templates import declined, lead_in, not_mentioned
from shopwright.knowledge.passages import Passage

ResponseFormat = Literal["helpful_and_detailed", "concise", "bullet_points"]
Strictness = Literal["strict", "moderate", "lenient"]

# How sure the composer must be that the passages answer. Chosen on bench/grounding.py.
THRESHOLDS: dict[Strictness, float] = {"strict": 0.6, "moderate": 0.5, "lenient": 0.35}
# A question that names something the passages do not hold is likely not answered by them.
MISSING_NAME_FACTOR = 0.6
MOST_SENTENCES: dict[ResponseFormat, int] = {"helpful_and_detailed": 3, "concise": 1, "bullet_points": 3}
Fields = Sequence[tuple[str, str]]
# A row with this many columns is shown in parts where the question names some of them.
LONG_ROW = 6
# A further sentence must reach this share of the best one's score; of another passage, this one.
SAME_PASSAGE_SHARE = 0.7
OTHER_PASSAGE_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class ComposedSentence:
    """A quoted sentence: `text` is `passages[passage].text[start:end]`, but for table bars and list signs."""

    text: str
    passage: int
    span: tuple[int, int]
    number: int


@dataclass(frozen=True, slots=True)
class Composition:
    """An extractive answer.

    `answered` is false when the passages do not answer the question well enough; `text` then says so, and
    the sentences are those nearest to it, for a caller that wants to point to them. `confidence` is
    0 to 1. `missing` are names of the question that no passage holds.
    """

    text: str
    answered: bool
    confidence: float
    sentences: tuple[ComposedSentence, ...]
    citations: tuple[Citation, ...]
    missing: tuple[str, ...]


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
    found = assess(question, question_vector, sources, language, known_names)
    confidence = found.confidence * (MISSING_NAME_FACTOR if found.missing else 1.0)
    chosen = _choose(found.sentences, sources, MOST_SENTENCES[response_format])
    citations = CitationList(passages, citation_style)
    sentences = [_quote(sentence, sources, citations, question) for sentence in chosen]
    answered = bool(sentences) and confidence >= THRESHOLDS[strictness]
    if answered:
        text = _layout(sentences, passages, citations, language, response_format)
        if found.missing:
            text = f"{text}\n\n{not_mentioned(language, list(found.missing))}"
        if footer := citations.footer():
            text = f"{text}\n\n{footer}"
    else:
        text = declined(language)
    return Composition(text, answered, confidence, tuple(sentences), tuple(citations.citations()), found.missing)


def _choose(scored: Sequence[ScoredSentence], sources: Sequence[Source], most: int) -> list[ScoredSentence]:
    """Take the best sentence and what else is nearly as good, in the order of the documents."""
    if not scored:
        return []
    best = scored[0]
    chosen = [best]
    said = {_plain(sources, best)}
    for sentence in scored[1:]:
        if len(chosen) == most:
            break
        share = SAME_PASSAGE_SHARE if sentence.passage == best.passage else OTHER_PASSAGE_SHARE
        # Chunks overlap, and documents repeat each other.
        if sentence.score >= share * best.score and _plain(sources, sentence) not in said:
            chosen.append(sentence)
            said.add(_plain(sources, sentence))
    # The passage of the best sentence first; within a passage as it was written.
    first = {best.passage: -1}
    return sorted(chosen, key=lambda sentence: (first.get(sentence.passage, sentence.passage), sentence.sentence))


def _plain(sources: Sequence[Source], sentence: ScoredSentence) -> str:
    return re.sub(r"\W+", " ", sources[sentence.passage].sentences[sentence.sentence].text.lower()).strip()


def _quote(
    sentence: ScoredSentence, sources: Sequence[Source], citations: CitationList, question: str
) -> ComposedSentence:
    source = sources[sentence.passage]
    place = source.sentences[sentence.sentence]
    span = (place.start, place.end)
    row = source.rows.get(sentence.sentence)
    fields = row or _fields(place.text)
    text = _readable_fields(asked_for(fields, question, source.language)) if fields else readable(place.text)
    return ComposedSentence(text, sentence.passage, span, citations.cite(sentence.passage, span))


def readable(text: str) -> str:
    """Take a sentence out of its list, table or wrapped lines; not a word changes."""
    text = re.sub(r"^\s*(?:[-*+•>]|#{1,6}|\(?\d{1,3}[.)])\s+", "", text)
    if text.startswith("|"):  # of a table without a header
        text = " · ".join(cell.strip() for cell in text.strip("| ").split("|") if cell.strip())
    return " ".join(text.split())


# A row of a table as it is stored: "Name: Fern Tent; Price: 129.00; Sizes: one size".
FEWEST_COLUMNS, LONGEST_COLUMN = 3, 60
_NAMES = frozenset({"name", "title", "product", "article", "item", "produkt", "artikel", "nom", "nombre", "nome"})
# They say what a number of another column is.
_UNITS = frozenset({"currency", "unit", "währung", "einheit", "devise", "unité", "moneda", "unidad", "valuta", "unità"})
_FOR_MACHINES = frozenset({"id", "url", "link", "image", "image_url", "image url", "handle", "slug"})


def _fields(text: str) -> Fields:
    """The columns and cells of a row as it is stored, or nothing for other texts."""
    pairs = [field.split(": ", 1) for field in re.split(r"; (?=[^:;]{1,60}: )", " ".join(text.split()))]
    whole = len(pairs) >= FEWEST_COLUMNS and all(len(pair) == 2 and len(pair[0]) <= LONGEST_COLUMN for pair in pairs)
    return tuple((pair[0], pair[1]) for pair in pairs) if whole else ()


def asked_for(fields: Fields, question: str, language: str) -> Fields:
    """Of a long row its name and the columns that the question names best; all of it when it names none."""
    if len(fields) < LONG_ROW:
        return fields
    wanted = frozenset(terms_of(question, language))
    shared = [len(wanted & frozenset(terms_of(_spoken_name(key), language))) for key, _ in fields]
    best = max(shared)
    if best == 0:
        return fields
    kept = _NAMES | _UNITS
    return tuple(
        field for field, count in zip(fields, shared, strict=True) if count == best or field[0].lower() in kept
    )


def _readable_fields(fields: Fields) -> str:
    """Put the name of a row first and leave out what is for machines."""
    name = next((value for key, value in fields if key.lower() in _NAMES), None)
    hidden = _NAMES | _FOR_MACHINES if name else _FOR_MACHINES
    rest = " · ".join(
        f"{_spoken_name(key)}: {value}" if key else value for key, value in fields if key.lower() not in hidden
    )
    return f"**{name}** · {rest}" if name and rest else rest


def _spoken_name(key: str) -> str:
    """`opening_hours.Monday` as people write it."""
    return re.sub(r"[._]+", " ", key).strip() if re.fullmatch(r"\w+(?:\.\w+)*", key) else key


def _layout(
    sentences: Sequence[ComposedSentence],
    passages: Sequence[Passage],
    citations: CitationList,
    language: str,
    response_format: ResponseFormat,
) -> str:
    if response_format == "bullet_points":
        return "\n".join(f"- {citations.mark(sentence.text, [sentence.number])}" for sentence in sentences)
    # One marker where neighbours share it: "A. B. [1] C. [2]"
    parts = []
    for i, sentence in enumerate(sentences):
        last = i + 1 == len(sentences) or sentences[i + 1].number != sentence.number
        parts.append(citations.mark(sentence.text, [sentence.number]) if last else sentence.text)
    body = _joined(parts)
    title = passages[sentences[0].passage].title
    one_source = len({passages[sentence.passage].document_id for sentence in sentences}) == 1
    if response_format == "helpful_and_detailed" and title and one_source:
        return f"{lead_in(language, title)}\n\n{body}"
    return body


def _joined(parts: Sequence[str]) -> str:
    """Put sentences in a row; rows of a table and items of a list keep their own lines."""
    text = parts[0]
    for part in parts[1:]:
        ended = re.search(r"[.!?…。！？।؟:][\"'”’»)]*(?:\s?(?:\[\d+\])+|[⁰¹²³⁴-⁹]+|\s\([^()]*\))?$", text)
        text += (" " if ended else "\n") + part
    return text
