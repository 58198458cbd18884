"""Clients of a tenant with their platform credentials; members, keys, bots and datasets may belong to one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ROLE = "shopwright_app"
MINE = "nullif(current_setting('app.tenant', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"
# Rows of these belong to a client themselves,
OWN = ("bots", "datasets", "members", "api_keys", "client_credentials")
# and rows of these through a row that does.
THROUGH = {
    "bot_datasets": ("bot_id", "bots"),
    "scopes": ("bot_id", "bots"),
    "conversations": ("bot_id", "bots"),
    "turns": ("bot_id", "bots"),
    "messages": ("conversation_id", "conversations"),
    "message_feedback": ("conversation_id", "conversations"),
    "documents": ("dataset_id", "datasets"),
}


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "clients",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("phone", sa.Text()),
        sa.Column("website", sa.Text()),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_clients_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_clients"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_clients_tenant_id_name"),
    )
    op.create_table(
        "client_credentials",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("hints", sa.dialects.postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["clients.tenant_id", "clients.id"],
            name="fk_client_credentials_tenant_id_client_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_client_credentials"),
        sa.UniqueConstraint(
            "tenant_id", "client_id", "channel", name="uq_client_credentials_tenant_id_client_id_channel"
        ),
    )
    for table in ("bots", "datasets", "members", "api_keys"):
        op.add_column(table, sa.Column("client_id", sa.Uuid()))
        op.execute(
            f"alter table {table} add constraint fk_{table}_tenant_id_client_id foreign key (tenant_id, client_id)"
            " references clients (tenant_id, id) on delete cascade not valid"
        )
        op.execute(f"alter table {table} validate constraint fk_{table}_tenant_id_client_id")
        op.create_index(f"ix_{table}_tenant_id_client_id", table, ["tenant_id", "client_id"])
    # Two clients may call their datasets the same: a name tells nobody what others have.
    op.drop_constraint("uq_datasets_tenant_id_name", "datasets", type_="unique")
    op.execute(
        "alter table datasets add constraint uq_datasets_tenant_id_client_id_name"
        " unique nulls not distinct (tenant_id, client_id, name)"
    )
    op.create_table(
        "message_feedback",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.Text()),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            name="fk_message_feedback_tenant_id_conversation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_message_feedback"),
    )
    op.create_index(
        "ix_message_feedback_tenant_id_conversation_id", "message_feedback", ["tenant_id", "conversation_id"]
    )
    for table in ("clients", "client_credentials", "message_feedback"):
        op.execute(f"grant select, insert, update, delete on {table} to {ROLE}")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using (tenant_id = {MINE}) with check (tenant_id = {MINE})")
    restrict("clients", f"id = {CLIENT}")
    for table in OWN:
        restrict(table, f"client_id = {CLIENT}")
    for table, (column, parent) in THROUGH.items():
        restrict(table, f"{column} in (select id from {parent})")


def restrict(table: str, condition: str) -> None:
    """A session of one client sees its rows only; one without a client is not affected."""
    rule = f"{CLIENT} is null or {condition}"
    op.execute(f"create policy client on {table} as restrictive using ({rule}) with check ({rule})")
