"""A scripted HTTP server on this machine: it answers what a test tells it and keeps what it was asked."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

Ending = Literal["whole", "cut", "stall"]


@dataclass
class Answer:
    """Parts are sent one by one in chunks; `cut` ends the connection in the middle, `stall` falls silent."""

    parts: list[bytes]
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    ending: Ending = "whole"


@dataclass
class Received:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Peer:
    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: deque[Answer] = deque()
        self.gone = asyncio.Event()
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._handlers: set[asyncio.Task] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def will(self, *answers: Answer) -> None:
        self.answers.extend(answers)

    async def stop(self) -> None:
        self._server.close()
        for task in self._handlers:
            task.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        self._handlers.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            self.gone.set()
        except asyncio.CancelledError:
            pass  # the test is over; raising it here would only end in the loop's log
        finally:
            self._handlers.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines if line)}
        if headers.get("expect") == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.received.append(Received(method, target, headers, body))
        answer = self.answers.popleft() if self.answers else Answer([b'{"error":{"message":"nothing scripted"}}'], 500)
        fields = {"content-type": answer.content_type, "transfer-encoding": "chunked", **answer.headers}
        writer.write(f"HTTP/1.1 {answer.status} Scripted\r\n".encode())
        writer.write("".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n")
        for part in answer.parts:
            writer.write(b"%x\r\n%b\r\n" % (len(part), part))
            await writer.drain()
        if answer.ending == "cut":
            return False
        if answer.ending == "stall":
            await reader.read(1)  # returns when the client has gone
            self.gone.set()
            return False
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True
