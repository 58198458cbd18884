"""What the API of clients takes and returns."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from shopwright.kit.schemas import Email, LongText, Name, Schema, Secret, Text
from shopwright.kit.sentences import sentence


def _website(value: str) -> str:
    import re

    if not re.fullmatch(r"https?://[^\s/$.?#][^\s]{2,480}", value):
        msg = sentence("A website looks like https://www.shop.example.")
        raise ValueError(msg)
    return value


Phone = Annotated[Text, Field(max_length=40)]
Website = Annotated[Text, Field(max_length=500), AfterValidator(_website)]


class ClientCreate(Schema):
    name: Name
    email: Email | None = None
    phone: Phone | None = None
    website: Website | None = None
    notes: LongText = ""


class ClientUpdate(Schema):
    """Only what is sent changes."""

    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    website: Website | None = None
    notes: LongText | None = None


class ClientRead(Schema):
    id: UUID
    name: str
    email: str | None
    phone: str | None
    website: str | None
    notes: str
    bots: int
    members: int
    channels: list[str] = Field(description="Platforms it has credentials for.")
    created_at: datetime
    updated_at: datetime


FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,40}$")]
FieldValue = Annotated[Secret, Field(min_length=1, max_length=4000)]


class CredentialsWrite(Schema):
    fields: Annotated[dict[FieldName, FieldValue | None], Field(max_length=20)] = Field(
        description="A field that is left out stays as it is; null removes it."
    )


class CredentialsRead(Schema):
    channel: str
    fields: dict[str, str] = Field(description="Secrets as dots and their last four characters.")
    missing: list[str] = Field(description="Required fields that are still empty.")
    updated_at: datetime


class FormField(Schema):
    name: str
    label: str
    secret: bool
    required: bool
    hint: str
    pattern: str


class CredentialFormRead(Schema):
    channel: str
    name: str
    fields: list[FormField]
