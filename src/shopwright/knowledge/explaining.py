"""Why a passage was found, for the person who asks."""

import re

from shopwright.knowledge.passages import Passage
from shopwright.nlp.lexical import analyze

MAX_WORDS = 40
_WORD = re.compile(r"[^\s,;:!?()\"„“”]+")


def words_in_both(query: str, passage: Passage) -> list[str]:
    """The words of a query that stand in a passage or in its titles, as they were typed, in any of their forms."""
    there = set(analyze(f"{passage.title}\n{passage.heading}\n{passage.text}", passage.language))
    words = dict.fromkeys(word.strip(".'’") for word in _WORD.findall(query)[: MAX_WORDS * 4])
    return [word for word in words if there & set(analyze(word, passage.language))][:MAX_WORDS]
