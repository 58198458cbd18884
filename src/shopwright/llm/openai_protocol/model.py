"""Chat, models and embeddings over the OpenAI protocol, spoken directly over the shared client.

The protocol is spoken here and not through a vendor's library because that library alone halves the turns per
second of the streamed path (figures in `docs/decisions/0006-llm-providers.md`).
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote, urlsplit

import orjson

from shopwright.kit.egress import EgressPolicy
from shopwright.kit.sentences import sentence
from shopwright.llm.connecting import (
    STREAM_READ_SECONDS,
    answer,
    build_request,
    checked_base_url,
    checked_key,
    checked_model,
    extra_headers,
    fetch_json,
    header_setting,
    model_ids,
)
from shopwright.llm.openai_protocol.reading import ChatReader
from shopwright.llm.port import (
    ChatEvent,
    ChatRequest,
    Credentials,
    ProviderDown,
    ProviderMisconfigured,
    TextDelta,
)
from shopwright.llm.profiles import ChatParameters, compatible_parameters, openai_parameters
from shopwright.llm.vectors import checked_vectors, same_size

if TYPE_CHECKING:
    import httpx2

EMBEDDING_BATCH: Final = 128
_DRAIN_SECONDS: Final = 0.1
_AZURE_API_VERSION: Final = "2024-10-21"  # the newest stable one of the deployments API, read 2026-11


class OpenAiProtocolModel:
    """A server that speaks the protocol, with one tenant's credentials. Building it costs nothing.

    What a tenant entered is checked when it is used, so that a wrong setting is an error of the call (with
    the next candidate behind it) and not of the building.
    """

    default_base_url: ClassVar[str | None] = None
    needs_key: ClassVar[bool] = False

    def __init__(self, credentials: Credentials, client: "httpx2.AsyncClient", policy: EgressPolicy) -> None:
        self._credentials, self._client, self._policy = credentials, client, policy

    async def stream(self, request: ChatRequest) -> AsyncIterator[ChatEvent]:
        """Yield the text as it comes, what arrived together in one piece; see `ChatModel.stream`."""
        key = self._key()
        call = build_request(
            self._client,
            "POST",
            self._url("/chat/completions", checked_model(request.model)),
            {**self._headers(key), "accept": "text/event-stream"},
            orjson.dumps(self._chat_body(request)),
        )
        call.extensions["timeout"] = {**call.extensions["timeout"], "read": STREAM_READ_SECONDS}
        reader = ChatReader(request, key)
        async with answer(self._client, call, key) as response:
            parts = response.aiter_raw()
            async for part in parts:
                text = reader.feed(part)
                if text:
                    yield TextDelta(text)
                if reader.failure is not None:
                    break
                if reader.done:
                    await _drain(parts)
                    break
            text, finished = reader.finish()
        if text:
            yield TextDelta(text)
        yield finished

    async def list_models(self) -> list[str]:
        key = self._key()
        call = build_request(self._client, "GET", self._url("/models"), self._headers(key))
        return model_ids(await fetch_json(self._client, call, key), "data")

    async def embed(self, model: str, texts: list[str]) -> list[list[float]]:
        key = self._key()
        url = self._url("/embeddings", checked_model(model))
        vectors: list[list[float]] = []
        for start in range(0, len(texts), EMBEDDING_BATCH):
            batch = texts[start : start + EMBEDDING_BATCH]
            body = orjson.dumps({"model": model, "input": batch, "encoding_format": "float"})
            call = build_request(self._client, "POST", url, self._headers(key), body)
            vectors += _parse_vectors(await fetch_json(self._client, call, key), len(batch))
        return same_size(vectors)

    def _key(self) -> str | None:
        return checked_key(self._credentials, needed=self.needs_key)

    def _headers(self, key: str | None) -> dict[str, str]:
        headers = {
            **extra_headers(self._credentials.settings),
            # A packed answer could swell without limit, and unpacking costs the stream time.
            "accept-encoding": "identity",
            "content-type": "application/json",
        }
        if key is not None:
            headers |= self._auth(key)
        return headers

    def _auth(self, key: str) -> dict[str, str]:
        headers = {"authorization": f"Bearer {key}"}
        for setting, header in (("organization", "openai-organization"), ("project", "openai-project")):
            if (value := header_setting(self._credentials.settings, setting)) is not None:
                headers[header] = value
        return headers

    def _base_url(self) -> str:
        url = checked_base_url(self._credentials, self.default_base_url, self._policy)
        return url if urlsplit(url).path else f"{url}/v1"

    def _url(self, path: str, _model: str | None = None) -> str:
        return self._base_url() + path

    def _parameters(self, model: str) -> ChatParameters:
        return compatible_parameters(model)

    def _chat_body(self, request: ChatRequest) -> dict[str, Any]:
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        if request.system:
            messages.insert(0, {"role": "system", "content": request.system})
        # A deployment may have any name, so `base_model` can say what it is.
        parameters = self._parameters(str(self._credentials.settings.get("base_model") or request.model))
        body: dict[str, Any] = {
            "model": request.model,
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            parameters.token_field: request.max_tokens,
        }
        if parameters.temperature:
            body["temperature"] = request.temperature
        if parameters.effort is not None:
            body["reasoning_effort"] = parameters.effort
        return body


class OpenAiModel(OpenAiProtocolModel):
    default_base_url = "https://api.openai.com/v1"
    needs_key = True

    def _parameters(self, model: str) -> ChatParameters:
        return openai_parameters(model)


class OpenAiCompatibleModel(OpenAiProtocolModel):
    """Any server that speaks the protocol; the address ends with `/v1` or whatever the server has instead."""


class OllamaModel(OpenAiProtocolModel):
    """Ollama's OpenAI-compatible address, `/v1` beside its own `/api`. It needs no key."""

    default_base_url = "http://127.0.0.1:11434"


class AzureOpenAiModel(OpenAiProtocolModel):
    """A resource of Azure OpenAI; the model's name is the name of a deployment.

    Source: "Azure OpenAI REST API reference", data plane inference, read 2026-11.
    """

    needs_key = True

    def _auth(self, key: str) -> dict[str, str]:
        return {"api-key": key}

    def _base_url(self) -> str:
        url = checked_base_url(self._credentials, None, self._policy)
        return url.removesuffix("/openai")

    def _url(self, path: str, model: str | None = None) -> str:
        version = header_setting(self._credentials.settings, "api_version") or _AZURE_API_VERSION
        if not version.replace("-", "").isalnum():
            raise ProviderMisconfigured(sentence("settings.api_version must look like 2024-10-21"))
        deployment = f"/deployments/{quote(model, safe='')}" if model else ""
        return f"{self._base_url()}/openai{deployment}{path}?api-version={version}"

    def _parameters(self, model: str) -> ChatParameters:
        return openai_parameters(model)


def _parse_vectors(body: Any, count: int) -> list[list[float]]:
    """The vectors of an answer, in the order of the texts.

    Raises:
        ProviderDown: there are not as many as texts, or they are no vectors.
    """
    try:
        rows = sorted(body["data"], key=lambda row: row["index"])
        vectors = [row["embedding"] for row in rows]
    except (KeyError, TypeError):
        raise ProviderDown(sentence("the answer holds no embeddings")) from None
    return checked_vectors(vectors, count)


async def _drain(parts: AsyncIterator[bytes]) -> None:
    """Read what is left after the last event, so that the connection can be used again."""
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in parts:
                pass
    except TimeoutError:
        return  # a server that keeps the stream open after its end; the connection is given up
