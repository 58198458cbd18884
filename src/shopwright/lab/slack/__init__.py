"""Slack: the Web API, the Events API and what is pressed."""
