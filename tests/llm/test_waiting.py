"""The timer of a stream's steps, against the event loop itself."""

import asyncio

import pytest

from shopwright.llm.port import TextDelta
from shopwright.llm.waiting import StepTimer

TEXT = TextDelta("x")


async def held(gate: asyncio.Event):
    """One event at once, and one when the gate opens."""
    yield TEXT
    await gate.wait()
    yield TEXT


async def test_a_step_that_comes_in_time_is_handed_on():
    with StepTimer() as timer:
        assert await timer.next(held(asyncio.Event()), 10) == TEXT


async def test_a_step_that_does_not_come_is_a_timeout_and_the_task_goes_on():
    events, task = held(asyncio.Event()), asyncio.current_task()
    with StepTimer() as timer:
        await timer.next(events, 10)
        with pytest.raises(TimeoutError):
            await timer.next(events, 0.005)
    assert task.cancelling() == 0


async def test_a_limit_that_was_moved_on_is_kept_to():
    """The timer set for the first step rings during the second, which may take longer."""
    gate = asyncio.Event()
    events = held(gate)
    loop = asyncio.get_running_loop()
    with StepTimer() as timer:
        await timer.next(events, 0.005)
        loop.call_later(0.02, gate.set)
        assert await timer.next(events, 30) == TEXT


async def test_a_shorter_limit_than_the_one_before_is_kept_to():
    events = held(asyncio.Event())
    with StepTimer() as timer:
        await timer.next(events, 30)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(timer.next(events, 0.005), 10)


async def test_who_cancels_at_the_moment_of_the_timer_is_heard():
    ready = asyncio.Event()

    async def wait():
        events = held(asyncio.Event())
        with StepTimer() as timer:
            await timer.next(events, 30)
            asyncio.get_running_loop().call_soon(ready.set)
            timers.append(timer)
            await timer.next(events, 30)

    timers: list[StepTimer] = []
    task = asyncio.create_task(wait())
    await ready.wait()
    timers[0]._due = 0.0
    timers[0]._ring()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_stream_that_swallows_the_timer_leaves_the_task_uncancelled():
    async def stubborn():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            yield TEXT

    with StepTimer() as timer:
        assert await timer.next(stubborn(), 0.005) == TEXT
    assert asyncio.current_task().cancelling() == 0
