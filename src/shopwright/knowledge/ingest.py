"""Reading documents: claim, extract, chunk, embed, store. A version becomes searchable in one commit.

A worker claims documents with a number that grows with each claim. All it writes afterwards names that number, so
a worker that was thought dead and comes back writes nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit import metrics
from shopwright.kit.db import Database
from shopwright.kit.failpoints import failpoint
from shopwright.kit.files import FileStore
from shopwright.kit.logs import get_logger
from shopwright.kit.sentences import sentence
from shopwright.knowledge.crawling.fetching import Web
from shopwright.knowledge.errors import UnknownEmbeddingModel
from shopwright.knowledge.models import Dataset, Document, DocumentVersion
from shopwright.knowledge.parsing import Extraction, ParseFailed, ParserPool, extract_text
from shopwright.knowledge.ports import Embedders
from shopwright.knowledge.prepare import Prepared, chunk_rows, prepare, sentences_to_embed, vector_rows
from shopwright.knowledge.search import EXACT_UP_TO
from shopwright.knowledge.service import tell
from shopwright.llm.port import ProviderError

log = get_logger("shopwright.knowledge.ingest")

MAX_ATTEMPTS = 3
EMBED_AT_ONCE = 256
# A guard for one document: more passages than this are a catalogue for an import, not a text to answer from.
MAX_PASSAGES = 60_000

INSERT_CHUNKS = sa.text(
    "insert into chunks (tenant_id, id, dataset_id, document_id, version, ordinal, start_char, end_char, kind, title,"
    " heading, page, anchor, language, text, lexemes, weights, sentences, sentence_vectors)"
    " values (:tenant_id, :id, :dataset_id, :document_id, :version, :ordinal, :start_char, :end_char, :kind, :title,"
    " :heading, :page, :anchor, :language, :text, array_to_tsvector(cast(:lexemes as text[])),"
    " cast(:weights as sparsevec), cast(:sentences as jsonb), :sentence_vectors)"
)
INSERT_VECTORS = sa.text(
    "insert into chunk_vectors (tenant_id, id, chunk_id, generation_id, embedding, dimensions, indexed) values"
    " (:tenant_id, :id, :chunk_id, :generation_id, cast(:embedding as halfvec), :dimensions, :indexed)"
)


@dataclass(frozen=True, slots=True)
class IngestServices:
    """What the worker hands to the tasks of this slice."""

    db: Database
    files: FileStore
    embedders: Embedders
    parsers: ParserPool
    web: Web


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: UUID
    dataset_id: UUID
    claim: int
    version: int
    attempts: int
    title: str
    source_type: str
    filename: str | None
    content_hash: str
    source_text: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class _Ready:
    claimed: _Claimed
    extraction: Extraction
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class _Generation:
    id: UUID
    embedding_model: str
    status: str


async def ingest(services: IngestServices, *, tenant_id: str, documents: str, attempt: int) -> None:  # noqa: ARG001
    """Read a group of documents; one that fails says why and harms none of the others."""
    tenant, ids = UUID(tenant_id), [UUID(part) for part in documents.split(",")]
    claimed = await _claim(services, tenant, ids)
    failpoint("ingest.claimed")
    ready: list[_Ready] = []
    for document in claimed:
        if document.attempts > MAX_ATTEMPTS:
            await _fail(
                services, tenant, document, "gave_up",
                sentence(
                    "Reading this document stopped the worker {times} times, so it is left out. "
                    "Try it once more; if it fails again, save it in another format and upload that.",
                    times=MAX_ATTEMPTS,
                ),
            )  # fmt: skip
            continue
        try:
            ready.append(await _read(services, tenant, document))
        except ParseFailed as failure:
            await _fail(services, tenant, document, failure.code, failure.message)
    failpoint("ingest.chunked")
    await _embed_and_store(services, tenant, ready)


async def _claim(services: IngestServices, tenant: UUID, ids: Sequence[UUID]) -> list[_Claimed]:
    async with services.db.tenant(tenant) as session, session.begin():
        claim = (
            sa.update(Document)
            .where(
                Document.tenant_id == tenant, Document.id.in_(ids), Document.status.in_(("pending", "processing"))
            )
            .values(
                status="processing", stage="extract", progress=0, claim=Document.claim + 1,
                attempts=Document.attempts + 1,
            )
            .returning(Document.id, Document.claim)
        )  # fmt: skip
        claims = {row.id: row.claim for row in await session.execute(claim)}
        query = (
            sa.select(
                Document.id, Document.dataset_id, Document.claim, Document.newest_version.label("version"),
                Document.attempts, Document.title, Document.source_type, Document.filename,
                DocumentVersion.content_hash, DocumentVersion.source_text,
                Dataset.meta["language"].astext.label("language"),
            )
            .join(
                DocumentVersion,
                (DocumentVersion.tenant_id == Document.tenant_id)
                & (DocumentVersion.document_id == Document.id)
                & (DocumentVersion.version == Document.newest_version),
            )
            .join(Dataset, (Dataset.tenant_id == Document.tenant_id) & (Dataset.id == Document.dataset_id))
            .where(Document.tenant_id == tenant, Document.id.in_(claims))
        )  # fmt: skip
        claimed = [_Claimed(**row._mapping) for row in await session.execute(query)]  # noqa: SLF001 - its documented view
        await _tell(session, tenant, claimed, "processing", "extract")
        return claimed


async def _read(services: IngestServices, tenant: UUID, document: _Claimed) -> _Ready:
    if document.source_text is not None:
        extraction = _typed(document)
    else:
        data = await services.files.get(tenant, document.content_hash)
        failpoint("ingest.fetched")
        extraction = await services.parsers.extract(data, document.filename or "file")
    failpoint("ingest.extracted")
    title = document.title
    if document.source_type in {"file", "url"} and title == document.filename:
        title = (extraction.title or spoken_name(document.filename))[:300]
    prepared = prepare(extraction, title, document.language)
    if not prepared.chunks:
        said = sentence("There is no text in this document. Add some text, or upload another file.")
        raise ParseFailed("no_text", said)
    if len(prepared.chunks) > MAX_PASSAGES:
        too_many = sentence("This document has more than {limit} passages. Split it into several files.")
        raise ParseFailed("too_large", sentence(too_many, limit=f"{MAX_PASSAGES:,}"))
    return _Ready(document, extraction, prepared)


def spoken_name(filename: str) -> str:
    """A file's name as a title: "price-list_2026.csv" is "Price list 2026"."""
    words = re.sub(r"[-_.]+", " ", Path(filename).stem).strip()
    return words[:1].upper() + words[1:] or filename


