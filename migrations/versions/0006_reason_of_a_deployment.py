"""Why a deployment stands as it does, as a word that programs read."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("deployments", sa.Column("reason", sa.Text(), server_default="", nullable=False))
