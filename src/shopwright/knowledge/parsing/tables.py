"""Tables as records: each row becomes one line `Header: value; Header: value`.

A row that is read alone, out of its table, must still say what its numbers mean. So headers are repeated on
every row, merged cells are filled, titles above the header are set apart, and a header of two lines is
joined.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from shopwright.knowledge.parsing.cleaning import one_line

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column of a merged cell; counted from 0, ends included."""

LineKind = Literal["row", "section", "note"]

_NUMBER = re.compile(
    r"^[~≈<>≤≥±]?\s*[€$£¥₹฿₽]?\s*[-+−(]?\s*[€$£¥₹฿₽]?\s*\d[\d.,'’\s/:–-]*\)?\s*(?:%|‰|°[CF]?|[€$£¥₹฿₽]|[A-Za-zµ]{1,4}[²³]?)?$"
)
_YEAR = re.compile(r"^(?:19|20)\d\d(?:\s*[-/]\s*(?:19|20)?\d\d)?$")
_DIGIT = re.compile(r"\d")
_UNIT = re.compile(
    r"^(?:[(\[].{1,30}[)\]]|[%€$£¥₹-]|EUR|USD|GBP|CHF|kg|g|lbs?|oz|[cm]?m[²³]?|inch(?:es)?|in|m?l|pcs\.?|"
    r"[A-Za-z€µ°]{1,3}\s?/\s?[A-Za-z]{1,4}\s?[²³23]?)$"
)
# "Column 2" and "Price 2024" name a column, "2 kg" fills one
_NUMBERED_NAME = re.compile(r"^[^\W\d_][^\d]*\s\d{1,4}$")
_LONGEST_HEADER = 80


@dataclass(slots=True)
class Table:
    titles: list[str] = field(default_factory=list)
    """Lines that stood above the header."""
    headers: list[str] = field(default_factory=list)
    """One a column, empty strings where a column has none; empty list for a table without header."""
    header_rows: int = 0
    """How many rows of the grid, titles and empty rows included, come before the records."""
    lines: list[tuple[LineKind, str]] = field(default_factory=list)


def read_table(
    grid: list[list[str]],
    *,
    merges: Iterable[Merge] = (),
    header_rows: int | None = None,
    row_headers: bool = False,
    data_file: bool = False,
) -> Table:
    """Turn a grid of cells into records.

    Args:
        grid: rows of cells as shown; rows may differ in length.
        merges: merged cells, whose text stands in their first cell.
        header_rows: how many rows are header where the format says so; None to find out.
        row_headers: the first column holds labels (HTML `th`).
        data_file: a file that is nothing but a table; its first full row is taken for the header
            unless it looks like data.
    """
    rows, merged = _fill(grid, list(merges))
    keep = [r for r, row in enumerate(rows) if any(row)]
    if header_rows:
        header_rows = sum(1 for r in keep if r < header_rows)
    rows, merged = [rows[r] for r in keep], [merged[r] for r in keep]
    table = Table()
    if not rows:
        return table
    start = _take_titles(rows, merged, table)
    if header_rows:
        start = min(start, header_rows - 1)
        header_rows -= start
        del table.titles[start:]
    rows, merged = rows[start:], merged[start:]
    if not rows:
        return table
    width = len(rows[0])
    used = sum(1 for c in range(width) if any(row[c] for row in rows))
    if used == 1 and not header_rows:
        return _single_column(rows, table, data_file=data_file)
    if header_rows is None:
        header_rows = 0 if row_headers or not _has_header(rows, data_file=data_file) else 1
        if header_rows:
            header_rows = _header_depth(rows, merged)
    header_rows = min(header_rows, len(rows))
    if header_rows == len(rows):  # only a header: show it rather than lose it
        table.lines = [("note", "; ".join(dict.fromkeys(filter(None, row)))) for row in rows]
        return table
    table.headers = _join_headers(rows[:header_rows]) if header_rows else []
    table.header_rows = keep[start + header_rows - 1] + 1 if header_rows else 0
    _keep_unused_headers(rows[:header_rows], rows[header_rows:], table)
    _write_rows(rows[header_rows:], merged[header_rows:], table, labels=row_headers or not header_rows)
    return table


def bold_header(grid: list[list[str]], bold: list[list[bool]]) -> Literal["row", "column"] | None:
    """Where bold type says the header is: the first row, the first column, or nowhere.

    Args:
        grid: the cells' texts; only the first row's figures count.
        bold: for each cell as it stands in the file whether all of its text is bold.
    """
    if len(bold) < 2 or not bold[0]:
        return None
    first_row = sum(bold[0]) * 2 > len(bold[0]) and all(bold[0][1:])
    rest = [cell for row in bold[1:] for cell in row[1:]]
    plain_rest = sum(rest) * 4 <= len(rest)
    if first_row and plain_rest and not any(_is_value(cell) for cell in grid[0]):
        return "row"
    first_column = all(row[0] for row in bold if row)
    return "column" if first_column and plain_rest and not any(bold[0][1:]) else None


