"""How a platform writes bold, links and lists. A dialect turns blocks into the platform's own characters."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final

from shopwright.channels.text.blocks import Block, Span, joined, visible_link

MAX_LINK: Final = 1000
_DEEPEST: Final = 4
_ZERO_WIDTH: Final = "\u200b"


class PlainText:
    """No formatting: lists by signs, links in brackets."""

    # Links can stand behind words.
    hides_links: ClassVar[bool] = False

    def write(self, blocks: Sequence[Block]) -> str:
        return "".join(between + self.block(block) for between, block in joined(blocks))

    def prepare(self, block: Block) -> Block:
        """The block with its links as this dialect can show them, before it is measured and cut."""
        shown: list[Span] = []
        for span in block.spans:
            hidden = self.hides_links and len(span.link) <= MAX_LINK
            shown += (span,) if not span.link or hidden else visible_link(span)
        if block.kind == "heading":
            shown = [replace(span, bold=True) for span in shown]
        return replace(block, spans=tuple(shown))

    def block(self, block: Block) -> str:
        body = self.code_block(block.text) if block.kind == "code" else self.spans(block.spans)
        indent = "  " * (min(block.depth, _DEEPEST) - 1)
        body = f"{indent}{self.marker(block.marker)} {body}" if block.marker else indent + body
        return self.quote(body) if block.quoted else body

    def spans(self, spans: Sequence[Span]) -> str:
        return "".join(self.escape(span.text) for span in spans)

    def marker(self, text: str) -> str:
        return self.escape(text)

    def escape(self, text: str) -> str:
        return text

    def code_block(self, text: str) -> str:
        return self.escape(text)

    def quote(self, body: str) -> str:
        return body


class MarkedText(PlainText):
    """Bold and italic by signs around words, as chat programs have it: `*bold*`, `_italic_`, `~gone~`.

    These are the signs of WhatsApp (https://faq.whatsapp.com/539178204879377). They count only beside white space, so
    inside a word they are left out; a sign of the text itself that could open something gets a space without width.
    """

    bold: ClassVar[str] = "*"
    italic: ClassVar[str] = "_"
    strike: ClassVar[str] = "~"
    _OPENS: ClassVar[re.Pattern[str]] = re.compile(r"(?<!\w)([*_~`]+)(?=[^\s*_~`])")

    def spans(self, spans: Sequence[Span]) -> str:
        written = []
        for number, span in enumerate(spans):
            before = spans[number - 1].text[-1:] if number else ""
            after = spans[number + 1].text[:1] if number + 1 < len(spans) else ""
            inside = _one_word(before, span.text[:1]) or _one_word(span.text[-1:], after)
            written.append(self.span(span, marks=not inside))
        return "".join(written)

    def span(self, span: Span, *, marks: bool) -> str:
        if span.code:
            return self.code(span.text) if marks else self.escape(span.text)
        sign = (self.bold if span.bold else "") + (self.italic if span.italic else "")
        sign += self.strike if span.strike else ""
        if span.link:
            return self._wrapped(self.link(self.escape(span.text), span.link), sign if marks else "")
        # Signs do not reach over line ends.
        return "\n".join(self._wrapped(self.escape(line), sign if marks else "") for line in span.text.split("\n"))

    def escape(self, text: str) -> str:
        return self._OPENS.sub(lambda found: found.group(1) + _ZERO_WIDTH, text)

    def link(self, text: str, url: str) -> str:
        return f"{text} ({url})"

    def code(self, text: str) -> str:
        return "\n".join(self._wrapped(line.replace("`", "'"), "`") for line in text.split("\n"))

    def code_block(self, text: str) -> str:
        return f"```\n{text.replace('```', chr(39) * 3)}\n```"

    def quote(self, body: str) -> str:
        return "\n".join(f"> {line}" for line in body.split("\n"))

    @staticmethod
    def _wrapped(text: str, sign: str) -> str:
        words = text.strip()
        if not sign or not words:
            return text
        start = text.index(words)
        return f"{text[:start]}{sign}{words}{sign[::-1]}{text[start + len(words) :]}"


def _one_word(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum()
