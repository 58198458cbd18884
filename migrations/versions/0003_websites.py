"""Websites read into datasets, icons, onboarding, and how often documents are cited."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

ROLE = "shopwright_app"
MINE = "nullif(current_setting('app.tenant', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"
# A session of one client sees rows of these through what they belong to.
THROUGH = {
    "crawls": ("dataset_id", "datasets"),
    "crawl_pages": ("crawl_id", "crawls"),
    "document_usage": ("id", "documents"),
}
TABLES = ("document_usage_marks", "icons", "crawls", "crawl_pages", "document_usage", "onboarding")


def upgrade() -> None:
    create_tables()
    for table in TABLES:
        op.execute(f"grant select, insert, update, delete on {table} to {ROLE}")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using (tenant_id = {MINE}) with check (tenant_id = {MINE})")
    for table, (column, parent) in THROUGH.items():
        rule = f"{CLIENT} is null or {column} in (select id from {parent})"
        op.execute(f"create policy client on {table} as restrictive using ({rule}) with check ({rule})")


def create_tables() -> None:
    op.create_table(
        "document_usage_marks",
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_document_usage_marks_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_document_usage_marks")),
    )
    op.create_table(
        "icons",
        sa.Column("sizes", postgresql.JSONB(), nullable=False),
        sa.Column("theme", postgresql.JSONB(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_icons_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_icons")),
    )
    op.create_table(
        "crawls",
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("max_pages", sa.Integer(), nullable=False),
        sa.Column("max_depth", sa.Integer(), nullable=False),
        sa.Column("include", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("exclude", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("status", sa.Text(), server_default="queued", nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("pages_found", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pages_read", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pages_unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pages_skipped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pages_failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("bytes_read", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("seconds_spent", sa.Double(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("plan", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("claim", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "dataset_id"],
            ["datasets.tenant_id", "datasets.id"],
            name=op.f("fk_crawls_tenant_id_dataset_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "previous_id"],
            ["crawls.tenant_id", "crawls.id"],
            name=op.f("fk_crawls_tenant_id_previous_id"),
            ondelete="SET NULL (previous_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_crawls")),
    )
    op.create_index(
        op.f("ix_crawls_tenant_id_dataset_id_created_at"),
        "crawls",
        ["tenant_id", "dataset_id", "created_at"],
        unique=False,
    )
    op.create_index(
        "uq_crawls_running",
        "crawls",
        ["tenant_id", "dataset_id", "host"],
        unique=True,
        postgresql_where=sa.text("status in ('queued', 'running')"),
    )
    op.create_table(
        "crawl_pages",
        sa.Column("crawl_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="found", nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("text_hash", sa.Text(), nullable=True),
        sa.Column("sketch", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "crawl_id"],
            ["crawls.tenant_id", "crawls.id"],
            name=op.f("fk_crawl_pages_tenant_id_crawl_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_crawl_pages_tenant_id_document_id"),
            ondelete="SET NULL (document_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_crawl_pages")),
        sa.UniqueConstraint("tenant_id", "crawl_id", "url", name=op.f("uq_crawl_pages_tenant_id_crawl_id_url")),
    )
    op.create_index(
        op.f("ix_crawl_pages_tenant_id_crawl_id_status_depth_id"),
        "crawl_pages",
        ["tenant_id", "crawl_id", "status", "depth", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_crawl_pages_tenant_id_document_id"), "crawl_pages", ["tenant_id", "document_id"], unique=False
    )
    op.create_table(
        "document_usage",
        sa.Column("citations", sa.Integer(), nullable=False),
        sa.Column("last_cited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_document_usage_tenant_id_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_document_usage")),
    )
    op.create_table(
        "onboarding",
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("icon_id", sa.Uuid(), nullable=True),
        sa.Column("dataset_id", sa.Uuid(), nullable=True),
        sa.Column("bot_id", sa.Uuid(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"],
            ["bots.tenant_id", "bots.id"],
            name=op.f("fk_onboarding_tenant_id_bot_id"),
            ondelete="SET NULL (bot_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "dataset_id"],
            ["datasets.tenant_id", "datasets.id"],
            name=op.f("fk_onboarding_tenant_id_dataset_id"),
            ondelete="SET NULL (dataset_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "icon_id"],
            ["icons.tenant_id", "icons.id"],
            name=op.f("fk_onboarding_tenant_id_icon_id"),
            ondelete="SET NULL (icon_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_onboarding_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_onboarding")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_onboarding_tenant_id")),
    )
    op.create_index(
        op.f("ix_document_versions_tenant_id_content_hash"),
        "document_versions",
        ["tenant_id", "content_hash"],
        unique=False,
    )
    op.create_index(
        "ix_documents_page",
        "documents",
        ["tenant_id", "dataset_id", "url"],
        unique=False,
        postgresql_where=sa.text("source_type = 'url'"),
    )
    op.create_index(
        "ix_messages_citing",
        "messages",
        ["tenant_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("citations <> '[]'::jsonb"),
    )
