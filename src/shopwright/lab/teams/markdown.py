"""Markdown as Teams shows it in texts and cards.

Sources: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages,
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format, read 2026-11.
"""

import html
import re
from typing import Final

from shopwright.lab.schemas import Run

# Signs with a backslash before them wait here, out of reach of the marks.
_HIDDEN: Final = 0xE000
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_FENCE: Final = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_MARK: Final = re.compile(
    r"\[(?P<title>[^\]\n]+)\]\((?P<url>[^\s)]+)\)|`(?P<code>[^`\n]+)`|\*\*(?P<bold>.+?)\*\*|~~(?P<strike>.+?)~~"
    r"|(?<![\w*_])(?P<sign>[*_])(?=\S)(?P<italic>[^*_\n]+)(?P=sign)(?!\w)"
)
# A line that is no entry of a list, no quotation and no table follows the one before without a break.
_SOFT: Final = re.compile(r"(?<!\n)\n(?!\n|[ \t]*(?:[-*+] |\d+\. |> ?|\|))")


def parse(text: str) -> list[Run]:
    """The runs of a text."""
    runs: list[Run] = []
    at = 0
    hidden = _ESCAPED.sub(lambda found: chr(_HIDDEN + ord(found[1])), text)
    for found in _FENCE.finditer(hidden):
        runs += _marked(_SOFT.sub(" ", hidden[at : found.start()]), {})
        runs.append(Run(text=_shown(found[1]), code=True))
        at = found.end()
    runs += _marked(_SOFT.sub(" ", hidden[at:]), {})
    return [run for run in runs if run.text]


def _marked(text: str, styles: dict[str, bool]) -> list[Run]:
    runs: list[Run] = []
    at = 0
    for found in _MARK.finditer(text):
        runs.append(Run(text=_shown(text[at : found.start()]), **styles))
        if found["title"]:
            runs.append(Run(text=_shown(found["title"]), url=_shown(found["url"]), **styles))
        elif found["code"]:
            runs.append(Run(text=_shown(found["code"]), code=True))
        else:
            style = next(name for name in ("bold", "strike", "italic") if found[name])
            runs += _marked(found[style], {**styles, style: True})
        at = found.end()
    runs.append(Run(text=_shown(text[at:]), **styles))
    return runs


def _shown(text: str) -> str:
    return html.unescape("".join(chr(ord(c) - _HIDDEN) if _HIDDEN <= ord(c) < _HIDDEN + 128 else c for c in text))
