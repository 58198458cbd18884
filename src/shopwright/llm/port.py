"""What a language model is to us, whoever sells it: a stream of text that ends with what it used."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from shopwright.kit.errors import AppError


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One call: instructions, the conversation so far with the question last, and how to write."""

    model: str
    system: str
    messages: tuple[ChatMessage, ...]
    temperature: float = 0.3
    max_tokens: int = 1000


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of every stream. `cut` says that the length limit ended the text."""

    prompt_tokens: int
    completion_tokens: int
    cut: bool = False


ChatEvent = TextDelta | Finished


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to reach a provider on behalf of one tenant; the key is never shown."""

    provider_type: str
    api_key: str | None = field(repr=False, default=None)
    base_url: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)


class ChatModel(Protocol):
    """A provider with credentials. One call, no retries inside: the caller has the one retry loop."""

    def stream(self, request: ChatRequest) -> AsyncIterator[ChatEvent]:
        """Yield text as it comes, then `Finished` exactly once; closing the iterator ends the call.

        Raises:
            ProviderError: one of its kinds, before or after the first text.
        """

    async def list_models(self) -> list[str]:
        """Call the provider for the models this key may use: the proof that the key is valid.

        Raises:
            ProviderError: one of its kinds.
        """


class EmbeddingModel(Protocol):
    async def embed(self, model: str, texts: list[str]) -> list[list[float]]:
        """Return one vector per text, in order.

        Raises:
            ProviderError: one of its kinds.
        """


class ProviderError(AppError):
    """The AI provider could not answer: {reason}"""

    status, code = 502, "provider_failed"

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        self.reason, self.retry_after = reason, retry_after
        super().__init__(reason=reason)


class ProviderMisconfigured(ProviderError):
    """The AI provider refused the key or the settings: {reason}"""

    code = "provider_misconfigured"


class ProviderRejected(ProviderError):
    """The AI provider refused this request: {reason}"""

    code = "provider_rejected"


class ProviderBusy(ProviderError):
    """The AI provider has too many requests at the moment: {reason}"""

    code = "provider_busy"


class ProviderDown(ProviderError):
    """The AI provider does not answer, or not sensibly: {reason}"""

    code = "provider_down"