def record(pairs: Iterable[tuple[str, str]]) -> str:
    """`Header: value; Header: value` of the pairs whose value is not empty."""
    return "; ".join(_pair(header, value) for header, value in pairs if value)


def _pair(header: str, value: str) -> str:
    if not header:
        return value
    return f"{header} {value}" if header.endswith((":", "?")) else f"{header}: {value}"


def _fill(grid: list[list[str]], merges: list[Merge]) -> tuple[list[list[str]], list[list[Merge | None]]]:
    """Even rows of one-line cells with merged cells filled, and for each cell the merge it belongs to."""
    width = max((len(row) for row in grid), default=0)
    rows = [[one_line(cell) for cell in row] + [""] * (width - len(row)) for row in grid]
    merged: list[list[Merge | None]] = [[None] * width for _ in rows]
    for merge in merges:
        top, left, bottom, right = merge
        if not (0 <= top < len(rows) and 0 <= left < width):
            continue
        value = rows[top][left]
        for r in range(top, min(bottom, len(rows) - 1) + 1):
            for c in range(left, min(right, width - 1) + 1):
                rows[r][c] = value
                merged[r][c] = merge
    return rows, merged


def _take_titles(rows: list[list[str]], merged: list[list[Merge | None]], table: Table) -> int:
    """Move leading one-value rows to the titles; returns how many rows were taken."""
    for index, row in enumerate(rows):
        values = {value for value in row if value}
        filled = [c for c, value in enumerate(row) if value]
        first_used = min(c for other in rows for c, value in enumerate(other) if value)
        alone = len(filled) == 1 and filled[0] == first_used and len(row) > 1
        across = len(values) == 1 and len(filled) > 1 and merged[index][filled[0]] is not None
        across = across and len(filled) >= sum(1 for c in range(len(row)) if any(r[c] for r in rows)) - 1
        across = across and filled[0] == first_used
        wider_follows = any(len({v for v in other if v}) > 1 for other in rows[index + 1 :])
        if not ((alone or across) and wider_follows):
            return index
        table.titles.append(values.pop())
    return len(rows)


def _single_column(rows: list[list[str]], table: Table, *, data_file: bool) -> Table:
    values = [next(filter(None, row)) for row in rows]
    short_first = len(values[0]) <= _LONGEST_HEADER and not _is_value(values[0]) and values[0][-1] not in ".!?"
    if data_file and len(values) > 2 and short_first:
        table.headers = [values[0]]
        table.lines = [("row", _pair(values[0], value)) for value in values[1:]]
    else:
        table.lines = [("row" if data_file else "note", value) for value in values]
    return table


def _is_value(text: str) -> bool:
    """Whether a cell looks like data (a number, price, date) rather than a header."""
    return bool(_NUMBER.match(text)) and not _YEAR.match(text)


def _has_header(rows: list[list[str]], *, data_file: bool) -> bool:
    first, body = rows[0], rows[1:]
    filled = [cell for cell in first if cell]
    if not body or any(_is_value(cell) for cell in filled) or any(len(cell) > _LONGEST_HEADER for cell in filled):
        return False
    if len(filled) == 1 and len(first) > 1:
        # a corner cell alone, or a group header above the real one
        return any(len([v for v in row if v]) > 1 for row in body) and not first[0]
    if sum(cell.endswith(":") for cell in filled) > len(filled) / 2 or all(row[0].endswith(":") for row in rows):
        return False
    if len(filled) != len(set(filled)) and len(rows) == 2:
        return False
    if len(first) == 2 and not data_file:
        # two columns are a list of properties unless the second column speaks one language below its head
        second = [row[1] for row in body if row[1]]
        digits = sum(bool(_DIGIT.search(value)) for value in second)
        if _DIGIT.search(first[1]) and not _NUMBERED_NAME.match(first[1]):
            return False
        return not second or digits >= 0.75 * len(second) or digits == 0
    return True


