"""Tables of conversations: messages in order, and a trace of every turn."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shopwright.kit.db import TenantModel, tenant_fk


class Conversation(TenantModel):
    """A visitor's talk with one bot; `session_id` is its public handle, and knowing it is the right to read it."""

    __tablename__ = "conversations"
    __table_args__ = (
        tenant_fk("bot_id", "bots"),
        tenant_fk("contact_id", "contacts", ondelete="SET NULL"),
        sa.UniqueConstraint("tenant_id", "session_id"),
        sa.Index(None, "tenant_id", "contact_id"),
        sa.Index(None, "tenant_id", "bot_id", "updated_at"),
    )

    bot_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    session_id: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="bot")  # bot, handoff, closed
    language: Mapped[str | None]
    meta: Mapped[dict[str, Any]] = mapped_column("metadata", server_default="{}")
    # Messages up to here were cleared by the visitor: they are kept, and no longer part of the memory.
    cleared_to: Mapped[int] = mapped_column(server_default="0")
    message_count: Mapped[int] = mapped_column(server_default="0")
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Message(TenantModel):
    """One message; its parts are JSON, so that it can be more than text."""

    __tablename__ = "messages"
    __table_args__ = (
        tenant_fk("conversation_id", "conversations"),
        sa.UniqueConstraint("tenant_id", "conversation_id", "ordinal"),
        sa.Index(
            "uq_messages_client_key", "tenant_id", "conversation_id", "client_key", unique=True,
            postgresql_where=sa.text("client_key is not null"),
        ),
        # Adding up which documents are cited reads only the messages that cite some.
        sa.Index(
            "ix_messages_citing", "tenant_id", "created_at", postgresql_where=sa.text("citations <> '[]'::jsonb")
        ),
    )  # fmt: skip

    conversation_id: Mapped[UUID]
    ordinal: Mapped[int]
    direction: Mapped[str]  # inbound, outbound
    author: Mapped[str]  # contact, bot, operator, system
    parts: Mapped[list[Any]]
    # The caller's own name for an inbound message: sent twice, it is one message with one answer.
    client_key: Mapped[str | None]
    outcome: Mapped[str | None]
    citations: Mapped[list[Any]] = mapped_column(server_default="[]")
    usage: Mapped[dict[str, Any] | None]


class Attachment(TenantModel):
    """A picture, voice note or file that came with a message, named in its parts by id; the bytes are in the store."""

    __tablename__ = "attachments"
    __table_args__ = (
        tenant_fk("conversation_id", "conversations"),
        sa.Index(None, "tenant_id", "conversation_id"),
        sa.Index("ix_attachments_digest", "tenant_id", "digest", postgresql_where=sa.text("digest is not null")),
    )

    conversation_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(server_default="waiting")  # waiting, kept, failed
    reason: Mapped[str] = mapped_column(server_default="")
    # Where the platform has it; emptied when that is no longer needed.
    source: Mapped[dict[str, Any] | None]
    digest: Mapped[str | None]
    # Seen in the bytes, never what the sender said.
    media_type: Mapped[str | None]
    size_bytes: Mapped[int | None] = mapped_column(sa.BigInteger)


class MessageFeedback(TenantModel):
    """What a visitor said of an answer; its id is that of the answer."""

    __tablename__ = "message_feedback"
    __table_args__ = (tenant_fk("conversation_id", "conversations"), sa.Index(None, "tenant_id", "conversation_id"))

    conversation_id: Mapped[UUID]
    rating: Mapped[str | None]  # up, down
    comment: Mapped[str] = mapped_column(server_default="")
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class Turn(TenantModel):
    """All that followed from one inbound message; its id is that of the answer."""

    __tablename__ = "turns"
    __table_args__ = (
        tenant_fk("conversation_id", "conversations"),
        sa.Index(None, "tenant_id", "conversation_id"),
        sa.Index(None, "tenant_id", "bot_id", "created_at"),
    )

    conversation_id: Mapped[UUID]
    bot_id: Mapped[UUID]
    inbound_message_id: Mapped[UUID]
    outcome: Mapped[str]
    provider: Mapped[str]
    model: Mapped[str]
    prompt_tokens: Mapped[int] = mapped_column(server_default="0")
    completion_tokens: Mapped[int] = mapped_column(server_default="0")
    cost_minor: Mapped[float] = mapped_column(server_default="0")
    currency: Mapped[str] = mapped_column(server_default="USD")
    total_ms: Mapped[float] = mapped_column(server_default="0")
    trace: Mapped[dict[str, Any]] = mapped_column(server_default="{}", deferred=True)
