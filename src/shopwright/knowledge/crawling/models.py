"""Tables of reading a web site: a crawl, and every page it found with what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shopwright.kit.db import TenantModel, tenant_fk


class Crawl(TenantModel):
    """One reading of a web site into a dataset."""

    __tablename__ = "crawls"
    __table_args__ = (
        tenant_fk("dataset_id", "datasets"),
        tenant_fk("previous_id", "crawls", ondelete="SET NULL"),
        sa.Index(None, "tenant_id", "dataset_id", "created_at"),
        # One reading of a site into a dataset at a time.
        sa.Index(
            "uq_crawls_running", "tenant_id", "dataset_id", "host", unique=True,
            postgresql_where=sa.text("status in ('queued', 'running')"),
        ),
    )  # fmt: skip

    dataset_id: Mapped[UUID]
    url: Mapped[str]
    host: Mapped[str]
    max_pages: Mapped[int]
    max_depth: Mapped[int]
    include: Mapped[list[str]] = mapped_column(server_default="[]")
    exclude: Mapped[list[str]] = mapped_column(server_default="[]")
    status: Mapped[str] = mapped_column(server_default="queued")  # queued, running, completed, failed, cancelled
    stage: Mapped[str | None]  # prepare, pages
    pages_found: Mapped[int] = mapped_column(server_default="0")
    pages_read: Mapped[int] = mapped_column(server_default="0")
    pages_unchanged: Mapped[int] = mapped_column(server_default="0")
    pages_skipped: Mapped[int] = mapped_column(server_default="0")
    pages_failed: Mapped[int] = mapped_column(server_default="0")
    bytes_read: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    seconds_spent: Mapped[float] = mapped_column(server_default="0")
    error: Mapped[str | None]
    error_code: Mapped[str | None]
    # What the owner should know although it went well, such as that the limit of pages was reached.
    notice: Mapped[str | None]
    # Where to begin and what robots.txt asks for; empty until the site has been asked.
    plan: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    # The reading before this one: what has not changed since is not read again.
    previous_id: Mapped[UUID | None]
    # Grows with each claim by a worker: a worker that lost its claim writes nothing.
    claim: Mapped[int] = mapped_column(server_default="0")
    # Claims since a page was last done: one that kills its worker again and again is given up.
    attempts: Mapped[int] = mapped_column(server_default="0")
    finished_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class CrawlPage(TenantModel):
    """A page that a crawl found. Those in status `found` are still to be fetched: they are the frontier."""

    __tablename__ = "crawl_pages"
    __table_args__ = (
        tenant_fk("crawl_id", "crawls"),
        tenant_fk("document_id", "documents", ondelete="SET NULL"),
        sa.UniqueConstraint("tenant_id", "crawl_id", "url"),
        sa.Index(None, "tenant_id", "crawl_id", "status", "depth", "id"),
        sa.Index(None, "tenant_id", "document_id"),
    )

    crawl_id: Mapped[UUID]
    url: Mapped[str]
    depth: Mapped[int]
    status: Mapped[str] = mapped_column(server_default="found")  # found, read, skipped, failed
    reason_code: Mapped[str | None]
    reason: Mapped[str | None]
    title: Mapped[str | None]
    document_id: Mapped[UUID | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    text_hash: Mapped[str | None]
    sketch: Mapped[list[Any]] = mapped_column(server_default="[]")
    at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
