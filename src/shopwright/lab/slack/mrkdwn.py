"""Slack's marks as its app shows them, and texts as Slack tells of them.

Source: https://docs.slack.dev/messaging/formatting-message-text, read 2026-11.
"""

import html
import re
from typing import Final

from shopwright.lab.schemas import Run

_STYLES: Final = {"*": "bold", "_": "italic", "~": "strike"}
_CODE: Final = re.compile(r"```\n?(.+?)```|`([^`\n]+)`", re.DOTALL)
# A sign opens after no letter and before no space, and closes the other way round.
_MARK: Final = re.compile(r"(?<![\w*_~])([*_~])(?=\S)((?:(?!\1)[^\n])*?[^\s])\1(?!\w)")
# What stands between < and >: an address, a member, a channel or everybody, each with a label or without.
_CODES: Final = re.compile(r"<([^<>|\n]+)(?:\|([^<>\n]*))?>")
_ADDRESS: Final = re.compile(r"https?://[^\s<>]+|[\w.+-]+@[\w-]+\.[\w.-]*\w")


def parse(text: str) -> list[Run]:
    """The runs of a text."""
    runs: list[Run] = []
    at = 0
    for found in _CODE.finditer(text):
        runs += _marked(text[at : found.start()], {})
        runs.append(Run(text=html.unescape(found[1] or found[2]), code=True))
        at = found.end()
    return [run for run in runs + _marked(text[at:], {}) if run.text]


def _marked(text: str, styles: dict[str, bool]) -> list[Run]:
    runs: list[Run] = []
    at = 0
    for found in _MARK.finditer(text):
        style = _STYLES[found[1]]
        if style in styles or _inside_a_code(text, found.start()):
            continue
        runs += _linked(text[at : found.start()], styles)
        runs += _marked(found[2], {**styles, style: True})
        at = found.end()
    return runs + _linked(text[at:], styles)


def _inside_a_code(text: str, at: int) -> bool:
    return text.rfind("<", 0, at) > text.rfind(">", 0, at)


def _linked(text: str, styles: dict[str, bool]) -> list[Run]:
    runs: list[Run] = []
    at = 0
    for found in _CODES.finditer(text):
        runs.append(Run(text=html.unescape(text[at : found.start()]), **styles))
        code, label = html.unescape(found[1]), html.unescape(found[2] or "")
        if code[0] in "@#!":
            name = label or code.lstrip("@#!").split("^")[0]
            runs.append(Run(text=f"{'#' if code[0] == '#' else '@'}{name.lstrip('@')}", **styles))
        else:
            shown = label or code.removeprefix("mailto:").removeprefix("tel:")
            runs.append(Run(text=shown, url=code, **styles))
        at = found.end()
    runs.append(Run(text=html.unescape(text[at:]), **styles))
    return runs


def typed(text: str) -> str:
    """What a member typed, as events have it: three signs escaped, addresses in angle brackets."""

    def address(found: re.Match[str]) -> str:
        return f"<mailto:{found[0]}|{found[0]}>" if "://" not in found[0] else f"<{found[0]}>"

    return _ADDRESS.sub(address, html.escape(text, quote=False))
