"""How likely the passages answer the question, and which of their sentences do."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from shopwright.answering.claim_terms import same_terms
from shopwright.answering.coverage import Vocabulary
from shopwright.answering.fact_extraction import code_form, facts_in
from shopwright.answering.names import is_said, located, names_in, same_place, words_of
from shopwright.answering.question_words import SENDING
from shopwright.answering.sources import Source
from shopwright.nlp.embedding import USE_LANGUAGES
from shopwright.nlp.lexical import fold

# How a sentence is scored: likeness + COVERAGE * share of the question's words + LENGTH * log of its length.
# Chosen on bench/grounding.py over eleven sets in nine languages; the answer's type (a date for "when")
# and the likeness of neighbours were tried and brought nothing.
COVERAGE_WEIGHT = 0.4
LENGTH_WEIGHT = 0.05
SHORT_CHARACTERS = 30
# A sentence that holds the names of the question (places, products), when some of the passages hold them.
NAME_WEIGHT = 0.15
# ... and its codes: whoever asks about E07 means nothing else.
CODE_WEIGHT = 0.5
# A heading lends the sentences below it this share of how much better it fits.
HEADING_SHARE = 0.5
# A sentence of a passage that was found first is a little better than the same of another.
PASSAGE_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over the two features of `features_of`."""

    bias: float
    likeness: float
    coverage: float

    def confidence(self, likeness: float, coverage: float) -> float:
        return 1 / (1 + math.exp(-(self.bias + self.likeness * likeness + self.coverage * coverage)))


# Made by `python bench/grounding.py --fit`: ridge logistic regression (ClapNQ with a third of XQuAD for
# English, XQuAD for the rest). English questions are compared by two embedding models, all others by the
# multilingual one alone, whose likeness is on another scale.
ENGLISH = Weights(bias=-7.4, likeness=11.8, coverage=3.4)
OTHERS = Weights(bias=-5.4, likeness=8.7, coverage=6.9)
# Thai has few different pairs of characters, so that much is covered by chance.
THAI = Weights(bias=-8.9, likeness=6.1, coverage=10.2)
# Languages that the embedding models do not know: words alone decide.
WORDS_ALONE = Weights(bias=-5.2, likeness=0.0, coverage=12.3)
# A question in another language than the passage: meaning alone decides.
ACROSS = Weights(bias=-2.7, likeness=9.7, coverage=0.0)


def weights_for(language: str, passage_language: str) -> Weights:
    """Return the weights for a question and a passage in these languages."""
    if language != passage_language:
        return ACROSS
    if language == "en":
        return ENGLISH
    if language == "th":
        return THAI
    return OTHERS if language in USE_LANGUAGES else WORDS_ALONE


@dataclass(frozen=True, slots=True)
class Features:
    likeness: float
    coverage: float


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    passage: int
    sentence: int
    score: float


@dataclass(frozen=True, slots=True)
class Answerability:
    """`confidence` (0 to 1) that the best passage answers the question; all sentences, best first.

    `missing` are the names, places and codes of the question that no passage holds, as they were written.
    """

    confidence: float
    sentences: tuple[ScoredSentence, ...]
    missing: tuple[str, ...]


def assess(
    question: str,
    question_vector: NDArray[np.float32] | None,
    sources: Sequence[Source],
    language: str,
    known_names: Sequence[str] = (),
    places: frozenset[str] = frozenset(),
) -> Answerability:
    """Score every sentence of every passage against the question; `places` are those it is about (`names.located`)."""
    confidence = 0.0
    scored: list[ScoredSentence] = []
    names = names_in(question, language)
    codes = [code_form(fact.text) for fact in facts_in(question, language) if fact.kind == "code"]
    for index, source in enumerate(sources):
        terms = frozenset(same_terms(question, source.language))
        likeness = sentence_likeness(source, question_vector)
        found = features_of(source, terms, likeness)
        weights = weights_for(language, source.language)
        confidence = max(confidence, weights.confidence(found.likeness, found.coverage))
        scores = sentence_scores(source, terms, likeness) + PASSAGE_WEIGHT * source.passage.score
        scores += NAME_WEIGHT * share_of_names(source, names, places)
        scores += CODE_WEIGHT * share_of_codes(source, codes)
        scored += [
            ScoredSentence(index, i, float(score)) for i, score in enumerate(scores) if not is_heading(source, i)
        ]
    scored.sort(key=lambda sentence: -sentence.score)
    missing = missing_names(question, sources, language, known_names)
    return Answerability(confidence, tuple(scored), tuple(missing))


