"""Tables of the knowledge: a dataset holds documents, a document has versions, a version has chunks.

The chunks of a version appear in one commit together with the switch to it, and those of the old version
go in the same commit: what is in `chunks` is what bots may answer from. Texts of old versions stay, so that
a citation given yesterday still opens.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pgvector.sqlalchemy import HALFVEC, SPARSEVEC
from sqlalchemy.dialects.postgresql import BYTEA, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from shopwright.kit.db import TenantModel, owned_by_tenant, tenant_fk
from shopwright.nlp.bm25 import TERM_IDS


class Dataset(TenantModel):
    """A named set of documents that bots answer from."""

    __tablename__ = "datasets"
    __table_args__ = (
        owned_by_tenant(),
        tenant_fk("client_id", "clients"),
        sa.Index(None, "tenant_id", "client_id"),
        # Two clients may call theirs the same: a name that is taken tells nobody what others have.
        sa.UniqueConstraint("tenant_id", "client_id", "name", postgresql_nulls_not_distinct=True),
    )

    name: Mapped[str]
    client_id: Mapped[UUID | None]
    description: Mapped[str] = mapped_column(server_default="")
    tags: Mapped[list[str]] = mapped_column(server_default="[]")
    meta: Mapped[dict[str, Any]] = mapped_column("metadata", server_default="{}")
    # The generation whose vectors answer; a new model fills another one and then takes its place.
    generation_id: Mapped[UUID]
    # Counts commits that changed what is searchable: caches of word statistics are keyed by it.
    revision: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    # How many passages are searchable; kept in the commits that change it.
    passages: Mapped[int] = mapped_column(server_default="0")
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class IndexGeneration(TenantModel):
    """All vectors of a dataset made by one embedding model."""

    __tablename__ = "index_generations"
    __table_args__ = (tenant_fk("dataset_id", "datasets"), sa.Index(None, "tenant_id", "dataset_id"))

    dataset_id: Mapped[UUID]
    embedding_model: Mapped[str]
    provider_id: Mapped[UUID | None]
    dimensions: Mapped[int]
    status: Mapped[str]  # building, active, retired, failed
    error: Mapped[str] = mapped_column(server_default="")


class Document(TenantModel):
    """Something to answer from, wherever it came from."""

    __tablename__ = "documents"
    __table_args__ = (
        tenant_fk("dataset_id", "datasets"),
        sa.Index(None, "tenant_id", "dataset_id", "created_at"),
        sa.Index(
            "uq_documents_content", "tenant_id", "dataset_id", "content_hash", unique=True,
            postgresql_where=sa.text("content_hash is not null"),
        ),
        # The document of a web page, found by its address when the page is read again.
        sa.Index(
            "ix_documents_page", "tenant_id", "dataset_id", "url", postgresql_where=sa.text("source_type = 'url'")
        ),
    )  # fmt: skip

    dataset_id: Mapped[UUID]
    title: Mapped[str]
    source_type: Mapped[str]  # text, file, url
    filename: Mapped[str | None]
    url: Mapped[str | None]
    media_type: Mapped[str | None]
    size_bytes: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    # Of the newest version's bytes: the same bytes twice in a dataset are one document.
    content_hash: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(server_default="[]")
    meta: Mapped[dict[str, Any]] = mapped_column("metadata", server_default="{}")
    status: Mapped[str] = mapped_column(server_default="pending")  # pending, processing, completed, failed
    stage: Mapped[str | None]  # extract, chunk, embed, store
    progress: Mapped[float] = mapped_column(server_default="0")
    error: Mapped[str | None]
    error_code: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    # The version that answers now, and the newest one (being read while they differ).
    version: Mapped[int | None]
    newest_version: Mapped[int] = mapped_column(server_default="1")
    # Grows with each claim by a worker: a worker that lost its claim writes nothing.
    claim: Mapped[int] = mapped_column(server_default="0")
    chunk_count: Mapped[int] = mapped_column(server_default="0")
    language: Mapped[str | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), onupdate=sa.func.now())


class DocumentVersion(TenantModel):
    """The text of a document at one time, as bots saw it."""

    __tablename__ = "document_versions"
    __table_args__ = (
        tenant_fk("document_id", "documents"),
        sa.UniqueConstraint("tenant_id", "document_id", "version"),
        # Asked by the sweeper: does anybody still need these bytes?
        sa.Index(None, "tenant_id", "content_hash"),
    )

    document_id: Mapped[UUID]
    version: Mapped[int]
    title: Mapped[str]
    content_hash: Mapped[str]
    # The typed text, or nothing when the bytes are in the file store under `content_hash`.
    source_text: Mapped[str | None] = mapped_column(deferred=True)
    text: Mapped[str | None] = mapped_column(deferred=True)
    spans: Mapped[list[Any] | None] = mapped_column(deferred=True)
    warnings: Mapped[list[str]] = mapped_column(server_default="[]")
    pages: Mapped[int | None]
    completed_at: Mapped[datetime | None]


class Chunk(TenantModel):
    """A passage bots may quote: a span of one document version."""

    __tablename__ = "chunks"
    __table_args__ = (
        tenant_fk("document_id", "documents"),
        sa.Index(None, "tenant_id", "document_id", "ordinal"),
        sa.Index(None, "tenant_id", "dataset_id"),
        sa.Index("ix_chunks_lexemes", "lexemes", postgresql_using="gin"),
    )

    dataset_id: Mapped[UUID]
    document_id: Mapped[UUID]
    version: Mapped[int]
    ordinal: Mapped[int]
    start: Mapped[int] = mapped_column("start_char")
    end: Mapped[int] = mapped_column("end_char")
    kind: Mapped[str]
    title: Mapped[str]
    heading: Mapped[str] = mapped_column(server_default="")
    page: Mapped[int | None]
    anchor: Mapped[str | None]
    language: Mapped[str]
    text: Mapped[str]
    lexemes: Mapped[Any] = mapped_column(TSVECTOR)
    # Word weights (BM25 without the inverse document frequency) by hashed word.
    weights: Mapped[Any] = mapped_column(SPARSEVEC(TERM_IDS))
    # Spans of the sentences within the text, and their vectors (int8, one after the other).
    sentences: Mapped[list[Any]] = mapped_column(server_default="[]")
    sentence_vectors: Mapped[bytes | None] = mapped_column(BYTEA, deferred=True)


class ChunkVector(TenantModel):
    """The vector of a chunk in one index generation."""

    __tablename__ = "chunk_vectors"
    __table_args__ = (
        tenant_fk("chunk_id", "chunks"),
        tenant_fk("generation_id", "index_generations"),
        sa.Index(None, "tenant_id", "generation_id"),
        sa.Index(None, "tenant_id", "chunk_id"),
    )

    chunk_id: Mapped[UUID]
    generation_id: Mapped[UUID]
    embedding: Mapped[Any] = mapped_column(HALFVEC())
    dimensions: Mapped[int] = mapped_column(sa.SmallInteger)
    # Set for the vectors of a large generation: those are in an approximate index, small ones are compared exactly.
    indexed: Mapped[bool] = mapped_column(server_default=sa.false())


class DocumentUsage(TenantModel):
    """How many answers cited a document, as far as they have been added up; its id is the document's."""

    __tablename__ = "document_usage"
    __table_args__ = (tenant_fk("id", "documents"),)

    citations: Mapped[int]
    last_cited_at: Mapped[datetime]


class DocumentUsageMark(TenantModel):
    """Up to when a tenant's citations have been added up; its id is the tenant's."""

    __tablename__ = "document_usage_marks"
    __table_args__ = (owned_by_tenant(),)

    until: Mapped[datetime]
