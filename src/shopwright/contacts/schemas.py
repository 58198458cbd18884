"""What the API of contacts takes and returns."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from shopwright.kit.schemas import Email, Schema, Text
from shopwright.kit.sentences import sentence
from shopwright.tenants.clients.schemas import Phone


def _zone(value: str) -> str:
    if value not in available_timezones():
        msg = sentence("A time zone looks like Europe/Berlin.")
        raise ValueError(msg)
    return value


ConsentKind = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,40}$")]


class Consent(Schema):
    """What somebody agreed to, or took back."""

    given: bool
    source: Annotated[Text, Field(max_length=200)] = ""
    at: datetime | None = Field(None, description="Now, unless it is said.")


class ContactUpdate(Schema):
    """Only what is sent changes."""

    name: Annotated[Text, Field(max_length=200)] | None = None
    email: Email | None = None
    phone: Phone | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    time_zone: Annotated[str, Field(max_length=60), AfterValidator(_zone)] | None = None
    consent: Annotated[dict[ConsentKind, Consent], Field(max_length=20)] | None = Field(
        None, description="By purpose, such as marketing; purposes that are left out stay."
    )


class IdentityRead(Schema):
    id: UUID
    channel: str
    external_id: str
    name: str
    gone: str | None = Field(description="Why nothing may be sent there; null when it may.")
    last_seen_at: datetime


class ContactSummary(Schema):
    id: UUID
    client_id: UUID | None
    name: str
    email: str | None
    phone: str | None
    language: str | None
    time_zone: str | None
    consent: dict[str, Any]
    blocked: bool
    channels: list[str] = Field([], description="The platforms on which they wrote.")
    created_at: datetime
    updated_at: datetime


class ContactConversation(Schema):
    id: UUID
    bot_id: UUID
    status: str
    channel: str | None
    message_count: int
    updated_at: datetime


class ContactRead(ContactSummary):
    identities: list[IdentityRead]
    conversations: list[ContactConversation] = Field(description="The newest, at most fifty.")


class ContactMerge(Schema):
    contact_id: UUID = Field(description="The contact that is the same person; it goes, and all it has stays.")


class ContactSplit(Schema):
    identity_id: UUID = Field(description="The identity that is somebody else's.")


class ContactBlock(Schema):
    blocked: bool = True


class Erased(Schema):
    rows: dict[str, int] = Field(description="How many rows of each table went.")


class Export(Schema):
    contact_id: UUID
    tables: dict[str, list[dict[str, Any]]]
