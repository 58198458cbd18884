"""The HTML part of our mails: no pictures, no styles from outside, nothing that a mail program would fetch."""

import html
from collections.abc import Sequence
from typing import ClassVar

from shopwright.channels.text.blocks import Block, Span, joined
from shopwright.channels.text.dialects import PlainText


class MailHtml(PlainText):
    hides_links: ClassVar[bool] = True

    def write(self, blocks: Sequence[Block]) -> str:
        body = "\n".join(
            f"<div>{between.count(chr(10)) // 2 * '<br>'}{self.block(b)}</div>" for between, b in joined(blocks)
        )
        return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{body}</body></html>'

    def block(self, block: Block) -> str:
        indent = f' style="margin-left: {min(block.depth, 4) * 1.5}em"' if block.depth else ""
        body = self.code_block(block.text) if block.kind == "code" else self.spans(block.spans)
        marked = f"{self.escape(block.marker)} {body}" if block.marker else body
        inner = f"<div{indent}>{marked}</div>" if indent else marked
        return f"<blockquote>{inner}</blockquote>" if block.quoted else inner

    def escape(self, text: str) -> str:
        return html.escape(text)

    def spans(self, spans: Sequence[Span]) -> str:
        return "".join(map(self._span, spans))

    def _span(self, span: Span) -> str:
        text = self.escape(span.text).replace("\n", "<br>")
        for tag, on in (("code", span.code), ("b", span.bold), ("i", span.italic), ("s", span.strike)):
            text = f"<{tag}>{text}</{tag}>" if on else text
        return f'<a href="{html.escape(span.link)}">{text}</a>' if span.link else text

    def code_block(self, text: str) -> str:
        return f"<pre>{self.escape(text)}</pre>"
