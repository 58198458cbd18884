"""The colours somebody has chosen before there is a bot that could keep them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("onboarding", sa.Column("theme", JSONB()))
