"""Shopwright: build, test, release and run customer-service bots."""

__version__ = "0.1.0"
