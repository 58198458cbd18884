"""The one retry loop: a provider, once more if that is worth it, then the next; never after the first word.

Retrying elsewhere as well would multiply the calls: adapters and vendors' libraries have their retries off.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, Literal, NamedTuple

from shopwright.kit.sentences import sentence
from shopwright.llm.breaker import CircuitBreakers
from shopwright.llm.port import (
    ChatEvent,
    ChatModel,
    ChatRequest,
    Finished,
    ProviderBusy,
    ProviderDown,
    ProviderError,
    ProviderMisconfigured,
)
from shopwright.llm.waiting import StepTimer

Result = Literal["answered", "busy", "down", "misconfigured", "rejected", "cut", "skipped", "closed"]
MAX_TEXT_CHARS: Final = 200_000
_PAUSE_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a customer waits, in seconds. The limit of connecting is the client's own (5 s).

    `first_text` counts from the call to its first word, `gap` between two pieces, `total` over everything
    that is tried. A provider that asks to wait longer than `retry_after` is not asked again.
    """

    first_text_seconds: float = 15
    gap_seconds: float = 10
    total_seconds: float = 60
    retry_after_seconds: float = 2


class Candidate(NamedTuple):
    """A model to ask, what to ask it, and its name in the trace.

    `circuit` names what fails together: `registry.fingerprint(credentials)`, to which the model's name is
    added. Without it the label stands in.
    """

    model: ChatModel
    request: ChatRequest
    label: str
    circuit: str = ""

    @property
    def key(self) -> str:
        return f"{self.circuit or self.label}/{self.request.model}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call in the trace; `reason` is empty when it answered."""

    label: str
    model: str
    result: Result
    reason: str
    duration_ms: float


@dataclass(slots=True)
class CallReport:
    """Filled while the stream runs: who answered, and everything that was tried."""

    attempts: list[Attempt] = field(default_factory=list)
    answered_by: str | None = None
    model: str | None = None
    first_text_ms: float | None = None


class StreamCut(ProviderError):
    """The AI provider stopped in the middle of its answer: {reason}"""

    code = "provider_cut"

    def __init__(self, text: str, reason: str) -> None:
        self.text = text
        super().__init__(reason)


class _Stalled(ProviderDown):
    """The AI provider does not answer, or not sensibly: {reason}"""


async def stream_with_fallback(
    candidates: Sequence[Candidate],
    *,
    breakers: CircuitBreakers,
    limits: Limits = Limits(),
    report: CallReport | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = monotonic,
) -> AsyncGenerator[ChatEvent, None]:
    """Stream the answer of the first candidate that gives one; closing it closes the connection.

    A candidate that is busy or down is asked once more, unless it used up its time, asks to wait long, or its
    breaker has opened; then comes the next one. After the first text there is no other try.

    Args:
        candidates: in the order of preference.
        breakers: shared by all calls of the process.
        limits: how long to wait.
        report: filled as the calls are made, for the trace.
        sleep: waits between two tries.
        clock: seconds that only grow.

    Raises:
        StreamCut: the answer broke off after its first text; `text` is what came.
        ProviderError: the last error, when no candidate answered; the report has all of them.
    """
    report = report if report is not None else CallReport()
    deadline = clock() + limits.total_seconds
    failure: ProviderError = ProviderMisconfigured(sentence("no AI provider is set up"))
    for candidate in candidates:
        for attempt in (1, 2):
            if not breakers.allows(candidate.key):
                failure = ProviderDown(sentence("it failed several times in a row and is left alone for some seconds"))
                report.attempts.append(_note(candidate, failure, 0, "skipped"))
                break
            call = _Call(candidate, limits=limits, deadline=deadline, clock=clock, breakers=breakers, report=report)
            async with aclosing(call.events()) as events:
                async for event in events:
                    yield event
            if call.failure is None:
                return
            failure = call.failure
            pause = _pause(failure, limits, deadline - clock()) if attempt == 1 and not call.open else None
            if pause is None:
                break
            await sleep(pause)
        if clock() >= deadline:
            break
    raise failure


