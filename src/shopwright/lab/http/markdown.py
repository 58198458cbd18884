"""Markdown as a system of one's own may show it: the marks within lines; blocks stay the lines they are."""

import re
from typing import Final

from shopwright.lab.schemas import Run

_MARK: Final = re.compile(
    r"\[(?P<title>[^\]\n]+)\]\((?P<url>https?://[^\s)]+)\)|\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`\n]+)`"
    r"|~~(?P<strike>.+?)~~|(?<!\w)[*_](?P<italic>[^*_\n]+)[*_](?!\w)"
)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


def parse(text: str) -> list[Run]:
    """The runs of a text."""
    runs: list[Run] = []
    at = 0
    for found in _MARK.finditer(text):
        runs.append(Run(text=_plain(text[at : found.start()])))
        if found["title"]:
            runs.append(Run(text=_plain(found["title"]), url=found["url"]))
        elif found["bold"]:
            runs.append(Run(text=_plain(found["bold"]), bold=True))
        elif found["code"]:
            runs.append(Run(text=found["code"], code=True))
        elif found["strike"]:
            runs.append(Run(text=_plain(found["strike"]), strike=True))
        else:
            runs.append(Run(text=_plain(found["italic"]), italic=True))
        at = found.end()
    runs.append(Run(text=_plain(text[at:])))
    return [run for run in runs if run.text]


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