def _typed(document: _Claimed) -> Extraction:
    text = document.source_text or ""
    if document.source_type == "html":
        from shopwright.knowledge.parsing import extract

        return extract(text.encode(), "page.html")
    return extract_text(text, markdown=True)


async def _embed_and_store(services: IngestServices, tenant: UUID, ready: list[_Ready]) -> None:
    """Embed small documents together, so that a model's batches are full, and store them in one commit."""
    group: list[_Ready] = []
    size = 0
    for item in ready:
        group.append(item)
        size += len(item.prepared.chunks)
        if size >= EMBED_AT_ONCE:
            await _store_group(services, tenant, group)
            group, size = [], 0
    if group:
        await _store_group(services, tenant, group)


async def _store_group(services: IngestServices, tenant: UUID, group: list[_Ready]) -> None:
    for dataset_id in {item.claimed.dataset_id for item in group}:
        mine = [item for item in group if item.claimed.dataset_id == dataset_id]
        generations = await _generations(services, tenant, dataset_id)
        await _stage(services, tenant, mine, "embed", 0.0)
        try:
            vectors = await _vectors(services, tenant, mine, generations)
        except (ProviderError, UnknownEmbeddingModel) as failure:
            # Such as a key that was revoked. It may pass: other attempts come before it is called a failure.
            if min(item.claimed.attempts for item in mine) < MAX_ATTEMPTS:
                raise
            for item in mine:
                await _fail(services, tenant, item.claimed, failure.code, failure.message)
            continue
        sentence_rows = await _embed_sentences(services, mine)
        failpoint("ingest.embedded")
        await _store(services, tenant, dataset_id, mine, vectors, sentence_rows)


