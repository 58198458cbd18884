"""Tables of a DOCX: rows, merged cells and where their header is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shopwright.knowledge.parsing.tables import Merge, bold_header
from shopwright.knowledge.parsing.xmltree import attribute, child, local

if TYPE_CHECKING:
    from lxml.etree import _Element

_WIDEST = 200


@dataclass(slots=True)
class DocxTable:
    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    header_rows: int | None = None
    row_headers: bool = False


def read_cells(element: "_Element", text_of: "Callable[[_Element], str]") -> DocxTable:
    """The grid of a `w:tbl`; cells merged downwards are written as chains of cells and joined here."""
    table = DocxTable()
    chains: dict[int, tuple[int, int]] = {}  # column -> first row and last column of a chain
    marked = 0
    for r, row in enumerate(table_rows(element)):
        if marked == r and child(row, "trPr", "tblHeader") is not None:
            marked = r + 1
        cells = [""] * min(_number(child(row, "trPr", "gridBefore")), _WIDEST)
        for cell in row_cells(row):
            column = len(cells)
            wide = min(max(1, _number(child(cell, "tcPr", "gridSpan"), 1)), _WIDEST)
            vertical = child(cell, "tcPr", "vMerge")
            if vertical is not None and attribute(vertical, "val") in (None, "continue") and column in chains:
                cells.append("")
            else:
                _close(chains, column, r, table.merges)
                cells.append(text_of(cell))
                if vertical is not None:
                    chains[column] = (r, column + wide - 1)
                elif wide > 1:
                    table.merges.append((r, column, r, column + wide - 1))
            cells.extend([""] * (wide - 1))
        table.rows.append(cells)
    for column in list(chains):
        _close(chains, column, len(table.rows), table.merges)
    table.header_rows = marked or None
    if not marked:
        bold = [[_all_bold(cell) for cell in row_cells(row)] for row in table_rows(element)]
        looks = bold_header(table.rows, bold)
        table.header_rows = 1 if looks == "row" else None
        table.row_headers = looks == "column"
    return table


def _all_bold(cell: "_Element") -> bool:
    """Whether every run of a cell that shows text is bold."""
    runs = [run for run in cell.iter() if local(run) == "r" and any((t.text or "").strip() for t in run)]
    return bool(runs) and all(_is_bold(run) for run in runs)


def _is_bold(run: "_Element") -> bool:
    bold = child(run, "rPr", "b")
    return bold is not None and attribute(bold, "val") not in ("0", "false", "off")


def table_rows(table: "_Element") -> "list[_Element]":
    rows: list[_Element] = []
    for element in table:
        if local(element) == "tr":
            rows.append(element)
        elif local(element) in ("sdt", "sdtContent", "ins", "customXml"):
            rows.extend(table_rows(element))
    return rows


def row_cells(row: "_Element") -> "list[_Element]":
    cells: list[_Element] = []
    for element in row:
        if local(element) == "tc":
            cells.append(element)
        elif local(element) in ("sdt", "sdtContent", "ins", "customXml"):
            cells.extend(row_cells(element))
    return cells


def _close(open_merges: dict[int, tuple[int, int]], column: int, row: int, merges: list[Merge]) -> None:
    if column in open_merges:
        top, right = open_merges.pop(column)
        merges.append((top, column, row - 1, right))


def _number(element: "_Element | None", default: int = 0) -> int:
    text = attribute(element, "val") if element is not None else None
    return int(text) if text and text.isdigit() and len(text) < 5 else default
