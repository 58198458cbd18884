"""The grid of an HTML table: spans, header cells, and whether it is a table at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shopwright.knowledge.parsing.tables import Merge, bold_header

if TYPE_CHECKING:
    from lxml.etree import _Element

_WIDEST = 500
_TALLEST_SPAN = 2_000


@dataclass(slots=True)
class Grid:
    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    header_rows: int | None = None
    row_headers: bool = False
    caption: str = ""


def read_grid(table: "_Element", text_of: "Callable[[_Element], str]") -> Grid | None:
    """Read a table; None when it only arranges a page (nested tables, one cell, blocks inside cells)."""
    rows = [row for row in table.iter("tr") if _owner(row) is table]
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    if _is_layout(table, cells):
        return None
    grid = Grid()
    caption = table.find("caption")
    grid.caption = text_of(caption) if caption is not None else ""
    _place(grid, cells, text_of)
    grid.header_rows = _count_header(rows, cells) or None
    body = cells[grid.header_rows or 0 :]
    labels = sum(bool(row) and row[0].tag == "th" and any(c.tag == "td" for c in row) for row in body)
    grid.row_headers = labels * 2 > len(body)
    if not grid.header_rows and not labels:
        looks = bold_header(grid.rows, [[_is_bold(cell) for cell in row] for row in cells])
        grid.header_rows = 1 if looks == "row" else None
        grid.row_headers = looks == "column"
    return grid


def _place(grid: Grid, cells: "list[list[_Element]]", text_of: "Callable[[_Element], str]") -> None:
    """Put each cell into its column, past the cells that reach down from rows above."""
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(cells):
        out: list[str] = []
        for cell in row:
            while (r, len(out)) in taken:
                out.append("")
            column = len(out)
            wide = min(max(_span(cell, "colspan"), 1), _WIDEST - column)
            tall = min(_span(cell, "rowspan") or _TALLEST_SPAN, len(cells) - r)
            if wide < 1:
                break
            if wide > 1 or tall > 1:
                grid.merges.append((r, column, r + tall - 1, column + wide - 1))
                taken |= {(rr, cc) for rr in range(r, r + tall) for cc in range(column, column + wide)}
            out.append(text_of(cell))
            out.extend([""] * (wide - 1))
        grid.rows.append(out)


def _count_header(rows: "list[_Element]", cells: "list[list[_Element]]") -> int:
    """How many rows at the top are header: those of `thead`, and rows of nothing but `th`."""
    count = 0
    for row in rows:
        parent = row.getparent()
        if parent is None or parent.tag != "thead":
            break
        count += 1
    while count < len(cells) and cells[count] and all(cell.tag == "th" for cell in cells[count]):
        count += 1
    return count


def _is_bold(cell: "_Element") -> bool:
    """Whether all text of a cell is set bold."""
    if (cell.text or "").strip() or len(cell) == 0:
        return False
    return all(
        (
            part.tag in ("b", "strong")
            or (part.tag in ("p", "span", "font", "div") and _is_bold(part))
            or part.tag == "br"
        )
        and not (part.tail or "").strip()
        for part in cell
    )


def _owner(row: "_Element") -> "_Element | None":
    parent = row.getparent()
    while parent is not None and parent.tag != "table":
        parent = parent.getparent()
    return parent


def _is_layout(table: "_Element", cells: "list[list[_Element]]") -> bool:
    count = sum(map(len, cells))
    if count <= 1 or table.get("role") in ("presentation", "none"):
        return True
    if any(cell.tag == "th" for row in cells for cell in row):
        return False
    if table.find(".//table") is not None:
        return True
    if max(len(row) for row in cells) == 1:
        return True
    deep = 0
    for row in cells:
        for cell in row:
            blocks = sum(1 for _ in cell.iter("p", "h1", "h2", "h3", "h4", "ul", "ol"))
            deep += blocks > 3
    return deep * 4 > count


def _span(cell: "_Element", name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return int(text) if text.isdigit() and len(text) < 6 else 1
