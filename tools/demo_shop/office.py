"""Writes DOCX and XLSX files of the demo shop, the same byte for byte for the same content."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.demo_shop.blocks import Block, Table, Text, bold_parts

# The date every file bears; a build must not depend on the clock.
BUILT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; `merged` are ranges such as "E3:I3", `widths` are in characters."""

    name: str
    title: str
    header: list[list[str]]
    rows: list[list[str | int | float]]
    merged: Sequence[str] = ()
    widths: Sequence[int] = ()


def _write_zip(data: bytes, path: Path) -> None:
    """Copy an Office file with fixed time stamps: both libraries stamp the present into it."""
    stamp = BUILT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            info = zipfile.ZipInfo(name, BUILT.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)


def _docx_table(document: Any, table: Table) -> None:
    from docx.shared import Pt

    grid = document.add_table(rows=len(table.rows), cols=len(table.rows[0]))
    grid.style = "Light Grid Accent 3"
    for r in range(len(table.rows)):
        for c in range(len(table.rows[r])):
            run = grid.cell(r, c).paragraphs[0].add_run(table.text(r, c))
            run.font.size = Pt(9)
            run.bold = r < table.header_rows
    for c, r, right, down in table.spans():
        grid.cell(r, c).merge(grid.cell(down, right))
    document.add_paragraph()


def _docx_block(document: Any, block: Block) -> None:
    if block.table is not None:
        _docx_table(document, block.table)
    elif block.kind == "heading":
        document.add_heading(block.lines[0], level=1)
    else:
        style = {"bullets": "List Bullet", "numbers": "List Number"}.get(block.kind)
        for line in block.lines:
            paragraph = document.add_paragraph(style=style)
            for part, bold in bold_parts(line):
                paragraph.add_run(part).bold = bold


def write_docx(text: Text, path: Path) -> None:
    from docx import Document

    document = Document()
    document.core_properties.title = text.title
    document.core_properties.author = "Quillmoor customer service"
    document.core_properties.comments = ""
    document.add_heading(text.title, level=0)
    document.add_paragraph(text.subtitle, style="Subtitle")
    for block in text.blocks:
        _docx_block(document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    _write_zip(buffer.getvalue(), path)


def _fill_page(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    first_row = 3 + len(sheet.header)
    for row in ([sheet.title], [], *sheet.header, *sheet.rows):
        page.append(row)
    for span in sheet.merged:
        page.merge_cells(span)
    page["A1"].font = Font(bold=True, size=14)
    for row in page.iter_rows(min_row=3, max_row=first_row - 1):
        for cell in row:
            cell.font = Font(bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", fgColor="24483E")
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for row in page.iter_rows(min_row=first_row):
        for cell in row:
            if isinstance(cell.value, float):
                cell.number_format = '#,##0.00 "€"'
    page.freeze_panes = f"A{first_row}"


def write_xlsx(sheets: Sequence[Sheet], path: Path) -> None:
    """Write sheets that have a title line, a blank line and a header of one or two lines above the rows."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        _fill_page(page, sheet)
        for column, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(column)].width = width
    buffer = io.BytesIO()
    book.save(buffer)
    _write_zip(buffer.getvalue(), path)
