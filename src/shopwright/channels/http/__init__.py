"""The generic HTTP channel, for systems of one's own."""
