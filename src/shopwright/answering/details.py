"""Details of things: which one a word names, and whether a text holds a value of it."""

import re
from collections.abc import Iterable
from functools import lru_cache

from shopwright.answering.detail_words import DETAILS
from shopwright.answering.fact_extraction import Fact, facts_in
from shopwright.answering.question_words import COMPOUNDING
from shopwright.nlp.lexical import analyze

# A part of a compound has at least this many letters.
SHORTEST_PART = 4
_ENDINGS = {"de": ("s", "es", "e", "n", "en")}
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CURRENCY = re.compile(r"\b(?:EUR|USD|GBP|CHF|PLN|SEK|DKK|NOK|CZK|HUF|CAD|AUD|Euro)\b|[€$£]")


@lru_cache(maxsize=4096)
def detail_of(word: str, language: str) -> str:
    """Return the detail that a word names ("Farben": colour), or an empty string."""
    table = _named(language)
    lowered = word.lower()
    endings = _ENDINGS.get(language, ("s",)) if len(lowered) > SHORTEST_PART else ()
    forms = (lowered, *(lowered.removesuffix(ending) for ending in endings))
    return next((table[form] for form in forms if form in table), "") or compound_of(lowered, language)[1]


@lru_cache(maxsize=4096)
def compound_of(word: str, language: str) -> tuple[str, str]:
    """Return the rest and the detail of a compound, in lower case: "versandkosten" is the price of "versand"."""
    if language not in COMPOUNDING:
        return "", ""
    table = _named(language)
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        if detail := table.get(word[cut:]) or table.get(word[cut:].removesuffix("en")):
            return word[:cut].removesuffix("s"), detail
    return "", ""


@lru_cache(maxsize=4096)
def details_of_column(name: str, language: str) -> frozenset[str]:
    """Return the details that the name of a column names ("Price EUR": a price)."""
    found = {detail_of(word, language) for word in _WORD.findall(name)}
    if _CURRENCY.search(name):
        found.add("price")
    return frozenset(found - {""})


def holds_value(kind: str, text: str, facts: Iterable[Fact], language: str) -> bool:
    """Say whether a text holds a value of a detail; `facts` are the text's."""
    detail = DETAILS[kind]
    if any(fact.kind in detail.facts or (fact.kind == "quantity" and fact.unit in detail.units) for fact in facts):
        return True
    values = _values(kind, language)
    return values is not None and bool(values.search(text))


def names_detail(kind: str, terms: frozenset[str], language: str) -> bool:
    """Say whether a detail is named among the search terms of a text."""
    return not _name_terms(kind, language).isdisjoint(terms)


@lru_cache(maxsize=2048)
def cell_holds(kind: str, cell: str, language: str) -> bool:
    """`holds_value` for a cell of a table."""
    return holds_value(kind, cell, facts_in(cell, language), language)


@lru_cache(maxsize=32)
def _named(language: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for name, detail in DETAILS.items():
        for word in f"{detail.names.get(language, '')} {detail.names.get('', '')}".split():
            table.setdefault(word, name)
    return table


@lru_cache(maxsize=512)
def _name_terms(kind: str, language: str) -> frozenset[str]:
    detail = DETAILS[kind]
    return frozenset(analyze(f"{detail.names.get(language, '')} {detail.names.get('', '')}", language))


@lru_cache(maxsize=512)
def _values(kind: str, language: str) -> re.Pattern[str] | None:
    detail = DETAILS[kind]
    listed = f"{detail.values.get(language, '')} {detail.values.get('', '')}".split()
    parts = [re.escape(word) + r"(?:e[nrms]?|s)?" for word in listed]
    if detail.instead:
        parts.append(detail.instead)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None
