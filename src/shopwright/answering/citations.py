"""Citations: their numbers, the exact quotes they point to, and how they look in the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shopwright.knowledge.passages import Passage

CitationStyle = Literal["numbered", "inline", "footnotes", "none"]

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Citation:
    """A pointer to a place in a document version.

    `quote` is exactly the text of that version from `start` to `end` (characters), and `passage` the
    position of the passage it was taken from.
    """

    number: int
    passage: int
    chunk_id: UUID
    document_id: UUID
    document_version: int
    title: str
    heading: str
    url: str | None
    page: int | None
    anchor: str | None
    quote: str
    start: int
    end: int


class CitationList:
    """Gives numbers to the places an answer cites, in the order in which they are first cited.

    A place that overlaps or directly follows one of the same passage is cited under the same number,
    and the quote grows. Numbers never change once given, so a streamed answer may show them at once.
    """

    def __init__(self, passages: Sequence[Passage], style: CitationStyle = "numbered") -> None:
        self._passages = passages
        self._style = style
        self._places: list[tuple[int, int, int]] = []

    def cite(self, passage: int, span: tuple[int, int]) -> int:
        """Return the number for a span of the text of `passages[passage]`.

        Raises:
            ValueError: the span is empty or not within the passage.
        """
        start, end = span
        text = self._passages[passage].text
        if not 0 <= start < end <= len(text):
            raise ValueError(f"{span} is no place in a passage of {len(text)} characters")
        for i, (other, first, last) in enumerate(self._places):
            if other == passage and _touch(text, (first, last), span):
                self._places[i] = (passage, min(first, start), max(last, end))
                return i + 1
        self._places.append((passage, start, end))
        return len(self._places)

    def mark(self, sentence: str, numbers: Sequence[int]) -> str:
        """Return the sentence with its markers in the list's style."""
        numbers = list(dict.fromkeys(numbers))
        if not numbers or self._style == "none":
            return sentence
        if self._style == "footnotes":
            return sentence + " ".join(str(number).translate(_SUPERSCRIPT) for number in numbers)
        if self._style == "inline":
            titles = dict.fromkeys(self._passages[self._places[number - 1][0]].title for number in numbers)
            named = "; ".join(title for title in titles if title)
            return f"{sentence} ({named})" if named else sentence
        return f"{sentence} {''.join(f'[{number}]' for number in numbers)}"

    def citations(self) -> list[Citation]:
        """Return all citations in the order of their numbers."""
        return [
            _citation(number, index, self._passages[index], (start, end))
            for number, (index, start, end) in enumerate(self._places, start=1)
        ]

    def footer(self) -> str:
        """Return the list of sources to put below the answer: for footnotes only, else empty."""
        if self._style != "footnotes" or not self._places:
            return ""
        return "\n".join(
            f"{str(citation.number).translate(_SUPERSCRIPT)} {source_line(citation)}" for citation in self.citations()
        )


def source_line(citation: Citation) -> str:
    """Name the source of a citation in one line: title, heading, page, address."""
    parts = [citation.title]
    if citation.heading and citation.heading != citation.title:
        parts.append(citation.heading)
    line = " – ".join(part for part in parts if part)
    if citation.page is not None:
        line += f", p. {citation.page}"
    return f"{line} ({citation.url})" if citation.url else line


def _touch(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    (_, end), (start, _) = sorted([one, other])
    return start <= end or not text[end:start].strip()


def _citation(number: int, index: int, passage: Passage, span: tuple[int, int]) -> Citation:
    start, end = span
    return Citation(
        number=number,
        passage=index,
        chunk_id=passage.chunk_id,
        document_id=passage.document_id,
        document_version=passage.document_version,
        title=passage.title,
        heading=passage.heading,
        url=passage.url,
        page=passage.page,
        anchor=passage.anchor,
        quote=passage.text[start:end],
        start=passage.start + start,
        end=passage.start + end,
    )
