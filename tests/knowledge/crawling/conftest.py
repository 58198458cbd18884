"""Sites on this machine, whose pages, faults and tempers a test decides."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest_asyncio
from tests.shops import Json, Shop

Handler = Callable[["Asked"], Awaitable[bytes] | bytes]


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    path: str
    headers: dict[str, str]


def answer(
    body: str | bytes = b"", kind: str = "text/html; charset=utf-8", status: str = "200 OK", **headers: str
) -> bytes:
    """An answer as it goes over the wire."""
    data = body.encode() if isinstance(body, str) else body
    named = {"content-type": kind, "content-length": str(len(data)), "connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + data


def page(title: str, text: str, *links: str, head: str = "") -> bytes:
    anchors = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    return answer(
        f"<!doctype html><html><head><title>{title}</title>{head}</head>"
        f"<body><nav><ul>{anchors}</ul></nav><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    )


@dataclass
class LocalSite:
    """A web server that answers with what `pages` holds: bytes, or a function of the request."""

    port: int = 0
    server: asyncio.Server | None = None
    pages: dict[str, bytes | Handler] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.current_task())  # type: ignore[arg-type]
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in head[1:] if line)}
            asked = Asked(head[0].split(" ")[1], headers)
            self.asked.append(asked)
            made = self.pages.get(asked.path, self.pages.get("*", answer("Nothing here.", status="404 Not Found")))
            if callable(made):
                made = made(asked)
            if not isinstance(made, bytes):
                made = await made
            writer.write(made)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def local_site() -> AsyncIterator[LocalSite]:
    site = LocalSite()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.server = server
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        for task in site.serving:  # some answers never end
            task.cancel()
        await asyncio.gather(*site.serving, return_exceptions=True)


@pytest_asyncio.fixture
async def site() -> AsyncIterator[LocalSite]:
    """An empty site: every page is to be given to it."""
    async with local_site() as made:
        yield made


async def start(shop: Shop, dataset: Json, url: str, **fields: object) -> Json:
    return await shop.post(f"/v1/tenant/datasets/{dataset['id']}/crawls", {"url": url, **fields}, status=202)


async def state(shop: Shop, crawl: Json) -> Json:
    return await shop.get(f"/v1/tenant/datasets/{crawl['dataset_id']}/crawls/{crawl['id']}")


async def pages_of(shop: Shop, crawl: Json, **query: str) -> list[Json]:
    asked = "&".join(f"{name}={value}" for name, value in {"limit": "100", **query}.items())
    found = await shop.get(f"/v1/tenant/datasets/{crawl['dataset_id']}/crawls/{crawl['id']}/pages?{asked}")
    return list(found["items"])


async def documents_of(shop: Shop, dataset: Json) -> dict[str, Json]:
    """The documents of a dataset by their address."""
    found = await shop.get(f"/v1/tenant/datasets/{dataset['id']}/documents?limit=100")
    return {str(item["url"]): item for item in found["items"]}
