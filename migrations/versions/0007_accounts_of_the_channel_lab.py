"""Deployments that are accounts of the channel lab: one a bot and channel, beside the real one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("deployments", sa.Column("lab", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.drop_constraint(op.f("uq_deployments_tenant_id_bot_id_channel"), "deployments", type_="unique")
    op.create_unique_constraint(
        op.f("uq_deployments_tenant_id_bot_id_channel_lab"), "deployments", ["tenant_id", "bot_id", "channel", "lab"]
    )
