"""The lab on loopback, as `shopwright lab` serves it, with its accounts within reach of the test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fastapi import FastAPI
from granian.constants import Interfaces
from granian.server.embed import Server
from httpx2 import ASGITransport, AsyncClient

from shopwright.entrypoints.lab import lab_secret
from shopwright.entrypoints.settings import Settings
from shopwright.lab.app import Lab, create_lab


@asynccontextmanager
async def open_lab(settings: Settings, product: FastAPI) -> AsyncIterator[Lab]:
    """Serve the lab where the settings say; its webhooks go into the application itself."""
    transport = ASGITransport(app=product, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url=settings.base_url) as client:
        lab = Lab(lab_secret(settings), settings.lab_address, settings.base_url, client)
        port = urlsplit(settings.lab_address).port or 80
        server = Server(create_lab(lab), address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
        async with serving(server, port):
            yield lab


@asynccontextmanager
async def serving(server: Server, port: int) -> AsyncIterator[None]:
    task = asyncio.create_task(server.serve())
    await _listens(port)
    try:
        yield
    finally:
        server.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _listens(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        return
