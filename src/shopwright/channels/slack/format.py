"""Slack's own marks. Source: https://docs.slack.dev/messaging/formatting-message-text, read 2026-11."""

import html
import re
from collections.abc import Mapping
from typing import ClassVar, Final

from shopwright.channels.text.dialects import MarkedText

_CODES: Final = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


class Mrkdwn(MarkedText):
    hides_links: ClassVar[bool] = True

    def escape(self, text: str) -> str:
        """With these three signs escaped nothing can call `<!channel>` or a member."""
        return super().escape(html.escape(text, quote=False))

    def link(self, text: str, url: str) -> str:
        return f"<{html.escape(url, quote=False).replace('|', '%7C').replace('>', '%3E')}|{text.replace('|', '¦')}>"

    def code(self, text: str) -> str:
        return super().code(html.escape(text, quote=False))

    def code_block(self, text: str) -> str:
        return super().code_block(html.escape(text, quote=False))

    def quote(self, body: str) -> str:
        return "\n".join(f"> {line}" for line in body.split("\n"))


def read_mrkdwn(text: str, own_id: str = "") -> str:
    """What a member wrote, with Slack's codes in words and the call of the bot itself left out."""

    def said(found: re.Match[str]) -> str:
        code, label = found.group(1), found.group(2) or ""
        if code == f"@{own_id}":
            return ""
        if code[0] in "@#!":
            name = label or code[1:].split("^")[0]
            return f"#{name}" if code[0] == "#" else f"@{name.lstrip('@')}"
        address = code.removeprefix("mailto:").removeprefix("tel:")
        return f"{label} ({address})" if label and label not in (code, address) else address

    return html.unescape(_CODES.sub(said, text)).strip()


def conversation_of(thread: str) -> Mapping[str, str]:
    """The channel and, in channels, the message that the thread hangs on."""
    channel, _, ts = thread.partition(":")
    return {"channel": channel, "thread_ts": ts} if ts else {"channel": channel}
