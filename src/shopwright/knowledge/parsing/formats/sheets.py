"""Finds the tables on a spreadsheet's sheet: blocks of cells parted by empty rows."""

from collections.abc import Iterator

from shopwright.knowledge.parsing.tables import Merge

Cells = dict[int, dict[int, str]]
"""Row number -> column number -> text; empty cells are missing."""


def split_tables(cells: Cells, merges: list[Merge]) -> Iterator[tuple[list[list[str]], list[Merge]]]:
    """Grids of neighbouring rows, each with its own merges.

    A block of one row is a title of the block below; blocks that use the same columns and follow an empty row
    without a header of their own are one table, since people part long lists with empty rows.
    """
    numbers = sorted(cells)
    blocks: list[list[int]] = []
    for number in numbers:
        if blocks and number - blocks[-1][-1] == 1:
            blocks[-1].append(number)
        else:
            blocks.append([number])
    joined: list[list[int]] = []
    for block in blocks:
        if joined and _continues(cells, joined[-1], block):
            joined[-1].extend(block)
        else:
            joined.append(block)
    for block in joined:
        yield grid_of(cells, merges, block)


def _continues(cells: Cells, above: list[int], block: list[int]) -> bool:
    """Whether a block belongs to the one above: it lacks a header, or the one above is only a title."""
    above_columns = {c for r in above for c in cells[r]}
    columns = {c for r in block for c in cells[r]}
    if all(len(cells[r]) == 1 for r in above):
        return len(columns) > 1
    if len(block) == 1 and len(columns) == 1:
        return False
    first, before = cells[block[0]], cells[above[-1]]
    head = [r for r in above if len(cells[r]) > 1]
    if len(head) <= 3 and _only_text(cells, head) and not _only_text(cells, block[:1]):
        return min(columns) <= min(above_columns) + 1 and max(columns) <= max(above_columns)
    same_place = min(columns) == min(above_columns) and max(columns) <= max(above_columns)
    return same_place and _shape(first) == _shape(before) and any(_shape(first).values())


def _only_text(cells: Cells, rows: list[int]) -> bool:
    return not any(any(_shape(cells[r]).values()) for r in rows)


def _shape(row: dict[int, str]) -> dict[int, bool]:
    """Which columns are filled, and whether with a number."""
    return {column: text[:1].isdigit() or text[:1] in "-€$£" for column, text in row.items()}


def grid_of(cells: Cells, merges: list[Merge], block: list[int]) -> tuple[list[list[str]], list[Merge]]:
    """The rows numbered in `block` as a grid without empty edges, and the merges inside it."""
    columns = {c for r in block for c in cells[r]}
    left, right = min(columns), max(columns)
    place = {row: index for index, row in enumerate(block)}
    rows = [[cells[r].get(c, "") for c in range(left, right + 1)] for r in block]
    own = []
    for top, first, bottom, last in merges:
        inside = [place[r] for r in range(top, min(bottom, block[-1]) + 1) if r in place]
        if inside and first >= left:
            own.append((inside[0], first - left, inside[-1], last - left))
    return rows, own
