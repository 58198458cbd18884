"""What the API of deployments takes and returns."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shopwright.kit.schemas import Schema, Text
from shopwright.tenants.clients.schemas import FieldName, FieldValue, FormField

Status = Literal["pending", "connected", "degraded", "failed", "disabled"]
Reason = Literal[
    "", "no_keys", "not_tried", "by_hand", "moved", "credentials", "address", "away", "not_allowed", "revoked",
    "token_ended", "token_ends", "silent", "off",
]  # fmt: skip
ChannelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,30}$", examples=["telegram"])]
Fields = Annotated[dict[FieldName, FieldValue], Field(max_length=20)]


class DeploymentSettings(Schema):
    """How a bot behaves on one platform."""

    template: Annotated[Text, Field(max_length=120)] = Field(
        "", description="An approved template, sent when the platform's window for free answers is closed."
    )
    template_takes_text: bool = Field(False, description="The template has one place, which takes the answer's text.")
    silence_hours: int | None = Field(
        None, ge=1, le=24 * 90, description="Say so when nobody wrote for so long; null never does."
    )


class DeploymentCreate(Schema):
    channel: ChannelName
    fields: Fields | None = Field(
        None, description="Credentials of this deployment alone; without them those of the bot's client are used."
    )
    settings: DeploymentSettings = DeploymentSettings()
    token_expires_at: AwareDatetime | None = Field(None, description="When the platform's access token ends.")


class DeploymentUpdate(Schema):
    """Only what is sent changes."""

    fields: Fields | None = Field(None, description="New credentials, such as a new token; the others stay.")
    settings: DeploymentSettings | None = None
    token_expires_at: AwareDatetime | None = None


class StepRead(Schema):
    text: str
    copy_text: str = Field("", description="What to paste there, exactly.")


class DeploymentRead(Schema):
    id: UUID
    bot_id: UUID
    client_id: UUID | None
    channel: str
    lab: bool = Field(description="An account of the channel lab, to try the bot with.")
    name: str
    status: Status
    reason: Reason = Field(description="Why it stands so, for programs; empty while it works or nobody knows.")
    detail: str = Field(description="In plain words: what happened, and what to do next.")
    webhook_url: str
    fields: dict[str, str] = Field(description="Own credentials, secrets as dots; empty when the client's are used.")
    settings: dict[str, Any]
    registered_at: datetime | None
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    token_expires_at: datetime | None
    dead_letters: int = Field(description="Messages that could not be answered or delivered.")
    manual_steps: list[StepRead] = Field(
        description="What is left to do on the platform's pages; shown to who may deploy, for one deployment."
    )
    created_at: datetime
    updated_at: datetime


class ChannelRead(Schema):
    """A platform that bots can be put on."""

    channel: str
    name: str
    fields: list[FormField] = Field(description="What it asks for.")
    address_first: bool = Field(description="A deployment can be made before there are credentials.")
    automatic: bool = Field(description="Nobody has to copy an address: the webhook is registered by a call.")
    templates: bool = Field(description="Outside of the window an approved template can be sent.")
    receipts: bool = Field(description="It says when a message was delivered or read.")
    window_hours: int | None = Field(description="Answers are free for so long after a customer wrote.")


class ProbeStep(Schema):
    name: Literal["credentials", "address"]
    ok: bool
    detail: str


class ProbeRead(Schema):
    ok: bool
    steps: list[ProbeStep]
