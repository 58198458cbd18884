"""The channel lab: every platform's HTTP contract, emulated, so that a bot can be tried on it without an account there.

An emulator checks our calls as its platform's documentation has them, signs its webhooks as the platform does, and lets
things go wrong when told to. It imports nothing of the adapter it checks.
"""
