"""Whether a source says the hard facts of an answer: same values, same units, however written."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import ClassVar

from shopwright.answering import fact_words as words
from shopwright.answering.fact_extraction import Fact, FactKind, code_form, facts_in

__all__ = ["Fact", "FactIndex", "FactKind", "code_form", "facts_in", "missing_facts"]


class FactIndex:
    """The facts of a source, ready to be asked for others."""

    def __init__(self, facts: Iterable[Fact], text: str = "") -> None:
        """`text` is where the facts stand; a code is also found when it is written apart there."""
        self._facts = tuple(facts)
        self._of_kind: dict[str, list[Fact]] = {}
        for fact in self._facts:
            self._of_kind.setdefault(fact.kind, []).append(fact)
        self._plain = self._values("number", "ordinal")
        self._currencies = {fact.unit for fact in self._of_kind.get("money", ())}
        self._text = text
        self._codes: str | None = None

    def has(self, fact: Fact) -> bool:
        """Say whether the source states this fact."""
        return self._CHECKS.get(fact.kind, FactIndex._has_value)(self, fact)

    def missing(self, facts: Iterable[Fact]) -> list[Fact]:
        """Return those of `facts` that the source does not state."""
        return [fact for fact in facts if not self.has(fact)]

    def _has_value(self, fact: Fact) -> bool:
        return bool(fact.values & self._values(fact.kind))

    def _has_number(self, fact: Fact) -> bool:
        # "30" is said by "30 days" and "in 2018" by "5 May 2018"
        return bool(fact.values & self._values("number", "quantity", "ordinal", "money")) or any(
            date[0] in fact.values for date in self._parts("date")
        )

    def _has_ordinal(self, fact: Fact) -> bool:
        return bool(fact.values & self._plain) or any(date[2] in fact.values for date in self._parts("date"))

    def _has_weekdays(self, fact: Fact) -> bool:
        return fact.values <= self._values("weekday")

    def _has_time(self, fact: Fact) -> bool:
        for other in self._of_kind.get("time", ()):
            # "9:00" in the source says "9 am", not "9 pm"
            theirs = {min(other.values, key=int)} if len(fact.values) == 1 else other.values
            if fact.values & theirs:
                return True
        return False

    def _has_phone(self, fact: Fact) -> bool:
        digits = next(iter(fact.values))
        return any(digits.endswith(other) or other.endswith(digits) for other in self._values("phone", "code"))

    def _has_code(self, fact: Fact) -> bool:
        return bool(fact.values & self._values("code")) or self._has_code_written_apart(fact)

    def _values(self, *kinds: str) -> set[str]:
        return {value for kind in kinds for fact in self._of_kind.get(kind, ()) for value in fact.values}

    def _parts(self, kind: str) -> list[list[str]]:
        return [value.split("-") for fact in self._of_kind.get(kind, ()) for value in fact.values]

    def _has_money(self, fact: Fact) -> bool:
        family = words.CURRENCY_FAMILIES.get(fact.unit, frozenset({fact.unit}))
        for other in self._of_kind.get("money", ()):
            theirs = words.CURRENCY_FAMILIES.get(other.unit, frozenset({other.unit}))
            if fact.values & other.values and (family & theirs):
                return True
        # "Price (EUR): 4.90": the currency stands apart from its number
        return bool(fact.values & self._plain) and self._names_currency(family)

    def _names_currency(self, family: frozenset[str]) -> bool:
        if family & self._currencies:
            # where prices are written with it, a number without it is no price
            return False
        lowered = self._text.lower()
        return any(
            written in lowered
            for written, code in words.CURRENCIES.items()
            if code in family and (not written.isalpha() or len(written) > 2)
        )

    def _has_quantity(self, fact: Fact) -> bool:
        mine = _exact(fact)
        for other in self._of_kind.get("quantity", ()):
            if fact.unit == other.unit and fact.values & other.values:
                return True
            if mine & _exact(other):
                return True
        # "Weight (g): 480": the unit stands apart from its number
        if any(other.unit == fact.unit for other in self._of_kind.get("quantity", ())):
            return False
        return bool(fact.values & self._plain) and self._names_unit(fact.unit)

    def _names_unit(self, unit: str) -> bool:
        return bool(_unit_word(unit).search(self._text))

    def _has_date(self, fact: Fact) -> bool:
        theirs = self._parts("date")
        numbers = self._values("number", "ordinal")
        for value in fact.values:
            year, month, day = value.split("-")
            for other_year, other_month, other_day in theirs:
                if month not in ("?", other_month):
                    continue
                # the year may stand in the sentence before
                same_day = day in ("?", other_day)
                same_year = year in ("?", other_year) or (
                    other_year == "?" and (year in numbers or any(date[0] == year for date in theirs))
                )
                if same_day and same_year:
                    return True
        return False

    def _has_url(self, fact: Fact) -> bool:
        url = next(iter(fact.values))
        mails = {mail.partition("@")[2] for mail in self._values("email")}
        return any(
            url == other or other.startswith((f"{url}/", f"{url}?", f"{url}#")) for other in self._values("url") | mails
        )

    def _has_code_written_apart(self, fact: Fact) -> bool:
        """Say whether the source writes the code with spaces: `AB 1234`."""
        code = next(iter(fact.values))
        return len(code) > 3 and code in self._code_text()

    def _code_text(self) -> str:
        if self._codes is None:
            self._codes = code_form(self._text)
        return self._codes

    _CHECKS: ClassVar[dict[str, Callable[["FactIndex", Fact], bool]]] = {
        "date": _has_date,
        "money": _has_money,
        "quantity": _has_quantity,
        "number": _has_number,
        "ordinal": _has_ordinal,
        "time": _has_time,
        "weekday": _has_weekdays,
        "url": _has_url,
        "phone": _has_phone,
        "code": _has_code,
    }


@lru_cache(maxsize=8192)
def states(source: Fact, fact: Fact) -> bool:
    """Say whether one fact of a source is enough to state another."""
    return FactIndex([source]).has(fact)


def missing_facts(answer_sentence: str, source_text: str, language: str | None = None) -> list[Fact]:
    """Return the hard facts of a sentence that the source does not state, in order."""
    facts = facts_in(answer_sentence, language)
    return FactIndex(facts_in(source_text, language), source_text).missing(facts) if facts else []


def _exact(fact: Fact) -> set[str]:
    """Bring quantities that are exactly convertible into one unit: `2 weeks` and `14 days`."""
    from decimal import Decimal

    unit, factor = words.EXACT_UNITS.get(fact.unit, (fact.unit, 1))
    return {f"{(Decimal(value) * factor).normalize()} {unit}" for value in fact.values}


@lru_cache(maxsize=128)
def _unit_word(unit: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:{words.UNITS[unit]})(?!\w)", re.IGNORECASE)
