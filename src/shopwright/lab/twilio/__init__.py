"""Twilio: SMS and MMS by a number of North America."""
