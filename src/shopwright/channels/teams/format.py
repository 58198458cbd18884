"""The Markdown that Teams reads. Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from shopwright.channels.text.blocks import Block, joined
from shopwright.channels.text.dialects import MarkedText

_SIGNS: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|~])")


class TeamsMarkdown(MarkedText):
    hides_links: ClassVar[bool] = True
    bold: ClassVar[str] = "**"
    strike: ClassVar[str] = "~~"

    def write(self, blocks: Sequence[Block]) -> str:
        """Lines that are no entries of a list need an empty line between them."""
        parts = []
        for between, block in joined(blocks):
            listed = block.marker and not block.marker.startswith("[")
            parts.append((between if listed or not between else "\n\n") + self.block(block))
        return "".join(parts)

    def block(self, block: Block) -> str:
        return super().block(replace(block, marker="-") if block.marker == "•" else block)

    def marker(self, text: str) -> str:
        return self.escape(text) if text.startswith("[") else text

    def escape(self, text: str) -> str:
        """Signs that mean something are taken as they are; `<at>` becomes characters and calls nobody."""
        return html.escape(_SIGNS.sub(r"\\\1", text), quote=False)

    def link(self, text: str, url: str) -> str:
        return f"[{text}]({url.replace('(', '%28').replace(')', '%29').replace(' ', '%20')})"

    def code(self, text: str) -> str:
        return super().code(html.escape(text, quote=False))

    def code_block(self, text: str) -> str:
        return super().code_block(html.escape(text, quote=False))


def read_text(activity: dict[str, Any], own_id: str) -> str:
    """What somebody wrote, without the call of the bot itself."""
    text = str(activity.get("text") or "")
    for entity in activity.get("entities") or ():
        if entity.get("type") == "mention" and entity["mentioned"]["id"] == own_id:
            text = text.replace(str(entity.get("text") or ""), " ") if entity.get("text") else text
    return html.unescape(text.replace("\0", "")).replace("\xa0", " ").strip()
