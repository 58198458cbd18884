"""Collects the blocks of a document into one text with spans; every format writes through it."""

from collections.abc import Iterable
from dataclasses import replace

from shopwright.knowledge.parsing.cleaning import clean, one_line, tidy_lines
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.tables import Merge, Table, read_table
from shopwright.knowledge.parsing.types import DEFAULT_LIMITS, Extraction, Limits, Span, SpanKind

_LONGEST_TITLE = 100
# these stand on consecutive lines; everything else is set apart by a blank line
_TIGHT: frozenset[SpanKind] = frozenset({"list", "row"})


class Builder:
    """Text and spans under construction.

    `page` and `anchor` hold until they are changed and are written into every span.

    Raises:
        ParseFailed: `too_large` as soon as the limits of text or spans are passed.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self.page: int | None = None
        self.anchor: str | None = None
        self.pages: int | None = None
        self.title: str | None = None
        self.warnings: list[str] = []
        self.spans: list[Span] = []
        self._parts: list[str] = []
        self._headings: dict[int, str] = {}  # by where they start
        self._length = 0
        self._gap = True

    def heading(self, text: str, level: int, *, anchor: str | None = None) -> None:
        """A heading of level 1 to 6; deeper ones count as 6, and an empty one is ignored.

        A paragraph of the same words right before it (a page's banner) becomes the heading.
        """
        text, level = one_line(text), min(max(level, 1), 6)
        if self.spans and self.spans[-1].kind == "paragraph" and self._parts[-1] == text:
            span = self.spans[-1]
            self.spans[-1] = replace(span, kind="heading", level=level, anchor=anchor or span.anchor)
            self._headings[span.start] = text
        else:
            self._add(text, "heading", level=level, anchor=anchor)

    def paragraph(self, text: str, *, keep_lines: bool = False) -> None:
        self._add(tidy_lines(text) if keep_lines else one_line(text), "paragraph")

    def item(self, text: str, *, depth: int = 0, marker: str = "-") -> None:
        """One item of a list, `depth` 0 for the outermost list."""
        text = one_line(text)
        if text:
            self._add(f"{'  ' * min(depth, 8)}{marker} {text}", "list")

    def row(self, text: str) -> None:
        self._add(one_line(text), "row")

    def code(self, text: str) -> None:
        self._add(clean(text).strip("\n").rstrip(), "code")

    def gap(self) -> None:
        """Set the next row or item apart from the one before: another table or list begins."""
        self._gap = True

    def table(
        self,
        grid: list[list[str]],
        *,
        merges: Iterable[Merge] = (),
        header_rows: int | None = None,
        row_headers: bool = False,
        data_file: bool = False,
    ) -> Table:
        """A table as records, one a row; see `read_table` for the arguments."""
        table = read_table(grid, merges=merges, header_rows=header_rows, row_headers=row_headers, data_file=data_file)
        self.gap()
        for number, title in enumerate(table.titles):
            self._table_title(title, first=number == 0 and bool(table.lines))
        for kind, text in table.lines:
            if kind == "row":
                self.row(text)
            elif kind == "section":
                self.heading(text, 6)
            else:
                self.paragraph(text)
        self.gap()
        return table

    def forget_pages(self) -> None:
        """Take the page off every span: the format turned out not to say where pages begin."""
        self.spans = [replace(span, page=None) for span in self.spans]
        self.page = self.pages = None

    def _table_title(self, title: str, *, first: bool) -> None:
        """The first line above a table's header names the table, so it goes with every row; the others
        are notes.
        """
        above = next((span for span in reversed(self.spans) if span.kind == "heading"), None)
        shown = above is not None and self._text_at(above) == title
        if shown and first:
            return
        if first and len(title) <= _LONGEST_TITLE and title[-1] not in ".;":
            self.heading(title, 5)
        else:
            self.paragraph(title)

    def _text_at(self, span: Span) -> str:
        return self._headings.get(span.start, "")

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    @property
    def empty(self) -> bool:
        return not self.spans

    def build(self, media_type: str, *, title: str | None = None, pages: int | None = None) -> Extraction:
        """The finished extraction.

        Raises:
            ParseFailed: `no_text` when nothing was added.
        """
        if self.empty:
            raise ParseFailed("no_text")
        first = self.spans[0]
        if not (title or self.title) and first.kind == "heading" and first.level <= 2:
            title = self._text_at(first)
        title = one_line(title or self.title or "")[:300] or None
        return Extraction("".join(self._parts), self.spans, title, media_type, pages, self.warnings)

    def _add(self, text: str, kind: SpanKind, *, level: int = 0, anchor: str | None = None) -> None:
        if not text or text.isspace():
            return
        if self.spans:
            tight = kind in _TIGHT and self.spans[-1].kind == kind and not self._gap
            separator = "\n" if tight else "\n\n"
            self._parts.append(separator)
            self._length += len(separator)
        self._gap = False
        # the indent of a nested list item is layout, not text
        lead = len(text) - len(text.lstrip(" ")) if kind == "list" else 0
        start = self._length + lead
        if kind == "heading":
            self._headings[start] = text
        self._parts.append(text)
        self._length += len(text)
        if self._length > self.limits.max_text_chars or len(self.spans) >= self.limits.max_spans:
            raise ParseFailed("too_large")
        self.spans.append(Span(start, self._length, kind, level, self.page, anchor or self.anchor))
