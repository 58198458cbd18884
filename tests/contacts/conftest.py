"""A bot that is live on a platform of our own, where people write to it."""

from tests.gateway.conftest import line

__all__ = ["line"]
