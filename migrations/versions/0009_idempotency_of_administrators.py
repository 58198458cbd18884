"""Answers to create calls of administrators, to give again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ROLE = "shopwright_app"


def upgrade() -> None:
    op.create_table(
        "admin_idempotency_keys",
        sa.Column("admin_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["admin_id"], ["admin_users.id"], name=op.f("fk_admin_idempotency_keys_admin_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_idempotency_keys")),
        sa.UniqueConstraint("admin_id", "key", name=op.f("uq_admin_idempotency_keys_admin_id_key")),
    )
    op.execute(f"grant select, insert, update, delete on admin_idempotency_keys to {ROLE}")
