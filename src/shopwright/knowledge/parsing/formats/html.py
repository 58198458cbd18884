"""Web pages: the main content with headings, anchors, lists and tables; nothing is fetched."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.encoding import decode
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.formats.html_main import main_content
from shopwright.knowledge.parsing.formats.html_table import read_grid
from shopwright.knowledge.parsing.formats.markdown import shown_address
from shopwright.knowledge.parsing.formats.text import read_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
        "option",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "frameset",
        "noframes",
    ]
)
_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_CODE = re.compile(r"[;{}]\s*$|^\s*(?:\$ |<\w+>|def |import |#include|function )", re.MULTILINE)
# each level takes two or three calls, of the thousand that Python allows
_DEEPEST = 200


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    read_page(decode(data), builder)


def read_page(text: str, builder: Builder) -> None:
    """A whole page: its title and its main content."""
    root = parse(text)
    if not _all_text(root).strip():  # nested so deeply that the parser gave up
        builder.paragraph(_TAGS.sub(" ", text), keep_lines=True)
        return
    title = root.find(".//title")
    builder.title = _all_text(title) if title is not None else None
    main = main_content(root)
    heading = next((h for h in main.iter("h1") if _all_text(h).strip()), None)
    if not (builder.title or "").strip() and heading is not None:
        builder.title = _all_text(heading)
    _Writer(builder).write(main)


def read_fragment(text: str, builder: Builder) -> None:
    """HTML inside another document: all of it is content."""
    _Writer(builder).write(parse(text))


def parse(text: str) -> "_Element":
    """The tree of a page, however broken.

    Raises:
        ParseFailed: `no_text` for a page without any element.
    """
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ParseFailed("no_text") from error
    if root is None:
        raise ParseFailed("no_text")
    return root


class _Writer:
    """Walks the tree in reading order and gathers inline text into blocks."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._inline: list[str] = []
        self._items: list[tuple[int, str]] = []  # open list items: depth and marker still to be written
        self._anchor: str | None = None
        self._depth = 0
        self._lists = 0

    def write(self, element: "_Element") -> None:
        self._walk(element)
        self._flush()

    def _flush(self) -> None:
        text = "".join(self._inline)
        self._inline.clear()
        if not text.strip():
            return
        if self._items:
            depth, marker = self._items[-1]
            if marker:
                self._builder.item(text, depth=depth, marker=marker)
                self._items[-1] = (depth, "")
                return
        self._builder.paragraph(text, keep_lines=True)

    def _walk(self, element: "_Element") -> None:
        tag: Any = element.tag
        if not isinstance(tag, str):
            return
        self._depth += 1
        own = _OWN.get(tag)
        if self._depth > _DEEPEST:
            self._inline.append(_all_text(element))
        elif tag in _HEADINGS:
            self._heading(element)
        elif own is not None:
            own(self, element)
        else:
            block = tag in _BLOCKS
            if block:
                self._flush()
            self._note_anchor(element)
            self._children(element)
            if block:
                self._flush()
        self._depth -= 1

    def _break(self, _: "_Element") -> None:
        self._inline.append("\n")

    def _image(self, element: "_Element") -> None:
        self._inline.append(_image_text(element))

    def _preformatted(self, element: "_Element") -> None:
        """Program code keeps its look; text that was pasted into `pre` is text."""
        self._flush()
        text = _all_text(element)
        if element.find(".//code") is None and len(text) > 400 and not _CODE.search(text[:5000]):
            read_text(text, self._builder, guess_headings=False)
        else:
            self._builder.code(text)

    def _children(self, element: "_Element") -> None:
        self._text(element.text)
        for child in element:
            self._walk(child)
            self._text(child.tail)

    def _text(self, text: str | None) -> None:
        if text:
            self._inline.append(_SPACES.sub(" ", text))

    def _note_anchor(self, element: "_Element") -> None:
        self._anchor = element.get("id") or self._anchor

    def _heading(self, element: "_Element") -> None:
        level = _HEADINGS.get(str(element.tag), 6)  # the line of a `details` that is always shown counts as one
        self._flush()
        inner = next(
            (e.get("id") or e.get("name") for e in element.iter("a", "span") if e.get("id") or e.get("name")),
            None,
        )
        own = element.get("id") or inner or self._anchor
        self._anchor = None
        # a heading may hold a link "#" or "¶" to itself
        text = re.sub(r"\s*[#¶🔗§]\s*$", "", _visible_text(element))
        self._builder.heading(text, level, anchor=own)

    def _link(self, element: "_Element") -> None:
        first = len(self._inline)
        if element.get("id") or element.get("name"):
            self._anchor = element.get("id") or element.get("name")
        self._children(element)
        address = element.get("href") or ""
        if address.startswith(("mailto:", "tel:")):
            self._inline.append(shown_address(address.split("?", 1)[0], "".join(self._inline[first:])))

    def _list(self, element: "_Element") -> None:
        ordered = element.tag == "ol"
        self._flush()
        self._note_anchor(element)
        if not self._lists:
            self._builder.gap()
        number = _int(element.get("start"), 1)
        self._lists += 1
        for child in element:
            if child.tag == "li":
                number = _int(child.get("value"), number)
                self._items.append((self._lists - 1, f"{number}." if ordered else "-"))
                self._children(child)
                self._flush()
                self._items.pop()
                number += 1
            else:
                self._walk(child)
        self._lists -= 1
        self._flush()

    def _definitions(self, element: "_Element") -> None:
        """A term and its definitions are one paragraph."""
        self._flush()
        term: list[str] = []
        simple = all(
            not any(isinstance(e.tag, str) and e.tag in _BLOCKS and e.tag != "p" for e in list(child.iter())[1:])
            for child in element
        )
        for child in element.iter("dt", "dd") if simple else ():
            text = _visible_text(child)
            if child.tag == "dt":
                if len(term) > 1:
                    self._builder.paragraph("\n".join(term), keep_lines=True)
                    term = []
                term.append(text)
            elif text:
                term.append(text)
        if term:
            self._builder.paragraph("\n".join(term), keep_lines=True)
        if not simple:
            self._children(element)
            self._flush()

    def _table(self, element: "_Element") -> None:
        self._flush()
        grid = read_grid(element, _visible_text)
        if grid is None:  # a table used for layout
            self._children(element)
            self._flush()
            return
        if grid.caption:
            self._builder.paragraph(grid.caption)
        self._builder.table(grid.rows, merges=grid.merges, header_rows=grid.header_rows, row_headers=grid.row_headers)


