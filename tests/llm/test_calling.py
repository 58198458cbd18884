"""The one retry loop, with models that do what a test says and a clock that a test moves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from shopwright.llm import calling
from shopwright.llm.breaker import FAILURES, OPEN_SECONDS, WINDOW_SECONDS, CircuitBreakers
from shopwright.llm.calling import CallReport, Candidate, Limits, StreamCut, stream_with_fallback
from shopwright.llm.port import (
    ChatEvent,
    ChatMessage,
    ChatRequest,
    Finished,
    ProviderBusy,
    ProviderDown,
    ProviderError,
    ProviderMisconfigured,
    ProviderRejected,
    TextDelta,
)

REQUEST = ChatRequest("m", "s", (ChatMessage("user", "hi"),))
END = Finished(3, 2)
SILENCE = object()


class Scripted:
    """A model over an imaginary provider: each call takes the next script of texts, errors and silences."""

    def __init__(self, *scripts: list[object]) -> None:
        self.scripts, self.calls, self.closed = list(scripts), 0, 0
        self.called = asyncio.Event()

    async def stream(self, request: ChatRequest) -> AsyncIterator[ChatEvent]:
        self.calls += 1
        self.called.set()
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        try:
            for step in script:
                if isinstance(step, ProviderError):
                    raise step
                if step is SILENCE:
                    await asyncio.Event().wait()
                yield TextDelta(step) if isinstance(step, str) else step
        finally:
            self.closed += 1

    async def list_models(self) -> list[str]:
        return []


class Clock:
    def __init__(self) -> None:
        self.now, self.slept = 100.0, []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Call:
    """One call over candidates a, b, c, with all that a test may ask afterwards."""

    def __init__(self, *models: Scripted, limits: Limits | None = None, clock=None, breakers=None) -> None:
        self.clock = clock or Clock()
        self.breakers = breakers or CircuitBreakers(self.clock)
        self.report = CallReport()
        candidates = [Candidate(model, REQUEST, label) for model, label in zip(models, "abc", strict=False)]
        self.stream = stream_with_fallback(
            candidates,
            breakers=self.breakers,
            limits=limits or Limits(),
            report=self.report,
            sleep=self.clock.sleep,
            clock=self.clock,
        )

    async def events(self) -> list[ChatEvent]:
        return [event async for event in self.stream]

    @property
    def tried(self) -> list[tuple[str, str]]:
        return [(attempt.label, attempt.result) for attempt in self.report.attempts]


def busy(wait: float | None = None) -> ProviderBusy:
    return ProviderBusy("full", retry_after=wait)


async def test_the_first_candidate_that_answers_is_reported():
    call = Call(Scripted(["Good ", "day", END]), Scripted(["no", END]))
    assert await call.events() == [TextDelta("Good "), TextDelta("day"), END]
    assert call.tried == [("a", "answered")]
    assert (call.report.answered_by, call.report.model) == ("a", "m")
    assert call.report.first_text_ms is not None


@pytest.mark.parametrize("error", [busy(), ProviderDown("broken")])
async def test_a_busy_or_broken_provider_is_asked_once_more_and_then_left(error):
    first, second = Scripted([error]), Scripted(["yes", END])
    call = Call(first, second)
    await call.events()
    assert (first.calls, second.calls) == (2, 1)
    assert call.report.answered_by == "b"
    assert [result for _, result in call.tried] == [calling._RESULTS[error.code]] * 2 + ["answered"]
    assert len(call.clock.slept) == 1
    assert 0.1 <= call.clock.slept[0] <= 0.2


async def test_the_second_try_may_answer():
    model = Scripted([busy()], ["yes", END])
    call = Call(model)
    assert await call.events() == [TextDelta("yes"), END]
    assert call.tried == [("a", "busy"), ("a", "answered")]


@pytest.mark.parametrize("error", [ProviderMisconfigured("bad key"), ProviderRejected("too long")])
async def test_what_no_retry_heals_goes_to_the_next_candidate_at_once(error):
    first, second = Scripted([error]), Scripted(["yes", END])
    call = Call(first, second)
    await call.events()
    assert (first.calls, second.calls, call.clock.slept) == (1, 1, [])


async def test_the_time_to_wait_is_kept_up_to_two_seconds():
    short = Call(Scripted([busy(1.5)], ["yes", END]))
    await short.events()
    assert 1.5 <= short.clock.slept[0] <= 1.6
    first = Scripted([busy(2.5)])
    long = Call(first, Scripted(["yes", END]))
    await long.events()
    assert (first.calls, long.clock.slept) == (1, [])


@pytest.mark.parametrize("error", [busy(), ProviderDown("cut"), ProviderRejected("filter")])
async def test_after_the_first_text_nothing_is_tried_again(error):
    first, second = Scripted(["Half an ", "answ", error]), Scripted(["whole", END])
    call = Call(first, second)
    with pytest.raises(StreamCut) as caught:
        await call.events()
    assert (caught.value.text, caught.value.reason) == ("Half an answ", error.reason)
    assert (first.calls, second.calls) == (1, 0)
    assert call.tried == [("a", "cut")]


@pytest.mark.parametrize("script", [[END], ["", END], []])
async def test_an_answer_without_text_or_end_counts_as_down(script):
    call = Call(Scripted(script), Scripted(["yes", END]))
    await call.events()
    assert call.tried == [("a", "down"), ("a", "down"), ("b", "answered")]


async def test_text_without_an_end_is_a_cut():
    with pytest.raises(StreamCut):
        await Call(Scripted(["text"])).events()


async def test_a_provider_that_stays_silent_is_left_without_a_second_try():
    first = Scripted([SILENCE])
    call = Call(first, Scripted(["yes", END]), limits=Limits(first_text_seconds=0.01))
    await call.events()
    assert (first.calls, first.closed) == (1, 1)
    assert call.tried == [("a", "down"), ("b", "answered")]


async def test_a_provider_that_falls_silent_in_the_middle_is_cut():
    model = Scripted(["text", SILENCE])
    with pytest.raises(StreamCut, match="fell silent"):
        await Call(model, limits=Limits(gap_seconds=0.01)).events()
    assert model.closed == 1


async def test_the_total_limit_holds_over_all_candidates():
    first, second = Scripted([SILENCE]), Scripted(["yes", END])
    stream = stream_with_fallback(
        [Candidate(first, REQUEST, "a"), Candidate(second, REQUEST, "b")],
        breakers=CircuitBreakers(),
        limits=Limits(total_seconds=0.01),
    )
    with pytest.raises(ProviderDown, match="whole answer"):
        [event async for event in stream]
    assert (first.closed, second.calls) == (1, 0)


async def test_an_endless_answer_is_cut(monkeypatch):
    monkeypatch.setattr(calling, "MAX_TEXT_CHARS", 10)
    with pytest.raises(StreamCut, match="larger"):
        await Call(Scripted(["12345678", "12345678", "more", END])).events()


async def test_the_last_error_is_raised_and_all_are_reported():
    call = Call(Scripted([ProviderMisconfigured("bad key")]), Scripted([ProviderRejected("too long")]))
    with pytest.raises(ProviderRejected):
        await call.events()
    assert [attempt.reason for attempt in call.report.attempts] == ["bad key", "too long"]


async def test_without_candidates_the_owner_is_told_what_is_missing():
    with pytest.raises(ProviderMisconfigured, match="no AI provider is set up"):
        await Call().events()


async def test_closing_early_closes_the_model_and_harms_no_breaker():
    model = Scripted(["text", SILENCE])
    call = Call(model)
    async with aclosing(call.stream) as events:
        assert await anext(events) == TextDelta("text")
    assert model.closed == 1
    assert call.tried == [("a", "closed")]
    assert call.breakers.allows("a/m")


async def test_cancelling_is_not_taken_for_a_time_limit():
    model = Scripted([SILENCE])
    call = Call(model, Scripted(["never", END]))
    task = asyncio.create_task(call.events())
    await model.called.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert model.closed == 1
    assert call.tried == [("a", "closed")]


async def test_a_slow_reader_is_not_cut_off():
    """The limits are the provider's; what the caller does with a piece takes as long as it takes."""
    call = Call(Scripted(["one", "two", END]), limits=Limits(gap_seconds=0.01, first_text_seconds=0.01))
    seen = []
    async for event in call.stream:
        seen.append(event)
        await asyncio.to_thread(_spend, 0.03)
    assert seen == [TextDelta("one"), TextDelta("two"), END]


