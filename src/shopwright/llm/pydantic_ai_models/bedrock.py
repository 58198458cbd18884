"""Amazon Bedrock's Converse API.

Amazon's library opens its connections itself, in threads, so the addresses it may use are fixed here:
Bedrock's own host of a region, or one that the administrator lists. Nothing is read from the server's own
environment or files: a tenant must never use the credentials of the machine.

Source: "Amazon Bedrock API reference: ConverseStream, ListFoundationModels", read 2026-11.
"""

import asyncio
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from shopwright.kit.sentences import sentence
from shopwright.llm.connecting import (
    STREAM_READ_SECONDS,
    checked_base_url,
    checked_key,
    model_ids,
    refusal,
    said,
    translated,
)
from shopwright.llm.port import ProviderError, ProviderMisconfigured
from shopwright.llm.pydantic_ai_models.base import PydanticAiModel, quiet

if TYPE_CHECKING:
    from pydantic_ai.models import Model

_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+){1,3}-\d{1,2}")
_HOST: Final = re.compile(r"bedrock(-runtime)?(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_CONNECT_SECONDS: Final = 5
_LIST_SECONDS: Final = 30


class BedrockChatModel(PydanticAiModel):
    """`api_key` is a Bedrock API key, or `access-key-id:secret-access-key[:session-token]`."""

    max_temperature = 1.0
    takes_timeout = False  # the client has its own

    def _build(self, name: str) -> "Model":
        vendor = self._client_of("bedrock-runtime", STREAM_READ_SECONDS)
        from pydantic_ai.models.bedrock import BedrockConverseModel
        from pydantic_ai.providers.bedrock import BedrockProvider

        return BedrockConverseModel(name, provider=BedrockProvider(bedrock_client=vendor))

    async def list_models(self) -> list[str]:
        try:
            return await asyncio.to_thread(self._list)
        except ProviderError:
            raise
        except Exception as exc:  # noqa: BLE001 - botocore raises errors of many kinds
            raise _error(exc, (self._credentials.api_key or "").strip()) from None

    def _list(self) -> list[str]:
        client = self._client_of("bedrock", _LIST_SECONDS)
        try:
            answer = client.list_foundation_models(byOutputModality="TEXT")
        finally:
            client.close()
        return model_ids(answer, "modelSummaries")

    def _client_of(self, service: str, read_seconds: float) -> Any:
        """Make Amazon's client of a service, from the given credentials alone.

        Raises:
            ProviderMisconfigured: key, region or address cannot be used.
        """
        key = checked_key(self._credentials, needed=True) or ""
        region = str(self._credentials.settings.get("region") or "us-east-1")
        if not _REGION.fullmatch(region):
            raise ProviderMisconfigured(sentence("settings.region must look like eu-central-1"))
        own = f"https://{service}.{region}.amazonaws.com" + (".cn" if region.startswith("cn-") else "")
        url = checked_base_url(self._credentials, own, self._policy)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if not (self._policy.lists(host, port) or (parts.scheme == "https" and _HOST.fullmatch(host))):
            raise ProviderMisconfigured(sentence("base_url must be https and a Bedrock host of Amazon, or left empty"))
        quiet("botocore", "urllib3")
        from botocore.config import Config

        secrets = key.split(":")
        bearer = len(secrets) not in {2, 3}
        config = Config(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=read_seconds,
            retries={"total_max_attempts": 1, "mode": "standard"},
            proxies={},
            ignore_configured_endpoint_urls=True,
            signature_version="bearer" if bearer else "v4",
        )
        session = _session(key if bearer else None)
        if not bearer:
            session.set_credentials(*secrets)
        return session.create_client(service, region_name=region, endpoint_url=url, config=config)


def _session(token: str | None) -> Any:
    """A session of Amazon's library that reads neither environment nor files."""
    from botocore import session as botocore_session
    from botocore.tokens import FrozenAuthToken

    class Session(botocore_session.Session):  # type: ignore[misc] # the library has no types
        def get_auth_token(self, **_kwargs: Any) -> Any:
            return FrozenAuthToken(token) if token else None

        def get_credentials(self) -> Any:
            return None if token else self._credentials  # never the chain of environment, files and machine

    variables = botocore_session.Session.SESSION_VARIABLES.items()
    # name: (name in the file, name in the environment, default, conversion)
    closed = {name: (None, None, default, convert) for name, (_, _, default, convert) in variables}
    closed["config_file"] = closed["credentials_file"] = (None, None, "", None)
    closed["profile"] = (None, None, None, None)
    session = Session(session_vars=closed)
    session.register_component("data_loader", _loader())
    return session


@cache
def _loader() -> Any:
    """What reads the descriptions of Amazon's services; it keeps them, so later clients are built faster."""
    from botocore.loaders import create_loader

    return create_loader()


def _error(exc: Exception, key: str) -> ProviderError:
    answer = getattr(exc, "response", None)
    if isinstance(answer, dict):
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if isinstance(status, int):
            return refusal(status, said(answer.get("Error", {}), key))
    return translated(exc)