async def _vectors(
    services: IngestServices, tenant: UUID, group: list[_Ready], generations: Sequence[_Generation]
) -> dict[UUID, Any]:
    vectors = {}
    for generation in generations:
        try:
            embedder = await services.embedders.get(tenant, generation.embedding_model)
            vectors[generation.id] = await _embed(services, tenant, group, embedder)
        except (ProviderError, UnknownEmbeddingModel):
            if generation.status == "active":
                raise
            # The one being built gets these vectors from its own job, or fails there.
            log.warning("building_generation_skipped", generation=str(generation.id))
    return vectors


async def _embed(services: IngestServices, tenant: UUID, group: list[_Ready], embedder: Any) -> Any:
    texts = [item.to_embed for ready in group for item in ready.prepared.chunks]
    parts = []
    for at in range(0, len(texts), EMBED_AT_ONCE):
        parts.append(await embedder.embed_passages(texts[at : at + EMBED_AT_ONCE]))
        if len(texts) > EMBED_AT_ONCE:
            await _stage(services, tenant, group, "embed", min(1.0, (at + EMBED_AT_ONCE) / len(texts)))
        failpoint("ingest.half_embedded")
    return np.concatenate(parts)


async def _embed_sentences(services: IngestServices, group: list[_Ready]) -> Any:
    local = services.embedders.local
    texts = [text for ready in group for text in sentences_to_embed(ready.prepared)]
    if not texts:
        return np.zeros((0, local.dimensions), np.float32)
    return await local.embed_passages(texts)


async def _generations(services: IngestServices, tenant: UUID, dataset_id: UUID) -> list[_Generation]:
    """The generations that a new passage needs vectors for: the one in use and one being built."""
    async with services.db.tenant(tenant) as session, session.begin():
        rows = await session.execute(
            sa.text(
                "select id, embedding_model, status from index_generations where tenant_id = :tenant"
                " and dataset_id = :dataset and status in ('active', 'building')"
            ),
            {"tenant": tenant, "dataset": dataset_id},
        )
        return [_Generation(row.id, row.embedding_model, row.status) for row in rows]


async def _store(
    services: IngestServices,
    tenant: UUID,
    dataset_id: UUID,
    group: list[_Ready],
    vectors: dict[UUID, Any],
    sentence_rows: Any,
) -> None:
    await _stage(services, tenant, group, "store", 0.0)
    async with services.db.tenant(tenant) as session, session.begin():
        # The row lock makes stores of one dataset follow each other, and says how large it is.
        dataset = await session.execute(
            sa.select(Dataset.passages).where(Dataset.tenant_id == tenant, Dataset.id == dataset_id).with_for_update()
        )
        passages = dataset.scalar_one_or_none()
        if passages is None:
            return
        mine = await _still_mine(session, tenant, group)
        at = sentence_at = added = 0
        chunks: list[dict[str, object]] = []
        rows: list[dict[str, object]] = []
        for item in group:
            count = len(item.prepared.chunks)
            sentence_count = len(sentences_to_embed(item.prepared))
            if item.claimed.id in mine:
                # Rows of one-sentence passages need the local vector, which every tenant's sentences have.
                own = _local_rows(services, vectors, at, count)
                new = chunk_rows(
                    item.prepared, tenant, dataset_id, item.claimed.id, item.claimed.version, own,
                    sentence_rows[sentence_at : sentence_at + sentence_count],
                )  # fmt: skip
                chunks += new
                ids = [row["id"] for row in new]
                for generation_id, matrix in vectors.items():
                    rows += vector_rows(
                        tenant, generation_id, ids, matrix[at : at + count],
                        indexed=passages + added + count > EXACT_UP_TO,
                    )  # fmt: skip
                added += count - mine[item.claimed.id]
            at += count
            sentence_at += sentence_count
        if not mine:
            return
        await session.execute(
            sa.text("delete from chunks where tenant_id = :tenant and document_id = any(:ids)"),
            {"tenant": tenant, "ids": list(mine)},
        )
        for row in chunks:
            row["sentences"] = orjson.dumps(row["sentences"]).decode()
        await session.execute(INSERT_CHUNKS, chunks)
        failpoint("ingest.half_stored")
        await session.execute(INSERT_VECTORS, rows)
        for item in group:
            if item.claimed.id in mine:
                await _complete(session, tenant, item)
        await _tell(session, tenant, [item.claimed for item in group if item.claimed.id in mine], "completed")
        await session.execute(
            sa.update(Dataset)
            .where(Dataset.tenant_id == tenant, Dataset.id == dataset_id)
            .values(
                revision=Dataset.revision + 1,
                passages=Dataset.passages + added,
                updated_at=Dataset.updated_at,
            )
        )
        failpoint("ingest.before_commit")
    failpoint("ingest.committed")
    metrics.documents.labels("completed").inc(len(mine))
    log.info("documents_stored", tenant=str(tenant), dataset=str(dataset_id), documents=len(mine), passages=added)


