"""How hard facts are written: one regular expression for each way."""

import re

from shopwright.answering import fact_words as words

# stands where a fact was taken out
TAKEN = "\x00"
SIGN = r"(?:(?<![\w.,\x00–—−-])(?<!\d\s)[−–-](?=\d))?"
DIGITS = r"(?:\d{1,3}(?:[   '’]\d{3}){1,4}(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)*)"
NUMBER = rf"{SIGN}(?<![\w])(?<!\w[.,]){DIGITS}"
SCALE = rf"(?:\s*[-–]?\s*(?P<scale>{words.alternatives(words.SCALES)})\.?(?!\w)|(?P<k>[kK])(?!\w))?"
# The same once more for a pattern that needs it twice.
SECOND_SCALE = SCALE.replace("<scale>", "<scale1>").replace("<k>", "<k1>")
CURRENCY = words.alternatives(words.CURRENCIES)
MONTH = words.alternatives(words.MONTHS)
LONG_MONTH = words.alternatives(
    {name: number for name, number in words.MONTHS.items() if name not in words.MONTHS_BESIDE_A_NUMBER}
)
DAY = words.alternatives(words.WEEKDAYS)
LONG_DAY = words.alternatives({name: n for name, n in words.WEEKDAYS.items() if len(name) > 4})

