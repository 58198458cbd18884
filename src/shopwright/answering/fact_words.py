"""The words that facts are written with, in the languages a shop's customers use most."""

import re

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")

# Words for 1 are articles as well: they count only before a unit ("one year"), and so do not stand here.
NUMBER_WORDS: dict[str, tuple[str, ...]] = {
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    "de": ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    "fr": ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    "es": ("dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
    "it": ("due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici"),
    "nl": ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
    "pt": ("dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze"),
    "pl": ("dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć", "dziesięć", "jedenaście",
           "dwanaście"),
}  # fmt: skip
MORE_NUMBER_WORDS: dict[str, dict[str, int]] = {
    "en": {"fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60, "ninety": 90},
    "de": {"zweier": 2, "vierzehn": 14, "zwanzig": 20, "dreißig": 30, "sechzig": 60},
    "fr": {"quatorze": 14, "quinze": 15, "vingt": 20, "trente": 30},
    "es": {"catorce": 14, "quince": 15, "veinte": 20, "treinta": 30},
    "it": {"quattordici": 14, "quindici": 15, "venti": 20, "trenta": 30},
    "nl": {"veertien": 14, "twintig": 20, "dertig": 30},
    "pt": {"duas": 2, "catorze": 14, "quinze": 15, "vinte": 20, "trinta": 30},
    "pl": {"dwie": 2, "dwóch": 2, "trzech": 3, "czternaście": 14, "czternastu": 14, "trzydzieści": 30},
}
ONE_WORDS = "one|ein|eine|einen|einem|einer|eines|un|une|uno|una|een|één|um|uma|jeden|jedną|jedna|jednego|1"
# The numbers 11 in Spanish, 2 and 6 in Italian ... are everyday words elsewhere.
AMBIGUOUS_NUMBER_WORDS = frozenset({"once", "due", "sei", "elf", "dos", "neuf", "sept", "tre", "dez", "nove"})

ORDINAL_WORDS: dict[str, int] = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12,
}  # fmt: skip

SCALES: dict[str, int] = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "millions": 10**6, "billion": 10**9,
    "trillion": 10**12, "tausend": 1000, "tsd": 1000, "mio": 10**6, "millionen": 10**6,
    "milliarden": 10**9, "mrd": 10**9,
    "mille": 1000, "mil": 1000, "millón": 10**6, "millones": 10**6, "milliard": 10**9, "milliards": 10**9,
    "milione": 10**6, "milioni": 10**6, "miliardi": 10**9, "miljoen": 10**6, "miljard": 10**9,
    "milhão": 10**6, "milhões": 10**6, "tysiące": 1000, "tysięcy": 1000, "milion": 10**6, "milionów": 10**6,
}  # fmt: skip

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january januar janvier enero gennaio januari janeiro styczeń stycznia jan ene gen",
            "february februar février febrero febbraio februari fevereiro luty lutego feb fév fev",
            "march märz mars marzo maart março marzec marca mar mär mrz",
            "april avril abril aprile kwiecień kwietnia apr avr abr",
            "may mai mayo maggio mei maio maj maja",
            "june juni juin junio giugno junho czerwiec czerwca jun",
            "july juli juillet julio luglio julho lipiec lipca jul",
            "august août agosto augustus sierpień sierpnia aug",
            "september septembre septiembre settembre setembro wrzesień września sep sept",
            "october oktober octobre octubre ottobre outubro październik października oct okt ott",
            "november novembre noviembre novembro listopad listopada nov",
            "december dezember décembre diciembre dicembre dezembro grudzień grudnia dec dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}
# A month only beside a day or a year, because the word also means something else or is cut short.
MONTHS_BESIDE_A_NUMBER = frozenset(
    name for name in MONTHS if len(name) <= 4 or name in {"march", "mars", "marca", "august", "maggio"}
) - {"june", "july", "juni", "juli", "luty", "août"}

WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday montag lundi lunes lunedì maandag segunda-feira poniedziałek mon mo lun",
            "tuesday dienstag mardi martes martedì dinsdag terça-feira wtorek tue tues di mar",
            "wednesday mittwoch mercredi miércoles mercoledì woensdag quarta-feira środa wed mi mer",
            "thursday donnerstag jeudi jueves giovedì donderdag quinta-feira czwartek thu thur thurs do jeu",
            "friday freitag vendredi viernes venerdì vrijdag sexta-feira piątek fri fr ven",
            "saturday samstag sonnabend samedi sábado sabato zaterdag sobota sat sa sam",
            "sunday sonntag dimanche domingo domenica zondag niedziela sun so dim",
        )
    )
    for name in names.split()
}
WHOLE_WEEK = (
    r"daily|every day|each day|7 days a week|seven days a week|24/7|täglich|jeden tag|tous les jours|"
    r"chaque jour|todos los días|cada día|diario|ogni giorno|tutti i giorni|"
    r"dagelijks|elke dag|todos os dias|codziennie"
)
WORKING_WEEK = r"weekdays?|werktags|wochentags|en semaine|entre semana|nei giorni feriali|doordeweeks|dias de semana"
WEEKEND = r"weekends?|wochenenden?|week-ends?|fines? de semana|fine settimana|fins? de semana"

WEEK_TOKENS = frozenset(re.findall(r"[^\W\d_]{4,}", f"{WHOLE_WEEK} {WORKING_WEEK} {WEEKEND}"))
# the patterns above hold these in both numbers
WEEK_TOKENS |= {
    "weekday",
    "weekend",
    "wochenende",
    "wochenenden",
    "week",
    "day",
    "24",
    "fin",
    "fins",
    "dia",
    "dias",
}

TO = r"to|through|thru|until|till|bis|à|au|a|al|tot|até|ao|do|or|oder|ou|o|of|and|und|et|y|e|en|i|lub"

CURRENCIES: dict[str, str] = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "$": "$",
    "us$": "USD", "usd": "USD", "dollar": "$", "dollars": "$", "dólares": "$", "dollari": "$",
    "a$": "AUD", "aud": "AUD", "ca$": "CAD", "c$": "CAD", "cad": "CAD", "nz$": "NZD", "nzd": "NZD",
    "chf": "CHF", "fr.": "CHF", "sfr.": "CHF", "franken": "CHF", "francs": "CHF", "franchi": "CHF",
    "¥": "¥", "jpy": "JPY", "yen": "JPY", "cny": "CNY", "rmb": "CNY", "yuan": "CNY", "₹": "INR", "inr": "INR",
    "rupees": "INR", "rs.": "INR", "zł": "PLN", "pln": "PLN", "złotych": "PLN", "złote": "PLN",
    "kr": "kr", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "kronor": "SEK", "kroner": "kr",
    "kč": "CZK", "czk": "CZK", "huf": "HUF", "lei": "RON", "bgn": "BGN",
    "₺": "TRY", "₽": "RUB", "₩": "KRW", "krw": "KRW", "r$": "BRL", "brl": "BRL",
    "mxn": "MXN", "sgd": "SGD", "s$": "SGD", "hkd": "HKD", "hk$": "HKD", "aed": "AED",
    "pounds sterling": "GBP",
}  # fmt: skip
# A bare sign may be any of these.
CURRENCY_FAMILIES: dict[str, frozenset[str]] = {
    "$": frozenset({"$", "USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN"}),
    "kr": frozenset({"kr", "SEK", "NOK", "DKK"}),
    "¥": frozenset({"¥", "JPY", "CNY"}),
}

