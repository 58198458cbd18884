"""Let only what the passages say leave the server, sentence by sentence, with corrected citations."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shopwright.answering.citations import Citation, CitationList, CitationStyle
from shopwright.answering.claims import ClaimChecker, Verdict
from shopwright.answering.stream import SentenceStream, StreamedSentence
from shopwright.knowledge.passages import Passage

Embed = Callable[[str], Awaitable[NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence as the writer wrote it, and what the check said."""

    text: str
    verdict: Verdict


class AnswerGuard:
    """Stands between a writer and the customer for one answer.

    What `feed` and `close` return may be shown at once and is never taken back: supported sentences with
    their citations, and sentences that claim nothing. A heading or a line that ends with a colon
    waits until something follows it that may be shown.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        *,
        question: str = "",
        language: str | None = None,
        citation_style: CitationStyle = "numbered",
        embed: Embed | None = None,
    ) -> None:
        """`embed` gives a sentence's vector, comparable with the passages' `sentence_vectors`.

        It is awaited only for sentences whose words leave the decision open.
        """
        self.checked: list[CheckedSentence] = []
        self._checker = ClaimChecker(passages, question=question, language=language)
        self._list = CitationList(passages, citation_style)
        self._stream = SentenceStream()
        self._embed = embed
        self._waiting = ""
        self._sent_anything = False

    async def feed(self, delta: str) -> str:
        """Take the next piece of the writer's text and return what may be shown now."""
        return "".join([await self._pass(sentence) for sentence in self._stream.feed(delta)])

    async def close(self) -> str:
        """Return the rest that may be shown, with the list of sources where the style has one."""
        rest = "".join([await self._pass(sentence) for sentence in self._stream.close()])
        footer = self._list.footer()
        return f"{rest}\n\n{footer}" if footer else rest

    @property
    def supported(self) -> int:
        """How many sentences were supported. With none, the answer says nothing: decline instead."""
        return sum(sentence.verdict.kind == "supported" for sentence in self.checked)

    @property
    def withheld(self) -> list[CheckedSentence]:
        return [sentence for sentence in self.checked if sentence.verdict.kind == "unsupported"]

    def citations(self) -> list[Citation]:
        """Return the citations of what was shown so far."""
        return self._list.citations()

    async def _pass(self, sentence: StreamedSentence) -> str:
        positions = [number - 1 for number in sentence.cited]
        verdict = self._checker.check(sentence.text, cited=positions)
        if verdict.undecided and self._embed is not None:
            vector = await self._embed(sentence.text)
            verdict = self._checker.check(sentence.text, cited=positions, vector=vector)
        self.checked.append(CheckedSentence(sentence.text, verdict))
        return self._shown(sentence, verdict)

    def _shown(self, sentence: StreamedSentence, verdict: Verdict) -> str:
        if verdict.kind == "unsupported":
            return ""
        lead = sentence.lead if self._sent_anything or self._waiting else sentence.lead.lstrip()
        text = _balanced(sentence.text)
        if "#" in sentence.lead or sentence.text.rstrip("*_ ").endswith(":"):
            # Only the last heading: those before it turned out to be empty.
            self._waiting = lead + text
            return ""
        if verdict.kind == "supported" and verdict.passage is not None and verdict.span is not None:
            text = self._list.mark(text, [self._list.cite(verdict.passage, verdict.span)])
        if verdict.kind == "no_claim" and "#" in self._waiting:
            # A heading over nothing but small talk has lost what it stood for.
            self._waiting = ""
        shown = f"{self._waiting}{lead}{text}"
        self._waiting = ""
        self._sent_anything = True
        return shown


@dataclass(frozen=True, slots=True)
class Repaired:
    """An answer without what the passages do not say.

    `text` is empty of substance when `supported` is 0: the caller declines then.
    """

    text: str
    citations: tuple[Citation, ...]
    supported: int
    withheld: tuple[CheckedSentence, ...] = field(default=())


async def repair(
    text: str,
    passages: Sequence[Passage],
    *,
    question: str = "",
    language: str | None = None,
    citation_style: CitationStyle = "numbered",
    embed: Embed | None = None,
) -> Repaired:
    """Check a whole answer and drop its unsupported sentences."""
    guard = AnswerGuard(passages, question=question, language=language, citation_style=citation_style, embed=embed)
    shown = await guard.feed(text) + await guard.close()
    return Repaired(shown.strip(), tuple(guard.citations()), guard.supported, tuple(guard.withheld))


def _balanced(text: str) -> str:
    """Drop a bold sign whose partner stands in another sentence, which may be withheld."""
    return text.replace("**", "") if text.count("**") % 2 else text
