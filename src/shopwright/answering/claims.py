"""Check that a sentence says only what the passages say, before it is sent.

The evidence is lexical and costs well under a millisecond: hard facts, names, negations, strong words
("all", "never", "free") and the share of the sentence's words that stand in one place of one passage. Only
where that is undecided is the meaning compared, and only if a vector of the sentence is given.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shopwright.answering import claim_words as words
from shopwright.answering.alignment import has_rival, misplaced, swapped_word
from shopwright.answering.claim_terms import claim_terms, terms_without_facts
from shopwright.answering.fact_extraction import Fact, facts_in
from shopwright.answering.facts import FactIndex
from shopwright.answering.places import PLACES
from shopwright.answering.polarity import denies, polarity
from shopwright.answering.sources import Rarity, Source, SourceSentence, words_of
from shopwright.answering.strong_words import opposed, strong_words_missing
from shopwright.knowledge.passages import Passage
from shopwright.nlp.lexical import fold
from shopwright.nlp.stopwords import STOPWORDS

Reason = Literal[
    "fact",
    "name",
    "negation",
    "strong_word",
    "opposite",
    "misplaced",
    "swapped",
    "wording",
    "bare_answer",
    "",
]

# Share of a sentence's words (by rarity) that one place must hold. Chosen on bench/grounding.py.
ENOUGH_COVERED = 0.75
# From here the meaning decides, if there is a vector.
MAYBE_COVERED = 0.45
ENOUGH_ALIKE = 0.72
# A place is at most this many sentences that need not follow one another.
MOST_SENTENCES = 4

# A place that covers this much speaks of the same thing.
NEARLY_ALL_COVERED = 0.9
ABOUT_THE_SAME = 0.5
_FINAL = frozenset({"negation", "opposite", "strong_word", "misplaced", "swapped"})

MARKERS = re.compile(r"\s?\[\^?(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()")
_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]*\)")
_DECORATION = re.compile(
    r"[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}|^\s*(?:#{1,6}\s+|[-*+•>]\s+|\d{1,3}[.)]\s+|\|)|\|"
)
_NAME = re.compile(r"(?<![\w@])[A-ZÀ-ÞΑ-ΩА-Я][\w&’'-]*[\w]|(?<![\w@])[a-z]+[A-Z]\w*")
_SENTENCE_START = re.compile(r"^[\W\d]*|(?<=[.!?:;]\s)|(?<=[\"“„«(])")
_NOT_NAMES = frozenset(
    {"i", "ok", "faq", "pdf", "vat", "id", "e-mail", "email", "mr", "mrs", "ms", "dr", "tv", "q", "a"}
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of one sentence found.

    `supported`: `passage` is the position of the passage that says it and `span` the place in its text;
    `no_claim`: nothing to support, it may be sent as it is; `unsupported`: it must not be sent, for
    `reason`, about `detail`. `undecided` says that a vector of the sentence could still decide.
    `score` is the share of the sentence that the best place covers, 0 to 1.
    """

    kind: Literal["supported", "unsupported", "no_claim"]
    passage: int | None = None
    span: tuple[int, int] | None = None
    reason: Reason = ""
    detail: str = ""
    score: float = 0.0
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class _Claim:
    """A sentence without its markers and decoration, taken apart."""

    text: str
    language: str
    ordered: tuple[str, ...]
    facts: list[Fact]
    names: frozenset[str]

    @property
    def terms(self) -> frozenset[str]:
        return frozenset(self.ordered)


def cited_numbers(sentence: str) -> tuple[int, ...]:
    """Return the numbers of the markers in a sentence: `(1, 3)` for "... [1][3]"."""
    return tuple(int(number) for found in MARKERS.findall(sentence) for number in re.findall(r"\d+", found))


def without_markers(sentence: str) -> str:
    return MARKERS.sub("", sentence)


