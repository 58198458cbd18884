"""Two tenants that have a row in every table, made once: the tests here look and are refused."""

import os
from collections.abc import AsyncIterator

import pytest_asyncio
from fastapi import FastAPI
from tests.architecture.world import Jobs, World, fill
from tests.shops import open_shop


@pytest_asyncio.fixture(scope="session")
async def first(app: FastAPI, admin_token: str, run_jobs: Jobs) -> AsyncIterator[World]:
    async with open_shop(app, admin_token, f"first-{os.getpid()}") as shop:
        yield await fill(shop, run_jobs)


@pytest_asyncio.fixture(scope="session")
async def second(app: FastAPI, admin_token: str, run_jobs: Jobs) -> AsyncIterator[World]:
    async with open_shop(app, admin_token, f"second-{os.getpid()}") as shop:
        yield await fill(shop, run_jobs)
