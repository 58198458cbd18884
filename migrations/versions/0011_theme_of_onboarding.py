"""The colours somebody has chosen before there is a bot that could keep them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("onboarding", sa.Column("theme", JSONB()))
