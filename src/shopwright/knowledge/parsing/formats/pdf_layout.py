"""The words of a PDF page put in reading order: tables, columns, lines."""

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from shopwright.knowledge.parsing.formats.pdf_tables import TableBox, aligned_table, group_lines, ruled_tables

if TYPE_CHECKING:
    from pdfplumber.page import Page

Word = dict[str, Any]
_DEEPEST_CUT = 12


@dataclass(slots=True)
class Line:
    """A line of text and how it is set; lengths in points from the page's top left corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    region: int
    """Lines of one column share a number; a paragraph does not go over to another one."""


@dataclass(slots=True)
class PageText:
    number: int
    height: float
    lines: list[Line] = field(default_factory=list)
    """In reading order."""
    tables: list[tuple[int, TableBox]] = field(default_factory=list)
    """Each with the number of lines that stand before it."""


def read_page(page: "Page", number: int) -> PageText:
    """Lay out one page."""
    result = PageText(number, float(page.height))
    if not page.chars:
        return result
    words = _words(page)
    words = [word for word in words if word["x1"] >= word["x0"] and word["text"].strip()]
    for word in words:
        # code 127 of the standard encoding is a bullet (ISO 32000-1, D.2, note 3)
        word["text"] = word["text"].replace("(cid:127)", "\u2022")
    for word in words:
        first = word["chars"][0]
        word["size"] = float(first["size"])
        word["bold"] = _is_bold(str(first["fontname"]))
        del word["chars"]
    tables = ruled_tables(page, words)
    loose = [word for word in words if not any(_inside(word, table) for table in tables)]
    regions = _regions(loose, tables)
    items = [item for number, region in enumerate(regions) for item in _lines_and_tables(region, number)]
    _place(result, items, tables)
    return result


def _words(page: "Page") -> list[Word]:
    """The words that stand upright; where most do not, the page is read turned."""
    from pdfplumber.utils.text import dedupe_chars, extract_words

    chars = page.chars
    upright = [char for char in chars if char["upright"]]
    if len(upright) * 2 < len(chars):
        turned = [char for char in chars if not char["upright"]]
        chars = [_turned(char, float(page.width), float(page.height)) for char in turned]
    else:
        chars = upright  # the rest is a stamp in the margin or the side of a diagram
    if _printed_twice(chars):
        chars = dedupe_chars(chars, tolerance=2)
    words: list[Word] = extract_words(
        chars, x_tolerance_ratio=0.18, y_tolerance=3, keep_blank_chars=False, return_chars=True
    )
    return words


def _turned(char: Word, width: float, height: float) -> Word:
    """A letter of text that runs up or down the page, as if the page were turned."""
    if char["matrix"][1] > 0:  # it runs upwards
        box = (height - char["bottom"], height - char["top"], char["x0"], char["x1"])
    else:
        box = (char["top"], char["bottom"], width - char["x1"], width - char["x0"])
    x0, x1, top, bottom = box
    return {**char, "x0": x0, "x1": x1, "top": top, "bottom": bottom, "doctop": top, "upright": True}


def _place(result: PageText, items: list[Any], tables: list[TableBox]) -> None:
    """Write the items in order and each ruled table where it stands among the lines beside it."""
    waiting = sorted(tables, key=lambda table: table.top)
    for item in items:
        while waiting and waiting[0].bottom <= item.top + 1 and _same_column(waiting[0], item):
            result.tables.append((len(result.lines), waiting.pop(0)))
        if isinstance(item, TableBox):
            result.tables.append((len(result.lines), item))
        else:
            result.lines.append(item)
    result.tables.extend((len(result.lines), table) for table in waiting)


def _same_column(table: TableBox, item: Any) -> bool:
    return bool(min(table.x1, item.x1) > max(table.x0, item.x0)) or table.x1 - table.x0 > 300


def _printed_twice(chars: list[dict[str, Any]]) -> bool:
    """Whether letters are drawn twice for a bold look."""
    twice = sum(
        one["text"] == other["text"]
        and not one["text"].isspace()
        and abs(one["x0"] - other["x0"]) < 0.25 * one["size"]
        and abs(one["top"] - other["top"]) < 1
        for one, other in pairwise(sorted(chars, key=lambda char: (round(char["top"]), char["x0"])))
    )
    return bool(twice > 0.05 * len(chars))


def _is_bold(font: str) -> bool:
    name = font.lower()
    return any(word in name for word in ("bold", "black", "heavy", "-bd", "demi", "-medi", "cmbx"))


def _inside(word: Word, table: TableBox) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(table.x0 - 1 <= x <= table.x1 + 1 and table.top - 1 <= y <= table.bottom + 1)


def _regions(words: list[Word], tables: list[TableBox]) -> list[list[Word]]:
    """Split at wide tables first, so that columns above and below one are found apart."""
    edges = sorted(table.top for table in tables if table.x1 - table.x0 > 200)
    bands: list[list[Word]] = [[] for _ in range(len(edges) + 1)]
    for word in words:
        bands[sum(word["top"] > edge for edge in edges)].append(word)
    return [region for band in bands if band for region in _cut(band, 0)]


def _cut(words: list[Word], depth: int) -> list[list[Word]]:
    """Cut a block into columns, and where it has none as a whole, into bands that have."""
    if len(words) < 12 or depth > _DEEPEST_CUT:
        return [words]
    gutter = _gutter(words)
    if gutter is not None:
        left = [word for word in words if word["x1"] <= gutter + 0.5]
        right = [word for word in words if word["x1"] > gutter + 0.5]
        return _cut(left, depth + 1) + _cut(right, depth + 1)
    bands = _bands(words)
    if len(bands) < 2:
        return [words]
    result: list[list[Word]] = []
    current: list[Word] = []
    current_gutter: float | None = None
    for band in bands:
        together = _gutter(current + band) if current else None
        if current and (together is not None or (current_gutter is None and _gutter(band) is None)):
            current += band
            current_gutter = together
            continue
        if current:
            result += _cut(current, depth + 1) if current_gutter is not None else [current]
        current, current_gutter = list(band), _gutter(band)
    result += _cut(current, depth + 1) if current_gutter is not None else [current]
    return result


def _bands(words: list[Word]) -> list[list[Word]]:
    """Groups of words parted by white space over the whole width."""
    ordered = sorted(words, key=lambda word: word["top"])
    height = median(word["bottom"] - word["top"] for word in words)
    bands = [[ordered[0]]]
    lowest = ordered[0]["bottom"]
    for word in ordered[1:]:
        if word["top"] - lowest > 0.3 * height:
            bands.append([word])
        else:
            bands[-1].append(word)
        lowest = max(lowest, word["bottom"])
    return bands


def _gutter(words: list[Word]) -> float | None:
    """The left edge of an empty vertical strip between two columns of prose, or None."""
    if len(words) < 12:
        return None
    size = median(word["size"] for word in words)
    spans = sorted((word["x0"], word["x1"]) for word in words)
    reach = spans[0][1]
    found: list[tuple[float, float]] = []
    for x0, x1 in spans[1:]:
        if x0 - reach >= max(7.0, 0.8 * size):
            found.append((x0 - reach, reach))
        reach = max(reach, x1)
    for _, edge in sorted(found, reverse=True):
        left = [word for word in words if word["x1"] <= edge + 0.5]
        right = [word for word in words if word["x1"] > edge + 0.5]
        if _is_prose_column(left) and _is_prose_column(right):
            return edge
    return None


def _is_prose_column(words: list[Word]) -> bool:
    """Three lines or more with several words each: a column of a table has one or two."""
    lines = group_lines(words)
    return len(lines) >= 3 and len(words) >= 3.2 * len(lines)


def _lines_and_tables(words: list[Word], region: int) -> list[Any]:
    """The lines of a region, with tables that are set by alignment alone taken out of them."""
    lines = group_lines(words)
    result: list[Any] = []
    index = 0
    while index < len(lines):
        table, used = aligned_table(lines[index:])
        if table is not None:
            result.append(table)
            index += used
        else:
            result.append(_line(lines[index], region))
            index += 1
    return result


def _line(words: list[Word], region: int) -> Line:
    text = words[0]["text"]
    for before, word in pairwise(words):
        # words of Chinese and Japanese text are pieces without spaces between them
        close = word["x0"] - before["x1"] < 0.1 * word["size"]
        text += word["text"] if close and ord(word["text"][0]) > 0x2E7F else " " + word["text"]
    letters = sum(len(word["text"]) for word in words)
    bold = sum(len(word["text"]) for word in words if word["bold"])
    return Line(
        text,
        min(word["x0"] for word in words),
        max(word["x1"] for word in words),
        min(word["top"] for word in words),
        max(word["bottom"] for word in words),
        median(word["size"] for word in words),
        bold * 10 >= letters * 9,
        region,
    )
