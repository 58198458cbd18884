"""An OpenAI-compatible server on loopback that says what it is told, also the wrong and the broken."""

import asyncio
import json
import re
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

DIMENSIONS = 48


@dataclass
class StubModel:
    """`answer` is streamed word by word; `status` and `broken` make it fail; `requests` is what it was asked."""

    answer: str = "I do not know."
    status: int = 200
    broken: str = ""  # "cut" closes in the middle, "garbage" sends no events, "stall" never answers
    # Requests to embed a text that holds one of these words wait for their event.
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    port: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @classmethod
    @asynccontextmanager
    async def started(cls) -> AsyncIterator["StubModel"]:
        stub = cls()
        server = await asyncio.start_server(stub._serve, "127.0.0.1", 0)
        stub.port = server.sockets[0].getsockname()[1]
        try:
            yield stub
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length")
                    ),
                    0,
                )
                body = await reader.readexactly(length) if length else b"{}"
                self.requests.append({"path": path, "head": head.decode(), "body": json.loads(body)})
                if not await self._answer(path, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> bool:
        if self.broken == "stall":
            await asyncio.sleep(3600)
        if self.status != 200:
            return await self._send(writer, self.status, {"error": {"message": "told to fail"}})
        if path.endswith("/models"):
            return await self._send(writer, 200, {"object": "list", "data": [{"id": "stub-1", "object": "model"}]})
        if path.endswith("/embeddings"):
            return await self._embed(writer, list(self.requests[-1]["body"]["input"]))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        if self.broken == "garbage":
            writer.write(b"<html>this is no event stream</html>")
            await writer.drain()
            return False
        words = self.answer.split(" ")
        for i, word in enumerate(words):
            if self.broken == "cut" and i > len(words) // 2:
                await writer.drain()
                return False
            delta = {"choices": [{"index": 0, "delta": {"content": word + (" " if i < len(words) - 1 else "")}}]}
            writer.write(b"data: " + json.dumps(delta).encode() + b"\n\n")
        usage = {"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": len(words)}}
        stop = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        for event in (stop, usage):
            writer.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        writer.write(b"data: [DONE]\n\n")
        await writer.drain()
        return False

    async def _embed(self, writer: asyncio.StreamWriter, texts: list[str]) -> bool:
        for word, event in self.hold.items():
            if any(word in text for text in texts):
                await event.wait()
        data = [{"index": i, "embedding": vector_of(text)} for i, text in enumerate(texts)]
        return await self._send(writer, 200, {"object": "list", "data": data})

    async def _send(self, writer: asyncio.StreamWriter, status: int, body: dict[str, Any]) -> bool:
        data = json.dumps(body).encode()
        writer.write(
            f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n".encode()
        )
        writer.write(data)
        await writer.drain()
        return True


def vector_of(text: str) -> list[float]:
    """A vector in which texts with common words lie near each other."""
    vector = [0.01] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        vector[zlib.crc32(word.encode()) % DIMENSIONS] += 1.0
    return vector
