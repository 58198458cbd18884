"""Write docs/reference/channels.md from what the channels declare.

python tools/channel_table.py
"""

from dataclasses import fields
from pathlib import Path
from typing import Final

from shopwright.channels.port import Capabilities, Channel, Limits
from shopwright.channels.registry import CHANNELS

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "reference" / "channels.md"
SIGNS: Final = {"yes": "yes", "degraded": "simpler", "no": "–"}
SAYS: Final = {
    "text": "text", "formatting": "bold, italic, links", "images_in": "pictures of customers",
    "images_out": "pictures to customers", "voice_in": "voice notes", "files_in": "files of customers",
    "files_out": "files to customers", "location_in": "places", "choices": "buttons", "lists": "lists to choose from",
    "cards": "cards", "carousel": "several cards side by side", "typing": "“is typing”",
    "read_receipts_in": "receipts", "mark_read": "marking as read", "reactions_in": "reactions",
    "edits_in": "edited messages", "deletions_in": "deleted messages", "templates": "templates outside of the window",
    "automatic_webhook": "set up without copying an address",
}  # fmt: skip
UNITS: Final = {"characters": "", "utf16": " (UTF-16)", "bytes": " bytes"}

INTRO: Final = """# Channels

Made by `python tools/channel_table.py` from what the adapters declare; a test compares it with them.

## What each can do

“simpler” means that everything arrives in another form: a numbered list instead of buttons, a link instead of a file,
lines instead of a card. A customer answers a numbered list with the number or the words. “–” means that the platform
does not offer it, or that we do not use it.
"""
LIMITS: Final = """## Limits

A longer answer comes as several messages, cut at sentence ends. What does not fit into a button as a whole is never
shortened: all choices become a numbered list then.

| | characters of a message | buttons | their titles | list entries | cards | buttons of a card | a second | window |
|---|---|---|---|---|---|---|---|---|"""


def page() -> str:
    """The whole page."""
    channels = list(CHANNELS.values())
    head = f"| | {' | '.join(channel.name for channel in channels)} |"
    line = "|---" * (len(channels) + 1) + "|"
    able = [
        f"| {SAYS[field.name]} | {' | '.join(SIGNS[getattr(c.capabilities, field.name)] for c in channels)} |"
        for field in fields(Capabilities)
    ]
    limits = [f"| {_link(channel)} | {' | '.join(_limits(channel.limits))} |" for channel in channels]
    sources = [f"- {channel.name}: {_source(channel)}, read {channel.limits.read_on}" for channel in channels]
    lines = [INTRO, head, line, *able, "", LIMITS, *limits, "", "## Where the limits are documented", "", *sources, ""]
    return "\n".join(lines)


def _link(channel: type[Channel]) -> str:
    return f"[{channel.name}](../how-to/channels/{channel.slug}.md)"


def _source(channel: type[Channel]) -> str:
    source = channel.limits.source
    return f"<{source}>" if source.startswith("https:") else source.removeprefix("docs/how-to/channels/")


def _limits(limits: Limits) -> list[str]:
    def number(value: float) -> str:
        return f"{value:g}" if value else "–"

    return [
        f"{number(limits.text_characters)}{UNITS[limits.counted_in]}" if limits.text_characters else "any",
        number(limits.choices),
        number(limits.choice_title),
        number(limits.list_entries),
        number(limits.cards),
        number(limits.card_choices),
        number(limits.per_second),
        f"{limits.window_hours} h" if limits.window_hours else "–",
    ]


if __name__ == "__main__":
    PAGE.write_text(page())
    print(f"written: {PAGE}")
