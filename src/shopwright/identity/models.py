"""Tables of how people come in: sign-ups, links in mails, invitations, OpenID providers."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shopwright.kit.db import GlobalModel, TenantModel, owned_by_tenant, tenant_fk


class SignUp(GlobalModel):
    """Somebody who wants to begin, until the e-mail address is proved. Nothing else knows of it."""

    __tablename__ = "sign_ups"
    __table_args__ = (sa.UniqueConstraint("token_hash"), sa.Index(None, "email"))

    email: Mapped[str]
    name: Mapped[str]
    tenant_name: Mapped[str]
    language: Mapped[str]
    password_hash: Mapped[str]
    token_hash: Mapped[str | None]
    expires_at: Mapped[datetime]


class PasswordReset(TenantModel):
    """A link with which a member chooses a new password, once."""

    __tablename__ = "password_resets"
    __table_args__ = (tenant_fk("member_id", "members"), sa.UniqueConstraint("tenant_id", "token_hash"))

    member_id: Mapped[UUID]
    token_hash: Mapped[str]
    expires_at: Mapped[datetime]


class Invitation(TenantModel):
    """A person asked to join. The link goes to the address, so accepting proves it."""

    __tablename__ = "invitations"
    __table_args__ = (
        owned_by_tenant(),
        tenant_fk("invited_by", "members", ondelete="SET NULL"),
        tenant_fk("client_id", "clients"),
        sa.UniqueConstraint("tenant_id", "token_hash"),
        sa.Index(
            "uq_invitations_open", "tenant_id", "email", unique=True, postgresql_where=sa.text("accepted_at is null")
        ),
    )

    email: Mapped[str]
    role: Mapped[str]
    client_id: Mapped[UUID | None]
    token_hash: Mapped[str]
    invited_by: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class OidcProvider(GlobalModel):
    """An OpenID provider people may sign in with; one client of ours speaks to all of them."""

    __tablename__ = "oidc_providers"
    __table_args__ = (sa.UniqueConstraint("slug"),)

    slug: Mapped[str]
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[str | None]  # an envelope, never the secret
    secret_hint: Mapped[str] = mapped_column(server_default="")
    scopes: Mapped[str] = mapped_column(server_default="openid email profile")
    trusted_email_domains: Mapped[list[str]] = mapped_column(server_default="[]")
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    allow_sign_up: Mapped[bool] = mapped_column(server_default=sa.false())


class OidcAttempt(GlobalModel):
    """A sign-in that is at its provider now. It ends when the browser comes back, or after ten minutes."""

    __tablename__ = "oidc_attempts"
    __table_args__ = (sa.UniqueConstraint("state_hash"),)

    provider_id: Mapped[UUID] = mapped_column(sa.ForeignKey("oidc_providers.id", ondelete="CASCADE"))
    state_hash: Mapped[str]
    browser_hash: Mapped[str]
    next_path: Mapped[str]
    expires_at: Mapped[datetime]


class MemberIdentity(TenantModel):
    """What a provider calls a member: its stable name there, since an e-mail address may change hands."""

    __tablename__ = "member_identities"
    __table_args__ = (
        tenant_fk("member_id", "members"),
        sa.UniqueConstraint("tenant_id", "provider_id", "subject"),
        sa.Index(None, "tenant_id", "member_id"),
    )

    member_id: Mapped[UUID]
    provider_id: Mapped[UUID] = mapped_column(sa.ForeignKey("oidc_providers.id", ondelete="CASCADE"))
    subject: Mapped[str]
