"""Instagram: the messaging API of professional accounts."""
