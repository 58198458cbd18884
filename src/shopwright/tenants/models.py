"""Tables of the installation and of its tenants: who is who, who may what, and what was changed by whom."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shopwright.kit.db import Base, GlobalModel, TenantModel, owned_by_tenant, tenant_fk
from shopwright.kit.ids import uuid7


class Person:
    """Columns of who signs in with a password: members and administrators alike."""

    if TYPE_CHECKING:
        id: Mapped[UUID]

    email: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    password_hash: Mapped[str]  # empty: signs in through a provider only
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    # The second factor: an envelope, never the secret; in force from the moment it was confirmed.
    totp_secret: Mapped[str | None]
    totp_confirmed_at: Mapped[datetime | None]
    totp_step: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")  # of the last code that was used
    code_failures: Mapped[int] = mapped_column(server_default="0")
    code_failed_at: Mapped[datetime | None]
    recovery_codes: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")  # hashes of those left

    @property
    def two_factor(self) -> bool:
        return self.totp_confirmed_at is not None


class SignInColumns:
    """Columns of a sign-in: its refresh token turns over with every use.

    All tokens of one sign-in share their family, so that an old one that comes back is known for what it is.
    """

    if TYPE_CHECKING:
        id: Mapped[UUID]
        created_at: Mapped[datetime]

    token_hash: Mapped[str]
    family_hash: Mapped[str | None]
    previous_hash: Mapped[str | None]
    turned_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    address: Mapped[str] = mapped_column(server_default="")
    user_agent: Mapped[str] = mapped_column(server_default="")


class Admin(Person, GlobalModel):
    """An administrator of the installation."""

    __tablename__ = "admin_users"

    __table_args__ = (sa.UniqueConstraint("email"),)

    role: Mapped[str] = mapped_column(server_default="super_admin")


class AdminSession(SignInColumns, GlobalModel):
    """A sign-in of an administrator."""

    __tablename__ = "admin_sessions"
    __table_args__ = (sa.UniqueConstraint("token_hash"), sa.UniqueConstraint("family_hash"))

    admin_id: Mapped[UUID] = mapped_column(sa.ForeignKey("admin_users.id", ondelete="CASCADE"), index=True)


class AdminAudit(GlobalModel):
    """What was changed in the installation, by whom."""

    __tablename__ = "admin_audit"

    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    request_id: Mapped[str] = mapped_column(server_default="")


class GlobalAiProvider(GlobalModel):
    """Who sells models, as the installation knows them; a tenant adds a key of its own."""

    __tablename__ = "global_ai_providers"

    name: Mapped[str] = mapped_column(unique=True)
    provider_type: Mapped[str]
    config: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    is_default: Mapped[bool] = mapped_column(server_default=sa.false())


class GlobalSetting(Base):
    """A setting of the installation. A secret one keeps its last value, to go back to."""

    __tablename__ = "global_settings"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB, nullable=True)
    secret: Mapped[str | None]
    previous_secret: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class DirectoryEntry(Base):
    """Which tenant an e-mail address (as a hash) or a bot belongs to: asked before a tenant is known."""

    __tablename__ = "directory"

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)


class Tenant(Base):
    """The organisation that pays: a shop or an agency."""

    __tablename__ = "tenants"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    owner_email: Mapped[str | None]
    description: Mapped[str] = mapped_column(server_default="")
    plan: Mapped[str] = mapped_column(server_default="free")
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    settings: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class Client(TenantModel):
    """A customer of a tenant, with its own bots and platform credentials."""

    __tablename__ = "clients"
    __table_args__ = (owned_by_tenant(), sa.UniqueConstraint("tenant_id", "name"))

    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    website: Mapped[str | None]
    notes: Mapped[str] = mapped_column(server_default="")
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class ClientCredential(TenantModel):
    """What a client's account on one platform is reached with."""

    __tablename__ = "client_credentials"
    __table_args__ = (tenant_fk("client_id", "clients"), sa.UniqueConstraint("tenant_id", "client_id", "channel"))

    client_id: Mapped[UUID]
    channel: Mapped[str]
    fields: Mapped[str]  # an envelope of a JSON object
    hints: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class Member(Person, TenantModel):
    """A person with a login; one who belongs to a client sees only what is that client's."""

    __tablename__ = "members"
    __table_args__ = (
        owned_by_tenant(),
        sa.UniqueConstraint("tenant_id", "email"),
        tenant_fk("client_id", "clients"),
        sa.Index(None, "tenant_id", "client_id"),
    )

    role: Mapped[str]
    client_id: Mapped[UUID | None]
    language: Mapped[str | None]  # none: the browser's
    # What was proved before this opens this membership no more.
    signed_out_at: Mapped[datetime | None]


