"""Cuts an extraction into passages that can be embedded, found and cited."""

from collections.abc import Iterator
from dataclasses import dataclass

from shopwright.knowledge.parsing.sentences import pieces
from shopwright.knowledge.parsing.types import Chunk, Extraction, Span

DATA_TYPES = frozenset(
    {
        "text/csv",
        "text/tab-separated-values",
        "application/json",
        "application/x-ndjson",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
"""Types whose rows are records of their own: each becomes one chunk."""

_LONGEST_LABEL = 120
_TINY_SHARE = 6
"""A section smaller than this part of the target may join its neighbour across a heading of level 1 or 2."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A span, or a part of one that is too long for a chunk."""

    start: int
    end: int
    kind: str
    level: int
    path: tuple[str, ...]
    page: int | None
    anchor: str | None
    continued: bool = False


@dataclass(slots=True)
class _Section:
    """A heading (or several in a row) and what stands under it."""

    units: list[_Unit]
    level: int

    @property
    def start(self) -> int:
        return self.units[0].start

    @property
    def end(self) -> int:
        return self.units[-1].end

    @property
    def bare(self) -> bool:
        return all(unit.kind == "heading" for unit in self.units)


def chunk(extraction: Extraction, *, target_chars: int = 700, max_chars: int = 1000) -> list[Chunk]:
    """Cut into chunks of about `target_chars` and at most `max_chars` characters.

    Headings begin chunks; sections are kept apart at levels 1 and 2 unless they are tiny. A row of a data
    file
    is a chunk; rows of a table inside prose share one. Long paragraphs are cut at the ends of sentences, and
    only a single token longer than `max_chars` is cut inside.

    Every character that is not white space is in exactly one chunk.
    """
    target_chars = min(target_chars, max_chars)
    units = list(_units(extraction, max_chars))
    data_file = extraction.media_type in DATA_TYPES
    chunks: list[Chunk] = []
    for group in _merge(_sections(units), target_chars, max_chars):
        parts = _fill(group.units, target_chars, max_chars, data_file=data_file)
        chunks.extend(_close(part) for part in parts)
    return chunks


def chunk_context(chunk: Chunk, title: str | None) -> str:
    """The line to put before the chunk's text when it is embedded: title and headings above, or an empty
    string.
    """
    parts = [part for part in (title or "", *chunk.heading_path) if part]
    return " > ".join(dict.fromkeys(parts))


def _units(extraction: Extraction, max_chars: int) -> Iterator[_Unit]:
    stack: list[tuple[int, str]] = []
    anchor: str | None = None
    text = extraction.text
    for span in _covering(extraction):
        if span.kind == "heading":
            while stack and stack[-1][0] >= span.level:
                stack.pop()
            path = tuple(name for _, name in stack)
            stack.append((span.level, text[span.start : span.end]))
            anchor = span.anchor
        else:
            path = tuple(name for _, name in stack)
        where = span.anchor or anchor
        if span.end - span.start <= max_chars:
            yield _Unit(span.start, span.end, span.kind, span.level, path, span.page, where)
            continue
        label = _label(text[span.start : span.end]) if span.kind == "row" else ""
        for number, (start, end) in enumerate(pieces(text, span.start, span.end, max_chars)):
            # the rest of a long record must still say whose record it is
            own = (*path, label) if number and label else path
            kind = span.kind if not number or span.kind != "heading" else "paragraph"
            yield _Unit(start, end, kind, span.level, own, span.page, where, continued=number > 0)


def _label(record: str) -> str:
    """The first fields of a record, which name it: a number alone would not."""
    fields = record.split("; ")
    label = fields[0]
    if len(fields) > 1 and len(label) + len(fields[1]) + 2 <= _LONGEST_LABEL:
        label += f"; {fields[1]}"
    return label if len(label) <= _LONGEST_LABEL else ""


def _covering(extraction: Extraction) -> Iterator[Span]:
    """The spans, and paragraphs for text that no span covers."""
    position = 0
    for span in extraction.spans:
        yield from _loose(extraction.text, position, span.start)
        start, end = _trim(extraction.text, max(span.start, position), span.end)
        if start < end:
            yield Span(start, end, span.kind, span.level, span.page, span.anchor)
        position = max(position, span.end)
    yield from _loose(extraction.text, position, len(extraction.text))


def _loose(text: str, start: int, end: int) -> Iterator[Span]:
    start, end = _trim(text, start, end)
    if start < end:
        yield Span(start, end, "paragraph")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _sections(units: list[_Unit]) -> Iterator[_Section]:
    current: _Section | None = None
    for unit in units:
        if unit.kind == "heading" and (current is None or not current.bare):
            if current is not None:
                yield current
            current = _Section([unit], unit.level)
        elif current is None:
            current = _Section([unit], 1)
        else:
            current.units.append(unit)
    if current is not None:
        yield current


def _merge(sections: Iterator[_Section], target: int, max_chars: int) -> Iterator[_Section]:
    """Join small neighbouring sections, so that a passage is worth finding."""
    tiny = target // _TINY_SHARE
    current: _Section | None = None
    for section in sections:
        if current is None:
            current = section
            continue
        size, following = current.end - current.start, section.end - section.start
        together = section.end - current.start
        rows = any(unit.kind == "row" for unit in (*current.units, *section.units))
        small = size < tiny or (following < tiny and size < target // 2)
        if section.level > 2:
            small = small or (size < target // 2 and section.level >= current.level)
        if current.bare or section.bare:
            joins = together <= max_chars or current.bare
        else:
            joins = small and together <= target and not rows
        if joins:
            current = _Section(current.units + section.units, min(current.level, section.level))
        else:
            yield current
            current = section
    if current is not None:
        yield current


def _fill(units: list[_Unit], target: int, max_chars: int, *, data_file: bool) -> Iterator[list[_Unit]]:
    """Cut one section's units into chunks, each a list of neighbouring units."""
    if not data_file and units[-1].end - units[0].start <= target and not _mixed(units, target):
        yield units
        return
    current: list[_Unit] = []
    parts: list[list[_Unit]] = []
    for unit in units:
        if current and not _joins(current, unit, target, max_chars, data_file=data_file):
            parts.append(current)
            current = []
        current.append(unit)
    parts.append(current)
    # a short tail reads better with what it belongs to
    if len(parts) > 1 and not data_file:
        before, last = parts[-2], parts[-1]
        short = last[-1].end - last[0].start < target // 4
        if short and last[-1].end - before[0].start <= max_chars and before[-1].kind == last[0].kind:
            parts[-2:] = [before + last]
    yield from parts


def _mixed(units: list[_Unit], target: int) -> bool:
    """Whether a section holds a table worth passages of its own beside its prose."""
    rows = sum(unit.end - unit.start for unit in units if unit.kind == "row")
    prose = sum(unit.end - unit.start for unit in units if unit.kind not in ("row", "heading"))
    return rows > target // 2 and prose > target // 4


def _joins(current: list[_Unit], unit: _Unit, target: int, max_chars: int, *, data_file: bool) -> bool:
    together = unit.end - current[0].start
    if together > max_chars:
        return False
    last = current[-1]
    if all(one.kind == "heading" for one in current):
        return True
    if unit.kind == "heading":
        return False
    if unit.continued and last.kind == "row":
        return False
    if (unit.kind == "row") != (last.kind == "row"):
        # a line that introduces a table or closes it may stay with it
        return not data_file and together <= target and (unit.end - unit.start < 120 or together < target // 2)
    if unit.kind == "row" and data_file:
        return False
    # an introducing line stays with what it introduces
    return together <= target or (len(current) == 1 and last.end - last.start < 60 and together <= max_chars)


def _close(units: list[_Unit]) -> Chunk:
    rows = sum(unit.end - unit.start for unit in units if unit.kind == "row")
    prose = sum(unit.end - unit.start for unit in units if unit.kind not in ("row", "heading"))
    first = units[0]
    anchor = next((unit.anchor for unit in units if unit.anchor), None)
    return Chunk(
        first.start,
        units[-1].end,
        first.path,
        first.page,
        anchor,
        "row" if rows and rows >= prose else "prose",
    )
