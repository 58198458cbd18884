"""A process of ours that knows the stub platform, for tests that kill it.

`worker` works; `receive <channel> <token>` takes one webhook with the body from standard input.
"""

import asyncio
import sys
from datetime import UTC, datetime

from tests.gateway.stub_platform import StubChannel, signature

from shopwright.channels.port import WebhookRequest
from shopwright.channels.registry import CHANNELS
from shopwright.entrypoints.settings import load_settings
from shopwright.entrypoints.wiring import build_engine, build_gateway, open_core
from shopwright.entrypoints.worker import run_worker
from shopwright.gateway.receiving import receive


async def take(channel: str, token: str) -> None:
    body = sys.stdin.buffer.read()
    request = WebhookRequest("POST", "", {"x-signature": signature(body)}, {}, body, datetime.now(UTC))
    async with open_core(load_settings()) as core:
        await receive(build_gateway(core, build_engine(core)), channel, token, request)


if __name__ == "__main__":
    CHANNELS[StubChannel.slug] = StubChannel  # type: ignore[index]
    asyncio.run(run_worker(load_settings()) if sys.argv[1] == "worker" else take(*sys.argv[2:]))
