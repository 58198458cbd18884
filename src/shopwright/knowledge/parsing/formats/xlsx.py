"""XLSX: each sheet's tables as records, values as the sheet shows them.

Read from the XML as a stream: a library's object for every cell would take fifty times the file's size.
"""

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shopwright.kit.sentences import sentence
from shopwright.knowledge.parsing.archives import Archive
from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.formats.office import core_title, relationships
from shopwright.knowledge.parsing.formats.sheets import split_tables
from shopwright.knowledge.parsing.formats.xlsx_numbers import NumberFormats
from shopwright.knowledge.parsing.tables import Merge
from shopwright.knowledge.parsing.xmltree import attribute, child, local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_WIDEST = 1_000
_MOST_CELLS = 3_000_000
_HIDDEN_STATES = ("hidden", "veryHidden")


@dataclass(slots=True)
class _Sheet:
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    cells: int = 0


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    archive = Archive(data, builder.limits)
    workbook_name = "xl/workbook.xml"
    workbook = parse_xml(archive.read(workbook_name))
    links = relationships(archive, workbook_name)
    strings = _shared_strings(archive)
    properties = child(workbook, "workbookPr")
    since_1904 = properties is not None and attribute(properties, "date1904") in ("1", "true")
    formats = NumberFormats(archive, since_1904=since_1904)
    builder.title = core_title(archive)
    sheets = child(workbook, "sheets")
    shown = [s for s in (sheets if sheets is not None else ()) if attribute(s, "state") not in _HIDDEN_STATES]
    if sheets is not None and len(shown) < len(sheets):
        builder.warn(sentence("Hidden sheets were left out."))
    for number, sheet in enumerate(shown, start=1):
        name = attribute(sheet, "name") or f"Sheet{number}"
        kind, member = links.get(sheet.get(_RELATION) or attribute(sheet, "id") or "", ("", ""))
        if kind != "worksheet" or not archive.has(member):
            continue
        content = _read_sheet(archive.read(member), strings, formats)
        builder.anchor = name
        if len(shown) > 1 and content.rows:
            builder.heading(name, 1)
        for rows, merges in split_tables(content.rows, content.merges):
            builder.table(rows, merges=merges, data_file=True)
    builder.anchor = None


_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _shared_strings(archive: Archive) -> list[str]:
    data = archive.find("xl/sharedStrings.xml")
    if data is None:
        return []
    return [_rich_text(item) for item in parse_xml(data) if local(item) == "si"]


def _rich_text(item: "_Element") -> str:
    """The runs of a string, without the phonetic hints of Japanese."""
    parts = []
    for element in item:
        if local(element) == "t":
            parts.append(element.text or "")
        elif local(element) == "r":
            parts.extend(t.text or "" for t in element if local(t) == "t")
    return "".join(parts)


def _read_sheet(data: bytes, strings: list[str], formats: NumberFormats) -> _Sheet:
    from lxml import etree

    sheet = _Sheet()
    if b"<!ENTITY" in data:
        raise ParseFailed("unsafe")
    events = etree.iterparse(
        io.BytesIO(data), events=("end",), tag=("{*}row", "{*}mergeCell"), resolve_entities=False,
        no_network=True,
        load_dtd=False, huge_tree=False,
    )  # fmt: skip
    row_number = -1
    try:
        for _, element in events:
            if local(element) == "mergeCell":
                merge = _range(attribute(element, "ref") or "")
                if merge is not None:
                    sheet.merges.append(merge)
                continue
            said = element.get("r") or ""
            row_number = int(said) - 1 if said.isdigit() and len(said) < 9 else row_number + 1
            if element.get("hidden") not in ("1", "true"):
                cells = _read_row(element, strings, formats)
                sheet.cells += len(cells)
                if cells:
                    sheet.rows[row_number] = cells
                if sheet.cells > _MOST_CELLS:
                    raise ParseFailed("too_large")
            element.clear()
    except etree.XMLSyntaxError as error:
        raise ParseFailed("broken") from error
    return sheet


def _read_row(row: "_Element", strings: list[str], formats: NumberFormats) -> dict[int, str]:
    cells: dict[int, str] = {}
    column = -1
    for cell in row:
        column = _column(cell.get("r") or "", column + 1)
        if column >= _WIDEST:
            break
        text = _cell_text(cell, strings, formats)
        if text and not text.isspace():
            cells[column] = text
    return cells


def _cell_text(cell: "_Element", strings: list[str], formats: NumberFormats) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        inline = child(cell, "is")
        return _rich_text(inline) if inline is not None else ""
    value = child(cell, "v")
    text = (value.text or "") if value is not None else ""
    if kind == "s":
        return strings[int(text)] if text.isdigit() and int(text) < len(strings) else ""
    if kind == "b":
        return "TRUE" if text == "1" else "FALSE"
    if kind in ("str", "e", "d"):
        return text
    style = cell.get("s") or "0"
    return formats.show(text, int(style) if style.isdigit() else 0) if text else ""


def _column(reference: str, default: int) -> int:
    """`AB12` is column 27, counted from 0."""
    column = 0
    letters = 0
    for char in reference:
        if not ("A" <= char <= "Z"):
            break
        column = column * 26 + ord(char) - 64
        letters += 1
        if letters > 3:
            return default
    return column - 1 if letters else default


def _range(reference: str) -> Merge | None:
    first, _, last = reference.partition(":")
    digits = ["".join(char for char in part if char.isdigit()) for part in (first, last)]
    if not all(digits) or max(map(len, digits)) > 8:
        return None
    top, bottom = int(digits[0]) - 1, int(digits[1]) - 1
    left, right = _column(first, 0), _column(last, 0)
    return (top, left, bottom, min(right, _WIDEST)) if top <= bottom and left <= right else None
