"""Tables of the bots: how one speaks, what it may talk about, and what it answers from."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shopwright.kit.db import TenantModel, owned_by_tenant, tenant_fk


class Bot(TenantModel):
    """The automated party of a conversation."""

    __tablename__ = "bots"
    __table_args__ = (
        owned_by_tenant(),
        tenant_fk("tenant_ai_provider_id", "tenant_ai_providers", ondelete="SET NULL"),
        tenant_fk("fallback_ai_provider_id", "tenant_ai_providers", ondelete="SET NULL"),
        tenant_fk("client_id", "clients"),
        sa.Index(None, "tenant_id", "client_id"),
    )

    name: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    category: Mapped[str | None]
    client_id: Mapped[UUID | None]
    tenant_ai_provider_id: Mapped[UUID | None]
    fallback_ai_provider_id: Mapped[UUID | None]
    system_prompt: Mapped[str] = mapped_column(server_default="")
    personality: Mapped[str] = mapped_column(server_default="")
    tone: Mapped[str] = mapped_column(server_default="")
    model: Mapped[str | None]
    temperature: Mapped[float]
    max_tokens: Mapped[int]
    is_active: Mapped[bool]
    is_public: Mapped[bool]
    allowed_domains: Mapped[list[str]] = mapped_column(server_default="[]")
    settings: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    rate_limit_per_minute: Mapped[int] = mapped_column(server_default="60")
    rate_limit_per_second: Mapped[int] = mapped_column(server_default="2")
    deployment_status: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    # Grows with each change of the bot, its scopes or its datasets.
    revision: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class BotDataset(TenantModel):
    """A dataset that a bot answers from; 1 is asked first."""

    __tablename__ = "bot_datasets"
    __table_args__ = (
        tenant_fk("bot_id", "bots"),
        tenant_fk("dataset_id", "datasets"),
        sa.UniqueConstraint("tenant_id", "bot_id", "dataset_id"),
        sa.Index(None, "tenant_id", "dataset_id"),
    )

    bot_id: Mapped[UUID]
    dataset_id: Mapped[UUID]
    is_active: Mapped[bool]
    priority: Mapped[int]


class Scope(TenantModel):
    """What a bot may talk about, and what it does at the border."""

    __tablename__ = "scopes"
    __table_args__ = (tenant_fk("bot_id", "bots"), sa.UniqueConstraint("tenant_id", "bot_id"))

    bot_id: Mapped[UUID]
    strictness_level: Mapped[str]
    allowed_topics: Mapped[list[str]]
    forbidden_topics: Mapped[list[str]]
    refusal_message: Mapped[str | None]
    context_settings: Mapped[dict[str, Any]]
    # Messages the owner marked as to be answered or not: the gate learns from them.
    examples: Mapped[list[Any]] = mapped_column(server_default="[]")
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class Icon(TenantModel):
    """A picture that was uploaded, drawn anew in a few sizes, and the theme derived from it."""

    __tablename__ = "icons"
    __table_args__ = (owned_by_tenant(),)

    sizes: Mapped[dict[str, Any]]  # side in points -> digest of the PNG in the file store
    theme: Mapped[dict[str, Any]]


class Onboarding(TenantModel):
    """How far a tenant has come with its first bot."""

    __tablename__ = "onboarding"
    __table_args__ = (
        owned_by_tenant(),
        tenant_fk("icon_id", "icons", ondelete="SET NULL"),
        tenant_fk("dataset_id", "datasets", ondelete="SET NULL"),
        tenant_fk("bot_id", "bots", ondelete="SET NULL"),
        sa.UniqueConstraint("tenant_id"),
    )

    step: Mapped[str]
    name: Mapped[str | None]
    icon_id: Mapped[UUID | None]
    dataset_id: Mapped[UUID | None]
    bot_id: Mapped[UUID | None]
    website: Mapped[str | None]
    theme: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # its icon is `icon_id`
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())
