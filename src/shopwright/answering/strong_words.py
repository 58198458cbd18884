"""Words that make a statement much stronger or its opposite: an answer may not bring them in by itself."""

import re
from functools import lru_cache

from shopwright.answering import claim_words as words

_STRONG = {name: re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.IGNORECASE) for name, pattern in words.STRONG.items()}
_SAME = {name: re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.IGNORECASE) for name, pattern in words.SAME_AS.items()}
_ANY_STRONG = re.compile(rf"(?<![\w-])(?:{'|'.join(words.STRONG.values())})(?!\w)", re.IGNORECASE)
_OPPOSITES = tuple(
    (
        re.compile(rf"(?<![\w-])(?:{one})(?!\w)", re.IGNORECASE),
        re.compile(rf"(?<![\w-])(?:{other})(?!\w)", re.IGNORECASE),
    )
    for one, other in words.OPPOSITES
)
_ANY_OPPOSITE = re.compile(
    rf"(?<![\w-])(?:{'|'.join(f'{one}|{other}' for one, other in words.OPPOSITES)})(?!\w)", re.IGNORECASE
)


def strong_words_missing(answer: str, source: str) -> str:
    """Return a strong word of the answer of whose kind the source has none, or an empty string."""
    if not _ANY_STRONG.search(answer):
        return ""
    for name, pattern in _STRONG.items():
        found = pattern.search(answer)
        if not found or found.group().lower() in words.WEAK_ALL:
            continue
        if not pattern.search(source) and not (name in _SAME and _SAME[name].search(source)):
            return found.group()
    return ""


def opposed(answer: str, source: str) -> str:
    """Return a word of the answer for which the source has only the opposite, or an empty string."""
    if not _ANY_OPPOSITE.search(answer):
        return ""
    return _opposed(answer, source)


@lru_cache(maxsize=1024)
def _opposed(answer: str, source: str) -> str:
    for one, other in _OPPOSITES:
        for mine, theirs in ((one, other), (other, one)):
            found = mine.search(answer)
            if found and not theirs.search(answer) and theirs.search(source) and not mine.search(source):
                return found.group()
    return ""
