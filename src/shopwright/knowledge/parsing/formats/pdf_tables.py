"""Tables on a PDF page: those drawn with lines, and those set by alignment alone."""

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from shopwright.knowledge.parsing.tables import Merge

if TYPE_CHECKING:
    from pdfplumber.page import Page

Word = dict[str, Any]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_SNAP = 3.0
_MOST_EDGES = 4_000


@dataclass(slots=True)
class TableBox:
    """A table and where it stands, in points from the page's top left corner."""

    x0: float
    top: float
    x1: float
    bottom: float
    rows: list[list[str]]
    merges: list[Merge] = field(default_factory=list)


def ruled_tables(page: "Page", words: list[Word]) -> list[TableBox]:
    """Tables whose cells are parted by drawn lines or boxes."""
    if len(page.edges) < 4 or len(page.edges) > _MOST_EDGES:  # none, or a drawing
        return []
    tables = []
    for found in page.find_tables({"snap_tolerance": 3, "join_tolerance": 3, "intersection_tolerance": 3}):
        table = _from_cells(_widened(found.cells, page, words), words)
        if table is not None:
            tables.append(table)
    # an outer frame may hold the real table
    return [t for t in tables if not any(o is not t and _contains(t, o) and len(t.rows) < len(o.rows) for o in tables)]


def _widened(cells: list[Box], page: "Page", words: list[Word]) -> list[Box]:
    """Cells at the sides that only horizontal lines mark, for a table without a frame."""
    left, right = min(cell[0] for cell in cells), max(cell[2] for cell in cells)
    top, bottom = min(cell[1] for cell in cells), max(cell[3] for cell in cells)
    level = [e for e in page.edges if e["orientation"] == "h" and top - 3 <= e["top"] <= bottom + 3]
    level = [e for e in level if e["x0"] <= left + 3 and e["x1"] >= right - 3]
    added: list[Box] = []
    rows = {(cell[1], cell[3]) for cell in cells}
    for x0, x1 in (
        (min((e["x0"] for e in level), default=left), left),
        (right, max((e["x1"] for e in level), default=right)),
    ):
        if x1 - x0 > 20 and any(_in(word, (x0, top, x1, bottom)) for word in words):
            added += [(x0, row_top, x1, row_bottom) for row_top, row_bottom in rows]
    return cells + added


def _from_cells(cells: list[Box], words: list[Word]) -> TableBox | None:
    columns = _edges([x for cell in cells for x in (cell[0], cell[2])])
    lines = _edges([y for cell in cells for y in (cell[1], cell[3])])
    if len(columns) < 3 or len(lines) < 3:
        return None
    rows = [[""] * (len(columns) - 1) for _ in range(len(lines) - 1)]
    merges: list[Merge] = []
    box = (columns[0], lines[0], columns[-1], lines[-1])
    own = [word for word in words if _in(word, box)]
    for x0, top, x1, bottom in cells:
        left, right = _nearest(columns, x0), _nearest(columns, x1) - 1
        first, last = _nearest(lines, top), _nearest(lines, bottom) - 1
        if right < left or last < first:
            continue
        rows[first][left] = _text([word for word in own if _in(word, (x0, top, x1, bottom))])
        if right > left or last > first:
            merges.append((first, left, last, right))
    filled = sum(bool(cell) for row in rows for cell in row)
    used_columns = sum(any(row[c] for row in rows) for c in range(len(rows[0])))
    used_rows = sum(any(row) for row in rows)
    if used_columns < 2 or used_rows < 2 or filled < 3:
        return None
    # frames around whole paragraphs are layout
    lengths = [len(cell) for row in rows for cell in row if cell]
    if max(lengths) > 1500 or sum(lengths) > 250 * len(lengths):
        return None
    table = TableBox(*box, rows, merges)
    _split_unruled_rows(table, own, columns, lines)
    return table


def _split_unruled_rows(table: TableBox, words: list[Word], columns: list[float], lines: list[float]) -> None:
    """A table ruled only under its header has one tall row: part it by the lines of text in it."""
    if table.merges or len(lines) > 4:
        return
    rows: list[list[str]] = []
    for row, (top, bottom) in zip(table.rows, pairwise(lines), strict=True):
        own = [word for word in words if _in(word, (columns[0], top, columns[-1], bottom))]
        parts = group_lines(own)
        split = [[_between(part, left, right) for left, right in pairwise(columns)] for part in parts]
        full = sum(sum(bool(cell) for cell in cells) >= max(2, len(columns) - 2) for cells in split)
        short = median([len(cell) for cells in split for cell in cells if cell] or [0]) <= 25
        rows.extend(split if len(parts) >= 4 and short and full >= 0.8 * len(parts) else [row])
    table.rows = rows


