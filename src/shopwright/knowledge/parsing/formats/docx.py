"""DOCX: headings by style or outline level, lists, tables with merged cells, text boxes, footnotes.

Read from the XML itself: the page breaks that Word noted, tracked changes and text boxes are all in it, and a
book of 900 pages takes a second.
"""

from typing import TYPE_CHECKING

from shopwright.knowledge.parsing.archives import Archive
from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.formats.docx_styles import Styles
from shopwright.knowledge.parsing.formats.docx_tables import read_cells, row_cells, table_rows
from shopwright.knowledge.parsing.formats.office import core_title
from shopwright.knowledge.parsing.xmltree import attribute, child, local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

# what stands in the file but is not shown: deleted text, field codes, fallbacks for old programs
_HIDDEN = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "rPr", "pPr", "sectPr", "tblPr", "vanish"})


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    archive = Archive(data, builder.limits)
    name = "word/document.xml"
    if not archive.has(name):
        name = next((n for n in archive.names if n.startswith("word/document") and n.endswith(".xml")), name)
    root = parse_xml(archive.read(name))
    reader = _Reader(builder, Styles(archive))
    builder.title = core_title(archive)
    body = child(root, "body")
    if body is not None:
        reader.blocks(body)
    reader.notes(archive)
    if reader.page_breaks and _agrees(reader.page, archive):
        builder.pages = reader.page
    else:
        builder.forget_pages()


def _agrees(pages: int, archive: Archive) -> bool:
    """Whether the breaks that were found make about the number of pages that the program counted.

    Only the program that last laid out the text knows its pages, and it may have noted some of them only.
    """
    data = archive.find("docProps/app.xml")
    counted = child(parse_xml(data), "Pages") if data is not None else None
    text = (counted.text or "") if counted is not None else ""
    return not text.isdigit() or abs(int(text) - pages) <= max(1, pages // 10)


_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "•"}


class _Reader:
    def __init__(self, builder: Builder, styles: Styles) -> None:
        self._builder = builder
        self._styles = styles
        self._anchor: str | None = None
        self._boxes: list[_Element] = []
        self._last_list: str | None = None
        self.page = 1
        self.page_breaks = 0
        builder.page = 1

    def blocks(self, parent: "_Element") -> None:
        for element in parent:
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name in ("sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo"):
                self.blocks(element)

    def notes(self, archive: Archive) -> None:
        """Footnotes and endnotes, after the text they belong to."""
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            data = archive.find(name)
            if data is None:
                continue
            for note in parse_xml(data):
                if attribute(note, "type") in (None, "normal"):
                    text = " ".join(filter(None, (self._text(p) for p in note.iter() if local(p) == "p")))
                    self._builder.paragraph(text)

    def _paragraph(self, element: "_Element") -> None:
        text = self._text(element)
        # a break that Word noted inside the paragraph counts for what comes after it
        style = self._styles.of(element)
        self._builder.page = self._page_of(element)
        if not text.strip():
            pass
        elif style.contents or _points_to_page(element):
            pass  # a table of contents repeats the headings and says nothing
        elif style.title:
            self._builder.title = self._builder.title or text
            self._builder.heading(text, 1, anchor=self._anchor)
        elif style.heading and len(text) <= 300:
            self._builder.heading(text, style.heading, anchor=self._anchor)
        elif style.list_id is not None:
            if style.list_id != self._last_list:
                self._builder.gap()
            marker = self._styles.marker(style) or "-"
            self._builder.item(text, depth=style.depth, marker=marker)
        else:
            self._builder.paragraph(text, keep_lines=True)
        if text.strip():
            self._anchor = None
            self._last_list = style.list_id
        self._write_boxes()

    def _page_of(self, element: "_Element") -> int:
        """The page the paragraph begins on; breaks inside it count for the next one, leading ones for
        itself.
        """
        page = self.page
        seen_text = False
        for part in element.iter():
            name = local(part)
            if name == "t" and (part.text or "").strip():
                seen_text = True
            if name == "lastRenderedPageBreak" or (name == "br" and attribute(part, "type") == "page"):
                self.page += 1
                self.page_breaks += 1
                if not seen_text:
                    page = self.page
        return page

    def _write_boxes(self) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.blocks(box)

    def _text(self, element: "_Element") -> str:
        parts: list[str] = []
        self._collect(element, parts)
        return "".join(parts)

    def _collect(self, element: "_Element", parts: list[str]) -> None:
        for part in element:
            name = local(part)
            if name in _HIDDEN:
                continue
            if name == "t":
                parts.append(part.text or "")
            elif name in _SIGNS:
                parts.append(_SIGNS[name] if attribute(part, "type") != "page" else " ")
            elif name == "bookmarkStart":
                bookmark = attribute(part, "name") or ""
                # names that begin so are a program's own
                self._anchor = self._anchor or (bookmark if not bookmark.startswith("_") else None)
            elif name == "txbxContent":
                self._boxes.append(part)
            elif name == "r" and _vanishes(part):
                continue
            else:
                self._collect(part, parts)

    def _table(self, element: "_Element") -> None:
        nested: list[_Element] = []
        table = read_cells(element, lambda cell: self._cell_text(cell, nested))
        self._builder.page = self.page
        self._page_of(element)
        if all(len(row) <= 1 for row in table.rows):  # a frame around text
            for row in table_rows(element):
                for cell in row_cells(row):
                    self.blocks(cell)
            return
        self._builder.table(
            table.rows, merges=table.merges, header_rows=table.header_rows, row_headers=table.row_headers
        )
        for inner in nested:
            self._table(inner)
        self._write_boxes()

    def _cell_text(self, cell: "_Element", nested: "list[_Element]") -> str:
        parts = []
        for element in cell.iter():
            if local(element) == "tbl":
                nested.append(element)
            elif local(element) == "p" and not _inside_nested(element, cell):
                parts.append(self._text(element))
        return " ".join(filter(None, (part.strip() for part in parts)))


def _points_to_page(paragraph: "_Element") -> bool:
    """Whether a paragraph is a line of a table of contents, by the page number it looks up."""
    return any(local(part) == "instrText" and "PAGEREF" in (part.text or "") for part in paragraph.iter())


def _inside_nested(element: "_Element", cell: "_Element") -> bool:
    parent = element.getparent()
    while parent is not None and parent is not cell:
        if local(parent) in ("tbl", "txbxContent"):
            return True
        parent = parent.getparent()
    return False


def _vanishes(run: "_Element") -> bool:
    properties = child(run, "rPr")
    vanish = child(properties, "vanish") if properties is not None else None
    return vanish is not None and attribute(vanish, "val") not in ("0", "false")
