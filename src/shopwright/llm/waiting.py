"""A time limit for each step of a stream, cheap enough to be set for every piece of text."""

import asyncio
from collections.abc import AsyncIterator
from typing import Self

from shopwright.llm.port import ChatEvent


class StepTimer:
    """Waits for the next event of a stream, at most so long.

    `asyncio.timeout` around every event costs a tenth of the streamed path: a timer is made and undone each
    time. Here one timer of the loop serves the whole call and looks, when it rings, whether the limit was
    moved on. Only a step that is being waited for is cancelled, never the code that uses the stream.
    """

    __slots__ = ("_due", "_handle", "_loop", "_rang", "_task")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[object] | None = None
        self._handle: asyncio.TimerHandle | None = None
        self._due, self._rang = 0.0, False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            self._handle.cancel()

    async def next(self, events: AsyncIterator[ChatEvent], limit_seconds: float) -> ChatEvent:
        """Return the next event.

        Raises:
            TimeoutError: none came in time; the stream's own code was cancelled.
            StopAsyncIteration: there are no more.
        """
        self._due = self._loop.time() + max(0.0, limit_seconds)
        if self._handle is None or self._handle.when() > self._due:
            self._arm()
        task = self._task = asyncio.current_task()
        assert task is not None
        cancelling = task.cancelling()
        try:
            return await anext(events)
        except asyncio.CancelledError:
            # Whoever cancelled the task besides the timer is heard, as in `asyncio.timeout`.
            if self._take_back(task) and task.cancelling() <= cancelling:
                raise TimeoutError from None
            raise
        finally:
            self._take_back(task)
            self._task = None

    def _take_back(self, task: asyncio.Task[object]) -> bool:
        """Undo the timer's own cancelling, if it has rung."""
        rang, self._rang = self._rang, False
        if rang:
            task.uncancel()
        return rang

    def _arm(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
        self._handle = self._loop.call_at(self._due, self._ring)

    def _ring(self) -> None:
        self._handle = None
        if self._task is None:
            return  # nobody waits; the next step sets the timer again
        if self._loop.time() < self._due:
            self._arm()
        else:
            self._rang = True
            self._task.cancel()
