"""A turn as server-sent events.

It goes on when the one who asked is gone: the answer is stored, and there at the next try.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict

import orjson
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from shopwright.engine import replies
from shopwright.engine.events import CheckedText, Step
from shopwright.engine.turns import Engine, OpenedTurn
from shopwright.kit.errors import AppError
from shopwright.kit.logs import get_logger

log = get_logger("shopwright.widget")
END_SECONDS = 10


class TurnResponse(StreamingResponse):
    """Sends a turn's events without watching whether somebody still listens.

    A turn goes on anyway and ends soon; watching costs a group of tasks for every answer.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await self.stream_response(send)


class RunningTurns:
    """The turns this process is taking for streams."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def events(self, engine: Engine, opened: OpenedTurn, request_id: str) -> AsyncIterator[bytes]:
        """The turn, event by event. What was sent as a token has been checked and stays."""
        told: asyncio.Queue[bytes | None] = asyncio.Queue()
        task = asyncio.create_task(_take(engine, opened, request_id, told))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        while (event := await told.get()) is not None:
            yield event

    async def end(self) -> None:
        """Let running turns store their answers before the process ends."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=END_SECONDS)


async def _take(engine: Engine, opened: OpenedTurn, request_id: str, told: asyncio.Queue[bytes | None]) -> None:
    try:
        async for event in engine.run(opened):
            if isinstance(event, CheckedText):
                told.put_nowait(_event("token", {"text": event.text}))
            elif isinstance(event, Step):
                told.put_nowait(_event("step", asdict(event)))
            else:
                citations = _event("citations", {"citations": event.citations})
                told.put_nowait(citations + _event("done", asdict(event)))
    except AppError as exc:
        told.put_nowait(_problem(exc.code, exc.message, request_id))
    except Exception:
        log.exception("turn_failed")
        told.put_nowait(_problem("internal_error", replies.failed(opened.language), request_id))
    finally:
        told.put_nowait(None)


def _problem(code: str, detail: str, request_id: str) -> bytes:
    return _event("error", {"code": code, "detail": detail, "request_id": request_id})


def _event(name: str, data: object) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data, default=str) + b"\n\n"
