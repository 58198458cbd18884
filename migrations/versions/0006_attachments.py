"""Pictures, voice notes and files that came with messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

ROLE = "shopwright_app"
MINE = "nullif(current_setting('app.tenant', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("source", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            name=op.f("fk_attachments_tenant_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_tenant_id_conversation_id"), "attachments", ["tenant_id", "conversation_id"])
    op.create_index(
        "ix_attachments_digest", "attachments", ["tenant_id", "digest"], postgresql_where=sa.text("digest is not null")
    )
    op.execute(f"grant select, insert, update, delete on attachments to {ROLE}")
    op.execute("alter table attachments enable row level security")
    op.execute("alter table attachments force row level security")
    op.execute(f"create policy tenant on attachments using (tenant_id = {MINE}) with check (tenant_id = {MINE})")
    rule = f"{CLIENT} is null or conversation_id in (select id from conversations)"
    op.execute(f"create policy client on attachments as restrictive using ({rule}) with check ({rule})")
