"""Rules of datasets and documents. Nothing here knows of HTTP, and nothing here commits."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.db import TenantRepository, UniqueViolation
from shopwright.kit.errors import NotFound
from shopwright.kit.ids import uuid7
from shopwright.kit.jobs import defer
from shopwright.kit.notify import notify
from shopwright.knowledge.errors import DatasetNameTaken, NothingToRetry, SameContent
from shopwright.knowledge.models import Dataset, Document, DocumentVersion, IndexGeneration
from shopwright.knowledge.schemas import DatasetCreate, DatasetUpdate, DocumentUpdate

INGEST = "knowledge.ingest"
DOCUMENTS_PER_JOB = 25
TOLD_ONE_BY_ONE = 5


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document as it comes in: typed text, or bytes already in the file store under their digest."""

    title: str
    source_type: str
    digest: str
    size_bytes: int
    text: str | None = None
    filename: str | None = None
    url: str | None = None
    tags: list[str] = field(default_factory=list)
    metadata: dict[str, object] = field(default_factory=dict)


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Datasets:
    session: AsyncSession
    tenant_id: UUID

    @property
    def rows(self) -> TenantRepository[Dataset]:
        return TenantRepository(self.session, self.tenant_id, Dataset)

    async def create(
        self, new: DatasetCreate, embedding_model: str, dimensions: int, client_id: UUID | None = None
    ) -> Dataset:
        """Add an empty dataset with its first index generation.

        Raises:
            DatasetNameTaken: another dataset of the tenant has this name.
        """
        generation_id = uuid7()
        given = new.model_dump(exclude={"client_id"})
        given["meta"] = given.pop("metadata")
        try:
            dataset = await self.rows.add(Dataset(generation_id=generation_id, client_id=client_id, **given))
        except UniqueViolation as exc:
            raise DatasetNameTaken(name=new.name) from exc
        generation = IndexGeneration(
            id=generation_id, dataset_id=dataset.id, embedding_model=embedding_model, dimensions=dimensions,
            status="active",
        )  # fmt: skip
        await TenantRepository(self.session, self.tenant_id, IndexGeneration).add(generation)
        return dataset

    async def get(self, dataset_id: UUID) -> Dataset:
        dataset = await self.rows.find(dataset_id)
        if dataset is None:
            raise NotFound(what="dataset")
        return dataset

    async def update(self, dataset: Dataset, change: DatasetUpdate) -> Dataset:
        for name, value in change.model_dump(exclude_unset=True, exclude_none=True).items():
            setattr(dataset, "meta" if name == "metadata" else name, value)
        try:
            return await self.rows.save(dataset)
        except UniqueViolation as exc:
            raise DatasetNameTaken(name=change.name or dataset.name) from exc

    async def counts(self, dataset_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
        """Documents by status, for several datasets in one statement."""
        query = (
            sa.select(Document.dataset_id, Document.status, sa.func.count())
            .where(Document.tenant_id == self.tenant_id, Document.dataset_id.in_(dataset_ids))
            .group_by(Document.dataset_id, Document.status)
        )
        out: dict[UUID, dict[str, int]] = {dataset_id: {} for dataset_id in dataset_ids}
        for dataset_id, status, count in await self.session.execute(query):
            out[dataset_id][status] = count
        return out

    async def generations(self, dataset_ids: Sequence[UUID]) -> dict[UUID, list[IndexGeneration]]:
        query = sa.select(IndexGeneration).where(
            IndexGeneration.tenant_id == self.tenant_id, IndexGeneration.dataset_id.in_(dataset_ids)
        )
        out: dict[UUID, list[IndexGeneration]] = {dataset_id: [] for dataset_id in dataset_ids}
        for row in await self.session.scalars(query.order_by(IndexGeneration.created_at)):
            out[row.dataset_id].append(row)
        return out


@dataclass(frozen=True, slots=True)
class Documents:
    session: AsyncSession
    tenant_id: UUID

    @property
    def rows(self) -> TenantRepository[Document]:
        return TenantRepository(self.session, self.tenant_id, Document)

    async def get(self, dataset_id: UUID, document_id: UUID, *, lock: bool = False) -> Document:
        document = await self.rows.find(document_id, lock=lock)
        if document is None or document.dataset_id != dataset_id:
            raise NotFound(what="document")
        return document

    async def add(self, dataset_id: UUID, new: Sequence[NewDocument]) -> list[tuple[Document, bool]]:
        """Add documents and enqueue the reading of them, in the order given.

        The unique index decides which content is here already, also when two calls race.

        Returns:
            Each document, and whether it was here before (then it is that one; a failed one is tried again).
        """
        await Datasets(self.session, self.tenant_id).get(dataset_id)
        rows = [self._row(dataset_id, document) for document in new]
        statement = (
            insert(Document)
            .on_conflict_do_nothing(
                index_elements=["tenant_id", "dataset_id", "content_hash"],
                index_where=sa.text("content_hash is not null"),
            )
            .returning(Document.id)
        )
        added = set((await self.session.scalars(statement, rows)).all())
        versions = [
            {
                "tenant_id": self.tenant_id, "id": uuid7(), "document_id": row["id"], "version": 1,
                "title": row["title"], "content_hash": row["content_hash"], "source_text": document.text,
            }
            for row, document in zip(rows, new, strict=True)
            if row["id"] in added
        ]  # fmt: skip
        if versions:
            await self.session.execute(sa.insert(DocumentVersion), versions)
        found = await self.session.scalars(
            self.rows.select().where(
                Document.dataset_id == dataset_id,
                Document.content_hash.in_({row["content_hash"] for row in rows}),
            )
        )
        by_hash = {document.content_hash: document for document in found}
        again = [d for d in by_hash.values() if d.id not in added and d.status == "failed"]
        for document in again:
            self._start_over(document)
        await self._enqueue([*sorted(added), *(d.id for d in again)])
        await tell(self.session, self.tenant_id, dataset_id, [*added, *(d.id for d in again)], "pending")
        seen: set[UUID] = set()
        out = []
        for row in rows:
            document = by_hash[row["content_hash"]]
            out.append((document, row["id"] not in added or document.id in seen))
            seen.add(document.id)
        return out

    async def replace(self, document: Document, new: NewDocument) -> Document:
        """Give a document new content; the old version answers until the new one is ready.

        Raises:
            SameContent: another document of the dataset holds exactly this.
        """
        if new.digest == document.content_hash and document.status != "failed":
            return document
        same = await self.rows.find_by(
            Document.dataset_id == document.dataset_id, Document.content_hash == new.digest, Document.id != document.id
        )
        if same is not None:
            raise SameContent(title=same.title)
        document.newest_version += 1
        document.content_hash, document.size_bytes = new.digest, new.size_bytes
        document.title = new.title or document.title
        document.filename = new.filename or document.filename
        document.source_type = new.source_type
        self._start_over(document)
        try:
            await self.rows.save(document)
        except UniqueViolation as exc:
            raise SameContent(title=new.title) from exc  # somebody was quicker
        self.session.add(
            DocumentVersion(
                tenant_id=self.tenant_id, document_id=document.id, version=document.newest_version,
                title=document.title, content_hash=new.digest, source_text=new.text,
            )
        )  # fmt: skip
        await self.session.flush()
        await self._enqueue([document.id])
        await tell(self.session, self.tenant_id, document.dataset_id, [document.id], "pending")
        return document

    async def update(self, document: Document, change: DocumentUpdate) -> Document:
        for name, value in change.model_dump(exclude_unset=True).items():
            if value is not None or name == "url":
                setattr(document, "meta" if name == "metadata" else name, value)
        return await self.rows.save(document)

    async def retry(self, document: Document) -> Document:
        """Read a failed document again.

        Raises:
            NothingToRetry: it did not fail.
        """
        if document.status != "failed":
            raise NothingToRetry(state=document.status)
        self._start_over(document)
        saved = await self.rows.save(document)
        await self._enqueue([document.id])
        await tell(self.session, self.tenant_id, document.dataset_id, [document.id], "pending")
        return saved

    async def delete(self, document: Document) -> None:
        """Remove a document; its passages go in the same commit, so no answer uses it from then on."""
        await self.rows.delete(document)
        await bump_revision(self.session, self.tenant_id, document.dataset_id, -document.chunk_count)
        await tell(self.session, self.tenant_id, document.dataset_id, [document.id], "deleted")

    def _row(self, dataset_id: UUID, new: NewDocument) -> dict[str, object]:
        return {
            "tenant_id": self.tenant_id, "id": uuid7(), "dataset_id": dataset_id, "title": new.title,
            "source_type": new.source_type, "filename": new.filename, "url": new.url,
            "size_bytes": new.size_bytes, "content_hash": new.digest, "tags": new.tags, "meta": new.metadata,
        }  # fmt: skip

    @staticmethod
    def _start_over(document: Document) -> None:
        document.status, document.stage, document.progress = "pending", None, 0.0
        document.error = document.error_code = None
        document.attempts = 0

    async def _enqueue(self, ids: Sequence[UUID]) -> None:
        for at in range(0, len(ids), DOCUMENTS_PER_JOB):
            part = ",".join(str(i) for i in ids[at : at + DOCUMENTS_PER_JOB])
            await defer(self.session, INGEST, tenant_id=self.tenant_id, queue="ingest", documents=part)


async def tell(
    session: AsyncSession, tenant_id: UUID, dataset_id: UUID, ids: Sequence[UUID], status: str, stage: str | None = None
) -> None:
    """Say that documents changed; of many at once only the dataset is named."""
    named: Sequence[UUID | None] = ids if len(ids) <= TOLD_ONE_BY_ONE else [None]
    for document_id in named:
        await notify(session, tenant_id, "document", id=document_id, dataset_id=dataset_id, status=status, stage=stage)


async def bump_revision(session: AsyncSession, tenant_id: UUID, dataset_id: UUID, passages: int) -> None:
    """Say that what is searchable in a dataset has changed, and by how many passages."""
    await session.execute(
        sa.update(Dataset)
        .where(Dataset.tenant_id == tenant_id, Dataset.id == dataset_id)
        .values(revision=Dataset.revision + 1, passages=Dataset.passages + passages, updated_at=Dataset.updated_at)
    )
