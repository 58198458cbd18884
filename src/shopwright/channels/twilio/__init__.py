"""Twilio: SMS, and WhatsApp by Twilio."""
