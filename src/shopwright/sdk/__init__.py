"""For programs that use a Shopwright server from outside; nothing of the server is imported here."""

from shopwright.sdk.setup import ProductionBotSetup, SetupFailed

__all__ = ["ProductionBotSetup", "SetupFailed"]
