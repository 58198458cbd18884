"""Markdown as a flat list of blocks with styled spans: what every dialect is written from, and what is cut.

Nothing of the text is dropped: pictures become links, unknown things stay as they are written.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LINKS: Final = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
_CELLS: Final = re.compile(r"(?<!\\)\|")
_LANGUAGE: Final = re.compile(r"[\w+#.-]{0,20}")
_UNDER_A_TABLE: Final = re.compile(r"[\s|:-]+")
_STYLES: Final = {"strong": "bold", "em": "italic", "s": "strike"}


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of one style."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list entry or piece of code. `tight`: it stands right under the block before it."""

    kind: Literal["text", "heading", "item", "code"]
    spans: tuple[Span, ...] = ()
    marker: str = ""
    depth: int = 0
    quoted: bool = False
    tight: bool = False

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    def cut(self, at: int) -> tuple["Block", "Block"]:
        """The block in two, `at` characters of its text in the first; white space at the cut goes."""
        first, second, seen = [], [], 0
        for span in self.spans:
            here = min(max(at - seen, 0), len(span.text))
            first.append(replace(span, text=span.text[:here]))
            second.append(replace(span, text=span.text[here:]))
            seen += len(span.text)
        blank = "\n" if self.kind == "code" else None
        head = replace(self, spans=_stripped(first, blank, end=True))
        return head, replace(self, spans=_stripped(second, blank, end=False), marker="", tight=False)


def _stripped(spans: Iterable[Span], blank: str | None, *, end: bool) -> tuple[Span, ...]:
    kept = [span for span in spans if span.text]
    while kept:
        at = -1 if end else 0
        text = kept[at].text.rstrip(blank) if end else kept[at].text.lstrip(blank)
        if text:
            kept[at] = replace(kept[at], text=text)
            break
        kept.pop(at)
    return tuple(kept)


@cache
def parser() -> "MarkdownIt":
    """The one reader of Markdown: no HTML; definitions of references stay text, for `[1]: …` may be a citation."""
    from markdown_it import MarkdownIt

    rules = MarkdownIt("commonmark", {"html": False, "maxNesting": 80})
    return rules.disable(["reference", "html_block", "html_inline"]).enable(["table", "strikethrough"])


def parse_markdown(text: str) -> list[Block]:
    """The blocks of a Markdown text, in order."""
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return list(_blocks(parser().parse(text), text.split("\n")))


def plain(text: str) -> str:
    """The words of a Markdown text without marks, for places that know no formatting, such as titles."""
    return "\n".join(f"{block.marker} {block.text}".strip() for block in parse_markdown(text))


def visible_link(span: Span) -> tuple[Span, ...]:
    """A link as a reader sees it where links cannot hide behind words."""
    address = span.link.removeprefix("mailto:").removeprefix("tel:")
    if not address or address.rstrip("/") == span.text.rstrip("/"):
        return (replace(span, link=""),)
    return (replace(span, link=""), Span(f" ({address})"))


class _Nesting:
    """Which lists and quotations we are in; a list's marker waits for the first block of its entry."""

    def __init__(self) -> None:
        self.markers: list[str] = []
        self.quotes = 0

    def step(self, token: "Token") -> Block | None:
        """Follow a token. An entry that ends without a block is one of its marker alone, such as "1984."."""
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self.markers.append("")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.markers.pop()
        elif token.type == "list_item_open":
            self.markers[-1] = f"{token.info}{token.markup}" if token.info else "•"
        elif token.type in ("blockquote_open", "blockquote_close"):
            self.quotes += token.nesting
        elif token.type == "list_item_close" and self.markers[-1]:
            return self.place(Block("text"))
        return None

    def place(self, block: Block) -> Block:
        marker = ""
        if self.markers:
            marker, self.markers[-1] = self.markers[-1], ""
        kind = "item" if marker and block.kind == "text" else block.kind
        return replace(block, kind=kind, marker=marker, depth=len(self.markers), quoted=self.quotes > 0)


def _blocks(tokens: list["Token"], lines: list[str]) -> Iterator[Block]:
    nesting, at = _Nesting(), 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.type == "table_open":
            start, end = token.map or (0, 0)
            for number, row in enumerate(_rows(lines[start:end])):
                yield nesting.place(Block("text", row, tight=number > 0))
            at = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
        elif token.type in ("fence", "code_block"):
            yield nesting.place(Block("code", (Span(_code(token), code=True),)))
        elif token.type == "inline":
            heading = tokens[at - 2].type == "heading_open"
            yield nesting.place(Block("heading" if heading else "text", tuple(_spans(token.children or []))))
        elif bare := nesting.step(token):
            yield bare


def _code(token: "Token") -> str:
    about = token.info.strip()
    return token.content.rstrip("\n") if _LANGUAGE.fullmatch(about) else f"{about}\n{token.content}".rstrip("\n")


def _rows(lines: list[str]) -> Iterator[tuple[Span, ...]]:
    """A table as lines. It is read from the source, since the parser drops cells beyond the header's."""
    for number, line in enumerate(lines):
        row = line.lstrip("> \t").strip()
        if number == 1 and _UNDER_A_TABLE.fullmatch(row):
            continue
        cells = [cell.strip() for cell in _CELLS.split(row.removeprefix("|").removesuffix("|"))]
        spans: list[Span] = []
        for cell in cells:
            inline = parser().parseInline(cell.replace("\\|", "|"))
            words = [s for token in inline for s in _spans(token.children or [])]
            spans += [*([Span(" | ")] if spans else []), *(replace(s, bold=True) if number == 0 else s for s in words)]
        yield tuple(spans)


def _spans(tokens: list["Token"]) -> Iterator[Span]:
    style: dict[str, bool] = {}
    link = ""
    for token in tokens:
        name = token.type.rsplit("_", 1)[0]
        if name in _STYLES:
            style[_STYLES[name]] = token.nesting == 1
        elif token.type == "link_open":
            link = str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            if not _LINKS.match(link):
                yield Span(f" ({link})")
            link = ""
        elif token.type in ("softbreak", "hardbreak"):
            yield Span("\n", link=_safe(link), **style)
        elif token.type == "image":
            source = str(token.attrs.get("src", ""))
            yield Span(token.content or source, link=_safe(source) or _safe(link), **style)
        elif token.content:
            yield Span(token.content, code=token.type == "code_inline", link=_safe(link), **style)


def _safe(link: str) -> str:
    return link if _LINKS.match(link) else ""


def joined(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    """Each block with what stands before it."""
    blocks = list(blocks)
    if blocks:
        yield "", blocks[0]
    for before, block in pairwise(blocks):
        yield "\n" if block.tight or (block.kind == "item" and before.depth) else "\n\n", block
