"""Our own regular expressions, kept as data in `texts/*.yaml` and compiled once."""

import re
from collections.abc import Mapping, Sequence
from functools import reduce

Pattern = re.Pattern[str]

# Words may be built of other words, some levels deep.
_LEVELS = 4


def compile_any(patterns: Sequence[str], words: Mapping[str, Sequence[str]] | None = None) -> Pattern:
    """One expression that matches where any of the patterns does.

    `<<name>>` in a pattern stands for the alternatives `words[name]`.
    """
    return re.compile("|".join(f"(?:{_filled(pattern, words or {})})" for pattern in patterns))


def _filled(pattern: str, words: Mapping[str, Sequence[str]]) -> str:
    for _ in range(_LEVELS):
        pattern = reduce(lambda text, name: text.replace(f"<<{name}>>", f"(?:{'|'.join(words[name])})"), words, pattern)
    return pattern
