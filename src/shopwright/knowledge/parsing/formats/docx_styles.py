"""What the styles and numberings of a DOCX say about a paragraph."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shopwright.knowledge.parsing.archives import Archive
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.xmltree import attribute, child, local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(frozen=True, slots=True)
class Style:
    heading: int = 0
    """Depth of a heading, 0 for other text."""
    title: bool = False
    contents: bool = False
    """A line of a table of contents."""
    list_id: str | None = None
    depth: int = 0


class Styles:
    """Looks up paragraph styles, following what they are based on, and counts numbered lists."""

    def __init__(self, archive: Archive) -> None:
        self._styles: dict[str, _Element] = {}
        self._known: dict[str, Style] = {}
        self._formats: dict[tuple[str, int], tuple[str, int]] = {}  # (list, depth) -> format and first number
        self._counts: dict[tuple[str, int], int] = {}
        styles = _optional(archive, "word/styles.xml")
        for element in styles if styles is not None else ():
            name = attribute(element, "styleId")
            if local(element) == "style" and name:
                self._styles[name] = element
        self._read_numbering(_optional(archive, "word/numbering.xml"))

    def of(self, paragraph: "_Element") -> Style:
        properties = child(paragraph, "pPr")
        if properties is None:
            return Style()
        named = child(properties, "pStyle")
        style = self._named(attribute(named, "val") or "" if named is not None else "", 0)
        return _apply(style, properties)

    def marker(self, style: Style) -> str | None:
        """The number of the next item of a numbered list, or None for bullets."""
        if style.list_id is None:
            return None
        key = (style.list_id, style.depth)
        form, first = self._formats.get(key, ("bullet", 1))
        for other in [k for k in self._counts if k[0] == style.list_id and k[1] > style.depth]:
            del self._counts[other]
        number = self._counts.get(key, first - 1) + 1
        self._counts[key] = number
        if form == "decimal":
            return f"{number}."
        if form in ("lowerLetter", "upperLetter") and number <= 26:
            return f"{chr((97 if form == 'lowerLetter' else 65) + number - 1)}."
        return None

    def _named(self, name: str, depth: int) -> Style:
        if name in self._known:
            return self._known[name]
        element = self._styles.get(name)
        if depth > 20:
            return Style()
        if element is None:
            return _by_name(name)
        base = child(element, "basedOn")
        style = self._named(attribute(base, "val") or "", depth + 1) if base is not None else Style()
        shown = child(element, "name")
        own = _by_name(attribute(shown, "val") or "" if shown is not None else name)
        if own.heading or own.title or own.contents:
            style = replace(style, heading=own.heading, title=own.title, contents=own.contents)
        elif own.list_id:
            style = replace(style, list_id=own.list_id)
        properties = child(element, "pPr")
        style = _apply(style, properties) if properties is not None else style
        if own.title:
            style = replace(style, heading=0)
        self._known[name] = style
        return style

    def _read_numbering(self, root: "_Element | None") -> None:
        abstract: dict[str, dict[int, tuple[str, int]]] = {}
        for element in root if root is not None else ():
            if local(element) == "abstractNum":
                levels = {}
                for level in element:
                    if local(level) == "lvl":
                        form, start = child(level, "numFmt"), child(level, "start")
                        depth = _int(attribute(level, "ilvl"), 0)
                        shown = (attribute(form, "val") if form is not None else None) or "bullet"
                        levels[depth] = (
                            shown,
                            _int(attribute(start, "val") if start is not None else None, 1),
                        )
                abstract[attribute(element, "abstractNumId") or ""] = levels
            elif local(element) == "num":
                link = child(element, "abstractNumId")
                found = abstract.get(attribute(link, "val") or "" if link is not None else "", {})
                for depth, numbering in found.items():
                    self._formats[attribute(element, "numId") or "", depth] = numbering


def _apply(style: Style, properties: "_Element") -> Style:
    outline = child(properties, "outlineLvl")
    if outline is not None:
        level = _int(attribute(outline, "val"), 9)
        style = replace(style, heading=level + 1 if level < 6 else 0)
    numbering = child(properties, "numPr")
    if numbering is not None:
        number, depth = child(numbering, "numId"), child(numbering, "ilvl")
        list_id = attribute(number, "val") if number is not None else style.list_id
        style = replace(
            style,
            list_id=None if list_id == "0" else list_id,
            depth=min(_int(attribute(depth, "val") if depth is not None else None, 0), 8),
        )
    return style


def _by_name(name: str) -> Style:
    plain = name.lower().replace(" ", "")
    for word in (
        "heading",
        "überschrift",
        "berschrift",
        "titre",
        "rubrik",
        "encabezado",
        "título",
        "titolo",
        "kop",
    ):
        if plain.startswith(word) and plain[len(word) :].isdigit():
            return Style(heading=min(max(int(plain[len(word) :][:1]), 1), 6))
    if re.match(r"(?:toc|verzeichnis|tm|tdc|sommario|inhopg)\d$", plain):
        return Style(contents=True)
    if plain in ("title", "titel"):  # codespell:ignore titel
        return Style(title=True)
    if plain.startswith(("listbullet", "listnumber")):
        return Style(list_id=plain)
    return Style()


def _optional(archive: Archive, name: str) -> "_Element | None":
    """Styles that cannot be read cost the headings, not the document."""
    try:
        data = archive.find(name)
        return parse_xml(data) if data is not None else None
    except ParseFailed:
        return None


def _int(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 6 else default
