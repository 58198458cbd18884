"""Check that a sentence says only what the passages say, before it is sent.

The evidence is lexical and costs about half a millisecond: hard facts, names, negations, strong words
("all", "never", "free"), and the share of the sentence's words that stand in one place of one passage. Only
where that is undecided is the meaning compared, and only if a vector of the sentence is given.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shopwright.answering import claim_words as words
from shopwright.answering.claim_terms import claim_terms, terms_without_facts
from shopwright.answering.evidence import Claim, Evidence, Verdict
from shopwright.answering.fact_extraction import facts_in
from shopwright.answering.marks import cited_numbers, plain_text, without_markers
from shopwright.answering.names import is_said, names_in, words_of
from shopwright.answering.sources import Rarity, Source
from shopwright.answering.strong_words import strong_words_missing
from shopwright.knowledge.passages import Passage

__all__ = ["ClaimChecker", "Verdict", "check_sentence", "cited_numbers", "plain_text", "without_markers"]

# A sentence says at its beginning that it has found nothing.
OPENING_CHARACTERS = 200
_QUESTION = re.compile(r"[?？؟]\W*$")
_MEANINGFUL = re.compile(r"[^\W_]")


class ClaimChecker:
    """Checks the sentences of one answer against the passages it was given. Build one for each turn."""

    def __init__(self, passages: Sequence[Passage], *, question: str = "", language: str | None = None) -> None:
        """`question` is what was asked: a sentence that claims nothing may name things of it.

        `language` is the answer's; that of the first passage by default.
        """
        self.language = language or (passages[0].language if passages else "en") or "en"
        # Words are cut in the answer's language; a passage in another is compared by meaning.
        self._sources = [Source(passage, self.language) for passage in passages]
        self._rarity = Rarity(view.terms for source in self._sources for view in source.claim_views)
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
            cited: positions (from 0) of the passages it cites; read from its markers when None. Those are
                tried first, then all others.
            vector: of the sentence, comparable by inner product with the passages' `sentence_vectors`
                (an embedder's query vector). Used only where the words leave it open.
        """
        if cited is None:
            cited = [number - 1 for number in cited_numbers(sentence)]
        text = plain_text(sentence)
        if not _MEANINGFUL.search(text):
            return Verdict("no_claim")
        if words.BARE_YES_NO.match(text):
            return Verdict("unsupported", reason="bare_answer", detail=text)
        claim = self._claim(text)
        if self._claims_nothing(claim):
            return Verdict("no_claim")
        return self._best(claim, cited, vector)

    def _claim(self, text: str) -> Claim:
        facts = facts_in(text, self.language)
        ordered = terms_without_facts(text, facts, self.language)
        names = frozenset(names_in(text, self.language))
        return Claim(text, self.language, ordered, frozenset(ordered), tuple(facts), names)

    def _best(self, claim: Claim, cited: Sequence[int], vector: NDArray[np.float32] | None) -> Verdict:
        first = [index for index in dict.fromkeys(cited) if 0 <= index < len(self._sources)]
        others = [index for index in range(len(self._sources)) if index not in first]
        shared = [self._rarity.total(claim.terms & source.claim_terms) for source in self._sources]
        others.sort(key=lambda index: -shared[index])
        best = Verdict("unsupported", reason="wording")
        for index in [*first, *others]:
            finding = Evidence(claim, self._sources[index], index, self._rarity, vector).find()
            verdict = finding.verdict
            if verdict.kind == "supported" or (finding.final and index in first):
                return verdict
            if (verdict.undecided, verdict.score) > (best.undecided, best.score):
                best = verdict
        return best

    def _claims_nothing(self, claim: Claim) -> bool:
        """Say whether a sentence only talks: greets, offers help, asks back, says what it did not find."""
        if claim.facts or any(not is_said(name, self._question_words) for name in claim.names):
            return False
        rest = claim.terms - _conversation_terms(claim.language)
        is_question = bool(_QUESTION.search(claim.text)) and not words.RHETORICAL.match(claim.text)
        if not rest:
            return is_question or bool(words.TALK.search(claim.text))
        if words.DECLINES.match(claim.text[:OPENING_CHARACTERS]):
            return rest <= self._question_terms and not words.GOES_ON.search(claim.text)
        return is_question and not strong_words_missing(claim.text, "")


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


def _conversation_terms(language: str) -> frozenset[str]:
    known = language if language in words.CONVERSATION else "en"
    return frozenset(claim_terms(words.CONVERSATION[known], known))
