"""Which other tenants a sign-in opens, and from when on what was proved before counts no more."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("member_sessions", sa.Column("proof", sa.Text(), server_default="", nullable=False))
    op.add_column("members", sa.Column("signed_out_at", sa.DateTime(timezone=True)))
