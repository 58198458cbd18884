"""Bots on platforms: deployments, threads, inbox and outbox, and the contacts who write there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

ROLE = "shopwright_app"
MINE = "nullif(current_setting('app.tenant', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"
THROUGH = {
    "contact_identities": ("contact_id", "contacts"),
    "deployments": ("bot_id", "bots"),
    "threads": ("deployment_id", "deployments"),
    "inbox": ("deployment_id", "deployments"),
    "outbox": ("deployment_id", "deployments"),
}


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("consent", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("blocked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["clients.tenant_id", "clients.id"],
            name=op.f("fk_contacts_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_contacts_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_tenant_id_client_id"), "contacts", ["tenant_id", "client_id"], unique=False)
    op.create_table(
        "contact_identities",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name=op.f("fk_contact_identities_tenant_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact_identities")),
        sa.UniqueConstraint(
            "tenant_id",
            "channel",
            "account",
            "external_id",
            name=op.f("uq_contact_identities_tenant_id_channel_account_external_id"),
        ),
    )
    op.create_index(
        op.f("ix_contact_identities_tenant_id_contact_id"),
        "contact_identities",
        ["tenant_id", "contact_id"],
        unique=False,
    )
    op.create_table(
        "deployments",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("hints", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_inbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_outbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("last_error_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("mark", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"],
            ["bots.tenant_id", "bots.id"],
            name=op.f("fk_deployments_tenant_id_bot_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["clients.tenant_id", "clients.id"],
            name=op.f("fk_deployments_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deployments")),
        sa.UniqueConstraint("tenant_id", "bot_id", "channel", name=op.f("uq_deployments_tenant_id_bot_id_channel")),
        sa.UniqueConstraint("tenant_id", "token", name=op.f("uq_deployments_tenant_id_token")),
    )
    op.create_table(
        "inbox",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("state", sa.Text(), server_default="new", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("turn_key", sa.Uuid(), nullable=True),
        sa.Column("claim", sa.Integer(), server_default="0", nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            name=op.f("fk_inbox_tenant_id_conversation_id"),
            ondelete="SET NULL (conversation_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployments.tenant_id", "deployments.id"],
            name=op.f("fk_inbox_tenant_id_deployment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inbox")),
        sa.UniqueConstraint(
            "tenant_id", "deployment_id", "external_id", name=op.f("uq_inbox_tenant_id_deployment_id_external_id")
        ),
    )
    op.create_index(
        "ix_inbox_dead", "inbox", ["tenant_id", "created_at"], unique=False, postgresql_where=sa.text("state = 'dead'")
    )
    op.create_index(op.f("ix_inbox_tenant_id_conversation_id"), "inbox", ["tenant_id", "conversation_id"], unique=False)
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["tenant_id", "thread_id", "seq"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("sent_parts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("external_ids", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claim", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("pending_since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            name=op.f("fk_outbox_tenant_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployments.tenant_id", "deployments.id"],
            name=op.f("fk_outbox_tenant_id_deployment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        ["tenant_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index("ix_outbox_external_ids", "outbox", ["external_ids"], unique=False, postgresql_using="gin")
    op.create_index(
        op.f("ix_outbox_tenant_id_conversation_id"), "outbox", ["tenant_id", "conversation_id"], unique=False
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["tenant_id", "thread_id", "seq"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "threads",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("route", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("last_inbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name=op.f("fk_threads_tenant_id_contact_id"),
            ondelete="SET NULL (contact_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "identity_id"],
            ["contact_identities.tenant_id", "contact_identities.id"],
            name=op.f("fk_threads_tenant_id_identity_id"),
            ondelete="SET NULL (identity_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            name=op.f("fk_threads_tenant_id_conversation_id"),
            ondelete="SET NULL (conversation_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployments.tenant_id", "deployments.id"],
            name=op.f("fk_threads_tenant_id_deployment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_threads")),
    )
    op.create_index(op.f("ix_threads_tenant_id_contact_id"), "threads", ["tenant_id", "contact_id"], unique=False)
    op.create_index(
        op.f("ix_threads_tenant_id_conversation_id"), "threads", ["tenant_id", "conversation_id"], unique=False
    )
    op.create_index(op.f("ix_threads_tenant_id_identity_id"), "threads", ["tenant_id", "identity_id"], unique=False)
    op.add_column("conversations", sa.Column("contact_id", sa.Uuid(), nullable=True))
    op.create_index(
        op.f("ix_conversations_tenant_id_contact_id"), "conversations", ["tenant_id", "contact_id"], unique=False
    )
    op.execute(
        "alter table conversations add constraint fk_conversations_tenant_id_contact_id foreign key"
        " (tenant_id, contact_id) references contacts (tenant_id, id) on delete set null (contact_id) not valid"
    )
    op.execute("alter table conversations validate constraint fk_conversations_tenant_id_contact_id")
    # Jobs of one thread wait for each other; without this each look for a job reads all that wait.
    op.execute(
        "create index procrastinate_jobs_lock_waiting on procrastinate_jobs (lock) where status in ('todo', 'doing')"
    )
    op.execute(f"grant usage, select, update on all sequences in schema public to {ROLE}")
    for table in ("contacts", *THROUGH):
        op.execute(f"grant select, insert, update, delete on {table} to {ROLE}")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using (tenant_id = {MINE}) with check (tenant_id = {MINE})")
    restrict("contacts", f"client_id = {CLIENT}")
    for table, (column, parent) in THROUGH.items():
        restrict(table, f"{column} in (select id from {parent})")


def restrict(table: str, condition: str) -> None:
    """A session of one client sees its rows only; one without a client is not affected."""
    rule = f"{CLIENT} is null or {condition}"
    op.execute(f"create policy client on {table} as restrictive using ({rule}) with check ({rule})")
