"""Whether a sentence of a passage holds what was asked for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from shopwright.answering.asked import AMOUNT, COUNT, NAME, OPEN, WHO, YES_NO, Ask, Asked, all_terms
from shopwright.answering.claim_terms import same_terms
from shopwright.answering.coverage import Vocabulary
from shopwright.answering.detail_words import DETAILS
from shopwright.answering.details import holds_value, names_detail
from shopwright.answering.fact_extraction import Fact, facts_in
from shopwright.answering.fact_words import CURRENCIES
from shopwright.answering.names import NOUNS_CAPITALISED, is_said, located, names_in, same_place, words_of
from shopwright.answering.ranges import contradicts, lies_within
from shopwright.answering.rows import TEXT_CHARACTERS, fields_for, naming_field, without_texts
from shopwright.answering.sources import Fields, Rarity, Source

# What lowers the log odds that a text answers. It lacks the verb asked about, a word of a yes-or-no question, or the
# noun that names what is asked: it may have said them in other words. From a fit to ClapNQ, XQuAD and shop questions.
VERB_DOUBT, WORD_DOUBT, NOUN_DOUBT = 1.5, 2.4, 1.0
# A noun of the question stands nowhere at all. Known only where nouns have capitals.
UNSAID_NOUN_DOUBT = 1.0
# No number stands beside the thing that is counted; the place asked about is named nowhere.
COUNT_DOUBT, PLACE_DOUBT = 2.0, 1.6
# A value stands in it, but not what it should be the value of; where all of that does, it is likelier an answer.
SUBJECT_DOUBT, SUBJECT_SURENESS = 2.2, 0.8
# Whoever asks a shop for its telephone number without more means the one that is there.
CONTACT_SURENESS = 8.0
_CONTACTS = frozenset({"phone", "email", "website", "address"})
# Whoever asks about a code means what holds it.
CODE_SURENESS = 1.5
SHORTEST_CODE = 3
# A counted thing and its number stand so near to each other.
COUNT_CHARACTERS = 40

_WORD = re.compile(r"[^\W_]+(?:[-'’&][^\W_]+)*")
DIMENSIONS = frozenset({"height", "width", "depth", "length"})
# Any sentence may answer these.
_UNTYPED = frozenset({OPEN, YES_NO, WHO})
_COUNTS = frozenset({"number", "quantity", "ordinal", "percent", "money"})
_NONE_AT_ALL = re.compile(
    r"(?<!\w)(?:no|none|unlimited|any number|one|a single|kein\w*|unbegrenzt\w*|beliebig\w*|ein\w*)(?!\w)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:you|we|us|sie|du|ihr|wir|uns)\b", re.IGNORECASE)
# Two nouns in a row, inside a sentence: where all nouns have capitals, this is mostly a name.
_PAIR = re.compile(r"(?<=[a-zäöüß,] )([A-ZÄÖÜ][\wäöüß]+) ([A-ZÄÖÜ][\wäöüß]+)")


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a sentence, with what it stands under and beside, holds what is asked.

    `lacks` is what it must hold and does not ("brand"); `differs` is what was asked about where it speaks of something
    else (another year, place, model or row): both as the customer wrote it, empty where that has no name. `doubt` is
    how much less likely words that it lacks make it an answer, in log odds. `value` says that a value of the wanted
    detail stands in it, `covered` how much of the question's words do (0 to 1), and `fields` are those of a row that
    answer.
    """

    lacks: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    doubt: float = 0.0
    value: bool = False
    covered: float = 1.0
    fields: tuple[int, ...] = ()

    @property
    def unmet(self) -> tuple[str, ...]:
        return self.lacks + self.differs