class ClaimChecker:
    """Checks the sentences of one answer against the passages it was given. Build one for each turn."""

    def __init__(
        self, passages: Sequence[Passage], *, question: str = "", language: str | None = None
    ) -> None:
        """`language` is the answer's, where it is known to differ from that of the passages."""
        self.passages = passages
        self.language = language or (passages[0].language if passages else "en") or "en"
        self._sources = [Source(passage) for passage in passages]
        self._rarity = Rarity(self._sources, of_claims=True)
        self._question_terms = frozenset(claim_terms(question, self.language))
        self._question_words = words_of(question)

    def check(
        self,
        sentence: str,
        *,
        cited: Sequence[int] | None = None,
        vector: NDArray[np.float32] | None = None,
    ) -> Verdict:
        """Check one sentence.

        Args:
            sentence: with or without its markers; Markdown is understood.
            cited: positions of the passages it cites; read from its markers when None. Those are tried
                first, then all others.
            vector: of the sentence, comparable by inner product with the passages' `sentence_vectors`
                (an embedder's query vector). Used only where the words leave it open.
        """
        if cited is None:
            cited = [number - 1 for number in cited_numbers(sentence)]
        text = plain_text(sentence)
        facts = facts_in(text, self.language)
        claim = _Claim(
            text,
            self.language,
            terms_without_facts(text, facts, self.language),
            facts,
            frozenset(names_in(text, self.language)),
        )
        if words.BARE_YES_NO.match(text):
            return Verdict("unsupported", reason="bare_answer", detail=text.strip())
        if self._claims_nothing(claim):
            return Verdict("no_claim")
        return self._best(claim, cited, vector)

    def _best(self, claim: _Claim, cited: Sequence[int], vector: NDArray[np.float32] | None) -> Verdict:
        tried = [index for index in dict.fromkeys(cited) if 0 <= index < len(self._sources)]
        rest = [index for index in range(len(self._sources)) if index not in tried]
        rest.sort(key=lambda index: -self._weight(claim.terms & self._sources[index].claim_terms))
        best = Verdict("unsupported", reason="wording")
        for index in [*tried, *rest]:
            verdict = self._check_against(claim, index, vector)
            if verdict.kind == "supported":
                return verdict
            if (verdict.undecided, verdict.score) > (best.undecided, best.score):
                best = verdict
        return best

    def _check_against(self, claim: _Claim, index: int, vector: NDArray[np.float32] | None) -> Verdict:
        """Take the sentence that covers most, and add others as long as each brings something missing."""
        source = self._sources[index].terms_in(claim.language)
        best = Verdict("unsupported", reason="wording")
        chosen: list[int] = []
        while len(chosen) < min(MOST_SENTENCES, len(source.sentences)):
            following = self._next_sentence(claim, source, chosen)
            if following is None:
                break
            chosen.append(following)
            verdict = self._check_at(claim, index, source, sorted(chosen), vector)
            if verdict.kind == "supported":
                return verdict
            if verdict.score >= NEARLY_ALL_COVERED and (
                verdict.reason in _FINAL
                or (verdict.reason == "fact" and self._says_another_value(claim, source, chosen))
            ):
                # The place speaks of just this and says it otherwise: another must not make up for it.
                return verdict
            if not best.detail or verdict.score > best.score:
                best = verdict
        return best

    def _says_another_value(self, claim: _Claim, source: Source, chosen: list[int]) -> bool:
        for i in chosen:
            sentence = source.sentences[i]
            here = source.facts_within(sentence.start, sentence.end)
            missing = FactIndex(here, sentence.text).missing(claim.facts)
            if any(has_rival(fact, here, claim.facts) for fact in missing):
                return True
        return False

    def _next_sentence(self, claim: _Claim, source: Source, chosen: list[int]) -> int | None:
        have = source.claim_context_terms.union(*(source.sentences[i].claim_terms for i in chosen))
        wanted = claim.terms - have if chosen else claim.terms
        gains = [
            (
                self._weight(wanted.intersection(sentence.claim_terms))
                + self._new_facts(claim, source, chosen, i),
                -i,
            )
            for i, sentence in enumerate(source.sentences)
            if i not in chosen
        ]
        if not gains:
            return None
        gain, position = max(gains)
        return -position if gain > 0 else None

    def _new_facts(self, claim: _Claim, source: Source, chosen: list[int], i: int) -> float:
        if not claim.facts:
            return 0.0
        sentence = source.sentences[i]
        missing = source.fact_index(sentence.start, sentence.end).missing(claim.facts)
        return 1.0 * (len(claim.facts) - len(missing)) * (1.0 if not chosen else 0.5)

    def _check_at(
        self, claim: _Claim, index: int, source: Source, chosen: list[int], vector: NDArray[np.float32] | None
    ) -> Verdict:
        sentences = [source.sentences[i] for i in chosen]
        start, end = sentences[0].start, sentences[-1].end
        inside = [
            sentence for sentence in source.sentences if start <= sentence.start and sentence.end <= end
        ]
        terms = source.claim_context_terms.union(*(sentence.claim_terms for sentence in inside))
        total = self._weight(claim.terms)
        score = self._weight(claim.terms & terms) / total if total else 1.0
        span_text = source.passage.text[start:end]

        def fails(reason: Reason, detail: str = "", *, undecided: bool = False) -> Verdict:
            return Verdict("unsupported", index, (start, end), reason, detail, score, undecided)

        missing = source.fact_index(start, end).missing(claim.facts)
        if missing:
            return fails("fact", missing[0].text)
        said = words_of(span_text) | words_of(source.context)
        new_names = sorted(name for name in claim.names if not _is_said(name, said))
        if new_names:
            return fails("name", new_names[0])
        # What turns the sense is looked for only in the sentences that speak of the same thing.
        near = "\n".join(sentence.text for sentence in sentences)
        strong = strong_words_missing(claim.text, f"{near}\n{source.context}")
        if strong:
            return fails("strong_word", strong)
        about = [sentence.text for sentence in sentences if self._speaks_of_it(claim, source, sentence)]
        for text in about:
            against = opposed(claim.text, text)
            if against:
                return fails("opposite", against)
        if denies(polarity(claim.text, claim.language), [polarity(text, claim.language) for text in about]):
            return fails("negation", "says the opposite of the source")
        facts_here = source.facts_within(start, end)
        wrong = misplaced(claim.text, claim.facts, span_text, facts_here, claim.language, self._rarity)
        if wrong:
            return fails("misplaced", wrong)
        new = claim.terms - source.claim_terms
        if new:
            for sentence in sentences:
                swapped = swapped_word(
                    claim.ordered,
                    sentence.claim_terms,
                    new,
                    claim.terms,
                )
                if swapped:
                    return fails("swapped", swapped)
        if score >= ENOUGH_COVERED:
            return Verdict("supported", index, (start, end), score=score)
        if score >= MAYBE_COVERED and vector is not None:
            alike = _likeness(self._sources[index].passage, chosen, vector)
            if alike >= ENOUGH_ALIKE:
                return Verdict("supported", index, (start, end), score=score)
        return fails("wording", "", undecided=score >= MAYBE_COVERED and vector is None)

    def _speaks_of_it(self, claim: _Claim, source: Source, sentence: SourceSentence) -> bool:
        """Say whether a sentence is about what the claim is about, so that its sense must agree."""
        shared = self._weight(claim.terms.intersection(sentence.claim_terms))
        own = self._weight(frozenset(sentence.claim_terms))
        if shared >= ABOUT_THE_SAME * min(self._weight(claim.terms), own):
            return True
        return any(
            FactIndex([fact]).has(mine)
            for fact in source.facts_within(sentence.start, sentence.end)
            for mine in claim.facts
        )

    def _weight(self, terms: frozenset[str]) -> float:
        return sum(map(self._rarity, terms))

    def _claims_nothing(self, claim: _Claim) -> bool:
        if any(not _is_said(name, self._question_words) for name in claim.names) or claim.facts:
            return False
        talk = _conversation_terms(claim.language)
        rest = claim.terms - talk
        if not rest:
            return True
        if words.DECLINES.match(claim.text):
            return rest <= self._question_terms and not words.GOES_ON.search(claim.text)
        if claim.text.rstrip().endswith(("?", "？", "؟")) and not words.RHETORICAL.match(claim.text):
            return not strong_words_missing(claim.text, "")
        return False