class _Call:
    """One try of one candidate."""

    def __init__(
        self,
        candidate: Candidate,
        *,
        limits: Limits,
        deadline: float,
        clock: Callable[[], float],
        breakers: CircuitBreakers,
        report: CallReport,
    ) -> None:
        self._candidate, self._limits, self._deadline, self._clock = candidate, limits, deadline, clock
        self._breakers, self._report = breakers, report
        self._started = clock()
        self._texts: list[str] = []
        self.failure: ProviderError | None = None
        self.open = False

    async def events(self) -> AsyncGenerator[ChatEvent, None]:
        """Yield the model's events within the limits, `Finished` last.

        Afterwards `failure` is None, or the reason to try something else.

        Raises:
            StreamCut: it broke off after text.
        """
        result: Result = "closed"
        stream = self._candidate.model.stream(self._candidate.request)
        chars, texts = 0, self._texts
        try:
            with StepTimer() as timer:
                while True:
                    event = await self._next(timer, stream)
                    if isinstance(event, Finished):
                        break
                    if not event.text:
                        continue
                    if not texts:
                        self._begin()
                    texts.append(event.text)
                    chars += len(event.text)
                    if chars > MAX_TEXT_CHARS:
                        raise ProviderDown(sentence("the answer is larger than any answer should be"))
                    yield event
            if not texts:
                raise ProviderDown(sentence("the answer is empty"))
            result = "answered"
            yield event
        except ProviderError as exc:
            self.failure = exc
            result = "cut" if texts else _RESULTS.get(exc.code, "down")
            if texts:
                raise StreamCut("".join(texts), exc.reason) from None
        finally:
            close = getattr(stream, "aclose", None)
            if close is not None:
                await close()
            self._settle(result)

    def _begin(self) -> None:
        self._report.first_text_ms = (self._clock() - self._started) * 1000
        self._report.answered_by = self._candidate.label
        self._report.model = self._candidate.request.model

    async def _next(self, timer: StepTimer, stream: AsyncIterator[ChatEvent]) -> ChatEvent:
        now = self._clock()
        if self._texts:
            limit, words = self._limits.gap_seconds, sentence("it fell silent in the middle")
        else:
            limit = self._limits.first_text_seconds - (now - self._started)
            words = sentence("it did not begin to answer in time")
        if self._deadline - now < limit:
            limit, words = self._deadline - now, sentence("the whole answer took too long")
        try:
            return await timer.next(stream, limit)
        except StopAsyncIteration:
            raise ProviderDown(sentence("the answer has no end")) from None
        except TimeoutError:
            raise _Stalled(words) from None

    def _settle(self, result: Result) -> None:
        """Tell breaker and report how it went; once, whatever ended the call."""
        key = self._candidate.key
        if result == "answered":
            self._breakers.succeeded(key)
        elif isinstance(self.failure, (ProviderBusy, ProviderDown)):
            self.open = self._breakers.failed(key)
        else:
            self._breakers.released(key)
        duration_ms = (self._clock() - self._started) * 1000
        self._report.attempts.append(_note(self._candidate, self.failure, duration_ms, result))


_RESULTS: Final[dict[str, Result]] = {
    "provider_busy": "busy",
    "provider_down": "down",
    "provider_misconfigured": "misconfigured",
    "provider_rejected": "rejected",
}


def _note(candidate: Candidate, failure: ProviderError | None, duration_ms: float, result: Result) -> Attempt:
    reason = failure.reason if failure is not None else ""
    return Attempt(candidate.label, candidate.request.model, result, reason, round(duration_ms, 1))


def _pause(failure: ProviderError, limits: Limits, left_seconds: float) -> float | None:
    """Seconds until the same provider is asked again, or None to leave it."""
    if isinstance(failure, _Stalled) or not isinstance(failure, (ProviderBusy, ProviderDown)):
        return None
    wait = failure.retry_after
    if wait is not None and wait > limits.retry_after_seconds:
        return None
    # Some jitter, so that many turns that failed together do not come back together.
    pause = (wait or _PAUSE_SECONDS) + random.uniform(0, _PAUSE_SECONDS)  # noqa: S311 - no secret
    return pause if pause < left_seconds else None
