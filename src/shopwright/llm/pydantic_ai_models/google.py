"""Google's Gemini API: chat through pydantic-ai, models and embeddings directly.

Source: "Gemini API reference: models.list, models.batchEmbedContents", v1beta, read 2026-11.
"""

from typing import TYPE_CHECKING, Any, Final

import orjson

from shopwright.kit.sentences import sentence
from shopwright.llm.connecting import (
    STREAM_READ_SECONDS,
    build_request,
    checked_base_url,
    checked_key,
    checked_model,
    extra_headers,
    fetch_json,
    model_ids,
)
from shopwright.llm.port import ProviderDown
from shopwright.llm.pydantic_ai_models.base import PydanticAiModel, quiet
from shopwright.llm.vectors import checked_vectors, same_size

if TYPE_CHECKING:
    from pydantic_ai.models import Model

_BASE_URL: Final = "https://generativelanguage.googleapis.com"
_API: Final = "v1beta"
_EMBEDDING_BATCH: Final = 100  # the API's own limit


class GoogleChatModel(PydanticAiModel):
    def _build(self, name: str) -> "Model":
        key, base_url = self._key_and_url()
        quiet("google_genai")
        from google.genai import Client
        from google.genai.types import HttpOptions
        from pydantic_ai.models.google import GoogleModel
        from pydantic_ai.providers.google import GoogleProvider

        # Everything is given, so that nothing is taken from the server's own environment; no retries are the
        # library's default.
        options = HttpOptions(
            base_url=base_url,
            api_version=_API,
            headers={**extra_headers(self._credentials.settings), "accept-encoding": "identity"},
            httpx_async_client=self._client,
            timeout=STREAM_READ_SECONDS * 1000,
        )
        vendor = Client(vertexai=False, api_key=key, http_options=options)
        return GoogleModel(name, provider=GoogleProvider(client=vendor))

    async def list_models(self) -> list[str]:
        key, base_url = self._key_and_url()
        request = build_request(self._client, "GET", f"{base_url}/{_API}/models?pageSize=1000", _headers(key))
        return model_ids(await fetch_json(self._client, request, key), "models", prefix="models/")

    async def embed(self, model: str, texts: list[str]) -> list[list[float]]:
        key, base_url = self._key_and_url()
        name = checked_model(model).removeprefix("models/")
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _EMBEDDING_BATCH):
            batch = texts[start : start + _EMBEDDING_BATCH]
            calls = [{"model": f"models/{name}", "content": {"parts": [{"text": text}]}} for text in batch]
            url = f"{base_url}/{_API}/models/{name}:batchEmbedContents"
            request = build_request(self._client, "POST", url, _headers(key), orjson.dumps({"requests": calls}))
            vectors += _vectors(await fetch_json(self._client, request, key), len(batch))
        return same_size(vectors)

    def _key_and_url(self) -> tuple[str, str]:
        key = checked_key(self._credentials, needed=True) or ""
        url = checked_base_url(self._credentials, _BASE_URL, self._policy)
        return key, url.removesuffix(f"/{_API}")  # the library adds it


def _headers(key: str) -> dict[str, str]:
    # In a header: the form with `?key=` in the address would end in logs.
    return {"x-goog-api-key": key, "accept-encoding": "identity", "content-type": "application/json"}


def _vectors(body: Any, count: int) -> list[list[float]]:
    try:
        vectors = [row["values"] for row in body["embeddings"]]
    except (KeyError, TypeError):
        raise ProviderDown(sentence("the answer holds no embeddings")) from None
    return checked_vectors(vectors, count)
