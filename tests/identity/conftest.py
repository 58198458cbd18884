"""Browsers, mailboxes and another application for other settings."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from tests.identity.people import visitor


@pytest.fixture
def http(app: FastAPI) -> AsyncClient:
    """A browser from a network address of its own."""
    return visitor(app)