def check_sentence(
    sentence: str,
    passages: Sequence[Passage],
    *,
    cited: Sequence[int] | None = None,
    question: str = "",
    language: str | None = None,
    vector: NDArray[np.float32] | None = None,
) -> Verdict:
    """Check one sentence; for several sentences of one answer build a `ClaimChecker`."""
    checker = ClaimChecker(passages, question=question, language=language)
    return checker.check(sentence, cited=cited, vector=vector)


def plain_text(sentence: str) -> str:
    """Return a sentence without citation markers and Markdown."""
    return _DECORATION.sub(" ", _LINK.sub(r"\1", without_markers(sentence))).strip()


def names_in(text: str, language: str) -> list[str]:
    """Return the names in a text, folded: capitalised words inside a sentence, words with capitals
    inside, and places however written. German nouns are capitalised, so there only the latter two count.
    """
    names = []
    for match in _NAME.finditer(text):
        word = match.group()
        inner = any(char.isupper() for char in word[1:])
        lowered = fold(word.lower())
        if (
            not inner
            and lowered not in _FOLDED_PLACES
            and (language == "de" or _starts_sentence(text, match))
        ):
            continue
        names.append(re.sub(r"['’]s?$", "", lowered))
    for word in words_of(text) & _FOLDED_PLACES:
        if len(word) > 3:
            names.append(word)
    return [name for name in names if name not in _NOT_NAMES and not _is_common(name)]


