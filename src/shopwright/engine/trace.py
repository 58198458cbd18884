"""How an answer came about: understood, found, written, checked, spent, each step with its time."""

import time
from dataclasses import asdict
from typing import Any

from shopwright.answering.guard import CheckedSentence
from shopwright.knowledge.search import Found
from shopwright.llm.calling import CallReport
from shopwright.understanding.rules import Decision

TEXT_SHOWN = 300


class Trace:
    """Collects what a turn did. Costs some microseconds a step, so every turn has one."""

    def __init__(self, started: float) -> None:
        self._last = started
        self.timings_ms: dict[str, float] = {}
        self._parts: dict[str, Any] = {}
        self._found: Found | None = None
        self._checked: list[CheckedSentence] = []

    def mark(self, step: str) -> None:
        """Say that a step has ended; its time is that since the last one."""
        now = time.perf_counter()
        self.timings_ms[step] = round((now - self._last) * 1000, 2)
        self._last = now

    def understood(self, **facts: Any) -> None:
        self._parts["understood"] = facts
        self.mark("understand")

    def found(self, found: Found) -> None:
        self._found = found
        self.mark("find")

    def scope(self, decision: Decision) -> None:
        self._parts["scope"] = asdict(decision)

    def prompted(self, **facts: Any) -> None:
        self._parts["prompted"] = facts

    def called(self, report: CallReport) -> None:
        self._parts["calls"] = [asdict(attempt) for attempt in report.attempts]
        if report.first_text_ms is not None:
            self.timings_ms["first_text"] = round(report.first_text_ms, 2)

    def composed(self, confidence: float, missing: tuple[str, ...], *, answered: bool) -> None:
        self._parts["composed"] = {
            "confidence": round(confidence, 4),
            "missing": missing,
            "answered": answered,
        }

    def checked(self, sentences: list[CheckedSentence]) -> None:
        self._checked = sentences

    def note(self, name: str, value: Any) -> None:
        self._parts[name] = value

    def spent(self, usage: dict[str, Any], provider: str, model: str) -> None:
        self._parts["spent"] = {**usage, "provider": provider, "model": model}

    def as_json(self, *, texts: bool, retrieval: bool) -> dict[str, Any]:
        """The trace as stored; without customers' and documents' text, or without what was found, when so set."""
        out = {**self._parts, "timings_ms": self.timings_ms}
        if not texts and "understood" in out:
            out["understood"] = {"language": out["understood"].get("language")}
            out.pop("prompted", None)
        if self._found is not None and retrieval:
            out["found"] = {
                "candidates": self._found.candidates,
                "timings_ms": self._found.timings_ms,
                "passages": [
                    {
                        "document_id": str(p.document_id), "document_version": p.document_version, "title": p.title,
                        "heading": p.heading, "start": p.start, "end": p.end, "score": p.score, "signals": p.signals,
                        **({"text": p.text[:TEXT_SHOWN]} if texts else {}),
                    }
                    for p in self._found.passages
                ],
            }  # fmt: skip
        if self._checked:
            out["checked"] = [
                {
                    "verdict": item.verdict.kind, "passage": item.verdict.passage, "reason": item.verdict.reason,
                    "score": round(item.verdict.score, 3), **({"sentence": item.text} if texts else {}),
                }
                for item in self._checked
            ]  # fmt: skip
        return out