# canonical unit -> how it is written; a working day is not a day
UNITS: dict[str, str] = {
    "workday": r"(?:business|working|work|week)[ -]?days?|werktag(?:e|en|s)?|arbeitstag(?:e|en|s)?|"
    r"jours? (?:ouvrés?|ouvrables?)|días? (?:hábil(?:es)?|laborables?)|giorn[oi] lavorativ[oi]|"
    r"werkdag(?:en)?|dias? út(?:il|eis)|dni robocz(?:ych|e)|dzień roboczy",
    "day": r"(?:calendar )?days?|tag(?:e|en|s)?|kalendertag(?:e|en)?|"
    r"jours?|días?|giorn[oi]|dag(?:en)?|dias?|dni|dzień",
    "night": r"nights?|nächte[n]?|nacht|nuits?|noches?|notti?|nachten|noites?",
    "week": r"weeks?|wochen?|semaines?|semanas?|settiman[ae]|wek(?:en)?|week|tygodn(?:i|ie|ia)|tydzień",
    "month": r"months?|monat(?:e|en|s)?|mois|mes(?:es)?|mes[ei]|maand(?:en)?|mês|miesi(?:ąc|ące|ęcy|ąca)",
    "year": r"years?|yrs?|jahr(?:e|en|es|s)?|ans?|années?|años?|ann[oi]|jaar|jaren|anos?|lat|lata|rok|roku",
    "hour": r"hours?|hrs?|stunden?|std|heures?|horas?|or[ae]|uur|uren|godzin[ay]?|h",
    "minute": r"minutes?|mins?|minuten?|minutos?|minut[oi]|minut[ay]?",
    "second": r"seconds?|secs?|sekunden?|secondes?|segundos?|second[oi]|seconden",
    "kg": r"kg|kilos?|kilograms?|kilogramm|kilogrammes?|kilogramos?",
    "g": r"g|grams?|gramm|grammes?|gramos?|gramm[oi]|gr",
    "mg": r"mg",
    "lb": r"lbs?|pounds?",
    "oz": r"oz|ounces?",
    "mm": r"mm|millimet(?:er|re)s?",
    "cm": r"cm|centimet(?:er|re)s?|zentimetern?",
    "km": r"km|kilomet(?:er|re)s?|kilometern?",
    "m": r"m|met(?:er|re)s?|metern|mètres?|metros?|metr[oi]",
    "in": r"inch(?:es)?|zoll|pouces?|pulgadas?|pollici",
    "ft": r"feet|foot",
    "mi": r"miles?|mi",
    "ml": r"ml|millilit(?:er|re)s?",
    "cl": r"cl",
    "l": r"l|lit(?:er|re)s?|litern|litros?|litr[oi]|lt",
    "kwh": r"kwh",
    "wh": r"wh",
    "w": r"w|watts?",
    "kw": r"kw",
    "v": r"v|volts?",
    "mah": r"mah",
    "ah": r"ah",
    "gb": r"gb|gigabytes?",
    "mb": r"mb|megabytes?",
    "tb": r"tb|terabytes?",
    "c": r"°\s?c|degrees? celsius|grad celsius",
    "f": r"°\s?f|degrees? fahrenheit",
    "deg": r"°|degrees?|grad|degrés|grados|gradi|graden",
    "bar": r"bar",
    "cent": r"cents?|ct|centimes?|céntimos?|centesimi",
    "times": r"times|x|×|mal|fois|veces|volte|keer|vezes|razy",
    "gsm": r"g/m²|g/m2|gsm",
    "sqm": r"m²|m2|square met(?:er|re)s?|quadratmetern?",
}
UNIT_PATTERN = "|".join(f"(?P<u_{name}>{words})" for name, words in UNITS.items() if name not in {"gsm", "sqm"})
UNIT_PATTERN = f"(?P<u_gsm>{UNITS['gsm']})|(?P<u_sqm>{UNITS['sqm']})|{UNIT_PATTERN}"

PERCENT = r"%|％|percent|per cent|pct|prozent|pour cent|por ciento|por cento|per cento|procent"
SIZE_BEFORE = r"sizes?|größen?|tailles?|tallas?|taglia|taglie|maat|maten|tamanhos?|rozmiar"

# hours, days ... that make one of the next: exact ones only ("a month" is not 30 days)
EXACT_UNITS: dict[str, tuple[str, int]] = {
    "week": ("day", 7), "minute": ("second", 60), "hour": ("second", 3600),
    "year": ("month", 12), "kg": ("g", 1000), "cm": ("mm", 10), "m": ("mm", 1000), "l": ("ml", 1000),
    "cl": ("ml", 10), "km": ("mm", 10**6),
}  # fmt: skip


def number_words(language: str | None) -> dict[str, int]:
    """Return word -> number for a language; for an unknown one, the words that mean nothing else anywhere."""
    chosen = [language] if language in NUMBER_WORDS else list(LANGUAGES)
    words: dict[str, int] = {}
    for code in chosen:
        words.update({word: i for i, word in enumerate(NUMBER_WORDS[code], start=2)})
        words.update(MORE_NUMBER_WORDS[code])
    if len(chosen) > 1:
        words = {word: number for word, number in words.items() if word not in AMBIGUOUS_NUMBER_WORDS}
    return words


def alternatives(words: list[str] | dict[str, int] | dict[str, str]) -> str:
    """Return a regular expression's alternatives, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
