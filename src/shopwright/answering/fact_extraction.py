"""Hard facts in a text: what must never be wrong in an answer, and whether a source says the same.

A fact is a number, price, percentage, date, weekday, time, quantity with its unit, or a code (article number,
order number, size, e-mail address, web address, telephone number). Each way of writing it is brought
into one form, so that `EUR 4,90`, `4.90 EUR` and `€4.90` are one price, and `1,000`, `1.000` and `1 000`
one number.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from shopwright.answering import fact_patterns as patterns
from shopwright.answering import fact_words as words

FactKind = Literal[
    "number", "money", "percent", "quantity", "ordinal", "date", "weekday", "time",
    "code", "email", "url", "phone",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A hard fact at `start`..`end` of the text it was found in.

    `values` are its readings in one form: more than one where the writing leaves it open (`1.299` may be a
    thousand or a fraction; `03/04/2026` two dates). `unit` is the currency or the unit, empty without one.
    Dates read `year-month-day` with `?` for what is not said, times are minutes after midnight,
    weekdays count from Monday = 0.
    """

    kind: FactKind
    values: frozenset[str]
    text: str
    start: int
    end: int
    unit: str = ""


# What a text must hold for a family of patterns to be worth trying: most sentences hold few of them.
_TOKEN = re.compile(r"[^\W\d_]+|[^\w\s]")
_MONTH_TOKENS = frozenset(words.MONTHS)
_DAY_NAMES = frozenset(name.partition("-")[0] for name in words.WEEKDAYS)
_DAY_TOKENS = _DAY_NAMES | {f"{name}s" for name in _DAY_NAMES} | words.WEEK_TOKENS
_CURRENCY_TOKENS = frozenset(token for written in words.CURRENCIES for token in _TOKEN.findall(written)) | {
    "us", "ca", "nz", "hk",
}  # fmt: skip
_PERCENT_TOKENS = frozenset(_TOKEN.findall(words.PERCENT)) - {"|"}
_ORDINAL_TOKENS = frozenset(words.ORDINAL_WORDS)
_ONE_TOKENS = frozenset(words.ONE_WORDS.split("|"))
_NOON_TOKENS = frozenset({"noon", "midday", "midnight", "mitternacht"})


@lru_cache(maxsize=32)
def _patterns(language: str | None) -> "_LanguagePatterns":
    spelled = words.number_words(language)
    number = rf"(?P<n>{patterns.NUMBER}|(?<!\w)(?:{words.alternatives(spelled)}|{words.ONE_WORDS})(?!\w))"
    unit = rf"{patterns.SCALE}\s*[-–‑]?\s*(?:{words.UNIT_PATTERN})(?![\w²])"
    return _LanguagePatterns(
        numbers=spelled,
        tokens=frozenset(spelled),
        quantity=re.compile(rf"(?P<n>{patterns.NUMBER}){unit}", re.IGNORECASE),
        quantity_spelled=re.compile(rf"{number}{unit}", re.IGNORECASE),
        spelled=re.compile(rf"(?<![\w-])(?P<n>{words.alternatives(spelled)}){patterns.SCALE}(?!\w)", re.IGNORECASE),
    )


@dataclass(frozen=True, slots=True)
class _LanguagePatterns:
    numbers: dict[str, int]
    tokens: frozenset[str]
    quantity: re.Pattern[str]
    quantity_spelled: re.Pattern[str]
    spelled: re.Pattern[str]


