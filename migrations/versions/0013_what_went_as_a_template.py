"""Which messages already went out as a template, in the place of one that came too late."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("as_template", sa.Boolean(), server_default=sa.false(), nullable=False))
