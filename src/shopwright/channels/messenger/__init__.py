"""Facebook Messenger: the Messenger Platform."""
