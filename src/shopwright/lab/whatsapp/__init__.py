"""WhatsApp: the Cloud API."""
