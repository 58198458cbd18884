"""Pages of other origins, and a wire to the server that can be cut."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class ShopPage:
    """A web server of a shop: one page with the widget's line on it, under the strictest policy that is documented."""

    script: str = ""
    before: str = ""
    policy: str = ""
    extra: str = ""
    port: int = 0
    requests: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/"

    def use(self, server: str, bot: str, key: str | None = None, **data: str) -> None:
        """Put the line on the page."""
        attributes = {"bot": bot, **({"key": key} if key else {}), **data}
        given = " ".join(f'data-{name}="{value}"' for name, value in attributes.items())
        self.script = f'<script src="{server}/widget.js" {given} async></script>'
        self.policy = (
            f"default-src 'none'; script-src {server} 'self'; connect-src {server}; img-src {server} https:;"
            " base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
        )

    @classmethod
    @asynccontextmanager
    async def started(cls) -> AsyncIterator["ShopPage"]:
        shop = cls()
        server = await asyncio.start_server(shop._serve, "127.0.0.1", 0)
        shop.port = server.sockets[0].getsockname()[1]
        try:
            yield shop
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):  # a connection the browser opened in advance
            await shut(writer)
            return
        path = head.split(b" ", 2)[1].decode()
        self.requests.append(path)
        if path == "/before.js":
            kind, body = "text/javascript", self.before
        else:
            early = '<script src="/before.js"></script>' if self.before else ""
            kind = "text/html; charset=utf-8"
            body = (
                '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>'
                '<meta name="viewport" content="width=device-width, initial-scale=1">'
                f"{early}{self.script}</head><body><main><h1>A shop</h1>"
                f'<p>Boots and tents.</p><a href="#more">More</a>{self.extra}</main></body></html>'
            )
        content = body.encode()
        writer.write(
            f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(content)}\r\n"
            f"content-security-policy: {self.policy}\r\nconnection: close\r\n\r\n".encode()
            + content
        )
        await writer.drain()
        await shut(writer)


async def shut(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


@dataclass
class Wire:
    """Stands between the browser and the server. `cut_at` ends the next answer that holds these bytes, right there."""

    target: int
    port: int = 0
    cut_at: bytes = b""
    cuts: int = 0
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @classmethod
    @asynccontextmanager
    async def started(cls, target: int) -> AsyncIterator["Wire"]:
        wire = cls(target)
        running: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(wire._serve(reader, writer))
            running.add(task)
            await asyncio.wait({task})

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        wire.port = server.sockets[0].getsockname()[1]
        try:
            yield wire
        finally:
            server.close()
            for task in running:  # the browser keeps connections open
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.target)

        async def out() -> None:
            while data := await reader.read(65_536):
                self.bodies.append(data)
                back.write(data)
                await back.drain()

        sending = asyncio.create_task(out())
        try:
            while data := await there.read(65_536):
                at = data.find(self.cut_at) if self.cut_at else -1
                if at >= 0:
                    writer.write(data[: at + len(self.cut_at)])
                    await writer.drain()
                    self.cut_at, self.cuts = b"", self.cuts + 1
                    break
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            await shut(writer)
            await shut(back)
