"""Tokens where a provider does not count them."""

from shopwright.llm.port import ChatRequest


def estimate_tokens_of(utf8_bytes: int) -> int:
    """Tokens of so many bytes of text: one for each four, rounded up.

    It is close for Latin scripts and gives about three quarters of a token to a Chinese or Thai character.
    """
    return -(-utf8_bytes // 4)


def estimate_tokens(text: str) -> int:
    return estimate_tokens_of(len(text.encode("utf-8", "replace")))


def estimate_prompt_tokens(request: ChatRequest) -> int:
    """As `estimate_tokens`, and four for the frame of each message."""
    texts = [request.system, *(message.content for message in request.messages)]
    return sum(estimate_tokens(text) + 4 for text in texts)
