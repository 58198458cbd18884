"""The small markup of `sources/*.md`: what a PDF or DOCX of the demo shop consists of.

It is Markdown cut down to headings, paragraphs, lists, `**bold**` and tables, with two additions for tables:
several header lines may stand above the `|---|` line, and a cell `<` or `^` belongs to its left or upper
neighbour. The line after the `#` title is the subtitle.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` hold plain text, merged cells their `<` or `^`. The first `header_rows` are the header."""

    rows: list[list[str]]
    header_rows: int

    def spans(self) -> list[tuple[int, int, int, int]]:
        """Return (column, row, last column, last row) of every merged cell, in reading order."""
        found = []
        for r, row in enumerate(self.rows):
            for c, cell in enumerate(row):
                if cell in {"<", "^"}:
                    continue
                right, down = c, r
                while right + 1 < len(row) and row[right + 1] == "<":
                    right += 1
                while down + 1 < len(self.rows) and self.rows[down + 1][c] == "^":
                    down += 1
                if (right, down) != (c, r):
                    found.append((c, r, right, down))
        return found

    def text(self, row: int, column: int) -> str:
        cell = self.rows[row][column]
        return "" if cell in {"<", "^"} else cell


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a text: `kind` is heading, paragraph, bullets, numbers or table."""

    kind: str
    lines: list[str] = field(default_factory=list)
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    subtitle: str
    blocks: list[Block]


def _table(lines: list[str]) -> Table:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    rule = next(i for i, row in enumerate(rows) if all(set(cell) <= {"-"} and cell for cell in row))
    cells = rows[:rule] + rows[rule + 1 :]
    if len({len(row) for row in cells}) != 1:
        raise ValueError(f"a table has rows of different length: {lines[0]}")
    return Table(cells, rule)


def parse_text(source: str) -> Text:
    """Parse one source.

    Raises:
        ValueError: a table is ragged, or the source has no title.
    """
    head, *rest = re.split(r"\n{2,}", source.strip())
    title, _, subtitle = head.partition("\n")
    if not title.startswith("# "):
        raise ValueError(f"a source begins with '# title', not with {title!r}")
    blocks = []
    for piece in rest:
        lines = piece.split("\n")
        if lines[0].startswith("## "):
            blocks.append(Block("heading", [lines[0][3:]]))
        elif lines[0].startswith("|"):
            blocks.append(Block("table", table=_table(lines)))
        elif lines[0].startswith("- "):
            blocks.append(Block("bullets", [line[2:] for line in lines]))
        elif re.match(r"\d+\. ", lines[0]):
            blocks.append(Block("numbers", [line.partition(". ")[2] for line in lines]))
        else:
            blocks.append(Block("paragraph", [" ".join(lines)]))
    return Text(title[2:], subtitle, blocks)


def bold_parts(line: str) -> list[tuple[str, bool]]:
    """Split a line at `**`: (text, is bold)."""
    return [(part, bool(i % 2)) for i, part in enumerate(line.split("**")) if part]


def read_source(path: Path, values: dict[str, str]) -> Text:
    """Read a source and put `values` in place of `{{name}}`."""
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", value)
    return parse_text(text)
