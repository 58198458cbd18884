"""Tables of contacts: one person, and the names that person has on each platform."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shopwright.kit.db import TenantModel, owned_by_tenant, tenant_fk


class Contact(TenantModel):
    """The shop's customer, one person over several platforms."""

    __tablename__ = "contacts"
    __table_args__ = (
        owned_by_tenant(),
        tenant_fk("client_id", "clients"),
        sa.Index(None, "tenant_id", "client_id"),
    )

    client_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str | None]
    time_zone: Mapped[str | None]
    # What the person agreed to: {"marketing": {"given": true, "at": "...", "source": "..."}}
    consent: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    blocked: Mapped[bool] = mapped_column(server_default=sa.false())
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class ContactIdentity(TenantModel):
    """A contact's name on a platform; `account` is the account of ours that knows it by this name."""

    __tablename__ = "contact_identities"
    __table_args__ = (
        tenant_fk("contact_id", "contacts"),
        sa.UniqueConstraint("tenant_id", "channel", "account", "external_id"),
        sa.Index(None, "tenant_id", "contact_id"),
    )

    contact_id: Mapped[UUID]
    channel: Mapped[str]
    account: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    # Why nothing may be sent there: the person left, blocked the bot or opted out.
    gone: Mapped[str | None]
    last_seen_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