def aligned_table(lines: list[list[Word]]) -> tuple[TableBox | None, int]:
    """A table at the start of `lines` that is held together by aligned columns.

    Three lines at least, each of several pieces parted by wide gaps, with a strip of white between the
    columns.

    Returns:
        The table or None, and how many lines it takes.
    """
    taken: list[list[list[Word]]] = []
    columns: list[tuple[float, float]] = []
    for line in lines:
        pieces = _pieces(line)
        if taken and line[0]["top"] - max(w["bottom"] for p in taken[-1] for w in p) > 2.2 * line[0]["size"]:
            break
        spans = [(piece[0]["x0"], piece[-1]["x1"]) for piece in pieces]
        if len(pieces) < 2 and not (columns and len(columns) > 2 and _fits(columns, spans) and len(taken) > 1):
            break
        merged = _merge_columns(columns, spans)
        if taken and (len(merged) < 2 or len(merged) < len(columns)):
            break
        columns = merged
        taken.append(pieces)
    while taken and len(taken[-1]) < 2:
        taken.pop()
    if len(taken) < 3 or len(columns) < 2 or not _looks_tabular(taken, columns):
        return None, 0
    rows = []
    for pieces in taken:
        cells = [""] * len(columns)
        for piece in pieces:
            middle = (piece[0]["x0"] + piece[-1]["x1"]) / 2
            column = next((i for i, (x0, x1) in enumerate(columns) if x0 - 1 <= middle <= x1 + 1), 0)
            cells[column] = f"{cells[column]} {_text(piece)}".strip()
        rows.append(cells)
    words = [word for pieces in taken for piece in pieces for word in piece]
    box = (
        min(w["x0"] for w in words),
        min(w["top"] for w in words),
        max(w["x1"] for w in words),
        max(w["bottom"] for w in words),
    )
    return TableBox(*box, rows), len(taken)


def _looks_tabular(taken: list[list[list[Word]]], columns: list[tuple[float, float]]) -> bool:
    """Short cells, most of them filled; two columns must hold figures on one side to differ from a list."""
    cells = [" ".join(str(word["text"]) for word in piece) for pieces in taken for piece in pieces]
    if median(map(len, cells)) > 35 or len(cells) < 0.6 * len(taken) * len(columns):
        return False
    if len(columns) > 2:
        return True
    last = [_text(pieces[-1]) for pieces in taken[1:] if len(pieces) > 1]
    first = [_text(pieces[0]) for pieces in taken]
    if sum(len(text) <= 3 and not text[:1].isalpha() for text in first) > len(first) / 2:
        return False  # bullets or numbers before the items of a list
    return sum(any(char.isdigit() for char in text) for text in last) >= 0.6 * len(last)


def _pieces(line: list[Word]) -> list[list[Word]]:
    """Words of a line grouped where the gap is wider than a space can be."""
    pieces = [[line[0]]]
    for before, word in pairwise(line):
        if word["x0"] - before["x1"] > 1.1 * max(word["size"], 5.0):
            pieces.append([word])
        else:
            pieces[-1].append(word)
    return pieces


def _fits(columns: list[tuple[float, float]], spans: list[tuple[float, float]]) -> bool:
    return all(sum(x0 < c1 and c0 < x1 for c0, c1 in columns) == 1 for x0, x1 in spans)


def _merge_columns(columns: list[tuple[float, float]], spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for x0, x1 in sorted([*columns, *spans]):
        if merged and x0 < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
        else:
            merged.append((x0, x1))
    return merged


def group_lines(words: list[Word]) -> list[list[Word]]:
    """Words on one base line, from left to right; raised and lowered figures belong to the line they
    touch.
    """
    lines: list[list[Word]] = []
    edges: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda w: ((w["top"] + w["bottom"]) / 2, w["x0"])):
        top, bottom = word["top"], word["bottom"]
        if lines:
            above, below = edges[-1]
            shared = min(bottom, below) - max(top, above)
            if shared >= 0.5 * min(bottom - top, below - above):
                lines[-1].append(word)
                # a large initial must not draw the lines beside it together
                if bottom - top < 1.6 * (below - above):
                    edges[-1] = (min(top, above), max(bottom, below))
                continue
        lines.append([word])
        edges.append((top, bottom))
    return [sorted(line, key=lambda w: float(w["x0"])) for line in lines]


def _text(words: list[Word]) -> str:
    return " ".join(str(word["text"]) for line in group_lines(words) for word in line)


def _between(words: list[Word], left: float, right: float) -> str:
    return _text([word for word in words if left <= (word["x0"] + word["x1"]) / 2 < right])


def _edges(values: list[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SNAP:
            edges.append(value)
    return edges


def _nearest(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))


def _in(word: Word, box: Box) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _contains(outer: TableBox, inner: TableBox) -> bool:
    return (
        outer.x0 <= inner.x0 + 1
        and outer.top <= inner.top + 1
        and outer.x1 >= inner.x1 - 1
        and outer.bottom >= inner.bottom - 1
    )
