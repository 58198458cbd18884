"""Details of things that customers ask for, in words: how they are named, and what counts as a value of each.

Names stand for one another in every language, so a German question finds an English column.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shopwright.answering.detail_names import NAMES, VALUES


@dataclass(frozen=True, slots=True)
class Detail:
    """One kind of detail.

    `names` and `values` are words by language, or for all (`""`). `units` and `facts` say which facts are values. A
    detail with `by_value` is only there when a value is: "the price depends on the zone" tells no price. `instead` is
    an expression for what answers just as well ("free" for a price).
    """

    names: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    by_value: bool = False
    instead: str = ""


_SOON = (
    r"\d+\s(?:\w+\s)?(?:days?|hours?|weeks?|months?|years?|minutes?|tagen?|tage|stunden?|wochen?|monaten?|monate|jahren?|jahre|minuten?)|"
    r"several \w+|many \w+|\d{4}\s?(?:to|[-–])\s?\d{4}|immediately|at once|right away|instantly|"
    r"same day|next (?:working |business )?day|at any time|no (?:time )?limit|unlimited|lifetime|"
    r"today|tomorrow|overnight|until|by the end|sofort|umgehend|"
    r"am (?:selben|gleichen|nächsten) tag|jederzeit|unbegrenzt|unbefristet|lebenslang|heute|"
    r"morgen|immédiat\w*|tout de suite|inmediat\w*|subito|direct|onmiddellijk|imediat\w*|"
    r"natychmiast|bis (?:zum|zur|weit in)|mehrere \w+|\d{4} bis \d{4}"
)
_FREE = (
    r"free|no (?:extra |additional )?(?:charge|cost|fee)s?|without (?:extra )?(?:charge|cost)|"
    r"costs? nothing|included|gratis|kostenlos\w*|kostenfrei\w*|umsonst|unentgeltlich\w*|"
    r"kostet nichts|nichts kosten|inklusive|inbegriffen|frei|gratuit\w*|offerte?s?|inclus\w*|"
    r"gratuit[oa]s?|incluid[oa]s?|senza costi|inclus[oi]|kosteloos|grátis|incluíd[oa]s?|"
    r"bezpłatn\w+|za darmo|waive[ds]?"
)
# "at nine", "um zehn"
_HOUR = (
    r"(?:at|from|until|till|by|before|after|um|ab|bis|vor|nach|gegen) (?:one|two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|\d{1,2})"
)
_LENGTHS = frozenset({"mm", "cm", "m", "km", "in", "ft", "mi"})
_TIMES = frozenset({"second", "minute", "hour", "day", "workday", "week", "month", "year", "night"})


def _detail(
    name: str, *, units: Iterable[str] = (), facts: Iterable[str] = (), by_value: bool = True, instead: str = ""
) -> Detail:
    return Detail(NAMES[name], VALUES.get(name, {}), frozenset(units), frozenset(facts), by_value, instead)


DETAILS: dict[str, Detail] = {
    "price": _detail("price", facts={"money"}, instead=_FREE),
    "discount": _detail("discount", facts={"money", "percent"}, by_value=False),
    "duration": _detail("duration", units=_TIMES, facts={"date"}, instead=_SOON),
    "when": _detail(
        "when",
        units=_TIMES,
        facts={"date", "time", "weekday"},
        instead=rf"{_SOON}|{_HOUR}|"
        r"when|as soon as|once|after|before|during|while|within|daily|always|"
        r"in (?:spring|summer|autumn|winter)|spring|summer|autumn|winter|week|month|year|sobald|wenn|"
        r"nach|vor|während|innerhalb|täglich|immer|woche|monat|frühling|sommer|herbst|winter|jahr|"
        r"quand|après|avant|cuando|después|antes|quando|dopo|prima|als|zodra|na|voor|century|decade|"
        r"era|period|early|late|mid|(?:1\d|20)\d\ds?",
    ),
    "year": _detail(
        "year",
        facts={"date"},
        instead=r"(?:1\d|20)\d\ds?|since|founded|gegründet|seit|century|jahrhundert\w*|siglo|siècle",
    ),
    "time": _detail(
        "time",
        facts={"time"},
        instead=rf"{_HOUR}|"
        r"24 hours|around the clock|at any time|all day|closed|rund um die uhr|jederzeit|ganztägig|"
        r"geschlossen|noon|midnight",
    ),
    "opening": _detail(
        "opening",
        facts={"time", "weekday"},
        instead=rf"{_HOUR}|"
        r"24 hours|around the clock|closed|rund um die uhr|geschlossen|every day|täglich|daily",
    ),
    "weight": _detail("weight", units={"g", "kg", "lb", "mg", "oz"}, instead=r"(?:giga)?tons?|tonnes?|tonnen"),
    "height": _detail("height", units=_LENGTHS),
    "width": _detail("width", units=_LENGTHS),
    "length": _detail("length", units=_LENGTHS),
    "depth": _detail("depth", units=_LENGTHS),
    "size": _detail(
        "size",
        units=_LENGTHS | {"sqm"},
        facts={"code"},
        instead=r"(?:X{0,4}[SL]|M|one size|einheitsgröße)|\d+[\d.,]*(?:\s?[x×]\s?\d+)?",
    ),
    "area": _detail("area", units={"sqm"}, instead=r"square|sq\.?|[ck]?m[²2]|acres?|hectares?|ha|quadrat\w+|hektar"),
    "volume": _detail("volume", units={"cl", "l", "ml"}),
    "temperature": _detail("temperature", units={"c", "deg", "f"}),
    "power": _detail("power", units={"kw", "w"}),
    "charge": _detail("charge", units={"ah", "kwh", "mah", "wh"}),
    "storage": _detail("storage", units={"gb", "mb", "tb"}),
    "percentage": _detail("percentage", facts={"percent"}),
    "age": _detail(
        "age",
        units={"month", "year"},
        instead=r"(?:from|over|under|at least|until|aged?|ab|über|unter|mindestens|bis)\s+(?:the age of\s+)?\d{1,2}\b|"
        r"\d{1,2} or (?:over|older|above)|of age|volljährig\w*|adults?|erwachsene\w*|born|geboren",
    ),
    "phone": _detail("phone", facts={"phone"}),
    "email": _detail("email", facts={"email"}),
    "website": _detail("website", facts={"url"}),
    "address": _detail(
        "address",
        facts={"email"},
        instead=r"(?-i:\d{4,5} [A-ZÄÖÜ][a-zäöüß]\w+|"
        r"[A-ZÄÖÜ][\wäöüß]+(?:straße|gasse|weg|platz|allee|steig|damm|str\.)\s?\d+|"
        r"\d+ [A-Z]\w+ (?:Street|Road|Lane|Avenue|Ave|Rd|St|Drive|Blvd|Hwy)|"
        r"[A-Z]\w+ (?:Street|Road|Lane|Avenue|Square) \d+|[A-Z]\w+ \d{1,4}, \d{4,5}|[A-Z]{1,2}\d{1,2} \d[A-Z]{2})",
    ),
    "fax": _detail("fax", by_value=False),
    "iban": _detail("iban", instead=r"\b[A-Z]{2}\d{2}(?: ?\w{4}){3,7}"),
    "colour": _detail("colour"),
    "material": _detail(
        "material", instead=r"made (?:of|from|out of)|besteh\w+ aus|consists? of|built (?:of|from)|composed of"
    ),
    "brand": _detail("brand", by_value=False),
    "origin": _detail(
        "origin",
        instead=r"(?:made|produced|manufactured|grown|sewn|sourced|built|assembled) (?:in|by|at|near)|comes? from|"
        r"from (?-i:[A-Z])\w+|origins?|(?:hergestellt|produziert|gefertigt|angebaut|genäht|gebaut) (?:in|von|bei)|"
        r"(?:in|aus) (?-i:[A-ZÄÖÜ])\w+ (?:hergestellt|produziert|gefertigt|angebaut|genäht|gebaut)|stamm\w+ aus|"
        r"komm\w+ aus|aus (?-i:[A-ZÄÖÜ])\w+|herkunft\w*|fabriqué\w* (?:en|au)|provenance|fabricad\w+ en|origen",
    ),
    "language": _detail("language"),
    "carrier": _detail(
        "carrier",
        instead=r"royal mail|"
        r"(?:deutsche|swiss|österreichische|schweizerische|la|canada|australia) post(?:e)?\b|"
        r"die post\b|poste italiane",
    ),
    "staff": _detail("staff", by_value=False),
    "head": _detail("head", by_value=False),
}
