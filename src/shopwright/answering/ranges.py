"""Whether a quantity lies in what a cell of a table says: "up to 80 cm", "168-177 cm", "50 and more"."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

from shopwright.answering.fact_extraction import Fact, facts_in

_UP_TO = re.compile(
    r"(?:up to|under|below|less than|at most|max\.?|maximum|bis(?: zu)?|unter|höchstens|maximal|jusqu.à|hasta|fino a|"
    r"tot)\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:over|above|more than|from|at least|min\.?|beyond|ab|über|mehr als|mindestens|plus de|à partir de|más de|desde|"
    r"oltre)\s*$",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"^\s*(?:and|or|und|oder)\s+(?:more|over|above|mehr|darüber)|^\s?\+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[-–—]|to|bis|and|und)\s*")


def contradicts(fact: Fact, cells: Sequence[str]) -> bool:
    """Say whether cells hold quantities or ranges of the fact's unit, and none of them holds the fact."""
    spans = [span for cell in cells for span in _spans(cell, fact.kind, fact.unit)]
    return bool(spans) and not any(low <= float(value) <= high for low, high in spans for value in fact.values)


def lies_within(fact: Fact, cell: str) -> bool:
    """Say whether a cell holds a range of the fact's kind and unit with the fact in it."""
    spans = _spans(cell, fact.kind, fact.unit)
    return any(low < high and low <= float(value) <= high for low, high in spans for value in fact.values)


@lru_cache(maxsize=4096)
def _spans(cell: str, kind: str, unit: str) -> tuple[tuple[float, float], ...]:
    facts = [fact for fact in facts_in(cell) if fact.kind == kind and fact.unit == unit]
    spans: list[tuple[float, float]] = []
    end = 0
    for fact, following in zip_longest(facts, facts[1:]):
        if fact.start < end:
            continue
        value = min(map(float, fact.values))
        if following is not None and _BETWEEN.fullmatch(cell, fact.end, following.start):
            spans.append((value, max(map(float, following.values))))
            end = following.end
        elif _UP_TO.search(cell[: fact.start]):
            spans.append((0.0, value))
        elif _FROM.search(cell[: fact.start]) or _OR_MORE.search(cell[fact.end :]):
            spans.append((value, float("inf")))
        else:
            spans.append((value, value))
    return tuple(spans)