def _header_depth(rows: list[list[str]], merged: list[list[Merge | None]]) -> int:
    """How many rows the header has, when there is one."""
    depth = 1
    origin = [merge for merge in merged[0] if merge is not None]
    if origin:  # a header cell merged downwards says it plainly
        top = min(merge[0] for merge in origin)
        tall = max(merge[2] for merge in origin) - top + 1
        if 1 < tall < len(rows) and not any(_is_value(cell) for row in rows[1:tall] for cell in row):
            depth = tall
    while depth < min(3, len(rows) - 1):
        above, row = rows[depth - 1], rows[depth]
        filled = [cell for cell in row if cell]
        if not filled or any(_is_value(cell) or len(cell) > _LONGEST_HEADER for cell in filled):
            break
        grouped = any(merge is not None and merge[3] > merge[1] and merge[2] == merge[0] for merge in merged[depth - 1])
        fills_gap = any(cell and not up for cell, up in zip(row, above, strict=True))
        gap_below = any(up and not cell for cell, up in zip(row, above, strict=True)) or not above[0]
        units = row[0] in ("", "-") and all(_UNIT.match(cell) for cell in filled)
        body = rows[depth + 1]
        body_has_values = any(_is_value(cell) for cell in body)
        if (
            units
            or (grouped and len(set(filled)) > 1 and _group_split(rows, merged, depth))
            or (fills_gap and (gap_below or body_has_values) and depth == 1)
            or _second_line(row, above, body)
        ):
            depth += 1
        else:
            break
    return depth


def _second_line(row: list[str], above: list[str], body: list[str]) -> bool:
    """Whether some headers go on in the next row, which is not data since the data are figures."""
    pairs = [(cell, up) for cell, up in zip(row, above, strict=True) if cell]
    figures = sum(_is_value(cell) for cell in body if cell)
    return 2 <= len(pairs) < sum(map(bool, above)) and all(up for _, up in pairs) and figures * 3 > 2 * len(body)


def _group_split(rows: list[list[str]], merged: list[list[Merge | None]], depth: int) -> bool:
    """Whether the row at `depth` gives different names below a merged cell of the row above."""
    for merge in {m for m in merged[depth - 1] if m is not None and m[3] > m[1]}:
        below = [rows[depth][c] for c in range(merge[1], merge[3] + 1) if c < len(rows[depth])]
        if len(set(filter(None, below))) > 1:
            return True
    return False


def _join_headers(rows: list[list[str]]) -> list[str]:
    """One header a column from one or more header rows; a group name goes before each name under it."""
    width = len(rows[0])
    filled = [list(row) for row in rows]
    for r, row in enumerate(filled[:-1]):
        for c in range(1, width):
            named_below = any(filled[below][c] for below in range(r + 1, len(filled)))
            left_named_below = any(filled[below][c - 1] for below in range(r + 1, len(filled)))
            if not row[c] and row[c - 1] and named_below and left_named_below:
                row[c] = row[c - 1]
    headers = []
    for c in range(width):
        parts = list(dict.fromkeys(row[c] for row in filled if row[c]))
        headers.append(" ".join(part.rstrip(":") for part in parts))
    return headers


def _keep_unused_headers(header: list[list[str]], body: list[list[str]], table: Table) -> None:
    """A header over an empty column ("January to June 2023") is a title that was put there for looks."""
    for c in range(len(table.headers)):
        said = any(other == table.headers[c] for i, other in enumerate(table.headers) if i != c)
        if len(header) > 1 and table.headers[c] and not said and not any(row[c] for row in body):
            table.titles.append(table.headers[c])


def _write_rows(rows: list[list[str]], merged: list[list[Merge | None]], table: Table, *, labels: bool) -> None:
    headers = table.headers
    for index, row in enumerate(rows):
        values = [value for value in row if value]
        if headers and [value.rstrip(":") for value in row] == headers:
            continue  # the header repeated, as at the top of a printed page
        first = next(c for c, value in enumerate(row) if value)
        across = len(set(values)) == 1 and len(values) >= max(2, len(row) - 1) and merged[index][first] is not None
        if across and len(row) > 1:
            followed = any(len(set(filter(None, later))) > 1 for later in rows[index + 1 : index + 2])
            table.lines.append(("section" if followed and len(values[0]) <= _LONGEST_HEADER else "note", values[0]))
        elif headers:
            table.lines.append(("row", record(_once(headers, row, merged[index]))))
        elif labels and row[0] and len(values) > 1:
            rest = dict.fromkeys(_distinct(row[1:], merged[index][1:]))
            table.lines.append(("row", _pair(row[0].rstrip(":"), "; ".join(rest))))
        else:
            table.lines.append(("row", "; ".join(_distinct(row, merged[index]))))


def _once(headers: list[str], row: list[str], merged: list[Merge | None]) -> Iterable[tuple[str, str]]:
    """Header and value of each cell; a value merged over several columns of one header is said once."""
    said: set[tuple[str, Merge]] = set()
    for header, value, merge in zip(headers, row, merged, strict=True):
        if merge is not None:
            if (header, merge) in said:
                continue
            said.add((header, merge))
        yield header, value


def _distinct(row: list[str], merged: list[Merge | None]) -> list[str]:
    """The filled cells, a merged one once."""
    seen: set[Merge] = set()
    values = []
    for value, merge in zip(row, merged, strict=True):
        if not value or merge in seen:
            continue
        if merge is not None:
            seen.add(merge)
        values.append(value)
    return values
