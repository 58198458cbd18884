"""From laid-out PDF pages to headings, paragraphs, lists and rows."""

import re
from collections import Counter
from itertools import pairwise

from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.formats.pdf_layout import Line, PageText
from shopwright.knowledge.parsing.formats.pdf_tables import TableBox
from shopwright.knowledge.parsing.tables import Table

_ITEM = re.compile(r"^([•◦▪‣·●○■□–*\uf0b7\uf0a7\uf076-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")
_PAGE_NUMBER = re.compile(
    r"^(?:page|seite|p\.)?\s*[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:/|of|von|de)\s*\d{1,4})?$", re.IGNORECASE
)
_HYPHEN_END = re.compile(r"(\w+)[-\u2010\u00ad]$")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"})
_MARGIN = 0.12


def write_pages(pages: list[PageText], builder: Builder) -> None:
    """Write all pages; what repeats at their edges is left out."""
    _drop_furniture(pages)
    writer = _Writer(pages, builder)
    for page in pages:
        writer.write(page)
    writer.end()


def _drop_furniture(pages: list[PageText]) -> None:
    """Remove running headers and footers: lines near an edge that most pages have, figures aside."""
    if len(pages) < 2:
        return
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line) for line in page.lines if _at_edge(line, page)})
    enough = max(2 if len(pages) < 4 else 3, 0.4 * len(pages))
    for page in pages:
        kept = []
        removed_before: list[int] = []
        for index, line in enumerate(page.lines):
            edge = _at_edge(line, page)
            repeated = edge and (seen[_shape(line)] >= enough or _PAGE_NUMBER.match(line.text.strip()))
            # a two-page document may well repeat its title; only small type is furniture there
            if repeated and (len(pages) > 2 or line.size <= 11):
                removed_before.append(index)
            else:
                kept.append(line)
        page.lines = kept
        page.tables = [(at - sum(index < at for index in removed_before), table) for at, table in page.tables]


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.strip().lower())


def _at_edge(line: Line, page: PageText) -> bool:
    return line.bottom < page.height * _MARGIN or line.top > page.height * (1 - _MARGIN)


