"""Signing up, second factor, sign-ins one can see, invitations, OpenID providers, the outbox of mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

ROLE = "shopwright_app"
MINE = "nullif(current_setting('app.tenant', true), '')::uuid"
TENANT_TABLES = ("password_resets", "invitations", "member_identities")
GLOBAL_TABLES = ("outgoing_mails", "sign_ups", "oidc_providers", "oidc_attempts")


def upgrade() -> None:
    extend_people()
    extend_sign_ins()
    create_global_tables()
    create_tenant_tables()
    for table in (*GLOBAL_TABLES, *TENANT_TABLES):
        op.execute(f"grant select, insert, update, delete on {table} to {ROLE}")
    for table in TENANT_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using (tenant_id = {MINE}) with check (tenant_id = {MINE})")


def moment(name: str, *, now: bool = False, nullable: bool = False) -> sa.Column:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def text(name: str, *, default: str | None = None, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), server_default=default, nullable=nullable)


def key(*, tenant: bool) -> list[sa.Column]:
    columns = [sa.Column("id", sa.Uuid(), nullable=False), moment("created_at", now=True)]
    return [sa.Column("tenant_id", sa.Uuid(), nullable=False), *columns] if tenant else columns


def extend_people() -> None:
    for table in ("admin_users", "members"):
        for column in (
            text("totp_secret", nullable=True),
            moment("totp_confirmed_at", nullable=True),
            sa.Column("totp_step", sa.BigInteger(), server_default="0", nullable=False),
            sa.Column("code_failures", sa.Integer(), server_default="0", nullable=False),
            moment("code_failed_at", nullable=True),
            sa.Column("recovery_codes", postgresql.JSONB(), server_default="[]", nullable=False),
        ):
            op.add_column(table, column)
    op.alter_column("admin_users", "name", server_default="")
    op.add_column("members", text("language", nullable=True))


def extend_sign_ins() -> None:
    for table in ("admin_sessions", "member_sessions"):
        for column in (
            text("family_hash", nullable=True),
            moment("turned_at", nullable=True),
            moment("last_used_at", now=True),
            text("address", default=""),
            text("user_agent", default=""),
        ):
            op.add_column(table, column)
    op.create_unique_constraint("uq_admin_sessions_family_hash", "admin_sessions", ["family_hash"])
    op.create_unique_constraint(
        "uq_member_sessions_tenant_id_family_hash", "member_sessions", ["tenant_id", "family_hash"]
    )


def create_global_tables() -> None:
    op.create_table(
        "outgoing_mails",
        text("content", nullable=True),
        text("status", default="waiting"),
        text("detail", default=""),
        moment("updated_at", now=True),
        *key(tenant=False),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mails"),
    )
    op.create_table(
        "sign_ups",
        *(text(name) for name in ("email", "name", "tenant_name", "language", "password_hash")),
        text("token_hash", nullable=True),
        moment("expires_at"),
        *key(tenant=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ups"),
        sa.UniqueConstraint("token_hash", name="uq_sign_ups_token_hash"),
    )
    op.create_index("ix_sign_ups_email", "sign_ups", ["email"])
    op.create_table(
        "oidc_providers",
        *(text(name) for name in ("slug", "name", "issuer", "client_id")),
        text("client_secret", nullable=True),
        text("secret_hint", default=""),
        text("scopes", default="openid email profile"),
        sa.Column("trusted_email_domains", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("allow_sign_up", sa.Boolean(), server_default=sa.false(), nullable=False),
        *key(tenant=False),
        sa.PrimaryKeyConstraint("id", name="pk_oidc_providers"),
        sa.UniqueConstraint("slug", name="uq_oidc_providers_slug"),
    )
    op.create_table(
        "oidc_attempts",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        *(text(name) for name in ("state_hash", "browser_hash", "next_path")),
        moment("expires_at"),
        *key(tenant=False),
        sa.PrimaryKeyConstraint("id", name="pk_oidc_attempts"),
        sa.UniqueConstraint("state_hash", name="uq_oidc_attempts_state_hash"),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["oidc_providers.id"], name="fk_oidc_attempts_provider_id", ondelete="CASCADE"
        ),
    )


def of_member(table: str, column: str = "member_id", ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        ["members.tenant_id", "members.id"],
        name=f"fk_{table}_tenant_id_{column}",
        ondelete=ondelete,
    )


def create_tenant_tables() -> None:
    op.create_table(
        "password_resets",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        text("token_hash"),
        moment("expires_at"),
        *key(tenant=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_password_resets"),
        sa.UniqueConstraint("tenant_id", "token_hash", name="uq_password_resets_tenant_id_token_hash"),
        of_member("password_resets"),
    )
    op.create_table(
        "invitations",
        *(text(name) for name in ("email", "role", "token_hash")),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        moment("expires_at"),
        moment("accepted_at", nullable=True),
        *key(tenant=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_invitations"),
        sa.UniqueConstraint("tenant_id", "token_hash", name="uq_invitations_tenant_id_token_hash"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_invitations_tenant_id", ondelete="CASCADE"),
        of_member("invitations", "invited_by", "SET NULL (invited_by)"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["clients.tenant_id", "clients.id"],
            name="fk_invitations_tenant_id_client_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "uq_invitations_open", "invitations", ["tenant_id", "email"], unique=True,
        postgresql_where=sa.text("accepted_at is null"),
    )  # fmt: skip
    op.create_table(
        "member_identities",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        text("subject"),
        *key(tenant=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_member_identities"),
        sa.UniqueConstraint(
            "tenant_id", "provider_id", "subject", name="uq_member_identities_tenant_id_provider_id_subject"
        ),
        of_member("member_identities"),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["oidc_providers.id"], name="fk_member_identities_provider_id", ondelete="CASCADE"
        ),
    )
    op.create_index(
        "ix_member_identities_tenant_id_member_id", "member_identities", ["tenant_id", "member_id"], unique=False
    )
