"""Addresses that have no end: calendars, filters, sorted lists, paths that repeat themselves."""

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

MAX_PARAMETERS = 5
MAX_SEGMENTS = 16
MAX_REPEATS = 2
MAX_VARIANTS_OF_A_PATH = 30
MAX_DATES_OF_A_SHAPE = 24
_DATE = re.compile(r"(?:19|20)\d\d[-/_.]?(?:0?[1-9]|1[0-2])(?:[-/_.]?(?:0?[1-9]|[12]\d|3[01]))?(?=$|[/&?])")
_DATE_PARAMETERS = frozenset({"date", "day", "month", "year", "week", "from", "to", "start", "end"})


@dataclass(slots=True)
class Traps:
    """Remembers what was let through; one for each crawl, filled again from its pages when it goes on."""

    _variants: Counter[str] = field(default_factory=Counter)
    _dates: Counter[str] = field(default_factory=Counter)

    def lets_through(self, address: str) -> bool:
        """Whether an address found in a link is worth fetching; counts it when it is."""
        parts = urlsplit(address)
        segments = [s for s in parts.path.split("/") if s]
        names = [name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
        if len(segments) > MAX_SEGMENTS or len(names) > MAX_PARAMETERS or parts.query.count("&") >= MAX_PARAMETERS:
            return False
        if any(count > MAX_REPEATS for count in Counter(segments).values()):
            return False
        shape = _shape_of_date(parts.path, parts.query, names)
        if shape and self._dates[shape] >= MAX_DATES_OF_A_SHAPE:
            return False
        if parts.query and self._variants[parts.path] >= MAX_VARIANTS_OF_A_PATH:
            return False
        if shape:
            self._dates[shape] += 1
        if parts.query:
            self._variants[parts.path] += 1
        return True


def _shape_of_date(path: str, query: str, names: list[str]) -> str:
    """What is left of an address without its date, or nothing when it has none at its end."""
    if _DATE_PARAMETERS & set(names):
        return path + "?" + "&".join(sorted(set(names)))
    found = _DATE.search(path.rstrip("/"))
    if found and found.end() == len(path.rstrip("/")):
        return path[: found.start()]
    found = _DATE.search(query)
    return path + "?" + query[: found.start()] if found else ""
