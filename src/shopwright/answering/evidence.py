"""What one passage says for or against a claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shopwright.answering.alignment import has_rival, misplaced, swapped_word
from shopwright.answering.fact_extraction import Fact
from shopwright.answering.facts import states
from shopwright.answering.names import is_said, words_of
from shopwright.answering.polarity import denies, polarity
from shopwright.answering.sources import ClaimView, Rarity, Source
from shopwright.answering.strong_words import opposed, strong_words_missing

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

# Shares of a claim's words, by rarity. Chosen on bench/grounding.py.
ENOUGH_COVERED = 0.75
# From here the meaning decides, if there is a vector.
MAYBE_COVERED = 0.6
# A place that covers this much speaks of the same thing: what it says otherwise is a contradiction.
NEARLY_ALL_COVERED = 0.9
# A sentence that shares this much with the claim is about the same, so its sense must agree.
ABOUT_THE_SAME = 0.5
# Likeness of meaning that makes up for other words; across languages it is all there is.
ENOUGH_ALIKE = 0.75
ENOUGH_ALIKE_ACROSS = 0.6
# A place is at most this many sentences; they need not follow one another.
MOST_SENTENCES = 4
# A fact in a sentence is worth this many words when the next sentence of a place is chosen.
FACT_GAIN = 1.0
FURTHER_FACT_GAIN = 0.5

_CONTRADICTIONS = frozenset({"negation", "opposite", "strong_word", "misplaced", "swapped"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence without its markers and decoration, taken apart; `ordered` are its terms without facts."""

    text: str
    language: str
    ordered: tuple[str, ...]
    terms: frozenset[str]
    facts: tuple[Fact, ...]
    names: frozenset[str]


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
class Finding:
    """A verdict on one passage; `final` when the passage contradicts the claim outright."""

    verdict: Verdict
    final: bool = False


