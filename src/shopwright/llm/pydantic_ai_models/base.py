"""What the adapters over pydantic-ai share: the request in its words, its events and errors in ours.

Importing pydantic-ai's models takes seconds, so it happens at the first call, in a thread, and never for a
process that only speaks the OpenAI protocol.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

from shopwright.kit.egress import EgressPolicy, noted_bodies
from shopwright.kit.sentences import sentence
from shopwright.llm.connecting import (
    STREAM_READ_SECONDS,
    checked_model,
    refusal,
    said,
    translated,
    without_key,
)
from shopwright.llm.counting import estimate_prompt_tokens, estimate_tokens_of
from shopwright.llm.port import (
    ChatEvent,
    ChatRequest,
    Credentials,
    Finished,
    ProviderBusy,
    ProviderDown,
    ProviderError,
    ProviderMisconfigured,
    ProviderRejected,
    TextDelta,
)

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.messages import ModelMessage
    from pydantic_ai.models import Model, StreamedResponse
    from pydantic_ai.settings import ModelSettings

_MAX_MODELS_KEPT: Final = 8
_NO_SAMPLING: Final = ("anthropic_disallows_sampling_settings", "bedrock_disallows_sampling_settings")


class PydanticAiModel(ABC):
    """A provider reached through pydantic-ai, with one tenant's credentials.

    Building it costs nothing; its first call builds the vendor's client, so keep it, as `ChatModels` does.
    """

    max_temperature: float = 2.0
    takes_timeout: bool = True

    def __init__(self, credentials: Credentials, client: "httpx2.AsyncClient", policy: EgressPolicy) -> None:
        self._credentials, self._client, self._policy = credentials, client, policy
        self._models: dict[str, Model] = {}

    @abstractmethod
    def _build(self, name: str) -> "Model":
        """Make pydantic-ai's model of this name; called in a thread.

        Raises:
            ProviderMisconfigured: key, address or settings cannot be used.
        """

    @abstractmethod
    async def list_models(self) -> list[str]: ...

    async def stream(self, request: ChatRequest) -> AsyncIterator[ChatEvent]:
        """Yield the text as it comes; see `ChatModel.stream`."""
        key = (self._credentials.api_key or "").strip()
        try:
            model = await self._model(checked_model(request.model))
            from pydantic_ai.models import ModelRequestParameters

            settings = self._settings(request, model)
            utf8_bytes = 0
            async with AsyncExitStack() as stack:
                opening = model.request_stream(_messages(request), settings, ModelRequestParameters())
                with noted_bodies() as bodies:
                    response = await stack.enter_async_context(opening)
                # Google's library leaves the connection open when its stream is not read to the end.
                stack.push_async_callback(_close, bodies)
                async for event in response:
                    text = _text(event)
                    if text:
                        utf8_bytes += len(text.encode())
                        yield TextDelta(text)
                finished = _finished(response, request, utf8_bytes)
            yield finished
        except ProviderError:
            raise
        except Exception as exc:  # noqa: BLE001 - a vendor's library may raise anything over a malformed answer
            raise _error(exc, key) from None

    async def _model(self, name: str) -> "Model":
        model = self._models.get(name)
        if model is None:
            model = await asyncio.to_thread(self._build, name)
            if len(self._models) >= _MAX_MODELS_KEPT:
                self._models.clear()
            self._models[name] = model
        return model

    def _settings(self, request: ChatRequest, model: "Model") -> "ModelSettings":
        settings: ModelSettings = {
            "max_tokens": request.max_tokens,
        }
        if self.takes_timeout:
            settings["timeout"] = STREAM_READ_SECONDS
        profile: dict[str, Any] = dict(model.profile)
        if profile.get("supports_thinking"):
            # A customer waits for the first word, and the tokens of thoughts count against the limit.
            settings["thinking"] = "minimal" if profile.get("thinking_always_enabled") else False
        if not any(profile.get(name) for name in _NO_SAMPLING):
            settings["temperature"] = min(request.temperature, self.max_temperature)
        return settings


def quiet(*libraries: str) -> None:
    """Keep a vendor's library from writing what customers ask, and what it is answered, to the log."""
    for name in libraries:
        logging.getLogger(name).setLevel(logging.WARNING)


async def _close(bodies: "list[httpx2.AsyncByteStream]") -> None:
    for body in bodies:
        await body.aclose()


def _messages(request: ChatRequest) -> "list[ModelMessage]":
    from pydantic_ai.messages import ModelRequest, ModelResponse, SystemPromptPart, TextPart, UserPromptPart

    out: list[ModelMessage] = []
    if request.system:
        out.append(ModelRequest(parts=[SystemPromptPart(content=request.system)]))
    for message in request.messages:
        if message.role == "user":
            out.append(ModelRequest(parts=[UserPromptPart(content=message.content)]))
        else:
            out.append(ModelResponse(parts=[TextPart(content=message.content)]))
    return out


def _text(event: object) -> str:
    from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta

    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    return ""


def _finished(response: "StreamedResponse", request: ChatRequest, utf8_bytes: int) -> Finished:
    reason = response.finish_reason
    if reason is None:
        raise ProviderDown(sentence("the connection ended before the answer was complete"))
    if not utf8_bytes:
        if reason == "content_filter":
            raise ProviderRejected(sentence("its content filter kept the answer back"))
        if reason == "length":
            raise ProviderRejected(sentence("the length limit was used up before any text; raise max_tokens"))
        raise ProviderDown(sentence("the answer is empty"))
    usage = response.usage
    return Finished(
        prompt_tokens=usage.input_tokens or estimate_prompt_tokens(request),
        completion_tokens=usage.output_tokens or estimate_tokens_of(utf8_bytes),
        cut=reason in {"length", "content_filter"},
    )


def _error(exc: Exception, key: str) -> ProviderError:
    """The error of what pydantic-ai or the library below it raised."""
    from pydantic_ai import exceptions

    if isinstance(exc, exceptions.ModelHTTPError):
        told = said(exc.body, key) if exc.body else without_key(exc.message, key)
        return _by_category(exc) or refusal(exc.status_code, told, exc.retry_after)
    if isinstance(exc, exceptions.ModelAPIError):
        return _by_category(exc) or _connection(exc, key)
    if isinstance(exc, exceptions.ContentFilterError):
        return ProviderRejected(sentence("its content filter kept the answer back"))
    if isinstance(exc, exceptions.UnexpectedModelBehavior):
        return ProviderDown(sentence("the answer is not what its protocol says"))
    if isinstance(exc, exceptions.UserError):
        return ProviderMisconfigured(without_key(exc.message, key))
    return translated(exc)


def _by_category(exc: Any) -> ProviderError | None:
    from pydantic_ai import exceptions

    if isinstance(exc, exceptions.ModelAuthenticationError):
        return ProviderMisconfigured(sentence("it does not accept the key"))
    if isinstance(exc, exceptions.ModelQuotaExceededError):
        return ProviderMisconfigured(sentence("the account's credit or quota is used up"))
    if isinstance(exc, (exceptions.ModelRateLimitError, exceptions.ModelOverloadedError)):
        return ProviderBusy(sentence("too many requests"), retry_after=exc.retry_after)
    return None


def _connection(exc: Exception, key: str) -> ProviderError:
    cause = exc.__cause__
    if cause is None:
        return ProviderDown(without_key(str(exc), key) or sentence("the answer is not what its protocol says"))
    return translated(cause)
