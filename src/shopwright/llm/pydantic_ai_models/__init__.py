"""Anthropic, Google and Bedrock through pydantic-ai's models, which are imported at the first call."""
