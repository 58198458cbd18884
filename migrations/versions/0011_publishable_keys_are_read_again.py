"""A publishable key stands in web pages: whoever may see keys reads it again, to put it into one more page."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("key", sa.Text()))