def _local_rows(services: IngestServices, vectors: dict[UUID, Any], at: int, count: int) -> Any:
    dimensions = services.embedders.local.dimensions
    for matrix in vectors.values():
        if matrix.shape[1] == dimensions:
            return matrix[at : at + count]
    return np.zeros((count, dimensions), np.float32)


async def _still_mine(session: Any, tenant: UUID, group: list[_Ready]) -> dict[UUID, int]:
    """Lock the documents whose claim is still ours; their present number of passages."""
    claims = {item.claimed.id: (item.claimed.claim, item.claimed.version) for item in group}
    rows = await session.execute(
        sa.select(Document.id, Document.claim, Document.newest_version, Document.chunk_count)
        .where(Document.tenant_id == tenant, Document.id.in_(claims))
        .with_for_update()
    )
    return {row.id: row.chunk_count for row in rows if claims[row.id] == (row.claim, row.newest_version)}


async def _complete(session: Any, tenant: UUID, item: _Ready) -> None:
    claimed, extraction = item.claimed, item.extraction
    await session.execute(
        sa.update(Document)
        .where(Document.tenant_id == tenant, Document.id == claimed.id, Document.claim == claimed.claim)
        .values(
            status="completed", stage=None, progress=1.0, error=None, error_code=None, version=claimed.version,
            title=item.prepared.title, media_type=extraction.media_type, language=item.prepared.language,
            chunk_count=len(item.prepared.chunks), attempts=0,
        )
    )  # fmt: skip
    spans = [[s.start, s.end, s.kind, s.level, s.page, s.anchor] for s in extraction.spans]
    await session.execute(
        sa.update(DocumentVersion)
        .where(
            DocumentVersion.tenant_id == tenant, DocumentVersion.document_id == claimed.id,
            DocumentVersion.version == claimed.version,
        )
        .values(
            title=item.prepared.title, text=extraction.text, spans=spans, warnings=extraction.warnings,
            pages=extraction.pages, completed_at=sa.func.now(),
        )
    )  # fmt: skip


async def _stage(services: IngestServices, tenant: UUID, group: list[_Ready], stage: str, progress: float) -> None:
    async with services.db.tenant(tenant) as session, session.begin():
        await session.execute(
            sa.update(Document)
            .where(
                Document.tenant_id == tenant,
                sa.tuple_(Document.id, Document.claim, Document.newest_version).in_(
                    [(i.claimed.id, i.claimed.claim, i.claimed.version) for i in group]
                ),
            )
            .values(stage=stage, progress=progress)
        )
        await _tell(session, tenant, [item.claimed for item in group], "processing", stage)


async def _tell(
    session: AsyncSession, tenant: UUID, documents: Sequence[_Claimed], status: str, stage: str | None = None
) -> None:
    for dataset_id in {document.dataset_id for document in documents}:
        ids = [document.id for document in documents if document.dataset_id == dataset_id]
        await tell(session, tenant, dataset_id, ids, status, stage)


async def _fail(services: IngestServices, tenant: UUID, document: _Claimed, code: str, message: str) -> None:
    async with services.db.tenant(tenant) as session, session.begin():
        await session.execute(
            sa.update(Document)
            .where(
                Document.tenant_id == tenant,
                Document.id == document.id,
                Document.claim == document.claim,
                # A newer version that came in meanwhile is not to blame; it is read by its own job.
                Document.newest_version == document.version,
            )
            .values(status="failed", stage=None, error=message, error_code=code)
        )
        await _tell(session, tenant, [document], "failed")
    metrics.documents.labels("failed").inc()
    log.info("document_failed", tenant=str(tenant), document=str(document.id), code=code)
