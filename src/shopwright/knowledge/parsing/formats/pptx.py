"""PPTX: slides in order, titles as headings, lists, tables and speaker notes."""

from typing import TYPE_CHECKING

from shopwright.kit.sentences import sentence
from shopwright.knowledge.parsing.archives import Archive
from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.formats.office import core_title, relationships
from shopwright.knowledge.parsing.tables import Merge
from shopwright.knowledge.parsing.xmltree import attribute, child, local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_PRESENTATION = "ppt/presentation.xml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# numbers and dates that stand on every slide
_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    archive = Archive(data, builder.limits)
    builder.title = core_title(archive)
    slides = _slides(archive)
    if len(slides) > builder.limits.max_pages:
        raise ParseFailed("too_many_pages")
    for number, name in enumerate(slides, start=1):
        builder.page = number
        root = parse_xml(archive.read(name))
        if root.get("show") == "0":
            builder.warn(sentence("Hidden slides were left out."))
            continue
        _Slide(builder).write(root)
        _write_notes(archive, name, builder)
    builder.page = None
    builder.pages = len(slides)


def _slides(archive: Archive) -> list[str]:
    links = relationships(archive, _PRESENTATION)
    ids = child(parse_xml(archive.read(_PRESENTATION)), "sldIdLst")
    names = [links.get(slide.get(_RELATION) or "", ("", ""))[1] for slide in (ids if ids is not None else ())]
    return [name for name in names if archive.has(name)]


class _Slide:
    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def write(self, root: "_Element") -> None:
        tree = child(root, "cSld", "spTree")
        if tree is None:
            return
        shapes = list(_shapes(tree))
        # the title comes first, wherever it was drawn; the rest in the order it was put there
        title = next((s for s in shapes if _placeholder(s) in ("title", "ctrTitle") and _shape_text(s)), None)
        if title is not None:
            text = _shape_text(title)
            self._builder.title = self._builder.title or text
            self._builder.heading(text, 1)
        for shape in shapes:
            if shape is not title:
                self._shape(shape)

    def _shape(self, shape: "_Element") -> None:
        if local(shape) == "graphicFrame":
            for table in shape.iter():
                if local(table) == "tbl":
                    self._table(table)
            return
        kind = _placeholder(shape)
        body = child(shape, "txBody")
        if body is None or kind in _FURNITURE:
            return
        if kind in ("title", "ctrTitle", "subTitle"):
            self._builder.heading(_shape_text(shape), 2)
            return
        paragraphs = [p for p in body if local(p) == "p" and _text(p).strip()]
        self._builder.gap()
        listed = kind in ("body", "obj", "") and len(paragraphs) > 1
        for paragraph in paragraphs:
            depth, bullet = _bullet(paragraph)
            if bullet or (listed and bullet is None and kind is not None):
                self._builder.item(_text(paragraph), depth=depth)
            else:
                self._builder.paragraph(_text(paragraph), keep_lines=True)

    def _table(self, table: "_Element") -> None:
        rows: list[list[str]] = []
        merges: list[Merge] = []
        for r, row in enumerate(e for e in table if local(e) == "tr"):
            cells: list[str] = []
            for c, cell in enumerate(e for e in row if local(e) == "tc"):
                wide, tall = _number(cell, "gridSpan"), _number(cell, "rowSpan")
                if wide > 1 or tall > 1:
                    merges.append((r, c, r + tall - 1, c + wide - 1))
                cells.append(" ".join(filter(None, (_text(p) for p in cell.iter() if local(p) == "p"))))
            rows.append(cells)
        settings = child(table, "tblPr")
        header = settings is not None and settings.get("firstRow") == "1" and len(rows) > 1
        self._builder.table(rows, merges=merges, header_rows=1 if header else None)


def _shapes(tree: "_Element") -> "list[_Element]":
    found: list[_Element] = []
    stack = list(reversed(tree))
    while stack:
        element = stack.pop()
        name = local(element)
        if name in ("sp", "graphicFrame"):
            found.append(element)
        elif name in ("grpSp", "AlternateContent", "Choice"):
            stack.extend(reversed(element))
    return found


def _placeholder(shape: "_Element") -> str | None:
    """The kind of a placeholder, empty for one without kind (a body), None for any other shape."""
    for element in shape.iter():
        if local(element) == "ph":
            return element.get("type") or ""
        if local(element) == "txBody":
            return None
    return None


def _shape_text(shape: "_Element") -> str:
    body = child(shape, "txBody")
    return " ".join(filter(None, (_text(p) for p in (body if body is not None else ()) if local(p) == "p")))


def _text(paragraph: "_Element") -> str:
    parts = []
    for element in paragraph.iter():
        name = local(element)
        if name == "t":
            parts.append(element.text or "")
        elif name == "br":
            parts.append("\n")
        elif name == "tab":
            parts.append(" ")
    return "".join(parts)


def _bullet(paragraph: "_Element") -> tuple[int, bool | None]:
    """Depth, and whether a sign stands before it (None: as the layout has it)."""
    properties = child(paragraph, "pPr")
    if properties is None:
        return 0, None
    level = properties.get("lvl") or "0"
    depth = int(level) if level.isdigit() and len(level) < 3 else 0
    names = {local(element) for element in properties}
    if "buNone" in names:
        return depth, False
    return depth, True if names & {"buChar", "buAutoNum", "buBlip"} else None


def _write_notes(archive: Archive, slide: str, builder: Builder) -> None:
    for kind, name in relationships(archive, slide).values():
        if kind != "notesSlide" or not archive.has(name):
            continue
        tree = child(parse_xml(archive.read(name)), "cSld", "spTree")
        for shape in _shapes(tree) if tree is not None else ():
            if _placeholder(shape) == "body":
                builder.paragraph(_shape_text(shape))


def _number(element: "_Element", name: str) -> int:
    text = attribute(element, name) or "1"
    return int(text) if text.isdigit() and len(text) < 5 else 1
