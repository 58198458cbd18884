"""Facebook Messenger: the Send API."""