class _Writer:
    def __init__(self, pages: list[PageText], builder: Builder) -> None:
        self._builder = builder
        self._sizes = _heading_sizes(pages)
        self._body = _body_size(pages)
        self._compounds = {
            word.lower() for page in pages for line in page.lines for word in re.findall(r"\w+-\w+", line.text[:-1])
        }
        self._block: list[Line] = []
        self._block_page: int | None = None
        self._last_table: tuple[int, TableBox, Table] | None = None

    def write(self, page: PageText) -> None:
        tables = list(page.tables)
        first = True
        for index, line in enumerate(page.lines):
            while tables and tables[0][0] <= index:
                self._table(tables.pop(0)[1], page, first=first)
                first = False
            if self._block and not self._continues(self._block[-1], line, page.number):
                self._flush()
            if not self._block:
                self._block_page = page.number
            self._block.append(line)
            first = False
        for _, table in tables:
            self._table(table, page, first=first)
            first = False

    def end(self) -> None:
        self._flush()

    def _continues(self, before: Line, line: Line, page: int) -> bool:
        """Whether a line belongs to the paragraph of the line before it."""
        if abs(before.size - line.size) > 0.6 or before.bold != line.bold or _ITEM.match(line.text):
            return False
        heading = self._level(before) > 0
        if page != self._block_page or before.region != line.region:
            # a sentence may run over to the next column or page
            unfinished = before.text.rstrip()[-1:] not in ".!?:;。" and len(before.text) > 30
            return unfinished and line.text[:1].islower() and not heading
        gap = line.top - before.bottom
        height = max(before.bottom - before.top, 1)
        if gap > 0.75 * height or gap < -height:
            return False
        if heading:
            return self._level(line) == self._level(before) and gap < 0.6 * height
        ends_short = before.x1 < line.x1 - 4 * line.size and before.text.rstrip()[-1:] in ".!?:"
        indented = line.x0 - before.x0 > 0.8 * line.size and not _ITEM.match(self._block[0].text)
        return not (ends_short and (gap > 0.4 * height or indented)) and not (
            indented and before.text.rstrip()[-1:] in ".!?:"
        )

    def _flush(self) -> None:
        lines, self._block = self._block, []
        if not lines:
            return
        self._builder.page = self._block_page
        text = self._join(lines)
        level = self._level(lines[0])
        item = _ITEM.match(text)
        if level and len(text) <= 200 and (not item or item.group(1)[0].isdigit()):
            letters = sum(char.isalpha() for char in text)
            if level == 1 and not self._builder.title and letters * 2 > len(text):
                self._builder.title = text
            self._builder.heading(text, level)
        elif item:
            sign = item.group(1)
            self._builder.item(text[item.end() :], marker=sign if sign[-1] in ".)" else "-")
        else:
            self._builder.paragraph(text, keep_lines=True)

    def _join(self, lines: list[Line]) -> str:
        """Lines of a paragraph as running text; a short line that ends nothing keeps its line end."""
        widest = max(line.x1 for line in lines)
        left = min(line.x0 for line in lines)
        text = lines[0].text
        for before, line in pairwise(lines):
            hyphen = _HYPHEN_END.search(text)
            if hyphen and line.text[:1].isalpha():
                tail = re.match(r"\w+", line.text)
                compound = f"{hyphen.group(1)}-{tail.group() if tail else ''}".lower()
                keep = compound in self._compounds or line.text[:1].isupper()
                text = (text if keep else text[:-1]) + line.text
            elif before.x1 - left < 0.6 * (widest - left) and self._level(lines[0]) == 0:
                text += "\n" + line.text
            else:
                joint = "" if text and ord(text[-1]) > 0x2E7F and not 0xAC00 <= ord(text[-1]) <= 0xD7AF else " "
                text += joint + line.text
        return text.translate(_LIGATURES)

    def _level(self, line: Line) -> int:
        """The heading level that a line's type says, 0 for text."""
        text = line.text.strip()
        if len(text) > 150 or not any(char.isalpha() for char in text):
            return 0
        size = round(line.size, 1)
        if size in self._sizes:
            return self._sizes[size]
        short = len(text) <= 90 and text[-1] not in ".,;"
        if line.bold and short and line.size >= self._body - 0.6 and text.count(" ") <= 12:
            return min(len(self._sizes) + 1, 6) if not text.endswith(":") or len(text) <= 60 else 0
        return 0

    def _table(self, box: TableBox, page: PageText, *, first: bool) -> None:
        self._flush()
        self._builder.page = page.number
        rows, merges, header_rows = box.rows, box.merges, None
        last = self._last_table
        if (
            first
            and last is not None
            and last[0] == page.number - 1
            and _same_columns(last[1], box)
            and last[2].header_rows
        ):
            # a table that goes on from the page before has its headers there
            depth = last[2].header_rows
            head = last[1].rows[:depth]
            rows = head + rows
            merges = [m for m in last[1].merges if m[2] < depth] + [
                (a + depth, b, c + depth, d) for a, b, c, d in merges
            ]
            header_rows = depth
            box = TableBox(box.x0, box.top, box.x1, box.bottom, rows, merges)
        rows = [[cell.translate(_LIGATURES) for cell in row] for row in rows]
        table = self._builder.table(rows, merges=merges, header_rows=header_rows)
        self._last_table = (page.number, box, table)


def _same_columns(one: TableBox, other: TableBox) -> bool:
    same_width = len(one.rows[0]) == len(other.rows[0])
    return same_width and abs(one.x0 - other.x0) < 8 and abs(one.x1 - other.x1) < 8


def _body_size(pages: list[PageText]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _heading_sizes(pages: list[PageText]) -> dict[float, int]:
    """Type sizes clearly above the body's, largest first, as levels 1 to 4."""
    body = _body_size(pages)
    large = {round(line.size, 1) for page in pages for line in page.lines if line.size >= body * 1.12 + 0.3}
    groups: list[list[float]] = []
    for size in sorted(large, reverse=True):
        if groups and groups[-1][-1] - size < 0.8:
            groups[-1].append(size)
        else:
            groups.append([size])
    return {size: min(level, 4) for level, group in enumerate(groups, start=1) for size in group}
