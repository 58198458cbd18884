"""What the lab tells of a thread and takes from who plays the customer. The console reads the same shapes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from shopwright.kit.schemas import Line, LongText, Schema, Text

ActKind = Literal[
    "text", "choice", "image", "voice", "file", "location", "edit", "delete", "reaction", "read", "block", "unblock",
    "later",
]  # fmt: skip
FaultKind = Literal[
    "duplicate", "reorder", "delay", "drop", "oversized",
    "rate_limited", "server_error", "timeout_after_accept", "expired_token",
]  # fmt: skip
MessageKind = Literal["text", "image", "voice", "file", "location", "card", "note"]
MessageState = Literal["sent", "delivered", "read", "failed"]
ChoicesStyle = Literal["buttons", "quick_replies", "list", "none"]
MAX_FAULTS = 20


class Run(Schema):
    """A piece of a line as the customer's app shows it. Never HTML."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    url: str = ""


class LabChoice(Schema):
    title: str
    value: str = ""
    url: str = ""


class LabCard(Schema):
    title: str
    subtitle: str = ""
    image_url: str = ""
    url: str = ""
    choices: list[LabChoice] = []


class LabFile(Schema):
    name: str
    media_type: str
    kind: Literal["image", "audio", "video", "file"]


class LabLocation(Schema):
    latitude: float
    longitude: float
    name: str = ""


class LabMessage(Schema):
    """One message of a thread. `id` is the platform's own name for it; a note is something that only happened."""

    id: str
    sender: Literal["customer", "bot"]
    at: datetime
    kind: MessageKind = "text"
    lines: list[list[Run]] = []
    choices: list[LabChoice] = []
    choices_style: ChoicesStyle = "none"
    list_title: str = ""
    cards: list[LabCard] = []
    images: list[str] = []
    files: list[LabFile] = []
    location: LabLocation | None = None
    subject: str = ""
    reply_to: str = ""
    state: MessageState = "sent"
    edited: bool = False
    deleted: bool = False
    reactions: list[str] = []


class Violation(Schema):
    """Something we did that the platform's documentation does not allow."""

    at: datetime
    call: str
    problem: str


class Fault(Schema):
    """Something that goes wrong on purpose: the first five on webhooks on their way to us, the others on our calls."""

    kind: FaultKind
    rate: float = Field(1, ge=0, le=1, description="How often, of all times it could happen.")
    count: int | None = Field(None, ge=0, le=10_000, description="How many more times at most; null: until removed.")
    seconds: float = Field(0, ge=0, le=60, description="How long it lasts, for what lasts.")
    seed: int = Field(0, ge=0, le=2**31, description="The same seed makes the same times go wrong.")


class SeenCall(Schema):
    at: datetime
    direction: Literal["in", "out"] = Field(description="in: a webhook to us; out: a call of ours to the platform")
    call: str
    status: int | None
    ms: float


class LabThread(Schema):
    """All there is to see of a customer's thread, and how we behaved on the way."""

    messages: list[LabMessage]
    typing: bool
    window_open: bool
    violations: list[Violation]
    faults: list[Fault]
    calls: list[SeenCall]


class LabAct(Schema):
    """One thing the customer does."""

    kind: ActKind
    text: LongText = ""
    value: Annotated[Text, Field(max_length=2000)] = ""
    message_id: Line = ""
    emoji: Annotated[Text, Field(max_length=40)] = ""
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    name: Line = ""


class LabActed(Schema):
    """What became of it on our side: whether the webhook was taken, and its status."""

    delivered: bool
    status: int | None
    detail: str


class FaultsPut(Schema):
    faults: Annotated[list[Fault], Field(max_length=MAX_FAULTS)]


class AccountPut(Schema):
    """An account to be there; with the credentials it had, when it is to come back after a restart."""

    channel: Line
    name: Line = ""
    product_url: Line = Field("", description="Where we are; webhooks go there and nowhere else.")
    credentials: Annotated[dict[str, str], Field(max_length=20)] | None = None


class PastePost(Schema):
    """What a person pastes on a platform's pages: our address, and the word that goes with it."""

    url: Line
    secret: Line


class AccountRead(Schema):
    id: str
    channel: str
    credentials: dict[str, str]
    created: bool


class Seen(Schema):
    """Which state of which accounts the caller has seen."""

    seen: Annotated[dict[str, int], Field(max_length=200)]
    wait_seconds: float = Field(0, ge=0, le=30)


class Changed(Schema):
    changed: dict[str, int]


class LabChannel(Schema):
    channel: str
    name: str
    acts: list[ActKind]


class LabChannels(Schema):
    channels: list[LabChannel]
