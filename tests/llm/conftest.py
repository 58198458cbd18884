from collections.abc import AsyncIterator

import pytest
from tests.llm.peer import Peer

from shopwright.kit.egress import EgressPolicy, create_client


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    server = Peer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def policy() -> EgressPolicy:
    return EgressPolicy(["127.0.0.1"])


@pytest.fixture
async def client(policy: EgressPolicy):
    async with create_client(policy) as made:
        yield made
