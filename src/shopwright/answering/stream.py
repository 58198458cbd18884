"""Cut a streamed answer into sentences as soon as each is complete."""

import re
from dataclasses import dataclass

from shopwright.answering.claims import cited_numbers, without_markers
from shopwright.nlp.sentences import split_sentences

_MARKER = re.compile(r"[ \t]?\[\^?\d{1,3}(?:\s*[,;]\s*\d{1,3})*\](?!\()")
_PREFIX = re.compile(r"\s*(?:(?:[-*+•>]|\d{1,3}[.)]|#{1,6})[ \t]+)*")
_MAYBE_END = re.compile(r"[.!?…。！？｡．।॥؟۔;][^\s]*(?:\s|[^\x00-\x7f])|[。！？｡．]")
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
        if _MAYBE_END.search(self._rest):
            spans = self._spans(self._rest)
            if (
                len(spans) > 1
                and _KNOWN_WORD.match(self._rest, spans[-1][0])
                and not self._open_marker(spans)
            ):
                done += self._take(spans[:-1])
        return done

    def close(self) -> list[StreamedSentence]:
        """Return what is left."""
        return self._take(self._spans(self._rest))

    def _open_marker(self, spans: list[tuple[int, int]]) -> bool:
        last = self._rest[spans[-1][0] :]
        return last.startswith("[") and "]" not in last

    def _spans(self, text: str) -> list[tuple[int, int]]:
        # A marker looks like closing brackets to the splitter, so it stays with the sentence before it.
        return split_sentences(_MARKER.sub(lambda match: "]" * len(match.group()), text))

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
