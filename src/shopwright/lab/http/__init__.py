"""A system of one's own, on the HTTP channel."""
