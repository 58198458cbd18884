"""Cut a streamed answer into sentences as soon as each is complete."""

import re
from dataclasses import dataclass

from shopwright.answering.marks import cited_numbers, without_markers
from shopwright.nlp.sentences import split_sentences

_MARKER = re.compile(r"[ \t]?\[\^?\d{1,3}(?:\s*[,;]\s*\d{1,3})*\](?!\()")
_PREFIX = re.compile(r"\s*(?:(?:[-*+•>]|\d{1,3}[.)]|#{1,6})[ \t]+)*")
_END = re.compile(r"[.!?…。！？｡．।॥؟۔;]")
_BREAK = re.compile(r"\s|[^\x00-\x7f]")
# No sentence is this long; what goes on is let through to the check, which will not let it pass.
LONGEST_SENTENCE_CHARACTERS = 2000
# What must stand behind an end before it is believed: "24. D" may go on as "24. Dezember".
_KNOWN_WORD = re.compile(r"\S+[\s.,;:!?)]|[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class StreamedSentence:
    """A complete sentence of an answer.

    `lead` is what stands before it: white space, line breaks, the sign of a list item or heading.
    `text` is the sentence without its citation markers, `cited` their numbers as written (from 1).
    """

    lead: str
    text: str
    cited: tuple[int, ...]


class SentenceStream:
    """Collects pieces of text and gives out sentences as soon as they are complete.

    A sentence is complete when the first word of the next has come (its own markers may follow its full
    stop) or its line has ended. Nothing is lost or changed but the markers.
    """

    def __init__(self) -> None:
        self._rest = ""
        self._line_start = True

    def feed(self, delta: str) -> list[StreamedSentence]:
        """Take the next piece and return the sentences it completes."""
        self._rest += delta
        done: list[StreamedSentence] = []
        while True:
            body = len(self._rest) - len(self._rest.lstrip())
            line_end = self._rest.find("\n", body)
            if line_end < 0:
                break
            done += self._take(self._spans(self._rest[:line_end]))
            self._line_start = True
        if self._may_have_ended():
            spans = self._spans(self._rest)
            if self._is_too_long():
                done += self._take(spans)
            elif self._next_has_begun(spans):
                done += self._take(spans[:-1])
        return done

    def close(self) -> list[StreamedSentence]:
        """Return what is left."""
        return self._take(self._spans(self._rest))

    def _may_have_ended(self) -> bool:
        """Say quickly whether it is worth looking for an end: a delta is mostly a part of a word."""
        end = _END.search(self._rest)
        ended = end is not None and _BREAK.search(self._rest, end.start()) is not None
        return ended or self._is_too_long()

    def _is_too_long(self) -> bool:
        return len(self._rest) > LONGEST_SENTENCE_CHARACTERS and not self._rest.isspace()

    def _next_has_begun(self, spans: list[tuple[int, int]]) -> bool:
        if len(spans) < 2 or not _KNOWN_WORD.match(self._rest, spans[-1][0]):
            return False
        last = self._rest[spans[-1][0] :]
        return not last.startswith("[") or "]" in last

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return the sentences of a text, each with the markers that follow it."""
        markers = [(match.start(), match.end()) for match in _MARKER.finditer(text)]
        spans = split_sentences(_MARKER.sub("", text))
        if not markers or not spans:
            return spans
        placed = []
        for start, end in spans:
            placed.append((_with_markers(start, markers), _with_markers(end, markers)))
        # A marker at the very beginning has no sentence before it.
        placed[0] = (len(text) - len(text.lstrip()), placed[0][1])
        return placed

    def _take(self, spans: list[tuple[int, int]]) -> list[StreamedSentence]:
        done = []
        taken = 0
        for start, end in spans:
            lead, sentence = self._rest[taken:start], self._rest[start:end]
            if self._line_start or "\n" in lead:
                prefix = _PREFIX.match(sentence)
                if prefix and prefix.end() < len(sentence):
                    lead, sentence = lead + prefix.group(), sentence[prefix.end() :]
            self._line_start = False
            done.append(StreamedSentence(lead, without_markers(sentence), cited_numbers(sentence)))
            taken = end
        self._rest = self._rest[taken:]
        return done


def _with_markers(offset: int, markers: list[tuple[int, int]]) -> int:
    """Turn an offset in the text without markers into one in the text with them, behind those it touches."""
    for start, end in markers:
        if start > offset:
            break
        offset += end - start
    return offset