MARKERS = re.compile(r"\[\^?\d{1,3}(?:\s*[,;]\s*\d{1,3})*\](?!\()|(?<=\])\(\S+?\)|[¹²³⁴⁵⁶⁷⁸⁹⁰]+")
LIST_NUMBER = re.compile(r"(?m)^[ \t>]*(?:[-*+•][ \t]+)?(?:\(?\d{1,3}[.)])(?=[ \t]+\S)")
URL_HINT = re.compile(r"\.[a-z]{2,}", re.IGNORECASE)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]\"'“”]+|"
    r"(?<![\w@.])(?:[a-z0-9-]+\.)+(?:com|org|net|de|at|ch|eu|fr|es|it|nl|be|pt|pl|uk|shop|store|io|info|example)"
    r"(?:/[^\s<>()\[\]\"'“”]*)?(?![\w-])",
    re.IGNORECASE,
)
PHONE = re.compile(
    r"(?<![\w.,/-])(?>(?:\+\d{1,14}|\(0?\d{1,5}\)|0\d{1,14})(?:[\s./()–-]{1,3}\d{1,8}){0,6})(?![\w/])(?!\.\d)|"
    r"(?<![\w.,/-])(?:\d{1,2}\s?-\s?)?\d{3}\s?[- ]\s?\d{3}\s?[- ]\s?\d{4}(?!\w)"
)
ISO_DATE = re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)")
DIGIT_DATE = re.compile(
    r"(?<![\d.,/-])(?P<a>\d{1,2})(?P<sep>[./-])\s?(?P<b>\d{1,2})(?:(?P=sep)\s?(?P<y>\d{4}|\d{2})(?![\d.,]\d|\d)|(?<=\d)\.(?!\d))"
)
DAY_MONTH = re.compile(
    rf"(?<![\w.,])(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?\.?\s*(?:of\s+|de\s+|di\s+|d')?(?P<m>{MONTH})(?!\w)\.?"
    r"(?:\s*,?\s*(?:de\s+|del\s+)?(?P<y>\d{4})(?![\w.,]\d|\d))?",
    re.IGNORECASE,
)
MONTH_DAY = re.compile(
    rf"(?<!\w)(?P<m>{MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]|[.,]\d)(?:\s*,?\s*(?P<y>\d{{4}})(?!\d))?",
    re.IGNORECASE,
)
MONTH_YEAR = re.compile(rf"(?<!\w)(?P<m>{MONTH})\.?\s*,?\s+(?:de\s+|del\s+)?(?P<y>\d{{4}})(?!\d)", re.IGNORECASE)
MONTH_ALONE = re.compile(
    rf"(?<!\w)(?P<m>{LONG_MONTH})(?!\w)|(?:(?<=[a-z,(] )|(?<=\())(?P<n>(?-i:May|March|August))(?!\w)",
    re.IGNORECASE,
)
CLOCK = re.compile(
    r"(?<![\w.,:/-])(?P<h>[01]?\d|2[0-4])(?::(?P<m>[0-5]\d)(?!\d|:)|[.h](?P<n>[0-5]\d)(?=\s*(?:[ap]\.?\s?m|uhr|h\b|[-–]\s?\d)|(?<=h\d\d)))?"
    r"\s*(?P<suffix>a\.?\s?m\b\.?|p\.?\s?m\b\.?|uhr|o['’]clock)?(?!\w)",
    re.IGNORECASE,
)
NOON = re.compile(r"(?<!\w)(?P<noon>noon|midday)|(?<!\w)(?P<midnight>midnight|mitternacht)(?!\w)", re.IGNORECASE)
MONEY = re.compile(
    rf"(?:(?P<before>(?<![\w€$£])(?:US|CA|NZ|HK|[ARCS])?[$]|(?<!\w)(?:{CURRENCY}))"
    rf"\s?(?P<one>{DIGITS}){SECOND_SCALE}(?:[.,][-–—]+)?"
    rf"|(?P<two>{NUMBER})(?:[.,][-–—]+)?{SCALE}\s?(?P<after>{CURRENCY})(?!\w))",
    re.IGNORECASE,
)
PERCENT = re.compile(rf"(?P<n>{NUMBER})\s?[-–]?\s?(?:{words.PERCENT})(?!\w)", re.IGNORECASE)
ORDINAL = re.compile(r"(?<![\w.,])(?P<n>\d+)(?:st|nd|rd|th|er|e|ème|º|ª)(?!\w)")
ORDINAL_WORD = re.compile(rf"(?<!\w)(?P<n>{words.alternatives(words.ORDINAL_WORDS)})(?!\w)", re.IGNORECASE)
CODE = re.compile(
    r"(?<![\w@])#\d{2,}(?!\w)|"
    r"(?<![\w@./-])(?=[\w./-]*\d)(?=[\w./-]*[^\W\d_])[\w]+(?:[-/._](?=\w)[\w]+)*(?!\w)|"
    # 4006381333931, 2024-0815, 12/345-6: digits alone, but no number
    r"(?<![\w.,/-])(?!\d{1,3}(?:\.\d{3})+(?![.\w]))(?:\d{8,}|\d+(?:[-/]\d{3,})+|\d+(?:\.\d+){2,})(?!\w)"
)
SIZE = re.compile(rf"(?<!\w)(?:\d?X{{1,4}}[SL])(?!\w)|(?<!\w)(?i:{words.SIZE_BEFORE})\s+(?P<size>[SML])(?!\w)")
DECADE = re.compile(r"(?<![\w.,])(?P<n>\d{4})s(?!\w)")
PLAIN = re.compile(rf"(?P<n>{NUMBER}){SCALE}(?!\d)", re.IGNORECASE)
DAYS = re.compile(
    rf"(?<!\w)(?P<a>{DAY})\.?s?\s*(?P<to>[-–—]+|(?:{words.TO})(?!\w))\s*(?P<b>{DAY})s?(?!\w)"
    rf"|(?<!\w)(?P<one>{LONG_DAY})s?(?!\w)|(?<!\w)(?P<short>{DAY})\.?(?=\s*:?\s*\d{{1,2}}(?:[:.]\d\d|\s?[-–]))"
    rf"|(?<!\w)(?:(?P<week>{words.WHOLE_WEEK})|(?P<work>{words.WORKING_WEEK})|(?P<end>{words.WEEKEND}))(?!\w)",
    re.IGNORECASE,
)
THROUGH = re.compile(r"[-–—]|to|through|thru|bis|until|till|à|au|a|al|tot|até|do", re.IGNORECASE)
DIGIT = re.compile(r"\d")
DATE_GAP = re.compile(rf"\.?\s*(?:[-–—/]{{1,2}}|,|(?:{words.TO})(?=\s))\s*", re.IGNORECASE)
RANGE_GAP = re.compile(rf"\s*(?:[-–—]{{1,2}}|[/,]|(?:{words.TO})(?=\s))\s*", re.IGNORECASE)
