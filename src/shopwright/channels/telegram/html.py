"""The HTML that Telegram reads. Source: https://core.telegram.org/bots/api#html-style, read 2026-11."""

import html
import re
from collections.abc import Sequence
from typing import ClassVar, Final

from shopwright.channels.text.blocks import Span
from shopwright.channels.text.dialects import PlainText

# A name after @ calls somebody; a joiner of no width keeps it a word.
_MENTION: Final = re.compile(r"(?<![\w.])@(?=\w)")


class TelegramHtml(PlainText):
    hides_links: ClassVar[bool] = True

    def escape(self, text: str) -> str:
        return html.escape(_MENTION.sub("@\u2060", text), quote=False)

    def spans(self, spans: Sequence[Span]) -> str:
        return "".join(map(self._span, spans))

    def _span(self, span: Span) -> str:
        text = self.escape(span.text)
        if span.code:
            # Code may not be inside of anything else.
            return f"<code>{text}</code>"
        for tag, on in (("b", span.bold), ("i", span.italic), ("s", span.strike)):
            text = f"<{tag}>{text}</{tag}>" if on else text
        return f'<a href="{html.escape(span.link)}">{text}</a>' if span.link else text

    def code_block(self, text: str) -> str:
        return f"<pre>{self.escape(text)}</pre>"

    def quote(self, body: str) -> str:
        return f"<blockquote>{body}</blockquote>"