def _spend(seconds: float) -> None:
    import time

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


async def test_an_error_that_is_ours_is_not_hidden():
    class Faulty(Scripted):
        async def stream(self, request):
            raise ZeroDivisionError
            yield

    breakers = CircuitBreakers()
    with pytest.raises(ZeroDivisionError):
        await Call(Faulty([]), breakers=breakers).events()
    assert breakers.allows("a/m")


async def test_an_open_breaker_spares_the_wait_and_closes_after_a_good_probe():
    clock = Clock()
    breakers = CircuitBreakers(clock)
    failing = Scripted([ProviderDown("x")])
    for _ in range(2):
        with pytest.raises(ProviderDown):
            await Call(failing, clock=clock, breakers=breakers).events()
    assert failing.calls == FAILURES, "the third failure opens it, so there is no fourth call"
    call = Call(failing, Scripted(["yes", END]), clock=clock, breakers=breakers)
    await call.events()
    assert call.tried == [("a", "skipped"), ("b", "answered")]
    clock.now += OPEN_SECONDS
    well = Scripted(["back", END])
    assert (await Call(well, clock=clock, breakers=breakers).events())[0] == TextDelta("back")
    assert (await Call(well, clock=clock, breakers=breakers).events())[0] == TextDelta("back")


def test_only_one_probe_is_let_through():
    clock = Clock()
    breakers = CircuitBreakers(clock)
    for _ in range(FAILURES):
        breakers.failed("k")
    assert not breakers.allows("k")
    clock.now += OPEN_SECONDS
    assert breakers.allows("k")
    assert not breakers.allows("k")
    assert breakers.failed("k")
    assert not breakers.allows("k")
    clock.now += OPEN_SECONDS
    assert breakers.allows("k")
    breakers.released("k")
    assert breakers.allows("k"), "a probe that was closed leaves the place to the next one"


def test_failures_far_apart_or_with_a_success_between_do_not_open():
    clock = Clock()
    breakers = CircuitBreakers(clock)
    for _ in range(FAILURES * 2):
        assert not breakers.failed("k")
        clock.now += WINDOW_SECONDS / 2 + 1
    for _ in range(FAILURES * 2):
        breakers.failed("other")
        breakers.succeeded("other")
    assert breakers.allows("k")
    assert breakers.allows("other")


async def test_misconfigured_and_rejected_never_open_the_breaker():
    clock = Clock()
    breakers = CircuitBreakers(clock)
    for error in [ProviderMisconfigured("k"), ProviderRejected("r")] * FAILURES:
        with pytest.raises(ProviderError):
            await Call(Scripted([error]), clock=clock, breakers=breakers).events()
    assert breakers.allows("a/m")


def test_breakers_are_bounded():
    breakers = CircuitBreakers()
    for number in range(5000):
        breakers.failed(str(number))
    assert len(breakers._states) <= 2000
