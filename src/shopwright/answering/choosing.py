"""Which sentences answer: the likest ones among those that hold what is asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shopwright.answering.answerability import Answerability
from shopwright.answering.asked import Asked, empty_terms
from shopwright.answering.fit import Fit, Judge
from shopwright.answering.sources import Source

# So many sentences are judged; an answer is hardly ever further down.
JUDGED = 24
# What counts beside likeness: a value of the wanted kind, the question's words near by, those in title and headings.
VALUE_WEIGHT, COVERED_WEIGHT, TITLE_WEIGHT = 0.25, 0.3, 0.15
# ... and against it: a title of other things and a condition. Of several rules the general one is meant.
BESIDE_WEIGHT, CONDITION_WEIGHT = 0.15, 0.05
# "How long do I have?" is not answered by what the shop does ("We check …").
PERSPECTIVE_WEIGHT = 0.1
# What answers is hardly worse than the sentence that is most about the question; one that is much worse, in another
# passage, is about something else that happens to have such a value.
FARTHEST = 0.35
# A further sentence must reach this share of the best one's score; of another passage, this one.
SAME_PASSAGE_SHARE, OTHER_PASSAGE_SHARE = 0.7, 0.9

_CONDITION = re.compile(
    r"\b(?:if|unless|only|except|provided|otherwise|wenn|falls|sofern|nur|außer|si|sauf|seulement|solo|sólo|solamente|"
    r"alleen|mits|als|jeśli|tylko|se|apenas)\b",
    re.IGNORECASE,
)
# The customer of himself; the shop to the customer; the shop of itself.
_PERSONS = {
    language: tuple(re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in listed)
    for language, listed in {
        "en": ("i|me|my", "you|your|yours", "we|us|our"),
        "de": (r"ich|mir|mich|mein\w*", r"sie|ihr|ihre[nrms]?|ihnen|du|dein\w*|dir|dich|man", r"wir|uns|unser\w*"),
    }.items()
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A judged sentence of a passage. `answers` says that it lacks nothing and is as much about the question as any."""

    passage: int
    sentence: int
    fit: Fit
    score: float
    answers: bool


def rank(
    question: str, asked: Asked, language: str, found: Answerability, sources: Sequence[Source]
) -> list[Candidate]:
    """Judge the likest sentences; first come those that answer, each group by score."""
    judge = Judge(asked, question, language, sources)
    conditional = _is_conditional(question)
    judged = []
    for likely in found.sentences[:JUDGED]:
        source, i = sources[likely.passage], likely.sentence
        fit = judge.judge(source, i)
        topic = likely.score + COVERED_WEIGHT * fit.covered
        if source.language == language:
            topic += TITLE_WEIGHT * judge.share_above(source, i) - BESIDE_WEIGHT * _beside(asked, source, i)
            topic -= CONDITION_WEIGHT * (not conditional and _is_conditional(source.sentences[i].text))
            topic -= PERSPECTIVE_WEIGHT * _turned(question, source.sentences[i].text, language)
        judged.append((likely, fit, topic))
    nearest, where = max(((topic, likely.passage) for likely, _, topic in judged), default=(0.0, 0))
    ranked = []
    for likely, fit, topic in judged:
        answers = not fit.unmet and (topic >= nearest - FARTHEST or likely.passage == where)
        ranked.append(Candidate(likely.passage, likely.sentence, fit, topic + VALUE_WEIGHT * fit.value, answers))
    return sorted(ranked, key=lambda candidate: (not candidate.answers, -candidate.score))


def choose(ranked: Sequence[Candidate], sources: Sequence[Source], most: int) -> list[Candidate]:
    """Take the best sentence and what else is nearly as good, in the order of the documents."""
    if not ranked:
        return []
    best = ranked[0]
    chosen = [best]
    said = {_plain(sources, best)}
    for candidate in ranked[1:]:
        if len(chosen) == most:
            break
        share = SAME_PASSAGE_SHARE if candidate.passage == best.passage else OTHER_PASSAGE_SHARE
        enough = candidate.answers == best.answers and candidate.score >= share * best.score
        # Chunks overlap, and documents repeat each other.
        if enough and _plain(sources, candidate) not in said:
            chosen.append(candidate)
            said.add(_plain(sources, candidate))
    if most > 1:
        chosen = _with_what_they_go_on_about(chosen, sources)
    # The passage of the best sentence first; within a passage as it was written.
    first = {best.passage: -1}
    return sorted(chosen, key=lambda c: (first.get(c.passage, c.passage), c.sentence))


def _with_what_they_go_on_about(chosen: Sequence[Candidate], sources: Sequence[Source]) -> list[Candidate]:
    """Add the sentence before one that begins with "They" or "It"."""
    places = {(candidate.passage, candidate.sentence) for candidate in chosen}
    added = list(chosen)
    for candidate in chosen:
        before = (candidate.passage, candidate.sentence - 1)
        if sources[candidate.passage].goes_on(candidate.sentence) and before not in places:
            places.add(before)
            added.append(replace(candidate, sentence=candidate.sentence - 1))
    return added


def nearby(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the sentence that is most about the question, if it answers but for the year, place or model."""
    best = max(ranked, key=lambda candidate: candidate.score, default=None)
    return [best] if best is not None and not best.fit.lacks and any(best.fit.differs) else []


def _plain(sources: Sequence[Source], candidate: Candidate) -> str:
    return re.sub(r"\W+", " ", sources[candidate.passage].sentences[candidate.sentence].text.lower()).strip()


def _is_conditional(text: str) -> bool:
    return bool(_CONDITION.search(text))


def _turned(question: str, text: str, language: str) -> bool:
    """Say whether a question about the customer meets a sentence about the shop alone, or the other way round."""
    if language not in _PERSONS:
        return False
    customer_asks, customer_is_told, shop_tells = _PERSONS[language]
    told, tells = bool(customer_is_told.search(text)), bool(shop_tells.search(text))
    if customer_asks.search(question):
        return tells and not told
    return False


def _beside(asked: Asked, source: Source, i: int) -> float:
    """The share of a sentence's title and headings that was not asked about."""
    terms = source.terms_above(i) - empty_terms(source.language)
    return len(terms - asked.terms) / len(terms) if terms else 0.0
