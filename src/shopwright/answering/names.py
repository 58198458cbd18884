"""Names in a text: people, brands, products, places. An answer may not bring in one that its source lacks."""

import re
from collections.abc import Container
from functools import lru_cache

from shopwright.answering.fact_words import CURRENCIES, MONTHS, WEEKDAYS
from shopwright.answering.places import PLACE_OF, PLACES, REGIONS
from shopwright.nlp.lexical import fold
from shopwright.nlp.stopwords import STOPWORDS

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_PARTS = re.compile(r"['’.&-]")
_CAPITALISED = re.compile(r"(?<![\w@])[A-ZÀ-ÞΑ-ΩА-Я][\w&’'-]*\w|(?<![\w@])[a-z]+[A-Z]\w*")
_CAPITAL_BEHIND = re.compile(r"\s[A-ZÀ-Þ]")
# All nouns are capitalised there, so a capital says nothing.
NOUNS_CAPITALISED = frozenset({"de", "lb"})
_NOT_NAMES = frozenset(
    [
        "i",
        "ok",
        "faq",
        "pdf",
        "vat",
        "id",
        "e-mail",
        "email",
        "mr",
        "mrs",
        "ms",
        "dr",
        "tv",
        "q",
        "a",
        "you",
        "your",
        "yours",
        "yes",
        "no",
        "we",
        "our",
        "us",
        "it",
        "they",
        "the",
        "an",
        "sie",
        "ihr",
        "ihre",
        "ihren",
        "ihrem",
        "ihnen",
        "ihres",
        "du",
        "dein",
        "deine",
        "vous",
        "votre",
        "vos",
        "usted",
        "ustedes",
        "su",
        "lei",
        "suo",
        "sua",
        "u",
        "uw",
        "pan",
        "pani",
        "please",
        "note",
        "see",
        "if",
        "also",
        "however",
        "bitte",
    ]
)
_FUNCTION_WORDS: frozenset[str] = frozenset().union(*STOPWORDS.values())
_PLACES = frozenset(map(fold, PLACES))
_PLACE_OF = {fold(name): place for name, place in PLACE_OF.items()}
_REGIONS = {fold(name): codes for name, codes in REGIONS.items()}


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, folded, whole and in their parts, with and without a plural `s`."""
    found: set[str] = set()
    for match in _WORD.finditer(fold(text.lower())):
        word = match.group()
        found.add(word)
        found.add(word.removesuffix("s"))
        if not word.isalnum():
            for part in _PARTS.split(word):
                found.add(part)
                found.add(part.removesuffix("s"))
    return frozenset(found)


def names_in(text: str, language: str) -> list[str]:
    """Return the names in a text, folded.

    These are capitalised words inside a sentence, words with capitals inside, and known places however
    they are written. Where all nouns are capitalised only the latter two count.
    """
    names = [
        re.sub(r"['’]s?$", "", fold(match.group().lower()))
        for match in _CAPITALISED.finditer(text)
        if any(map(str.isupper, match.group()[1:]))
        or (language not in NOUNS_CAPITALISED and not _starts_sentence(text, match))
    ]
    names += [word for word in words_of(text) & _PLACES if len(word) > 3]
    return [name for name in dict.fromkeys(names) if _may_be_a_name(name)]


def places_in(words: frozenset[str]) -> frozenset[str]:
    """Which of these words (`words_of`) name a country or a large city."""
    return words & _PLACES


@lru_cache(maxsize=4096)
def located(words: frozenset[str]) -> frozenset[str]:
    """The places that these words name, whatever the language; all countries of a region ("EU")."""
    named = {_PLACE_OF[word] for word in words & _PLACE_OF.keys()}
    return frozenset(named.union(*(_REGIONS[word] for word in words & _REGIONS.keys())))


def same_place(one: str, other: str) -> bool:
    """Say whether two places are one, or one lies in the other."""
    return one == other or one.startswith(f"{other}:") or other.startswith(f"{one}:")


def is_said(name: str, said: Container[str]) -> bool:
    """Say whether a name stands among the words of a text (`words_of`), whole or in all its parts."""
    if name in said or name.removesuffix("s") in said:
        return True
    parts = [part for part in _PARTS.split(name) if part]
    return len(parts) > 1 and all(part in said or part.removesuffix("s") in said for part in parts)


def _may_be_a_name(name: str) -> bool:
    # Months, weekdays and currencies are facts and checked as such.
    return (
        len(name) > 1
        and name not in MONTHS
        and name not in WEEKDAYS
        and name not in CURRENCIES
        and name not in _NOT_NAMES
    )


def _starts_sentence(text: str, word: re.Match[str]) -> bool:
    before = text[: word.start()].rstrip("\"'“„«(*_¿¡ \n")
    starts = not before or before[-1] in ".!?:;•|–—-" or "\n" in text[len(before) : word.start()]
    # "Katy Perry was": a capital behind it makes the first word a name too, if it is no function word.
    return starts and (word.group().lower() in _FUNCTION_WORDS or not _CAPITAL_BEHIND.match(text, word.end()))