def _is_common(name: str) -> bool:
    from shopwright.answering.fact_words import CURRENCIES, MONTHS, WEEKDAYS

    # facts already, or the polite "You" and "Ihre"
    return len(name) < 2 or name in MONTHS or name in WEEKDAYS or name in CURRENCIES or name in _POLITE


_POLITE = frozenset(
    [
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
        "a",
        "an",
        "sie",
        "ihr",
        "ihre",
        "ihren",
        "ihrem",
        "ihnen",
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
        "państwo",
        "please",
        "note",
        "see",
        "if",
        "also",
        "however",
        "bitte",
    ]
)
_FUNCTION_WORDS = frozenset().union(*STOPWORDS.values())
_CAPITAL_BEHIND = re.compile(r"\s[A-ZÀ-Þ]")
_FOLDED_PLACES = frozenset(map(fold, PLACES))


def _starts_sentence(text: str, word: re.Match[str]) -> bool:
    before = text[: word.start()].rstrip("\"'“„«(*_ \n")
    starts = not before or before[-1] in ".!?:;•|–—-" or "\n" in text[len(before) : word.start()]
    # "Katy Perry was": a capital behind it makes the first word a name too, if it is no function word
    return starts and (word.group().lower() in _FUNCTION_WORDS or not _CAPITAL_BEHIND.match(text, word.end()))


def _is_said(name: str, said: frozenset[str]) -> bool:
    if name in said or name.removesuffix("s") in said:
        return True
    parts = [part for part in re.split(r"['’.&-]", name) if part]
    return len(parts) > 1 and all(part in said or part.removesuffix("s") in said for part in parts)


def _conversation_terms(language: str) -> frozenset[str]:
    listed = words.CONVERSATION.get(language) or words.CONVERSATION["en"]
    return frozenset(claim_terms(listed, language if language in words.CONVERSATION else "en"))


def _likeness(passage: Passage, chosen: Sequence[int], vector: NDArray[np.float32]) -> float:
    if passage.sentence_vectors is None or len(passage.sentence_vectors) <= max(chosen):
        return 0.0
    return float(np.max(passage.sentence_vectors[list(chosen)] @ vector))
