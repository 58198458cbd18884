"""The outbox of mail."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shopwright.kit.db import GlobalModel


class OutgoingMail(GlobalModel):
    """What is to be mailed. Its content is sealed: links in it sign people in; and it goes when it was sent."""

    __tablename__ = "outgoing_mails"

    content: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="waiting")
    detail: Mapped[str] = mapped_column(server_default="")
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())
