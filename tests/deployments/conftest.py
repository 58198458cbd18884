"""A bot and a platform of our own that it can go to."""

import pytest_asyncio
from tests.shops import Json, Shop


@pytest_asyncio.fixture
async def bot(shop: Shop) -> Json:
    return await shop.bot()
