"""The lab beside the application, and a bot in it on each platform there is."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fastapi import FastAPI
from tests.gateway.talk import Jobs
from tests.lab.booth import Booth, open_booth
from tests.lab.server import open_lab
from tests.shops import Shop

from shopwright.entrypoints.settings import Settings
from shopwright.kit.embedded_postgres import EmbeddedPostgres
from shopwright.lab.app import Lab
from shopwright.lab.registry import EMULATORS


@pytest_asyncio.fixture(scope="session")
async def lab(app: FastAPI, settings: Settings) -> AsyncIterator[Lab]:
    async with open_lab(settings, app) as opened:
        yield opened


@pytest_asyncio.fixture(params=sorted(EMULATORS))
async def booth(
    request: pytest.FixtureRequest, shop: Shop, lab: Lab, run_jobs: Jobs, postgres: EmbeddedPostgres
) -> AsyncIterator[Booth]:
    """A bot that is connected on an emulated platform: on each one."""
    opened = await open_booth(shop, lab, run_jobs, postgres, request.param)
    yield opened
    # Reading a mailbox goes on by itself for ever.
    opened.rows("delete from procrastinate_jobs where task_name = 'gateway.mail' returning id")
