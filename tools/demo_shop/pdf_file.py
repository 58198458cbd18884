"""Writes a text of the demo shop as PDF. The output is the same, byte for byte, for the same text."""

import re
from html import escape
from pathlib import Path
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    ListFlowable,
    ListItem,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
)
from reportlab.platypus import Table as PdfTable
from tools.demo_shop.blocks import Block, Table, Text

GREEN = colors.HexColor("#24483e")
PALE = colors.HexColor("#e6eeea")
DIM = colors.HexColor("#55645e")
GREY = colors.HexColor("#9aa8a2")
MARGIN = 22 * mm
# A frame pads its content by 6 points on each side.
LEFT, RIGHT = MARGIN + 6, A4[0] - MARGIN - 6
WIDTH = RIGHT - LEFT

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=13.5, spaceAfter=6)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=21, leading=25, textColor=GREEN)
SUBTITLE = ParagraphStyle("subtitle", parent=BODY, fontSize=11, leading=15, textColor=colors.HexColor("#55645e"))
HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=13, leading=16, textColor=GREEN, spaceBefore=9)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=8.5, leading=11, spaceAfter=0)
HEAD_CELL = ParagraphStyle("head", parent=CELL, fontName="Helvetica-Bold", textColor=colors.white)

# The built-in fonts know Windows-1252 only.
REPLACED = {"−": "-", "→": "to"}


def _markup(line: str) -> str:
    for wrong, right in REPLACED.items():
        line = line.replace(wrong, right)
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(line, quote=False))


def _least_width(text: str) -> float:
    """Return points that keep every word whole, and a cell of up to 18 characters on one line."""
    pieces = [text] if len(text) <= 18 else text.split()
    # at 8.5 points a bold letter is about 5 points wide
    return max(len(piece) for piece in pieces) * 5.0 + 12


def _column_widths(table: Table) -> list[float]:
    """Return widths in points, by the longest cell of each column, so that text columns get more room."""
    columns = range(len(table.rows[0]))
    wide = {(c, r) for c, r, right, _ in table.spans() if right > c}

    def length(row: int, column: int) -> int:
        return 0 if (column, row) in wide else min(len(table.text(row, column)), 46)

    needs = [max(length(r, c) for r in range(len(table.rows))) + 3 for c in columns]
    least = [max(_least_width(table.text(r, c)) for r in range(len(table.rows))) for c in columns]
    spare = WIDTH - sum(least)
    return [low + spare * need / sum(needs) for low, need in zip(least, needs, strict=True)]


def _table(table: Table) -> Flowable:
    cells = [
        [
            Paragraph(_markup(table.text(r, c)), HEAD_CELL if r < table.header_rows else CELL)
            for c in range(len(table.rows[r]))
        ]
        for r in range(len(table.rows))
    ]
    header_end = table.header_rows - 1
    style: list[tuple[Any, ...]] = [
        ("BACKGROUND", (0, 0), (-1, header_end), GREEN),
        ("ROWBACKGROUNDS", (0, table.header_rows), (-1, -1), [colors.white, PALE]),
        ("GRID", (0, 0), (-1, -1), 0.5, GREY),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    for c, r, right, down in table.spans():
        style.append(("SPAN", (c, r), (right, down)))
        if r >= table.header_rows:
            style.append(("BACKGROUND", (c, r), (right, down), colors.white))
    return PdfTable(
        cells,
        colWidths=_column_widths(table),
        repeatRows=table.header_rows,
        style=style,
        spaceBefore=3,
        spaceAfter=9,
    )


def _flowables(block: Block, room: float) -> list[Flowable]:
    """Return what to draw; a heading goes to the next page unless `room` (points) is left below it."""
    if block.table is not None:
        return [CondPageBreak(30 * mm), _table(block.table)]
    if block.kind == "heading":
        return [CondPageBreak(room), Paragraph(_markup(block.lines[0]), HEADING), Spacer(1, 4)]
    if block.kind == "paragraph":
        return [Paragraph(_markup(block.lines[0]), BODY)]
    items = [ListItem(Paragraph(_markup(line), BODY), spaceAfter=0) for line in block.lines]
    bullets = block.kind == "bullets"
    return [
        ListFlowable(
            items,
            bulletType="bullet" if bullets else "1",
            start="•" if bullets else 1,
            bulletFontSize=9.5,
            bulletFormat=None if bullets else "%s.",
            leftIndent=14,
            spaceAfter=4,
        )
    ]


def write_pdf(text: Text, path: Path) -> None:
    """Write `text` to `path` on A4, with the title in the running header and page numbers in the footer."""

    def frame(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(GREY)
        canvas.drawString(LEFT, 12 * mm, "Quillmoor GmbH, Tauwerkstieg 14, 20999 Hamburg")
        canvas.drawRightString(RIGHT, 12 * mm, f"Page {document.page}")
        if document.page > 1:
            canvas.drawString(LEFT, A4[1] - 13 * mm, text.title)
        canvas.setFillColor(GREEN)
        canvas.rect(0, A4[1] - 6 * mm, A4[0], 6 * mm, stroke=0, fill=1)
        canvas.restoreState()

    story: list[Flowable] = [
        Paragraph(_markup(text.title), TITLE),
        Paragraph(_markup(text.subtitle), SUBTITLE),
    ]
    story.append(Spacer(1, 4))
    for i, block in enumerate(text.blocks):
        # a heading, its sentence and the first rows of its table stay together
        table_follows = any(b.kind == "table" for b in text.blocks[i + 1 : i + 3])
        story += _flowables(block, (60 if table_follows else 25) * mm)
    document = SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=text.title,
        author="Quillmoor customer service",
        subject=text.subtitle,
        lang="en",
        # no dates and no random id in the file
        invariant=1,
    )
    document.build(story, onFirstPage=frame, onLaterPages=frame)
