"""Cut a text into the terms that exact search compares."""

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

from shopwright.nlp.stopwords import STOPWORDS

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish",
}  # fmt: skip
# l'envoi, dell'ordine: the part before the apostrophe is an article or a preposition.
ELIDING = frozenset({"ca", "fr", "it"})
# A lexeme of a tsvector may have 2,046 bytes; nothing worth searching is that long.
MAX_TERM_CHARACTERS = 64

# Scripts written without spaces: Thai, Lao, Khmer, Burmese, kana, Han, Hangul.
_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_DENSE = re.compile(rf"[{_NO_SPACES}]")
_TERM = re.compile(
    rf"(?P<dense>[{_NO_SPACES}]+)"
    # 1,299.00  42.5  4,95
    r"|(?P<number>\d+(?:[.,]\d+)+(?![\w-]))"
    # AB-1234  2024/55  a_b.c: several parts, at least one digit
    r"|(?P<code>(?=[\w./_-]{0,64}\d)\w+(?:[-./_]\w+)+)"
    rf"|(?P<word>(?:(?![{_NO_SPACES}])[\w\u0900-\u0dff\u200d])+(?:['’](?![{_NO_SPACES}])\w+)?)"
)
_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u0652\u0670\u0640\u0e47-\u0e4e]")
_ELISION = re.compile(r"^\w{1,5}'(?=\w)")
_LETTERS_AND_DIGITS = re.compile(r"[^\W\d_]+|\d+")


def analyze(text: str, language: str) -> list[str]:
    """Return the search terms of a text, in order, with repetitions.

    Both sides of a search must be cut with the same language. Words are lower-cased, stemmed where
    there is a stemmer, and freed of accents; function words are dropped. Scripts without
    spaces become pairs of characters. What looks like a number or a code (`AB-1234`, `42.5`, `1,299.00`)
    is kept whole and also given in its parts. Terms hold letters, digits, `-`, `.` and `/` only, so they
    can stand in a tsvector or a JSON key as they are.
    """
    text = unicodedata.normalize("NFKC", text)
    if language == "tr":
        text = text.replace("İ", "i").replace("I", "ı")
    text = _MARKS.sub("", text.lower())
    terms: list[str] = []
    stop = STOPWORDS.get(language, frozenset())
    for match in _TERM.finditer(text):
        kind = match.lastgroup
        found = match.group()
        if kind == "dense":
            terms.extend(_pairs(found))
        elif kind == "number":
            terms.extend(_number(found))
        elif kind == "code":
            terms.extend(_code(found))
        else:
            for word in found.replace("’", "'").split("_"):  # opening_hours
                if word and word not in stop:
                    terms.extend(_word(word[:MAX_TERM_CHARACTERS], language))
    return [term[:MAX_TERM_CHARACTERS] for term in terms if term]


def is_dense(term: str) -> bool:
    """Say whether the term is a pair of characters of a script without spaces."""
    return bool(_DENSE.match(term))


def _pairs(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _number(found: str) -> list[str]:
    """Write a number with a dot for the fraction and nothing for the thousands."""
    head, _, tail = found.replace(",", ".").rpartition(".")
    whole = head.replace(".", "")
    if len(tail) == 3 and len(whole) <= 3 * found.count(found[-4]) and whole != "0":
        # 1,299 and 1.299: three digits at the end are thousands in every shop, not a fraction.
        return [whole + tail]
    # 12.90 and 12.9 are one price.
    fraction = tail.rstrip("0")
    return [f"{whole}.{fraction}", whole] if fraction else [whole]


def _code(found: str) -> list[str]:
    parts = re.split(r"[-./_]", found)
    joined = "".join(parts)
    return [found.strip("_"), joined, *(part for part in parts if part)]


@lru_cache(maxsize=50_000)
def _word(word: str, language: str) -> tuple[str, ...]:
    if any(map(str.isdigit, word)) and not word.isdigit():
        # "us9", "2xl", "10kg": whole and in parts
        return (word.replace("'", ""), *_LETTERS_AND_DIGITS.findall(word))
    if language in ELIDING:
        word = _ELISION.sub("", word)
    stem = _stemmer(STEMMERS[language]).stemWord(word) if language in STEMMERS else word
    folded = fold(stem).replace("'", "")
    return (folded,)


def fold(text: str) -> str:
    """Drop accents and vowel marks: `café` and `cafe` become one word, `ё` becomes `е`."""
    folded = _MARKS.sub("", unicodedata.normalize("NFD", text))
    folded = folded.translate(_LETTERS)
    return unicodedata.normalize("NFC", folded)


_LETTERS = str.maketrans(
    {
        "ß": "ss", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
        "ς": "σ", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ك": "ک",
    }
)  # fmt: skip


# A stemmer keeps the word it works on in itself, so each thread has its own.
_own = threading.local()


def _stemmer(name: str) -> Any:
    import snowballstemmer

    stemmers: dict[str, Any] = _own.__dict__
    if name not in stemmers:
        stemmers[name] = snowballstemmer.stemmer(name)
    return stemmers[name]
