"""The table of deployments: one bot live on one platform."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shopwright.kit.db import TenantModel, tenant_fk


class Deployment(TenantModel):
    """One bot live on one platform, with credentials of its own or those of its client."""

    __tablename__ = "deployments"
    __table_args__ = (
        tenant_fk("bot_id", "bots"),
        tenant_fk("client_id", "clients"),
        sa.UniqueConstraint("tenant_id", "bot_id", "channel", "lab"),
        sa.UniqueConstraint("tenant_id", "token"),
    )

    bot_id: Mapped[UUID]
    # Whose stored credentials are used when there are none of its own.
    client_id: Mapped[UUID | None]
    channel: Mapped[str]
    # An account of the channel lab: nothing of it is live for customers.
    lab: Mapped[bool] = mapped_column(server_default=sa.false())
    # An envelope of {"fields": own credentials or null, "webhook_secret": "..."}.
    sealed: Mapped[str]
    # Own credentials as they may be shown.
    hints: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    status: Mapped[str] = mapped_column(server_default="pending")  # connected, degraded, failed, disabled
    detail: Mapped[str] = mapped_column(server_default="")
    # Why it stands so, as a word that programs read; empty while all is well.
    reason: Mapped[str] = mapped_column(server_default="")
    # The last part of the address that the platform calls; it names the tenant too.
    token: Mapped[str]
    registered_at: Mapped[datetime | None]
    last_inbound_at: Mapped[datetime | None]
    last_outbound_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    last_error_at: Mapped[datetime | None]
    token_expires_at: Mapped[datetime | None]
    settings: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    # Up to where a mailbox was read: {"validity": 1, "uid": 7}.
    mark: Mapped[dict[str, Any] | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())
