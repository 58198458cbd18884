"""Tables of the gateway: threads, what came in and is to be answered, what goes out and must arrive."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shopwright.kit.db import TenantModel, tenant_fk


class Thread(TenantModel):
    """Where the messages of one conversation come from and go to on a platform; its id is made of both."""

    __tablename__ = "threads"
    __table_args__ = (
        tenant_fk("deployment_id", "deployments"),
        tenant_fk("conversation_id", "conversations", ondelete="SET NULL"),
        tenant_fk("contact_id", "contacts", ondelete="SET NULL"),
        tenant_fk("identity_id", "contact_identities", ondelete="SET NULL"),
        sa.Index(None, "tenant_id", "contact_id"),
        sa.Index(None, "tenant_id", "identity_id"),
        sa.Index(None, "tenant_id", "conversation_id"),
    )

    deployment_id: Mapped[UUID]
    thread: Mapped[str]
    route: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    # The handle of its conversation; nobody outside knows it.
    session_id: Mapped[str]
    conversation_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    # Under which name the contact writes here.
    identity_id: Mapped[UUID | None]
    language: Mapped[str] = mapped_column(server_default="")
    # What was last offered to choose from, so that "2" is understood.
    choices: Mapped[list[Any]] = mapped_column(server_default="[]")
    last_inbound_at: Mapped[datetime | None]
    # Why nothing may be sent there: the person left, blocked the bot or opted out.
    gone: Mapped[str | None]


class Inbound(TenantModel):
    """An event of a platform, once, however often it was delivered."""

    __tablename__ = "inbox"
    __table_args__ = (
        tenant_fk("deployment_id", "deployments"),
        tenant_fk("conversation_id", "conversations", ondelete="SET NULL"),
        sa.UniqueConstraint("tenant_id", "deployment_id", "external_id"),
        sa.Index(
            "ix_inbox_waiting", "tenant_id", "thread_id", "seq", postgresql_where=sa.text("state = 'new'")
        ),
        sa.Index("ix_inbox_dead", "tenant_id", "created_at", postgresql_where=sa.text("state = 'dead'")),
        sa.Index(None, "tenant_id", "conversation_id"),
    )  # fmt: skip

    seq: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True))
    deployment_id: Mapped[UUID]
    thread_id: Mapped[UUID]
    external_id: Mapped[str]
    kind: Mapped[str]
    # Emptied when it is done: what was said is in the conversation then.
    event: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(server_default="new")  # new, done, dead
    reason: Mapped[str] = mapped_column(server_default="")
    # Messages that are answered together have one; it grows out of the first of them.
    turn_key: Mapped[UUID | None]
    # Grows with each try to answer; who holds an older number writes nothing.
    claim: Mapped[int] = mapped_column(server_default="0")
    conversation_id: Mapped[UUID | None]


class Outbound(TenantModel):
    """A message of ours until the platform has all of it; its id is that of the message in the conversation."""

    __tablename__ = "outbox"
    __table_args__ = (
        tenant_fk("deployment_id", "deployments"),
        tenant_fk("conversation_id", "conversations"),
        sa.Index(
            "ix_outbox_waiting", "tenant_id", "thread_id", "seq", postgresql_where=sa.text("state = 'pending'")
        ),
        sa.Index("ix_outbox_dead", "tenant_id", "created_at", postgresql_where=sa.text("state = 'dead'")),
        sa.Index("ix_outbox_external_ids", "external_ids", postgresql_using="gin"),
        sa.Index(None, "tenant_id", "conversation_id"),
    )  # fmt: skip

    seq: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True))
    deployment_id: Mapped[UUID]
    thread_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    # As we mean it, never as the platform gets it: rendered calls hold secrets. Emptied when it is sent.
    message: Mapped[dict[str, Any] | None]
    sent_parts: Mapped[int] = mapped_column(server_default="0")
    external_ids: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    # A template went in its place, since it came too late; that is not tried twice.
    as_template: Mapped[bool] = mapped_column(server_default=sa.false())
    state: Mapped[str] = mapped_column(server_default="pending")  # pending, sent, dead
    attempts: Mapped[int] = mapped_column(server_default="0")
    # Grows with each try to send; who holds an older number records nothing.
    claim: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    # Tries end when they went on for too long since then; a replay begins anew.
    pending_since: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    error: Mapped[str] = mapped_column(server_default="")
    receipt: Mapped[str | None]  # sent, delivered, read, failed
    sent_at: Mapped[datetime | None]