class MemberSession(SignInColumns, TenantModel):
    """A sign-in of a member."""

    __tablename__ = "member_sessions"
    __table_args__ = (
        tenant_fk("member_id", "members"),
        sa.UniqueConstraint("tenant_id", "token_hash"),
        sa.UniqueConstraint("tenant_id", "family_hash"),
        sa.Index(None, "tenant_id", "member_id"),
    )

    member_id: Mapped[UUID]
    # Which other tenants were proved with it, see `identity.memberships`.
    proof: Mapped[str] = mapped_column(server_default="")


class TenantAiProvider(TenantModel):
    """A provider with this tenant's own key."""

    __tablename__ = "tenant_ai_providers"
    __table_args__ = (owned_by_tenant(), sa.UniqueConstraint("tenant_id", "provider_name", "label"))

    global_ai_provider_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("global_ai_providers.id", ondelete="SET NULL")
    )
    provider_name: Mapped[str]
    label: Mapped[str] = mapped_column(server_default="")
    api_key: Mapped[str | None]  # an envelope, never the key
    key_hint: Mapped[str] = mapped_column(server_default="")
    base_url: Mapped[str | None]
    custom_settings: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    status: Mapped[str] = mapped_column(server_default="unchecked")
    status_detail: Mapped[str] = mapped_column(server_default="")
    checked_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class ApiKey(TenantModel):
    """A key for programs (`ak_live_`), or for a web page (`pk_live_`: one bot, its origins, chat only)."""

    __tablename__ = "api_keys"
    __table_args__ = (
        owned_by_tenant(),
        sa.UniqueConstraint("tenant_id", "key_hash"),
        tenant_fk("bot_id", "bots"),
        tenant_fk("client_id", "clients"),
        sa.Index(None, "tenant_id", "client_id"),
    )

    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="secret")
    key_hash: Mapped[str]
    key_prefix: Mapped[str]
    key: Mapped[str | None]  # of a publishable one; it stands in web pages, and in one more next month
    scopes: Mapped[list[str]]
    rate_limit: Mapped[int]
    bot_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]  # it sees only what is this client's
    allowed_origins: Mapped[list[str]] = mapped_column(server_default="[]")
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class AuditEntry(TenantModel):
    """What was changed in a tenant, by whom; written in the transaction of the change, never altered."""

    __tablename__ = "audit_log"
    __table_args__ = (owned_by_tenant(), sa.Index(None, "tenant_id", "created_at"))

    actor_kind: Mapped[str]
    actor_id: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    request_id: Mapped[str] = mapped_column(server_default="")


class IdempotencyRecord(TenantModel):
    """The answer that a create call with an `Idempotency-Key` got, to give again."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (owned_by_tenant(), sa.UniqueConstraint("tenant_id", "key"))

    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int]
    body: Mapped[str]  # an envelope: the answer may hold a key


class AdminIdempotencyRecord(GlobalModel):
    """The same for calls of an administrator."""

    __tablename__ = "admin_idempotency_keys"
    __table_args__ = (sa.UniqueConstraint("admin_id", "key"),)

    admin_id: Mapped[UUID] = mapped_column(sa.ForeignKey("admin_users.id", ondelete="CASCADE"))
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int]
    body: Mapped[str]
