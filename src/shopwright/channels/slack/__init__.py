"""Slack: Events API, interactivity and Web API."""
