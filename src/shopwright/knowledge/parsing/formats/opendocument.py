"""ODT, ODS and ODP: text, lists and tables of OpenDocument files."""

from typing import TYPE_CHECKING

from shopwright.knowledge.parsing.archives import Archive
from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.formats.sheets import Cells, grid_of, split_tables
from shopwright.knowledge.parsing.tables import Merge
from shopwright.knowledge.parsing.xmltree import attribute, child, local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_HIDDEN = frozenset({"annotation", "tracked-changes", "deletion", "note-citation", "ruby-text", "sequence-decls"})
_WIDEST = 1_000
_MOST_CELLS = 2_000_000


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    archive = Archive(data, builder.limits)
    manifest = archive.find("META-INF/manifest.xml") or b""
    if b"encryption-data" in manifest:
        raise ParseFailed("encrypted")
    root = parse_xml(archive.read("content.xml"))
    builder.title = _title(archive)
    body = child(root, "body")
    if body is None or not len(body):
        return
    content = body[0]
    if local(content) == "spreadsheet":
        _sheets(content, builder)
    else:
        _Reader(builder).blocks(content)


def _title(archive: Archive) -> str | None:
    data = archive.find("meta.xml")
    title = child(parse_xml(data), "meta", "title") if data is not None else None
    return title.text if title is not None else None


class _Reader:
    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._depth = 0

    def blocks(self, parent: "_Element") -> None:
        self._depth += 1
        if self._depth > self._builder.limits.max_depth:
            raise ParseFailed("too_deep")
        for element in parent:
            name = local(element)
            if name in _HIDDEN:
                continue
            if name == "h":
                level = attribute(element, "outline-level") or "1"
                self._builder.heading(_text(element), int(level) if level.isdigit() else 1)
            elif name == "p":
                self._builder.paragraph(_text(element), keep_lines=True)
            elif name == "list":
                self._builder.gap()
                self._list(element, 0)
            elif name == "table":
                rows, merges, header_rows = _grid(element)
                self._builder.table(rows, merges=merges, header_rows=header_rows or None)
            elif name == "page":
                self._builder.page = (self._builder.page or 0) + 1
                self._builder.pages = self._builder.page
                self.blocks(element)
            else:
                self.blocks(element)
        self._depth -= 1

    def _list(self, element: "_Element", depth: int) -> None:
        if depth > self._builder.limits.max_depth:
            raise ParseFailed("too_deep")
        for item in element:
            for part in item:
                if local(part) == "list":
                    self._list(part, depth + 1)
                else:
                    self._builder.item(_text(part), depth=depth)


def _text(element: "_Element") -> str:
    parts: list[str] = []

    def collect(node: "_Element", depth: int) -> None:
        parts.append(node.text or "")
        for part in node:
            name = local(part)
            if name == "s":
                count = attribute(part, "c") or "1"
                parts.append(" " * min(int(count) if count.isdigit() else 1, 8))
            elif name == "tab":
                parts.append("\t")
            elif name == "line-break":
                parts.append("\n")
            elif name not in _HIDDEN and depth < 50:
                collect(part, depth + 1)
            parts.append(part.tail or "")

    collect(element, 0)
    return "".join(parts)


def _rows(table: "_Element") -> "list[tuple[_Element, bool]]":
    """The rows of a table and whether each is marked as header."""
    found: list[tuple[_Element, bool]] = []
    for element in table:
        name = local(element)
        if name == "table-row":
            found.append((element, False))
        elif name == "table-header-rows":
            found.extend((row, True) for row, _ in _rows(element))
        elif name in ("table-rows", "table-row-group"):
            found.extend(_rows(element))
    return found


def _read_cells(table: "_Element") -> tuple[Cells, list[Merge], int]:
    """Cells by place; a repeated empty cell or row costs nothing, so that a sheet of a million empty rows
    is small.
    """
    cells: Cells = {}
    merges: list[Merge] = []
    header_rows = 0
    r = count = 0
    for row, is_header in _rows(table):
        repeat = _number(row, "number-rows-repeated")
        c = 0
        found: dict[int, str] = {}
        for cell in row:
            if local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            times = _number(cell, "number-columns-repeated")
            text = _cell_text(cell) if local(cell) == "table-cell" else ""
            if text:
                found.update(dict.fromkeys(range(c, min(c + times, _WIDEST)), text))
                wide, tall = _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")
                if wide > 1 or tall > 1:
                    merges.append((r, c, r + tall - 1, min(c + wide - 1, _WIDEST)))
            c += times
        if found:
            count += len(found) * min(repeat, 1000)
            if count > _MOST_CELLS:
                raise ParseFailed("too_large")
            for extra in range(min(repeat, 1000)):
                cells[r + extra] = found
            header_rows = r + 1 if is_header and header_rows == r else header_rows
        r += repeat
    return cells, merges, header_rows


def _cell_text(cell: "_Element") -> str:
    text = " ".join(filter(None, (_text(p).strip() for p in cell if local(p) in ("p", "h", "list"))))
    # a date is kept in full beside the form it is shown in
    if attribute(cell, "value-type") == "date":
        return (attribute(cell, "date-value") or text).removesuffix("T00:00:00")
    return text


def _grid(table: "_Element") -> tuple[list[list[str]], list[Merge], int]:
    """One grid of a text document's table; empty rows are left out."""
    cells, merges, header_rows = _read_cells(table)
    if not cells:
        return [], [], 0
    rows, own = grid_of(cells, merges, sorted(cells))
    return rows, own, sum(1 for row in cells if row < header_rows)


def _sheets(content: "_Element", builder: Builder) -> None:
    tables = [table for table in content if local(table) == "table"]
    for table in tables:
        name = attribute(table, "name") or ""
        cells, merges, _ = _read_cells(table)
        builder.anchor = name or None
        if len(tables) > 1 and cells and name:
            builder.heading(name, 1)
        for rows, own in split_tables(cells, merges):
            builder.table(rows, merges=own, data_file=True)
    builder.anchor = None


def _number(element: "_Element", name: str) -> int:
    text = attribute(element, name) or "1"
    return int(text) if text.isdigit() and len(text) < 9 else 1