class Evidence:
    """Looks for a claim in one passage."""

    def __init__(
        self, claim: Claim, source: Source, index: int, rarity: Rarity, vector: NDArray[np.float32] | None
    ) -> None:
        """`index` is the position of the passage; `vector` that of the claim, or None."""
        self.claim = claim
        self.source = source
        self.index = index
        self.rarity = rarity
        self.vector = vector
        self.across = claim.language != (source.passage.language or claim.language)
        self.total = rarity.total(claim.terms)
        self.only_headings = all(view.is_heading for view in source.claim_views)

    def find(self) -> Finding:
        """Take the sentence that covers most, and add others as long as each brings something missing."""
        best = Verdict("unsupported", reason="wording")
        if self.across and self.vector is None:
            # Nothing but the meaning can be compared; without the facts there is no need to.
            passage = self.source.passage
            known = passage.sentence_vectors is not None
            if missing := self.source.fact_index(0, len(passage.text)).missing(self.claim.facts):
                return Finding(Verdict("unsupported", self.index, None, "fact", missing[0].text))
            return Finding(Verdict("unsupported", self.index, None, "wording", undecided=known))
        chosen: list[int] = []
        while len(chosen) < min(MOST_SENTENCES, len(self.source.sentences)):
            following = self._next(chosen)
            if following is None:
                break
            chosen.append(following)
            verdict = self._at(sorted(chosen))
            if verdict.kind == "supported":
                return Finding(verdict)
            if verdict.score >= NEARLY_ALL_COVERED and (
                verdict.reason in _CONTRADICTIONS or (verdict.reason == "fact" and self._says_another_value(chosen))
            ):
                # The place speaks of just this and says it otherwise: another must not make up for it.
                return Finding(verdict, final=True)
            if not best.span or verdict.score > best.score or verdict.undecided:
                best = verdict
        return Finding(best)

    def _next(self, chosen: list[int]) -> int | None:
        views = self.source.claim_views
        if self.across and not chosen:
            return self._most_alike()
        have = self.source.claim_context_terms.union(*(views[i].terms for i in chosen))
        wanted = self.claim.terms - have if chosen else self.claim.terms
        facts = self.claim.facts
        if chosen:
            facts = tuple(fact for fact in facts if not any(views[i].index.has(fact) for i in chosen))
        worth = FURTHER_FACT_GAIN if chosen else FACT_GAIN
        best, most = None, 0.0
        for i, view in enumerate(views):
            if i not in chosen and (not view.is_heading or self.only_headings):
                gain = self.rarity.total(wanted & view.terms)
                gain += worth * sum(view.index.has(fact) for fact in facts)
                if gain > most:
                    best, most = i, gain
        return best

    def _most_alike(self) -> int | None:
        likeness = self._likeness()
        if likeness is None:
            return 0 if self.source.sentences else None
        return int(np.argmax(likeness))

    def _likeness(self) -> NDArray[np.float32] | None:
        vectors = self.source.passage.sentence_vectors
        if self.vector is None or vectors is None or len(vectors) != len(self.source.sentences):
            return None
        likeness: NDArray[np.float32] = vectors @ self.vector
        return likeness

    def _at(self, chosen: list[int]) -> Verdict:
        """Judge the claim by the place from the first to the last of the chosen sentences."""
        views = [self.source.claim_views[i] for i in chosen]
        start, end = views[0].start, views[-1].end
        inside = [view for view in self.source.claim_views if start <= view.start and view.end <= end]
        terms = self.source.claim_context_terms.union(*(view.terms for view in [*inside, *self._headings(start)]))
        score = self.rarity.total(self.claim.terms & terms) / self.total if self.total else 1.0
        reason, detail = self._against(views, start, end)
        undecided = False
        if not reason:
            if score >= ENOUGH_COVERED:
                return Verdict("supported", self.index, (start, end), score=score)
            if self.across or score >= MAYBE_COVERED:
                undecided = self.vector is None
                if self._alike(chosen):
                    return Verdict("supported", self.index, (start, end), score=score)
            reason = "wording"
        return Verdict("unsupported", self.index, (start, end), reason, detail, score, undecided)

    def _headings(self, before: int) -> list[ClaimView]:
        """Return the headings right above a place: what it says is said of them."""
        above: list[ClaimView] = []
        for view in reversed(self.source.claim_views):
            if view.end <= before and view.is_heading:
                above.append(view)
            elif above:
                break
        return above

    def _against(self, views: Sequence[ClaimView], start: int, end: int) -> tuple[Reason, str]:
        """Return why the place cannot support the claim, or nothing."""
        claim = self.claim
        index = views[0].index if len(views) == 1 else self.source.fact_index(start, end)
        if missing := index.missing(claim.facts):
            return "fact", missing[0].text
        text = self.source.passage.text[start:end]
        if claim.names:
            said = words_of(text) | self.source.context_words
            if new_names := sorted(name for name in claim.names if not is_said(name, said)):
                return "name", new_names[0]
        # What turns the sense is looked for only in the sentences that speak of the same thing.
        near = "\n".join(view.plain for view in views)
        if strong := strong_words_missing(claim.text, f"{near}\n{self.source.context}"):
            return "strong_word", strong
        about = [view.plain for view in views if self.across or self._is_about(view)]
        for sentence in about:
            if against := opposed(claim.text, sentence):
                return "opposite", against
        if self._denied(about):
            return "negation", ""
        if not self.across:
            return self._out_of_place(views, start, end, text)
        return "", ""

    def _denied(self, sentences: Sequence[str]) -> bool:
        mine = polarity(self.claim.text, self.claim.language)
        if self.across:
            # Words cannot be compared: both must have a negation, or neither.
            theirs = [polarity(text, self.source.passage.language) for text in sentences]
            return bool(mine.reaches) != any(other.reaches for other in theirs)
        return denies(mine, [polarity(text, self.claim.language) for text in sentences])

    def _out_of_place(self, views: Sequence[ClaimView], start: int, end: int, text: str) -> tuple[Reason, str]:
        claim = self.claim
        if claim.facts:
            facts = views[0].facts if len(views) == 1 else self.source.facts_within(start, end)
            if wrong := misplaced(claim.text, claim.facts, text, facts, language=claim.language, weigh=self.rarity):
                return "misplaced", wrong
        if new := claim.terms - self.source.claim_terms:
            for view in views:
                if swapped := swapped_word(claim.ordered, view.ordered, new, claim.terms):
                    return "swapped", swapped
        return "", ""

    def _alike(self, chosen: Sequence[int]) -> bool:
        likeness = self._likeness()
        enough = ENOUGH_ALIKE_ACROSS if self.across else ENOUGH_ALIKE
        return likeness is not None and float(likeness[list(chosen)].max()) >= enough

    def _is_about(self, view: ClaimView) -> bool:
        shared = self.rarity.total(self.claim.terms & view.terms)
        if shared >= ABOUT_THE_SAME * min(self.total, self.rarity.total(view.terms)):
            return True
        return any(states(fact, mine) for fact in view.facts for mine in self.claim.facts)

    def _says_another_value(self, chosen: Sequence[int]) -> bool:
        for i in chosen:
            view = self.source.claim_views[i]
            missing = view.index.missing(self.claim.facts)
            if any(has_rival(fact, view.facts, self.claim.facts) for fact in missing):
                return True
        return False
