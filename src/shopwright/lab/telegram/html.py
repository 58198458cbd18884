"""Texts with `parse_mode` HTML as Telegram reads them. Source: https://core.telegram.org/bots/api#html-style."""

import html
import re
from typing import Final

from shopwright.lab.schemas import Run

_STYLES: Final = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "s": "strike", "strike": "strike", "del": "strike",
    "code": "code", "pre": "code", "u": "", "ins": "", "tg-spoiler": "", "blockquote": "", "a": "", "span": "",
    "tg-emoji": "", "tg-time": "",
}  # fmt: skip
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*>")
_HREF: Final = re.compile(r"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+))")
_ENTITY: Final = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


class CannotParse(Exception):
    """The text is not the HTML that Telegram reads; the words are those of its answer."""


def parse(text: str) -> list[Run]:
    """The runs of a text.

    Raises:
        CannotParse: a tag that is not known, not closed, or closed in the wrong order.
    """
    runs: list[Run] = []
    open_tags: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        start = text.find("<", at)
        if start < 0:
            start = len(text)
        if start > at:
            runs.append(_run(text[at:start], open_tags))
        if start == len(text):
            break
        tag = _TAG.match(text, start)
        if tag is None:
            raise CannotParse(f"Unsupported start tag at byte offset {len(text[:start].encode())}")
        _open_or_close(tag, open_tags, len(text[:start].encode()))
        at = tag.end()
    if open_tags:
        raise CannotParse(f"Can't find end tag corresponding to start tag {open_tags[-1][0]}")
    return [run for run in runs if run.text]


def _open_or_close(tag: "re.Match[str]", open_tags: list[tuple[str, str]], offset: int) -> None:
    closes, name, attributes = tag[1], tag[2].lower(), tag[3]
    if closes:
        if not open_tags or open_tags[-1][0] != name:
            raise CannotParse(f'Unmatched end tag at byte offset {offset}, expected "</{_last(open_tags)}>"')
        open_tags.pop()
        return
    if name not in _STYLES or (name == "span" and "tg-spoiler" not in attributes):
        raise CannotParse(f'Unsupported start tag "{name}" at byte offset {offset}')
    if any(_STYLES[outer] == "code" and outer != "pre" for outer, _ in open_tags):
        raise CannotParse(f"Tag {name} inside of code at byte offset {offset}")
    href = _HREF.search(attributes) if name == "a" else None
    address = next((group for group in href.groups() if group is not None), "") if href else ""
    open_tags.append((name, html.unescape(address)))


def _last(open_tags: list[tuple[str, str]]) -> str:
    return open_tags[-1][0] if open_tags else ""


def _run(text: str, open_tags: list[tuple[str, str]]) -> Run:
    """A piece of text; `&` stands for itself where it begins no entity that Telegram knows."""
    styles = {style: True for name, _ in open_tags if (style := _STYLES[name])}
    url = next((address for name, address in reversed(open_tags) if name == "a"), "")
    return Run(text=_ENTITY.sub(lambda found: html.unescape(found[0]), text), url=url, **styles)
