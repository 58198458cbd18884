"""The providers there are, by the word that a tenant's provider carries."""

import asyncio
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import orjson

from shopwright.kit.egress import EgressPolicy
from shopwright.kit.sentences import sentence
from shopwright.llm.openai_protocol.model import (
    AzureOpenAiModel,
    OllamaModel,
    OpenAiCompatibleModel,
    OpenAiModel,
    OpenAiProtocolModel,
)
from shopwright.llm.port import ChatModel, Credentials, EmbeddingModel, ProviderMisconfigured
from shopwright.llm.pydantic_ai_models.anthropic import AnthropicChatModel
from shopwright.llm.pydantic_ai_models.base import PydanticAiModel
from shopwright.llm.pydantic_ai_models.bedrock import BedrockChatModel
from shopwright.llm.pydantic_ai_models.google import GoogleChatModel

if TYPE_CHECKING:
    import httpx2

PROVIDERS: Final[Mapping[str, type[OpenAiProtocolModel | PydanticAiModel]]] = {
    "openai": OpenAiModel,
    "azure_openai": AzureOpenAiModel,
    "anthropic": AnthropicChatModel,
    "google": GoogleChatModel,
    "bedrock": BedrockChatModel,
    "ollama": OllamaModel,
    "openai_compatible": OpenAiCompatibleModel,
}
EMBEDDING_PROVIDERS: Final[Mapping[str, type[OpenAiProtocolModel | GoogleChatModel]]] = {
    "openai": OpenAiModel,
    "azure_openai": AzureOpenAiModel,
    "google": GoogleChatModel,
    "ollama": OllamaModel,
    "openai_compatible": OpenAiCompatibleModel,
}
MAX_KEPT: Final = 256
_FINGERPRINT_KEY: Final = secrets.token_bytes(32)  # of this process, so no key can be tried against it


def create_chat_model(credentials: Credentials, client: "httpx2.AsyncClient", policy: EgressPolicy) -> ChatModel:
    """Make the model of a provider. Nothing is opened or imported; wrong settings are errors of the call.

    Raises:
        ProviderMisconfigured: there is no such provider.
    """
    adapter = PROVIDERS.get(credentials.provider_type)
    if adapter is None:
        raise ProviderMisconfigured(sentence("there is no provider type {name}", name=credentials.provider_type))
    return adapter(credentials, client, policy)


def create_embedding_model(
    credentials: Credentials, client: "httpx2.AsyncClient", policy: EgressPolicy
) -> EmbeddingModel:
    """Make the embedding model of a provider, likewise.

    Raises:
        ProviderMisconfigured: there is no such provider, or it has no embeddings here.
    """
    adapter = EMBEDDING_PROVIDERS.get(credentials.provider_type)
    if adapter is None:
        reason = sentence("{name} has no embeddings; choose another provider", name=credentials.provider_type)
        raise ProviderMisconfigured(reason)
    return adapter(credentials, client, policy)


class ChatModels:
    """Chat models by credentials, the last ones used kept: some vendors' clients take long to build."""

    def __init__(self, client: "httpx2.AsyncClient", policy: EgressPolicy) -> None:
        self._client, self._policy = client, policy
        self._kept: OrderedDict[str, ChatModel] = OrderedDict()

    def __call__(self, credentials: Credentials) -> ChatModel:
        """Return the model for credentials.

        Raises:
            ProviderMisconfigured: there is no such provider.
        """
        key = fingerprint(credentials)
        model = self._kept.get(key)
        if model is None:
            model = self._kept[key] = create_chat_model(credentials, self._client, self._policy)
            if len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return model


def fingerprint(credentials: Credentials) -> str:
    """A name for credentials that tells nothing about them, the same for equal ones within this process."""
    parts = [credentials.provider_type, credentials.api_key, credentials.base_url, credentials.settings]
    text = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS, default=str)
    return f"{credentials.provider_type}-{hmac.digest(_FINGERPRINT_KEY, text, hashlib.sha256).hex()[:32]}"


async def prepare(provider_types: Iterable[str]) -> None:
    """Import what these providers need, in a thread, so that no customer's first question waits for it."""
    for provider_type in provider_types:
        module = _IMPORTED_LATE.get(provider_type)
        if module is not None:
            await asyncio.to_thread(__import__, module)


_IMPORTED_LATE: Final[Mapping[str, str]] = {
    "anthropic": "pydantic_ai.models.anthropic",
    "google": "pydantic_ai.models.google",
    "bedrock": "pydantic_ai.models.bedrock",
}
