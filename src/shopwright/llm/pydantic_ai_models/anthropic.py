"""Anthropic's Messages API.

Source: "API reference: Messages; Models", read 2026-11.
"""

from typing import TYPE_CHECKING, Final

from shopwright.llm.connecting import (
    build_request,
    checked_base_url,
    checked_key,
    extra_headers,
    fetch_json,
    model_ids,
)
from shopwright.llm.pydantic_ai_models.base import PydanticAiModel, quiet

if TYPE_CHECKING:
    from pydantic_ai.models import Model

_BASE_URL: Final = "https://api.anthropic.com"
_VERSION: Final = "2023-06-01"


class AnthropicChatModel(PydanticAiModel):
    max_temperature = 1.0

    def _build(self, name: str) -> "Model":
        key, base_url = self._key_and_url()
        quiet("anthropic")
        from anthropic import AsyncAnthropic
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        # Key and address are given, so that nothing is taken from the server's own environment.
        vendor = AsyncAnthropic(
            api_key=key,
            base_url=base_url,
            max_retries=0,
            http_client=self._client,
            default_headers={**extra_headers(self._credentials.settings), "accept-encoding": "identity"},
        )
        return AnthropicModel(name, provider=AnthropicProvider(anthropic_client=vendor))

    async def list_models(self) -> list[str]:
        key, base_url = self._key_and_url()
        headers = {"x-api-key": key, "anthropic-version": _VERSION, "accept-encoding": "identity"}
        request = build_request(self._client, "GET", f"{base_url}/v1/models?limit=1000", headers)
        return model_ids(await fetch_json(self._client, request, key), "data")

    def _key_and_url(self) -> tuple[str, str]:
        key = checked_key(self._credentials, needed=True) or ""
        url = checked_base_url(self._credentials, _BASE_URL, self._policy)
        return key, url.removesuffix("/v1")  # the library adds it