# elements that are read in a way of their own
_OWN: dict[str, Callable[[_Writer, "_Element"], None]] = {
    "table": _Writer._table,  # noqa: SLF001 - the table of its own methods
    "pre": _Writer._preformatted,  # noqa: SLF001
    "br": _Writer._break,  # noqa: SLF001
    "img": _Writer._image,  # noqa: SLF001
    "ul": _Writer._list,  # noqa: SLF001
    "ol": _Writer._list,  # noqa: SLF001
    "menu": _Writer._list,  # noqa: SLF001
    "dl": _Writer._definitions,  # noqa: SLF001
    "summary": _Writer._heading,  # noqa: SLF001
    "a": _Writer._link,  # noqa: SLF001
}


def _all_text(element: "_Element") -> str:
    return "".join(str(text) for text in element.itertext())


def _visible_text(element: "_Element") -> str:
    """All text inside an element on one line, blocks and line breaks parted by spaces."""
    parts: list[str] = []
    stack: list[tuple[_Element, bool]] = [(element, False)]
    while stack:
        node, closing = stack.pop()
        tag: Any = node.tag
        if closing:
            parts.append(" " if tag in _BLOCKS else "")
            parts.append((node.tail or "") if node is not element else "")
            continue
        if not isinstance(tag, str):
            parts.append(node.tail or "")
            continue
        parts.append(" " if tag in _BLOCKS or tag == "br" else "")
        parts.append(_image_text(node) if tag == "img" else "")
        if tag == "input" and node.get("type") == "checkbox":
            parts.append("yes" if node.get("checked") is not None else "no")
        parts.append(node.text or "")
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))
    return _SPACES.sub(" ", "".join(parts)).strip()


def _image_text(element: "_Element") -> str:
    """The text written for those who cannot see a picture, if it says something."""
    text = (element.get("alt") or "").strip()
    return f" {text} " if " " in text and len(text) <= 300 else ""


def _int(text: str | None, default: int) -> int:
    return int(text) if text and text.strip().lstrip("-").isdigit() and len(text) < 8 else default