class _Finder:
    """Takes facts out of a text one kind after the other; what is taken is not seen by the next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rest = text
        self.found: list[Fact] = []

    def take(self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Fact | None]) -> None:
        taken = []
        for match in pattern.finditer(self.rest):
            fact = read(match)
            if fact is not None:
                self.found.append(replace(fact, text=self.text[fact.start : fact.end]))
                taken.append((fact.start, fact.end))
        for start, end in taken:
            self.rest = self.rest[:start] + patterns.TAKEN * (end - start) + self.rest[end:]

    def drop(self, pattern: re.Pattern[str]) -> None:
        self.rest = pattern.sub(lambda match: patterns.TAKEN * len(match.group()), self.rest)


def facts_in(text: str, language: str | None = None) -> list[Fact]:
    """Return the hard facts of a text in order of place.

    Citation markers (`[1]`) and the numbers of list items are not facts. `language` decides which spelled
    numbers count ("once" is 11 in Spanish only); without it, the words that are numbers everywhere do.
    """
    return list(_facts(text, language))


@lru_cache(maxsize=2048)
def _facts(text: str, language: str | None) -> tuple[Fact, ...]:
    finder = _Finder(text)
    if "[" in text or not text.isascii():
        finder.drop(patterns.MARKERS)
    tokens = set(_TOKEN.findall(finder.rest.lower()))
    digits = bool(patterns.DIGIT.search(finder.rest))
    if "@" in tokens:
        finder.take(patterns.EMAIL, lambda m: _fact("email", {m.group().lower().rstrip(".")}, m))
    if "." in tokens and patterns.URL_HINT.search(finder.rest):
        finder.take(patterns.URL, _url)
    if not tokens.isdisjoint(_DAY_TOKENS):
        finder.take(patterns.DAYS, _weekdays)
    months = not tokens.isdisjoint(_MONTH_TOKENS)
    if digits:
        _take_dates_and_times(finder, months=months)
        _take_prices(finder, tokens)
    _take_quantities(finder, tokens, language, digits=digits)
    if months:
        finder.take(patterns.MONTH_ALONE, lambda m: _dates(m, [(None, _month(m["m"] or m["n"]), None)]))
    if not tokens.isdisjoint(_NOON_TOKENS):
        finder.take(patterns.NOON, lambda m: _fact("time", {"720"} if m["noon"] else {"0", "1440"}, m))
    finder.take(patterns.SIZE, _size)
    if digits:
        _take_codes_and_numbers(finder)
    _take_spelled(finder, tokens, language)
    found = sorted(finder.found, key=lambda fact: fact.start)
    return tuple(_with_range_units(_by_the_24_hour_clock(found), text))


def _take_prices(finder: _Finder, tokens: set[str]) -> None:
    finder.take(patterns.PHONE, _phone)
    if not tokens.isdisjoint(_CURRENCY_TOKENS):
        finder.take(patterns.MONEY, _money)
    if not tokens.isdisjoint(_PERCENT_TOKENS):
        finder.take(patterns.PERCENT, lambda m: _fact("percent", readings(m["n"]), m))


def _take_quantities(finder: _Finder, tokens: set[str], language: str | None, *, digits: bool) -> None:
    spoken = _patterns(language)
    if not tokens.isdisjoint(spoken.tokens) or not tokens.isdisjoint(_ONE_TOKENS):
        finder.take(spoken.quantity_spelled, lambda m: _quantity_fact(m, language))
    elif digits:
        finder.take(spoken.quantity, lambda m: _quantity_fact(m, language))


def _take_codes_and_numbers(finder: _Finder) -> None:
    finder.take(patterns.ORDINAL, lambda m: _fact("ordinal", {m["n"]}, m))
    finder.take(patterns.DECADE, lambda m: _fact("number", {m["n"]}, m))
    finder.take(patterns.CODE, lambda m: _fact("code", {code_form(m.group())}, m))
    finder.take(patterns.PLAIN, _plain)


def _take_spelled(finder: _Finder, tokens: set[str], language: str | None) -> None:
    if not tokens.isdisjoint(_ORDINAL_TOKENS):
        finder.take(patterns.ORDINAL_WORD, lambda m: _fact("ordinal", {str(words.ORDINAL_WORDS[m["n"].lower()])}, m))
    spoken = _patterns(language)
    if not tokens.isdisjoint(spoken.tokens):
        finder.take(spoken.spelled, lambda m: _spelled_fact(m, language))


def _take_dates_and_times(finder: _Finder, *, months: bool) -> None:
    finder.drop(patterns.LIST_NUMBER)
    finder.take(patterns.ISO_DATE, lambda m: _dates(m, [(m["y"], m["m"], m["d"])]))
    if months:
        finder.take(patterns.DAY_MONTH, lambda m: _dates(m, [(m["y"], _month(m["m"]), m["d"])]))
        finder.take(patterns.MONTH_DAY, lambda m: _dates(m, [(m["y"], _month(m["m"]), m["d"])]))
        finder.take(patterns.MONTH_YEAR, lambda m: _dates(m, [(m["y"], _month(m["m"]), None)]))
    finder.take(patterns.DIGIT_DATE, _digit_date)
    finder.take(patterns.CLOCK, _clock)


def readings(written: str) -> frozenset[str]:
    """Return the values a written number may have, each with a dot for the fraction and nothing else."""
    sign = "-" if written[:1] in "-−–" else ""
    plain = re.sub(r"[   '’−–-]", "", written)
    separators = {char for char in plain if char in ".,"}
    if not separators:
        return frozenset({sign + (plain.lstrip("0") or "0")})
    if len(separators) == 2:
        decimal = max(separators, key=plain.rindex)
        thousands = "," if decimal == "." else "."
        return frozenset({sign + _trimmed(plain.replace(thousands, "").replace(decimal, "."))})
    separator = separators.pop()
    head, *groups = plain.split(separator)
    if len(groups) > 1:
        return frozenset({sign + "".join([head, *groups])})
    as_fraction = sign + _trimmed(f"{head}.{groups[0]}")
    if len(groups[0]) == 3 and 1 <= len(head) <= 3 and head.strip("0"):
        thousands = sign + head + groups[0]
        return frozenset({thousands, as_fraction} if groups[0].strip("0") else {thousands})
    return frozenset({as_fraction})


def code_form(code: str) -> str:
    """Write a code without its separators, in capitals: `ab-1234` and `AB 1234` are one."""
    return re.sub(r"[^\w]|_", "", code).upper()


def _trimmed(number: str) -> str:
    head, _, tail = number.partition(".")
    head, tail = head.lstrip("0") or "0", tail.rstrip("0")
    return f"{head}.{tail}" if tail else head


def _scaled(values: frozenset[str], match: re.Match[str], group: str = "scale", k: str = "k") -> frozenset[str]:
    name = match[group]
    factor = words.SCALES[name.lower()] if name else 1000 if match[k] else 1
    return values if factor == 1 else frozenset(_times(value, factor) for value in values)


def _times(value: str, factor: int) -> str:
    from decimal import Decimal

    return _trimmed(format(Decimal(value) * factor, "f"))


def _fact(kind: FactKind, values: set[str] | frozenset[str], match: re.Match[str], unit: str = "") -> Fact:
    return Fact(kind, frozenset(values), "", match.start(), match.end(), unit)


def _url(match: re.Match[str]) -> Fact:
    url = match.group().rstrip(".,;:!?*_")
    plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", url.lower()).rstrip("/")
    return Fact("url", frozenset({plain}), "", match.start(), match.start() + len(url))


def _phone(match: re.Match[str]) -> Fact | None:
    digits = re.sub(r"\D", "", match.group())
    if len(digits) < 6:
        return None
    # 0049 40 ..., +49 (0)40 ... and 040 ... are one number
    return _fact("phone", {re.sub(r"^(?:00)?(?=\d)", "", digits).lstrip("0")}, match)


def _month(name: str) -> str:
    return str(words.MONTHS[name.lower()])


def _dates(match: re.Match[str], candidates: list[tuple[str | None, str | None, str | None]]) -> Fact | None:
    values = set()
    for year, month, day in candidates:
        if (month and not 1 <= int(month) <= 12) or (day and not 1 <= int(day) <= 31):
            continue
        full_year = f"20{year}" if year and len(year) == 2 else year
        values.add("-".join(str(int(part)) if part else "?" for part in (full_year, month, day)))
    return _fact("date", values, match) if values else None


def _digit_date(match: re.Match[str]) -> Fact | None:
    a, b, year, separator = match["a"], match["b"], match["y"], match["sep"]
    if separator != "." and not year:
        return None
    candidates = [(year, b, a)] if separator == "." else [(year, b, a), (year, a, b)]
    return _dates(match, list(candidates))


def _clock(match: re.Match[str]) -> Fact | None:
    minutes, suffix = match["m"] or match["n"], (match["suffix"] or "").lower()
    if not minutes and not suffix:
        return None
    hour = int(match["h"])
    at = hour * 60 + int(minutes or 0)
    if suffix.startswith("p"):
        values = {at if hour >= 12 else at + 720}
    elif suffix.startswith("a"):
        values = {at - 720 if hour == 12 else at}
    elif 1 <= hour <= 11 and not match["h"].startswith("0") and suffix != "uhr":
        values = {at, at + 720}
    else:
        values = {at}
    end = match.start() + len(match.group().rstrip())
    return Fact("time", frozenset(map(str, values)), "", match.start(), end)


def _currency(written: str) -> str:
    return words.CURRENCIES[written.lower()]


def _money(match: re.Match[str]) -> Fact:
    if match["before"]:
        values = _scaled(readings(match["one"]), match, "scale1", "k1")
        return _fact("money", values, match, _currency(match["before"]))
    return _fact("money", _scaled(readings(match["two"]), match), match, _currency(match["after"]))


def _quantity_fact(match: re.Match[str], language: str | None) -> Fact | None:
    unit = next(name for name, found in match.groupdict().items() if name.startswith("u_") and found)[2:]
    written = match["n"]
    if written[0].isdigit() or written[0] in "-−–":
        values = readings(written)
    else:
        values = frozenset({str(_patterns(language).numbers.get(written.lower(), 1))})
    return _fact("quantity", _scaled(values, match), match, unit)


def _size(match: re.Match[str]) -> Fact:
    start = match.start("size") if match["size"] else match.start()
    return Fact("code", frozenset({match["size"] or match.group()}), "", start, match.end())


def _plain(match: re.Match[str]) -> Fact:
    return _fact("number", _scaled(readings(match["n"]), match), match)


def _spelled_fact(match: re.Match[str], language: str | None) -> Fact:
    number = _patterns(language).numbers[match["n"].lower()]
    return _fact("number", _scaled(frozenset({str(number)}), match), match)


def _weekdays(match: re.Match[str]) -> Fact:
    if match["week"]:
        days = range(7)
    elif match["work"]:
        days = range(5)
    elif match["end"]:
        days = range(5, 7)
    elif match["a"]:
        first, last = words.WEEKDAYS[match["a"].lower()], words.WEEKDAYS[match["b"].lower()]
        if patterns.THROUGH.fullmatch(match["to"].strip("-–—") or "-"):
            days = range(first, last + 1 if last >= first else last + 8)
        else:
            return _fact("weekday", {str(first), str(last)}, match)
    else:
        day = words.WEEKDAYS[(match["one"] or match["short"]).lower()]
        days = range(day, day + 1)
    return _fact("weekday", {str(day % 7) for day in days}, match)


def _by_the_24_hour_clock(facts: list[Fact]) -> list[Fact]:
    """Where one time is `18:30`, the `10:00` beside it is in the morning."""
    times = [fact for fact in facts if fact.kind == "time" and len(fact.values) == 1]
    if not any(int(next(iter(fact.values))) >= 780 and "m" not in fact.text.lower() for fact in times):
        return facts
    return [
        replace(fact, values=frozenset({min(fact.values, key=int)})) if fact.kind == "time" else fact for fact in facts
    ]


def _same_month(day: Fact, date: Fact) -> Fact:
    """Give the `15` of "15 to 24 December" its month."""
    (number,) = day.values if len(day.values) == 1 else ("",)
    if not number.isdigit() or not 1 <= int(number) <= 31:
        return day
    months = {value.rpartition("-")[0] for value in date.values if not value.endswith("-?")}
    return replace(day, kind="date", values=frozenset(f"{month}-{number}" for month in months)) if months else day


def _with_range_units(facts: list[Fact], text: str) -> list[Fact]:
    """Give `2` and `5` of "2, 5 or 7 days" and `20` of "EUR 10-20" the unit of the other end."""
    facts = list(facts)
    for i in range(len(facts) - 2, -1, -1):
        fact, after = facts[i], facts[i + 1]
        if fact.kind == "number" and after.kind == "date" and patterns.DATE_GAP.fullmatch(text, fact.end, after.start):
            facts[i] = _same_month(fact, after)
        if (
            fact.kind == "number"
            and after.kind in {"money", "percent", "quantity"}
            and patterns.RANGE_GAP.fullmatch(text, fact.end, after.start)
        ):
            facts[i] = replace(fact, kind=after.kind, unit=after.unit)
    for i in range(1, len(facts)):
        fact, before = facts[i], facts[i - 1]
        if (
            fact.kind == "number"
            and before.kind == "money"
            and patterns.RANGE_GAP.fullmatch(text, before.end, fact.start)
        ):
            facts[i] = replace(fact, kind=before.kind, unit=before.unit)
    return facts
