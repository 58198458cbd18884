"""Rows of written tables, read with the names of their columns: "| Austria | 9 |" is "Country: Austria; Price: 9"."""

import re
from collections.abc import Mapping, Sequence

_RULE = re.compile(r"[|\s:+=-]+$")
_CELL = re.compile(r"(?<!\\)\|")


def cells(row: str) -> list[str]:
    """The cells of a row between bars."""
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(row.strip().strip("|"))]


def is_rule(text: str) -> bool:
    """Whether a line is the one below a table's header: bars, dashes and colons."""
    return "-" in text and bool(_RULE.match(text))


def headed_rows(sentences: Sequence[str]) -> tuple[Mapping[int, tuple[tuple[str, str], ...]], frozenset[int]]:
    """Which sentences are rows of a table with a header, as pairs of column and cell; and which are the headers.

    A header is a row with a rule below it. An empty cell is left out, and so is a row with more cells than columns.
    """
    rows: dict[int, tuple[tuple[str, str], ...]] = {}
    headers: set[int] = set()
    columns: list[str] | None = None
    for i, text in enumerate(sentences):
        if not text.startswith("|"):
            columns = None
            continue
        following = sentences[i + 1] if i + 1 < len(sentences) else ""
        if following.startswith("|") and is_rule(following) and not is_rule(text):
            columns = cells(text)
            headers.add(i)
        elif is_rule(text):
            headers.add(i)
        elif columns is not None:
            values = cells(text)
            if len(values) <= len(columns):
                rows[i] = tuple((name, value) for name, value in zip(columns, values, strict=False) if value)
    return rows, frozenset(headers)


def spoken(row: Sequence[tuple[str, str]]) -> str:
    """A row as a sentence: columns without a name are only their cell."""
    return "; ".join(f"{name}: {value}" if name else value for name, value in row)
