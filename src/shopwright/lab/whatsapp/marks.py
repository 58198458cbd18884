"""Formatting as WhatsApp's app shows it. Source: https://faq.whatsapp.com/539178204879377, read 2026-11."""

import re
from typing import Final

from shopwright.lab.schemas import Run

_STYLES: Final = {"*": "bold", "_": "italic", "~": "strike"}
_CODE: Final = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
# A sign opens after no letter and before no space, and closes the other way round.
_MARK: Final = re.compile(r"(?<![\w*_~])([*_~])(?=\S)((?:(?!\1)[^\n])*?[^\s])\1(?!\w)")
_LINK: Final = re.compile(r"https?://[^\s]+")


def parse(text: str) -> list[Run]:
    """The runs of a text."""
    runs: list[Run] = []
    at = 0
    for found in _CODE.finditer(text):
        runs += _marked(text[at : found.start()], {})
        runs.append(Run(text=found[1] or found[2], code=True))
        at = found.end()
    return runs + _marked(text[at:], {})


def _marked(text: str, styles: dict[str, bool]) -> list[Run]:
    runs: list[Run] = []
    at = 0
    for found in _MARK.finditer(text):
        style = _STYLES[found[1]]
        if style in styles:
            continue
        runs += _linked(text[at : found.start()], styles)
        runs += _marked(found[2], {**styles, style: True})
        at = found.end()
    return runs + _linked(text[at:], styles)


def _linked(text: str, styles: dict[str, bool]) -> list[Run]:
    """A text whose addresses can be opened."""
    runs: list[Run] = []
    at = 0
    for found in _LINK.finditer(text):
        runs.append(Run(text=text[at : found.start()], **styles))
        runs.append(Run(text=found[0], url=found[0], **styles))
        at = found.end()
    runs.append(Run(text=text[at:], **styles))
    return [run for run in runs if run.text]
