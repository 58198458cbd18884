"""Citation markers and Markdown in an answer's sentences."""

import re

_MARKERS = re.compile(r"\s?\[\^?(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()")
_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]*\)")
_DECORATION = re.compile(r"[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}|^\s*(?:#{1,6}\s+|[-*+•>]\s+|\d{1,3}[.)]\s+|\|)|\|")


def cited_numbers(sentence: str) -> tuple[int, ...]:
    """Return the numbers of the markers in a sentence: `(1, 3)` for "... [1][3]"."""
    return tuple(int(number) for found in _MARKERS.findall(sentence) for number in re.findall(r"\d+", found))


def without_markers(sentence: str) -> str:
    return _MARKERS.sub("", sentence)


def plain_text(sentence: str) -> str:
    """Return a sentence without citation markers and Markdown."""
    return _DECORATION.sub(" ", _LINK.sub(r"\1", without_markers(sentence))).strip()
