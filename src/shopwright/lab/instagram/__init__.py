"""Instagram's messaging, with Instagram login."""