def sentence_likeness(source: Source, question_vector: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
    """Return the likeness of every sentence to the question, or None where there are no vectors."""
    vectors = source.passage.sentence_vectors
    if question_vector is None or vectors is None or len(vectors) != len(source.sentences):
        return None
    likeness: NDArray[np.float32] = vectors @ question_vector
    return likeness


def features_of(source: Source, terms: frozenset[str], likeness: NDArray[np.float32] | None) -> Features:
    """Return the likeness of the best two neighbouring sentences and the share of the question's terms that is said."""
    if not source.sentences:
        return Features(0.0, 0.0)
    vocabulary = Vocabulary(source.terms, source.language)
    said = source.rarity.total(term for term in terms if vocabulary.says(source.terms, term))
    coverage = said / (source.rarity.total(terms) or 1.0)
    if likeness is None or source.passage.sentence_vectors is None:
        # what the likeness is on average at this coverage
        return Features(0.15 + 0.4 * coverage, coverage)
    best = float(likeness.max())
    if len(likeness) > 1:
        vectors = source.passage.sentence_vectors
        lengths = np.sqrt(2 + 2 * np.einsum("ij,ij->i", vectors[:-1], vectors[1:]))
        best = float(((likeness[:-1] + likeness[1:]) / np.maximum(lengths, 1e-6)).max())
    return Features(best, coverage)


def sentence_scores(source: Source, terms: frozenset[str], likeness: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Return how well each sentence fits the terms of the question; a heading lends some of its own to those below."""
    total = source.rarity.total(terms) or 1.0
    scores = np.zeros(len(source.sentences), np.float32) if likeness is None else likeness.copy()
    for i, sentence in enumerate(source.sentences):
        covered = source.rarity.total(terms & source.sentence_terms[i]) / total
        length = min(2.0, math.log(max(1, sentence.end - sentence.start) / SHORT_CHARACTERS))
        scores[i] += COVERAGE_WEIGHT * covered + LENGTH_WEIGHT * length
    lent = scores.copy()
    for i in range(len(scores)) if source.headings else ():
        above = () if i in source.headings else source.above(i)
        if above and (best := max(scores[j] for j in above)) > scores[i]:
            lent[i] += HEADING_SHARE * (best - scores[i])
    return lent


def share_of_names(source: Source, names: Sequence[str], asked_places: frozenset[str]) -> NDArray[np.float32]:
    """Return for each sentence how many of the names stand in it or in what it stands under, 0 to 1.

    A sentence that speaks of other places than the one that was asked about gets -2.
    """
    shares = np.zeros(len(source.sentences), np.float32)
    for i, sentence in enumerate(source.sentences if names else ()):
        said = words_of(sentence.text) | source.context_words
        places = located(said) if asked_places else ()
        if places and not any(same_place(asked, place) for asked in asked_places for place in places):
            shares[i] = -2
        else:
            shares[i] = sum(is_said(name, said) for name in names) / len(names)
    return shares


def share_of_codes(source: Source, codes: Sequence[str]) -> NDArray[np.float32]:
    """Return for each sentence how many of the codes stand in it, 0 to 1."""
    shares = np.zeros(len(source.sentences), np.float32)
    for i, sentence in enumerate(source.sentences if codes else ()):
        said = {code_form(word) for word in sentence.text.replace(";", " ").split()}
        shares[i] = sum(code in said for code in codes) / len(codes)
    return shares


def is_heading(source: Source, i: int) -> bool:
    """Say whether a sentence only names what follows: its title, its heading, or a line ending in a colon."""
    if i in source.headings:
        return True
    terms = source.sentence_terms[i]
    return bool(terms) and terms <= source.context_terms and source.sentences[i].text.rstrip()[-1] not in ".!?。"


def _about_sending(question: str, language: str) -> bool:
    """Say whether a question is about sending things, where a country speaks for its cities."""
    return not _sending(language).isdisjoint(same_terms(question, language))


@lru_cache(maxsize=32)
def _sending(language: str) -> frozenset[str]:
    return frozenset(same_terms(SENDING.get(language, ""), language))


def missing_names(question: str, sources: Sequence[Source], language: str, known: Sequence[str] = ()) -> list[str]:
    """Return the names, places and codes of a question that none of the passages holds."""
    said = frozenset(words_of(" ".join(known))).union(*(source.words for source in sources))
    places = located(said) if _about_sending(question, language) else frozenset[str]()
    terms = frozenset[str]().union(*(source.terms for source in sources))
    vocabulary = Vocabulary(terms, language)
    missing = [
        name
        for name in dict.fromkeys(names_in(question, language))
        if not is_said(name, said)
        and not any(same_place(asked, place) for asked in located(words_of(name)) for place in places)
        and not all(vocabulary.says(terms, term) for term in same_terms(name, language))
    ]
    spelled = {fold(word.lower()): word for word in question.replace("?", " ").split()}
    names = [spelled.get(name, name.title()) for name in missing]
    names += [
        fact.text
        for fact in facts_in(question, language)
        if fact.kind == "code"
        and not any(source.fact_index(0, len(source.passage.text)).has(fact) for source in sources)
    ]
    return list(dict.fromkeys(names))
