"""The values that reading a document gives and takes."""

from dataclasses import dataclass, field
from typing import Literal

SpanKind = Literal["heading", "paragraph", "list", "row", "code"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of `Extraction.text`: one heading, paragraph, list item, table row or block of code."""

    start: int
    """Offset of the first character in `Extraction.text`."""
    end: int
    """Offset behind the last character."""
    kind: SpanKind
    level: int = 0
    """Depth of a heading, 1 to 6; else 0."""
    page: int | None = None
    """Page or slide, counted from 1; None where the format has none."""
    anchor: str | None = None
    """An id usable as `#fragment`, or the name of a spreadsheet's sheet."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The readable text of a document and what its pieces are.

    The spans are in order, do not overlap, and cover every character of `text` that is not white space.
    """

    text: str
    spans: list[Span]
    title: str | None
    media_type: str
    pages: int | None
    warnings: list[str] = field(default_factory=list)
    """Sentences for the shop owner: what was left out and why."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: `extraction.text[start:end]`, small enough to be embedded and cited."""

    start: int
    end: int
    heading_path: tuple[str, ...]
    """Headings above the passage that its own text does not show, outermost first."""
    page: int | None
    anchor: str | None
    kind: Literal["prose", "row"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. The first three bind child processes only; `extract` obeys the others."""

    memory_bytes: int = 768 * 1024 * 1024
    """Address space the parser may take above what the idle process holds."""
    cpu_seconds: int = 120
    wall_seconds: float = 180.0
    max_file_bytes: int = 64 * 1024 * 1024
    max_text_chars: int = 5_000_000
    max_spans: int = 300_000
    max_pages: int = 2_000
    max_depth: int = 100
    """Nesting of JSON, XML and lists."""
    max_archive_bytes: int = 400 * 1024 * 1024
    """Size of all members of a zip-based file, unpacked."""
    max_archive_ratio: int = 250
    """Unpacked size divided by packed size, for members over 1 MB."""
    max_archive_entries: int = 10_000


DEFAULT_LIMITS = Limits()
