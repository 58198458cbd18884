"""What every channel is: pure functions between a platform's requests and our messages.

A channel opens no connection and no file, reads no clock and no database. The gateway receives, stores and sends;
it asks the channel what a request means (`verify`, `parse`), what to call for a message (`render`), and what the
platform's answer says (`explain`). Facts about a platform (`limits`, `capabilities`) are values, not branches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol

from shopwright.kit.errors import AppError


class InvalidSignature(AppError):
    """The request is not signed by the platform."""

    status, code = 401, "invalid_signature"


class BadPayload(AppError):
    """The platform's request could not be read."""

    status, code = 400, "bad_payload"


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A request as it came. Names of headers are in lower case; `url` is the address that the platform called."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """What the platform wants to hear at once, such as the echo of a challenge."""

    status: int = 200
    body: bytes = b""
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an account is reached with: the fields of `tenants.clients.forms`. Never printed.

    The gateway adds `webhook_secret` (what `register` was given) and, for channels that sign in, `access_token`.
    """

    values: Mapping[str, str] = field(repr=False)

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)


# ---- in ------------------------------------------------------------------------------------------------------------

MediaKind = Literal["image", "audio", "video", "file", "sticker"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came with a message. `reference` is the platform's id of it, `url` where it can be fetched."""

    kind: MediaKind
    reference: str = ""
    url: str = ""
    media_type: str = ""
    name: str = ""
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Location:
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as far as the platform tells."""

    id: str
    name: str = ""
    language: str = ""
    phone: str = ""
    email: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A customer's message.

    `external_id` is the platform's name for it, the same when it is delivered again. `thread` is where the answer
    goes, the same for one conversation. `choice` is the value of a button or list entry that was chosen.
    """

    external_id: str
    thread: str
    sender: Sender
    text: str = ""
    choice: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    reply_to: str = ""
    # It only says that an earlier message was changed: to what, the platform does not tell.
    changed: bool = False
    sent_at: datetime | None = None
    # What `render` needs beside the thread, such as Teams' service address.
    route: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageEdited:
    external_id: str
    message_id: str
    thread: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    external_id: str
    message_id: str
    thread: str


@dataclass(frozen=True, slots=True)
class Reaction:
    external_id: str
    message_id: str
    thread: str
    emoji: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message we sent; `message_id` is the platform's name for it.

    A platform that names none means every message that was sent to `thread` up to `until`. Of one that failed,
    `window_closed` says that a template would have been taken.
    """

    external_id: str
    message_id: str
    state: Literal["sent", "delivered", "read", "failed"]
    reason: str = ""
    thread: str = ""
    until: datetime | None = None
    window_closed: bool = False


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """Something about the account itself, such as a revoked token or a customer who blocked the bot."""

    external_id: str
    kind: Literal["blocked", "unblocked", "revoked", "opt_out", "opt_in"]
    thread: str = ""
    detail: str = ""


InboundEvent = InboundMessage | MessageEdited | MessageDeleted | Reaction | Receipt | AccountEvent


# ---- out -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A quick reply, button or list entry; `value` comes back as `choice`, or opens when it is a `url`."""

    title: str
    value: str = ""
    url: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    subtitle: str = ""
    image_url: str = ""
    url: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source of an answer; `[number]` stands in the text."""

    number: int
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """What the bot or an operator says. `text` is Markdown; `key` names it for the platform where that is possible."""

    key: str
    text: str = ""
    choices: tuple[Choice, ...] = ()
    cards: tuple[Card, ...] = ()
    images: tuple[str, ...] = ()
    files: tuple[Attachment, ...] = ()
    sources: tuple[CitedSource, ...] = ()
    # A message outside of the platform's window: the name of an approved template and its values.
    template: str = ""
    template_values: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: the thread, and what `InboundMessage.route` said."""

    thread: str
    route: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call to the platform, with at most one of the bodies. Address and bodies are never printed."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Any = field(default=None, repr=False)
    form: Mapping[str, str | Sequence[str]] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    # What the call is for, in logs and in the lab: "send", "typing", "read", "register", "check", "locate", "media".
    purpose: str = "send"
    # The platform itself refuses a second call with this key.
    idempotent: bool = False


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """What a platform answered; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """It will never be accepted. `account`: the credentials are at fault, not the message."""

    reason: str
    code: str = ""
    account: bool = False
    # The customer left, blocked the bot or opted out: nothing more is sent there.
    gone: bool = False
    # Only a template may be sent now.
    window_closed: bool = False


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Try again; `seconds` is what the platform asked for, or None."""

    reason: str
    seconds: float | None = None


Outcome = Sent | Rejected | RetryAfter


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A short-lived token that calls are made with, good for so many seconds."""

    token: str = field(repr=False)
    expires_in_seconds: float


# ---- facts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers of the platform's documentation, read on `read_on` at `source`. Characters count as it counts them."""

    source: str
    read_on: str
    text_characters: int
    # "characters", "utf16" units, or "bytes"
    counted_in: Literal["characters", "utf16", "bytes"] = "characters"
    choices: int = 0
    choice_title: int = 0
    choice_value: int = 0
    list_entries: int = 0
    list_title: int = 0
    cards: int = 0
    card_title: int = 0
    card_choices: int = 0
    per_second: float = 1.0
    per_second_thread: float | None = None
    # Answers are free for so many hours after the customer wrote; None: no such window.
    window_hours: int | None = None


Support = Literal["yes", "degraded", "no"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the adapter does: natively, in a simpler form, or not at all. The table in the docs is made from it."""

    text: Support = "yes"
    formatting: Support = "degraded"
    images_in: Support = "no"
    images_out: Support = "no"
    voice_in: Support = "no"
    files_in: Support = "no"
    files_out: Support = "no"
    location_in: Support = "no"
    choices: Support = "degraded"
    lists: Support = "degraded"
    cards: Support = "degraded"
    carousel: Support = "degraded"
    typing: Support = "no"
    read_receipts_in: Support = "no"
    mark_read: Support = "no"
    reactions_in: Support = "no"
    edits_in: Support = "no"
    deletions_in: Support = "no"
    templates: Support = "no"
    automatic_webhook: Support = "no"


@dataclass(frozen=True, slots=True)
class ManualStep:
    """What a person does on the platform's pages; `copy` is the exact text to paste there."""

    text: str
    copy: str = ""


class Channel(Protocol):
    """One platform, for one account. Made by `registry.create_channel(slug, credentials, base_urls)`."""

    slug: ClassVar[str]
    name: ClassVar[str]
    limits: ClassVar[Limits]
    capabilities: ClassVar[Capabilities]
    # The platform gives its credentials only after it knows our address: a deployment is made before there are any.
    address_first: ClassVar[bool]
    # The platform's servers by a name of ours.
    addresses: ClassVar[Mapping[str, str]]
    # The account is one of the channel lab: calls go there and nowhere else.
    in_lab: bool
    # Where the public keys of incoming tokens are (Teams), or "": the gateway fetches them and hands them to `verify`.
    keys_url: str

    def handshake(self, request: WebhookRequest) -> WebhookReply | None:
        """The answer to the platform's check of our address, or None for any other request.

        Raises:
            InvalidSignature: the check carries a wrong token.
        """
        ...

    def verify(self, request: WebhookRequest, keys: Mapping[str, Any] | None = None) -> None:
        """Prove that the platform sent it, over the raw body, in constant time, before anything is parsed.

        Raises:
            InvalidSignature: it did not, it is too old, or the secret is not known.
        """
        ...

    def parse(self, request: WebhookRequest) -> list[InboundEvent]:
        """What happened, in order. Our own messages and events of unknown kinds are left out.

        Raises:
            BadPayload: it is not what the platform sends.
        """
        ...

    def render(self, message: OutboundMessage, to: Address) -> list[ApiCall]:
        """The calls that say it within the platform's limits; no word and no choice is lost."""
        ...

    def stamp(self, call: ApiCall, at: datetime) -> ApiCall:
        """The call as it is sent at this time: with what holds the time in it, such as a signature (HTTP, e-mail).

        The gateway passes every call through it right before sending, at each try anew.
        """
        ...

    def typing(self, to: Address) -> ApiCall | None: ...

    def mark_read(self, to: Address, message_id: str) -> ApiCall | None: ...

    def explain(self, response: ApiResponse) -> Outcome: ...

    def check(self) -> ApiCall:
        """A harmless call that shows whether the credentials work; `explain` reads its answer."""
        ...

    def sign_in(self) -> ApiCall | None:
        """The call for a short-lived token, where the platform wants one (Teams), else None.

        The gateway makes it before the token ends and hands what `access_token` read to the channel as the credential
        `access_token`.
        """
        ...

    def access_token(self, response: ApiResponse) -> AccessToken | None:
        """The token in the answer to `sign_in`, or None when there is none in it."""
        ...

    def register(self, webhook_url: str, secret: str, located: ApiResponse | None = None) -> list[ApiCall]:
        """The calls that point the platform at us, where it has an API for that; else none.

        When the only call's `purpose` is "locate", `register` is asked again with its answer as `located`.
        """
        ...

    def unregister(self, webhook_url: str, located: ApiResponse | None = None) -> list[ApiCall]:
        """The calls that undo it, likewise."""
        ...

    def manual_steps(self, webhook_url: str, secret: str) -> list[ManualStep]:
        """What a person does where there is no such API, in order."""
        ...

    def fetch_media(self, attachment: Attachment) -> list[ApiCall]:
        """The call that fetches an attachment, or the one (`purpose` is "locate") that first asks where it is."""
        ...

    def locate_media(self, attachment: Attachment, response: ApiResponse) -> Attachment:
        """The attachment with its address, from the answer to a "locate" call; `fetch_media` then fetches it."""
        ...
