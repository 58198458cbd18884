"""Microsoft Teams: the Bot Framework."""
