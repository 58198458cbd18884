"""A bot that is live on a platform of our own."""

import pytest_asyncio
from httpx2 import AsyncClient
from tests.gateway.stub_platform import StubPlatform
from tests.gateway.talk import Jobs, Line, open_line
from tests.shops import Shop

from shopwright.kit.embedded_postgres import EmbeddedPostgres


@pytest_asyncio.fixture
async def line(
    shop: Shop, platform: StubPlatform, client: AsyncClient, run_jobs: Jobs, postgres: EmbeddedPostgres
) -> Line:
    return await open_line(shop, platform, client, run_jobs, postgres)
