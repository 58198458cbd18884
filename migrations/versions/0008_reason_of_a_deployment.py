"""Why a deployment stands as it does, as a word that programs read."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("deployments", sa.Column("reason", sa.Text(), server_default="", nullable=False))