class Judge:
    """Judges the sentences of passages by what one message asks for."""

    def __init__(self, asked: Asked, question: str, language: str, sources: Sequence[Source]) -> None:
        """`language` is the question's; words are compared with passages in the same one only."""
        self._asked, self._question, self._language, self._sources = asked, question, language, sources
        self._facts = facts_in(question, language)
        self._words = words_of(question)
        # The empty ones too: they tell fields apart ("full service").
        self._terms = frozenset(all_terms(question, language))
        self._rarity = Rarity(terms for source in sources for terms in source.sentence_terms)
        self._said = frozenset[str]().union(*(source.terms for source in sources))
        self._vocabulary = Vocabulary(self._said, language)
        self._place_doubt = 0.0 if self._names_place() else PLACE_DOUBT

    def judge(self, source: Source, i: int) -> Fit:
        """Judge one sentence by the ask that it fits best."""
        fields = source.fields.get(i)
        asks = self._asked.asks or (Ask(terms=self._asked.terms),)
        fits = [self._row(source, i, fields, ask) if fields else self._prose(source, i, ask) for ask in asks]
        best = min(fits, key=lambda fit: (bool(fit.unmet), not fit.value, fit.doubt))
        answering = {j for fit in fits if not fit.unmet for j in fit.fields}
        return replace(best, fields=tuple(sorted(answering))) if len(answering) > len(best.fields) else best

    def share_above(self, source: Source, i: int) -> float:
        """Return how much of the question the title and the headings of a sentence say, 0 to 1."""
        return self._covered(source.terms_above(i), self._asked.terms)

    def _prose(self, source: Source, i: int, ask: Ask) -> Fit:
        sentence = source.sentences[i]
        facts = source.facts_within(sentence.start, sentence.end)
        near = source.terms_near(i) | self._days_said(facts)
        across = source.language != self._language
        value = self._has_value(ask, source, i, facts, near)
        lacks = [] if value else [ask.spelled]
        differs = self._elsewhere(source, i) + self._other_number(source)
        differs += self._other_model(f"{source.context}\n{source.passage.text}")
        doubt = self._place_doubt + (0.0 if across else self._doubt(ask, source, i, near))
        if ask.kind == COUNT and value and not across and not self._counts(ask, source, i, facts):
            value, doubt = False, doubt + COUNT_DOUBT
        value = value and ask.kind not in _UNTYPED
        covered = 1.0 if across else self._covered(near, self._asked.terms)
        return Fit(tuple(lacks), tuple(differs), doubt, value, covered)

    def _has_value(self, ask: Ask, source: Source, i: int, facts: Sequence[Fact], near: frozenset[str]) -> bool:
        text = source.sentences[i].text
        across = source.language != self._language
        if ask.kind in DETAILS:
            if self._on_other_days(ask, facts) or self._in_other_money(ask, facts):
                return False
            if holds_value(ask.kind, text, facts, source.language):
                return not _of_other_dimension(ask.kind, source.sentence_terms[i], source.language)
            return not DETAILS[ask.kind].by_value and names_detail(ask.kind, near, source.language)
        if ask.kind == NAME:
            return across or self._new_name(source, i)
        if ask.kind == WHO:
            # Somebody who has a name, or does just this: "The recipient pays …"; or customer or shop with the thing.
            things = ask.terms.difference(ask.verb)
            told = bool(_PERSON.search(text)) and all(self._says(source.sentence_terms[i], term) for term in things)
            return across or told or self._new_name(source, i) or all(self._says(near, term) for term in ask.verb)
        if ask.kind not in {COUNT, AMOUNT}:
            return True
        if not any(fact.kind in _COUNTS for fact in facts) and not _NONE_AT_ALL.search(text):
            return False
        return across or ask.kind == COUNT or all(self._says(near, term) for term in ask.nouns)

    def _doubt(self, ask: Ask, source: Source, i: int, near: frozenset[str]) -> float:
        doubt = self._sureness(source.sentences[i].text)
        if ask.kind not in _UNTYPED:
            doubt += self._subject_doubt(ask, source.terms_told(i) | near & self._day_terms)
        if not all(self._says(near, term) for term in ask.nouns) and not self._new_name(source, i):
            doubt += NOUN_DOUBT
        if self._unsaid_noun and ask.kind not in _UNTYPED:
            doubt += UNSAID_NOUN_DOUBT
        said = all(self._says(near, term) for term in ask.verb)
        if ask.kind == YES_NO:
            said = said and all(self._says(self._said, term) for term in ask.terms)
            return doubt if said else doubt + WORD_DOUBT
        return doubt if said else doubt + VERB_DOUBT

    @cached_property
    def _unsaid_noun(self) -> bool:
        unsaid = [term for ask in self._asked.asks for term in ask.terms if not self._says(self._said, term)]
        return self._language in NOUNS_CAPITALISED and any(self._spelled.get(term, "")[:1].isupper() for term in unsaid)

    def _row(self, source: Source, i: int, fields: Fields, ask: Ask) -> Fit:
        text = source.sentences[i].text
        above = source.terms_above(i)
        terms = source.sentence_terms[i] | above | self._within(fields)
        across = source.language != self._language
        answering = fields_for(ask, self._terms, fields, source.language, self._vocabulary)
        if self._in_other_money(ask, source.facts_within(source.sentences[i].start, source.sentences[i].end)):
            answering = ()
        detail = ask.kind not in _UNTYPED
        lacks = [ask.spelled] if detail and not answering else []
        doubt = self._place_doubt
        if not across:
            lacks += self._lacking(ask, terms, answering)
            doubt += self._sureness(text)
            if detail:
                cells = [cell for i, (_, cell) in enumerate(fields) if i in answering or len(cell) <= TEXT_CHARACTERS]
                said = frozenset(same_terms(" ".join(cells), source.language))
                doubt += self._subject_doubt(ask, said | above)
                if self._unsaid_noun:
                    doubt += UNSAID_NOUN_DOUBT
        differs = self._elsewhere(source, i) + self._other_model(text) + self._other_number(source)
        differs += self._outside(ask, fields, answering, source)
        if self._of_another(fields, source):
            differs.append("")
        covered = 1.0 if across else self._covered_by_row(source, fields, terms, above)
        return Fit(tuple(lacks), tuple(differs), doubt, detail and bool(answering), covered, answering)

    def _covered_by_row(self, source: Source, fields: Fields, terms: frozenset[str], above: frozenset[str]) -> float:
        """What texts in a row say counts half."""
        short = above.union(same_terms(without_texts(fields), source.language))
        return (self._covered(terms, self._asked.terms) + self._covered(short, self._asked.terms)) / 2

    def _on_other_days(self, ask: Ask, facts: Sequence[Fact]) -> bool:
        """Say whether hours are for other days than was asked about, or for none in particular."""
        days = self._days
        if ask.kind != "opening" or not days:
            return False
        return not any(fact.kind == "weekday" and fact.values & days for fact in facts)

    def _in_other_money(self, ask: Ask, facts: Sequence[Fact]) -> bool:
        """Say whether prices are in another currency than was asked for by its name."""
        if ask.kind != "price" or not self._currencies:
            return False
        money = [fact for fact in facts if fact.kind == "money"]
        return bool(money) and not any(fact.unit in self._currencies for fact in money)

    @cached_property
    def _currencies(self) -> frozenset[str]:
        return frozenset(CURRENCIES[word] for word in self._words if word in CURRENCIES and len(word) > SHORTEST_CODE)

    @cached_property
    def _days(self) -> frozenset[str]:
        return frozenset[str]().union(*(fact.values for fact in self._facts if fact.kind == "weekday"))

    @cached_property
    def _day_terms(self) -> frozenset[str]:
        days = [fact.text for fact in self._facts if fact.kind == "weekday"]
        return frozenset(same_terms(" ".join(days), self._language))

    def _days_said(self, facts: Sequence[Fact]) -> frozenset[str]:
        """The question's weekdays, where a sentence says them otherwise: "Tuesday to Friday" says "Wednesday"."""
        said = any(fact.kind == "weekday" and fact.values & self._days for fact in facts)
        return self._day_terms if said else frozenset()

    def _lacking(self, ask: Ask, terms: frozenset[str], answering: Sequence[int]) -> list[str]:
        """What a row does not say of the question: a row has nothing but its fields to say it with."""
        needed: Iterable[str] = ask.terms if ask.kind == YES_NO else (*ask.nouns, *ask.verb)
        lacking = [self._spelled.get(term, "") for term in needed if not self._says(terms, term)]
        if len(answering) > 1 and ask.kind in DETAILS and not all(self._says(terms, term) for term in ask.terms):
            # It has several prices, and none of them is said to be of what was asked.
            lacking.append(ask.spelled)
        return lacking

    @cached_property
    def _spelled(self) -> dict[str, str]:
        """The question's words by their terms."""
        return {term: word for word in _WORD.findall(self._question) for term in same_terms(word, self._language)}

    def _says(self, terms: frozenset[str], term: str) -> bool:
        return self._vocabulary.says(terms, term)

    def _covered(self, terms: frozenset[str], asked: frozenset[str]) -> float:
        total = self._rarity.total(asked)
        return self._rarity.total(term for term in asked if self._says(terms, term)) / total if total else 1.0

    def _subject_doubt(self, ask: Ask, terms: frozenset[str]) -> float:
        """The doubt that a value is one of what was asked about, by how little of that is said."""
        if ask.kind in _CONTACTS and not ask.terms:
            return -CONTACT_SURENESS
        return SUBJECT_DOUBT * (1 - self._covered(terms, ask.terms)) - SUBJECT_SURENESS

    def _sureness(self, text: str) -> float:
        codes = [fact for fact in self._facts if fact.kind == "code" and len(fact.text) >= SHORTEST_CODE]
        return -CODE_SURENESS if codes and all(_word(fact.text).search(text) for fact in codes) else 0.0

    def _new_name(self, source: Source, i: int) -> bool:
        """Say whether a sentence names somebody or something that the question and the title do not."""
        text = source.sentences[i].text
        names = names_in(text, source.language)
        if source.language in NOUNS_CAPITALISED:
            names += [name.lower() for pair in _PAIR.findall(text) for name in pair]
        known = self._words | source.context_words
        return any(not is_said(name, known) and not located(words_of(name)) for name in names)

    def _counts(self, ask: Ask, source: Source, i: int, facts: Sequence[Fact]) -> bool:
        """Say whether a number stands beside the thing that is counted."""
        text = source.sentences[i].text
        for fact in facts:
            around = text[max(0, fact.start - COUNT_CHARACTERS) : fact.end + COUNT_CHARACTERS]
            terms = frozenset(same_terms(around, source.language))
            if fact.kind in _COUNTS and any(self._says(terms, term) for term in ask.nouns):
                return True
        if not ask.nouns:
            return True
        return bool(_NONE_AT_ALL.search(text)) and any(self._says(source.sentence_terms[i], term) for term in ask.nouns)

    def _within(self, fields: Fields) -> frozenset[str]:
        """The numbers of the question that lie in a range of the row: "25 to 49" says 30."""
        return frozenset(
            value
            for fact in self._facts
            if fact.kind in {"number", "quantity"} and any(lies_within(fact, cell) for _, cell in fields)
            for value in fact.values
        )

    def _outside(self, ask: Ask, fields: Fields, answering: Sequence[int], source: Source) -> list[str]:
        """The quantities ("12 months") and numbers of things ("6 persons") of the question that a row is not for."""
        if ask.kind == YES_NO:
            return []
        others = [field for i, field in enumerate(fields) if i not in answering]
        cells = [cell for _, cell in others]
        outside = [fact.text for fact in self._facts if fact.kind == "quantity" and contradicts(fact, cells)]
        for thing, number in self._asked.counts:
            counted = [f"{key} {cell}" for key, cell in others if thing in same_terms(f"{key} {cell}", source.language)]
            if contradicts(Fact("number", frozenset({number}), number, 0, 0), counted):
                outside.append(f"{number} {self._spelled.get(thing, thing)}")
        return outside

    def _of_another(self, fields: Fields, source: Source) -> bool:
        """Say whether another row of the table has all that this one's name says of the question, and more."""
        mine = self._named(fields, source)
        return any(mine < other for other in self._things[_columns(fields)])

    @cached_property
    def _things(self) -> dict[tuple[str, ...], set[frozenset[str]]]:
        """What the names of the rows say of the question, for each table."""
        things: dict[tuple[str, ...], set[frozenset[str]]] = defaultdict(set)
        for source in self._sources:
            for fields in source.fields.values():
                things[_columns(fields)].add(self._named(fields, source))
        return things

    def _named(self, fields: Fields, source: Source) -> frozenset[str]:
        terms = frozenset(same_terms(fields[naming_field(fields)][1], source.language))
        return frozenset(term for term in self._terms if self._says(terms, term))

    def _names_place(self) -> bool:
        """Say whether the passages name a place that was asked about, if one was."""
        if not self._asked.places:
            return True
        said = located(frozenset[str]().union(*(source.words for source in self._sources)))
        return any(same_place(asked, place) for asked in self._asked.places for place in said)

    def _elsewhere(self, source: Source, i: int) -> list[str]:
        """The place that was asked about, where a sentence speaks of others only."""
        if not self._asked.places:
            return []
        places = located(words_of(source.sentences[i].text) | source.context_words)
        # A country says nothing of one of its cities where others are named.
        parts = {place for place in places if ":" in place}
        named = [(asked, parts if ":" in asked and parts else places) for asked in self._asked.places]
        same = any(same_place(asked, place) for asked, said in named for place in said)
        if not places or same:
            return []
        # Where the passages speak of the place, what they say of another is no help.
        words = _WORD.findall(self._question) if self._place_doubt else []
        return [word for word in words if located(words_of(word)) & self._asked.places] or [""]

    def _other_number(self, source: Source) -> list[str]:
        """The years and the numbers of orders and parcels that a passage does not hold."""
        text = f"{source.context}\n{source.passage.text}"
        return [number for number in (*self._asked.years, *self._asked.numbers) if number not in text]

    def _other_model(self, said: str) -> list[str]:
        """Names of the question that stand here with another number behind them, or with none."""
        return [
            f"{name} {number}"
            for name, number in self._asked.models
            if _word(name).search(said) and not _word(number).search(said)
        ]


def _of_other_dimension(kind: str, terms: frozenset[str], language: str) -> bool:
    """Say whether a length is called something else: "17 metres high" is no width."""
    if kind not in DIMENSIONS or names_detail(kind, terms, language):
        return False
    return any(names_detail(other, terms, language) for other in DIMENSIONS - {kind})


def _columns(fields: Fields) -> tuple[str, ...]:
    return tuple(sorted(key for key, _ in fields[:3]))


@lru_cache(maxsize=256)
def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
