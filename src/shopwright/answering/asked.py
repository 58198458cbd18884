"""What a question asks for: which detail, of what, under which conditions.

"Which brand of brakes is on the Halm Trek 27?" asks for a brand; "How long do I have to return something?" for a
duration. An answer must hold it (`fit.py`). What cannot be told from the question is left open.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from shopwright.answering import question_words as words
from shopwright.answering.claim_terms import same_terms
from shopwright.answering.details import compound_of, detail_of
from shopwright.answering.fact_extraction import facts_in
from shopwright.answering.names import located, words_of
from shopwright.answering.places import PLACE_OF
from shopwright.answering.question_forms import FORMS
from shopwright.nlp.lexical import analyze

# Kinds of answers beside the details of `detail_words.DETAILS`: a number of things, an amount of something, the name of
# something, who does it, yes or no, and what cannot be told.
COUNT, AMOUNT, NAME, WHO, YES_NO, OPEN = "count", "amount", "name", "who", "yes_no", ""
MOST_ASKS = 2

_WORD = re.compile(r"[^\W_]+(?:[-'’&][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[?!.])\s+")
_YEAR = re.compile(r"(?<![\w.,-])(?:19|20)\d\d(?![\w.,-]\d|\w)")
# Of an order, a parcel, an article: nobody means such a number roughly.
_LONG_NUMBER = re.compile(r"(?<![\w.,])(?=\w*\d{5})\w+(?![\w.,]\d|\w)")
_MODEL = re.compile(r"(?<!\w)(\w*[A-ZÄÖÜ][\w-]*)\s+(\d{1,4})(?![\w:°%€£$]|[.,:]\d)")


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that is asked for.

    `kind` is the name of a detail, or one of the kinds above. `nouns` and `verb` are the terms that say what is asked
    where it is no detail ("porch", "designed"); `terms` the content terms of its sentence but those that name the
    detail; `spelled` is how the customer wrote it, where it has a name ("UV protection factor").
    """

    kind: str = OPEN
    nouns: tuple[str, ...] = ()
    verb: tuple[str, ...] = ()
    terms: frozenset[str] = frozenset()
    spelled: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a message asks for, and what the place that answers must speak of.

    `terms` are its content terms. `places` are compared as `names.located` gives them. `models` are names with the
    number behind them ("iPhone 16"), `counts` numbers of things ("two persons": person, 2), `numbers` those of orders
    and parcels.
    """

    asks: tuple[Ask, ...]
    terms: frozenset[str]
    places: frozenset[str] = frozenset()
    years: tuple[str, ...] = ()
    models: tuple[tuple[str, str], ...] = ()
    counts: tuple[tuple[str, str], ...] = ()
    numbers: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def understand(question: str, language: str) -> Asked:
    """Take a question apart.

    The last sentence that asks counts: "And for two persons?" asks for what was asked before, and a follow-up about
    Switzerland is no longer about Germany.
    """
    asks: list[Ask] = []
    places: frozenset[str] = frozenset()
    years: tuple[str, ...] = ()
    models: tuple[tuple[str, str], ...] = ()
    counts: dict[str, str] = {}
    for sentence in _SENTENCE.split(question.strip()):
        said = _without_places(_content(sentence, language), language)
        asks = _asks_in(sentence, language) or [replace(ask, terms=said | ask.terms) for ask in asks]
        places = located(words_of(sentence)) or places
        years = tuple(dict.fromkeys(_YEAR.findall(sentence))) or years
        models = _models(sentence, language) or models
        counts |= _counts(sentence, language)
    kinds = {ask.kind for ask in asks} - {OPEN}
    naming = " ".join(word for word in _WORD.findall(question) if detail_of(word, language) in kinds)
    terms = _without_places(_content(question, language), language).difference(all_terms(naming, language))
    terms = terms.union(*(ask.nouns for ask in asks))
    numbers = tuple(dict.fromkeys(_LONG_NUMBER.findall(question)))
    return Asked(tuple(asks), terms, places, years, models, tuple(counts.items()), numbers)


def all_terms(text: str, language: str) -> tuple[str, ...]:
    """The terms of a question, phrases and synonyms of shops brought to one."""
    for pattern, word in _phrases(language):
        text = pattern.sub(word, text)
    return same_terms(text, language)


@lru_cache(maxsize=32)
def empty_terms(language: str) -> frozenset[str]:
    """Terms that only say that something is asked."""
    return frozenset(same_terms(words.EMPTY.get(language, ""), language))


def _asks_in(sentence: str, language: str) -> list[Ask]:
    """What a sentence asks for, in the order of its words."""
    found: list[Ask] = []
    end = 0
    forms = _forms(language)
    while len(found) < MOST_ASKS:
        matches = [(match, kind) for kind, form in forms if (match := form.search(sentence, end)) is not None]
        if not matches:
            break
        match, kind = min(matches, key=lambda pair: pair[0].start())
        found.append(_ask(kind, match.groupdict(), sentence, language))
        end = max(match.end(), end + 1)
    return found


def _ask(kind: str, groups: Mapping[str, str], sentence: str, language: str) -> Ask:
    nouns, verb = groups.get("n") or "", groups.get("v") or ""
    named = {word: detail for word in nouns.split() if (detail := detail_of(word, language))}
    if named and kind in {OPEN, COUNT, AMOUNT}:
        kind = next(iter(named.values()))
    if kind in {"when", "time"} and any(detail_of(word, language) == "opening" for word in _WORD.findall(sentence)):
        kind = "opening"
    # Of a compound, what is before the detail says more: "Versandkosten" are of "Versand".
    rest = " ".join(compound_of(word.lower(), language)[0] if word in named else word for word in nouns.split())
    rest = " ".join(word for word in rest.split() if detail_of(word, language) not in named.values())
    others = [
        word
        for word in _WORD.findall(sentence)
        if word not in named and (not kind or detail_of(word, language) != kind)
    ]
    # Of what is counted nothing is empty: "How many points do I need?"
    noun_terms = all_terms(nouns, language) if kind == COUNT else tuple(_content(rest, language))
    verb_terms = tuple(term for term in _content(verb, language) if term not in _trade_terms(language))
    terms = _without_places(_content(f"{' '.join(others)} {rest}", language), language)
    return Ask(kind, noun_terms, verb_terms, terms, (nouns or verb).strip())


def _content(text: str, language: str) -> list[str]:
    empty = empty_terms(language)
    return [term for term in all_terms(text, language) if term not in empty and (len(term) > 1 or not term.isalpha())]


def _without_places(terms: Iterable[str], language: str) -> frozenset[str]:
    """Places are compared by what they are, not by their names."""
    return frozenset(terms) - _place_terms(language)


def _counts(sentence: str, language: str) -> dict[str, str]:
    counts: dict[str, str] = {}
    for fact in facts_in(sentence, language):
        following = _WORD.match(sentence, fact.end + 1)
        if fact.kind == "number" and len(fact.values) == 1 and following:
            counts.update(dict.fromkeys(same_terms(following.group(), language)[:1], next(iter(fact.values))))
    return counts


def _models(sentence: str, language: str) -> tuple[tuple[str, str], ...]:
    matches = [match for match in _MODEL.finditer(sentence) if not _YEAR.fullmatch(match[2])]
    facts = facts_in(sentence, language) if matches else []
    others = [(fact.start, fact.end) for fact in facts if fact.kind not in {"number", "code", "ordinal"}]
    return tuple((match[1], match[2]) for match in matches if not any(a <= match.start(2) < b for a, b in others))


@lru_cache(maxsize=32)
def _forms(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(form)) for kind, form in FORMS.get(language, ()))


@lru_cache(maxsize=32)
def _phrases(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    listed = words.PHRASES.get(language, {})
    return tuple((re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), word) for pattern, word in listed.items())


@lru_cache(maxsize=32)
def _trade_terms(language: str) -> frozenset[str]:
    return frozenset(same_terms(words.TRADE_VERBS.get(language, ""), language))


@lru_cache(maxsize=32)
def _place_terms(language: str) -> frozenset[str]:
    return frozenset(analyze(" ".join(PLACE_OF), language))
