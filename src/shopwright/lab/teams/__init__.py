"""Microsoft Teams: the Bot Framework's connector, its token service and its keys."""
