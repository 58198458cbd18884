"""What a channel does when its platform has nothing special: the parts of the protocol that may stay empty."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from shopwright.channels.port import (
    AccessToken,
    Address,
    ApiCall,
    ApiResponse,
    Attachment,
    Credentials,
    InboundEvent,
    ManualStep,
    WebhookReply,
    WebhookRequest,
)
from shopwright.channels.reading import reading


class BaseChannel:
    """One platform for one account. `addresses` are the platform's own; `base_urls` puts others in their place."""

    addresses: ClassVar[Mapping[str, str]]
    address_first: ClassVar[bool] = False
    keys_url: str = ""
    in_lab: bool = False

    def __init__(self, credentials: Credentials, base_urls: Mapping[str, str] | None = None) -> None:
        self._credentials = credentials
        self._urls = {**self.addresses, **(base_urls or {})}

    def handshake(self, request: WebhookRequest) -> WebhookReply | None:  # noqa: ARG002 - others have one
        return None

    def parse(self, request: WebhookRequest) -> list[InboundEvent]:
        """See `Channel.parse`."""
        with reading():
            return list(self.events(request))

    def events(self, request: WebhookRequest) -> Iterable[InboundEvent]:
        """What happened; whatever a wrong shape raises here becomes `BadPayload`."""
        raise NotImplementedError

    def stamp(self, call: ApiCall, at: datetime) -> ApiCall:  # noqa: ARG002
        return call

    def typing(self, to: Address) -> ApiCall | None:  # noqa: ARG002
        return None

    def mark_read(self, to: Address, message_id: str) -> ApiCall | None:  # noqa: ARG002
        return None

    def sign_in(self) -> ApiCall | None:
        return None

    def access_token(self, response: ApiResponse) -> AccessToken | None:  # noqa: ARG002
        return None

    def register(
        self,
        webhook_url: str,  # noqa: ARG002
        secret: str,  # noqa: ARG002
        located: ApiResponse | None = None,  # noqa: ARG002
    ) -> list[ApiCall]:
        return []

    def unregister(self, webhook_url: str, located: ApiResponse | None = None) -> list[ApiCall]:  # noqa: ARG002
        return []

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:  # noqa: ARG002
        return []

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        """See `Channel.fetch_media`; an address of the platform is fetched as it is."""
        return [ApiCall("GET", attachment.url, purpose="media")] if attachment.url else []

    def locate_media(self, attachment: Attachment, response: ApiResponse) -> Attachment:  # noqa: ARG002
        return attachment

    def _call(self, url: str, json: Any = None, *, method: str = "POST", purpose: str = "send") -> ApiCall:
        return ApiCall(method, url, json=json, purpose=purpose, headers=self._headers())

    def _headers(self) -> Mapping[str, str]:
        return {}
