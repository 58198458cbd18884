"""Markdown (CommonMark with tables), read to plain text: marks go, structure stays."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.cleaning import clean, slug
from shopwright.knowledge.parsing.encoding import decode
from shopwright.knowledge.parsing.formats.text import read_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)
_EXPLICIT_ANCHOR = re.compile(r"\s*\{#([\w:.-]+)[^}]*\}\s*$")
# anything that Markdown would read differently from plain text
_MARKS = re.compile(
    r"^[ \t]{0,3}(?:#{1,6}[ \t]|>|```|~~~|={3,}|-{3,}|[-*+][ \t]|\d+[.)][ \t])|[*_`\[<\\|&]|\n[ \t]*\|",
    re.MULTILINE,
)


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    read_markdown(decode(data), builder)


def read_markdown(text: str, builder: Builder) -> None:
    text = clean(text)
    front = _FRONT_MATTER.match(text)
    if front:
        title = _FRONT_TITLE.search(front.group(1))
        builder.title = title.group(1) if title else None
        text = text[front.end() :]
    if not _MARKS.search(text):
        read_text(text, builder, guess_headings=False)
        return
    _Writer(builder).write(_parser().parse(text))


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"maxNesting": 40}).enable(["table", "strikethrough"])


class _Writer:
    """Walks the flat list of tokens; lists may nest."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._lists: list[int | None] = []  # next number of each open list, None for bullets
        self._marker: str | None = None  # set between the start of an item and its first text
        self._grid: list[list[str]] | None = None
        self._header_rows = 0

    def write(self, tokens: "list[Token]") -> None:
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == "inline":
                self._inline(token, tokens[index - 1])
            elif kind in ("fence", "code_block"):
                self._builder.code(token.content)
            elif kind == "html_block":
                self._html(token.content)
            elif "list" in kind:
                self._list(token)
            else:
                self._table(kind)

    def _list(self, token: "Token") -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            if not self._lists:
                self._builder.gap()
            start = int(token.attrGet("start") or 1) if kind == "ordered_list_open" else None
            self._lists.append(start)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif kind == "list_item_open":
            number = self._lists[-1]
            self._marker = "-" if number is None else f"{number}."
            self._lists[-1] = None if number is None else number + 1
        elif kind == "list_item_close":
            self._marker = None

    def _table(self, kind: str) -> None:
        if kind == "table_open":
            self._grid, self._header_rows = [], 0
        elif self._grid is None:
            return
        elif kind == "tr_open":
            self._grid.append([])
        elif kind == "thead_close":
            self._header_rows = len(self._grid)
        elif kind == "table_close":
            self._builder.table(self._grid, header_rows=self._table_header())
            self._grid = None

    def _table_header(self) -> int:
        """Markdown forces a header on every table; an empty one means there is none."""
        header = (self._grid or [[]])[0]
        return self._header_rows if any(header) else 0

    def _inline(self, token: "Token", opener: "Token") -> None:
        if opener.type in ("th_open", "td_open") and self._grid is not None:
            self._grid[-1].append(_text_of(token))
        elif opener.type == "heading_open":
            text = _text_of(token)
            explicit = _EXPLICIT_ANCHOR.search(text)
            anchor = explicit.group(1) if explicit else slug(text)
            text = text[: explicit.start()] if explicit else text
            level = int(opener.tag[1:])
            if level == 1 and not self._builder.title:
                self._builder.title = text
            self._builder.heading(text, level, anchor=anchor)
        elif self._lists and self._marker:
            self._builder.item(_text_of(token), depth=len(self._lists) - 1, marker=self._marker)
            self._marker = None
        else:
            self._builder.paragraph(_text_of(token), keep_lines=True)

    def _html(self, content: str) -> None:
        if "<table" in content.lower() or "<li" in content.lower():
            from shopwright.knowledge.parsing.formats.html import read_fragment

            read_fragment(content, self._builder)
        else:
            self._builder.paragraph(_TAG.sub(" ", content))


def _text_of(token: "Token") -> str:
    """The text a reader sees; the address of a link follows its text when that is not the address itself."""
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
        elif child.type == "html_inline":
            parts.append("\n" if child.content.lower().startswith("<br") else "")
        elif child.type == "link_open":
            links.append((str(child.attrGet("href") or ""), len(parts)))
        elif child.type == "link_close" and links:
            address, first = links.pop()
            parts.append(shown_address(address, "".join(parts[first:])))
    return "".join(parts)


def shown_address(address: str, text: str) -> str:
    """` (address)` for a link out of the document whose text does not show it, else nothing."""
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    external = address.startswith(("http://", "https://", "mailto:", "tel:"))
    known = bare.rstrip("/") in text or bare.split("://", 1)[-1].rstrip("/") in text
    return f" ({bare})" if external and not known and len(bare) <= 200 else ""
