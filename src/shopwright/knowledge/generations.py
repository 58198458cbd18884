"""Index generations: a new embedding model fills a new generation beside the old one, then takes its place at once."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.db import Database
from shopwright.kit.ids import uuid7
from shopwright.kit.jobs import defer
from shopwright.kit.logs import get_logger
from shopwright.knowledge.encoding import vector_text
from shopwright.knowledge.errors import StillBuilding, UnknownEmbeddingModel
from shopwright.knowledge.ingest import INSERT_VECTORS, IngestServices
from shopwright.knowledge.models import Chunk, ChunkVector, Dataset, IndexGeneration
from shopwright.knowledge.ports import LOCAL, Embedders
from shopwright.knowledge.prepare import HEADING_JOINT
from shopwright.knowledge.search import EXACT_UP_TO
from shopwright.llm.port import ProviderError
from shopwright.nlp.embedding import Embedder, text_to_embed

log = get_logger("shopwright.knowledge.generations")

BUILD = "knowledge.build_generation"
AT_ONCE = 128
MAX_ATTEMPTS = 3
BUILDING, ACTIVE, RETIRED, FAILED = "building", "active", "retired", "failed"


async def find_embedder(tenant_id: UUID, wanted: str, embedders: Embedders) -> Embedder:
    """The embedder of that name; a provider's is asked, so no transaction should be open.

    Raises:
        UnknownEmbeddingModel: there is no such model, or it does not answer.
    """
    return embedders.local if wanted == LOCAL else await embedders.get(tenant_id, wanted)


async def start_generation(session: AsyncSession, dataset: Dataset, embedder: Embedder) -> IndexGeneration:
    """Begin to build a dataset's index with another model, in the caller's transaction.

    Raises:
        StillBuilding: another one is being built.
    """
    tenant = dataset.tenant_id
    await session.execute(
        sa.select(Dataset.id).where(Dataset.tenant_id == tenant, Dataset.id == dataset.id).with_for_update()
    )
    building = await session.scalar(
        sa.select(IndexGeneration.id).where(
            IndexGeneration.tenant_id == tenant, IndexGeneration.dataset_id == dataset.id,
            IndexGeneration.status == BUILDING,
        )
    )  # fmt: skip
    if building is not None:
        raise StillBuilding(reason="")
    row = IndexGeneration(
        tenant_id=tenant, id=uuid7(), dataset_id=dataset.id, embedding_model=embedder.model_id,
        dimensions=embedder.dimensions, status=BUILDING,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await session.refresh(row)
    await defer(session, BUILD, tenant_id=tenant, queue="ingest", generation=str(row.id))
    return row


@dataclass(frozen=True, slots=True)
class _Build:
    dataset_id: UUID
    embedding_model: str


async def build_generation(services: IngestServices, *, tenant_id: str, generation: str, attempt: int) -> None:
    """Embed all passages of a dataset that have no vector in a generation yet, then switch. Starts where it stopped."""
    tenant, generation_id = UUID(tenant_id), UUID(generation)
    plan = await _plan(services.db, tenant, generation_id)
    if plan is None:
        return
    try:
        await _fill(services, tenant, generation_id, plan)
    except (ProviderError, UnknownEmbeddingModel) as exc:
        if attempt < MAX_ATTEMPTS:  # it may pass
            raise
        await _fail(services.db, tenant, generation_id, exc.message)


async def _fill(services: IngestServices, tenant: UUID, generation_id: UUID, plan: _Build) -> None:
    embedder = await services.embedders.get(tenant, plan.embedding_model)
    while True:
        missing = await _missing(services.db, tenant, plan.dataset_id, generation_id)
        if missing:
            vectors = await embedder.embed_passages([text for _, text in missing])
            await _add(services.db, tenant, generation_id, [chunk_id for chunk_id, _ in missing], vectors)
        elif await _switch(services.db, tenant, plan.dataset_id, generation_id):
            log.info(
                "generation_switched", tenant=str(tenant), dataset=str(plan.dataset_id),
                generation=str(generation_id),
            )  # fmt: skip
            return


async def _plan(db: Database, tenant: UUID, generation_id: UUID) -> _Build | None:
    async with db.tenant(tenant) as session, session.begin():
        row = (
            await session.execute(
                sa.select(IndexGeneration.dataset_id, IndexGeneration.embedding_model).where(
                    IndexGeneration.tenant_id == tenant, IndexGeneration.id == generation_id,
                    IndexGeneration.status == BUILDING,
                )
            )
        ).first()  # fmt: skip
    return _Build(row.dataset_id, row.embedding_model) if row else None


def _without_vector(tenant: UUID, dataset_id: UUID, generation_id: UUID) -> sa.Select[UUID]:
    has = sa.exists().where(
        ChunkVector.tenant_id == tenant,
        ChunkVector.chunk_id == Chunk.id,
        ChunkVector.generation_id == generation_id,
    )
    return sa.select(Chunk.id).where(Chunk.tenant_id == tenant, Chunk.dataset_id == dataset_id, ~has)


async def _missing(db: Database, tenant: UUID, dataset_id: UUID, generation_id: UUID) -> list[tuple[UUID, str]]:
    query = _without_vector(tenant, dataset_id, generation_id).limit(AT_ONCE)
    async with db.tenant(tenant) as session, session.begin():
        rows = await session.execute(query.add_columns(Chunk.heading, Chunk.text))
        return [(row.id, text_to_embed(row.text, row.heading.split(HEADING_JOINT))) for row in rows]


async def _add(db: Database, tenant: UUID, generation_id: UUID, ids: list[UUID], vectors: object) -> None:
    async with db.tenant(tenant) as session, session.begin():
        # Passages may have gone meanwhile; the lock keeps those that are here until this commit.
        locked = await session.scalars(
            sa.select(Chunk.id).where(Chunk.tenant_id == tenant, Chunk.id.in_(ids)).with_for_update(read=True)
        )
        here = set(locked)
        rows = [
            {
                "tenant_id": tenant, "id": uuid7(), "chunk_id": chunk_id, "generation_id": generation_id,
                "embedding": vector_text(row), "dimensions": len(row), "indexed": False,
            }
            for chunk_id, row in zip(ids, vectors, strict=True)  # type: ignore[call-overload]
            if chunk_id in here
        ]  # fmt: skip
        if rows:
            await session.execute(INSERT_VECTORS, rows)


async def _switch(db: Database, tenant: UUID, dataset_id: UUID, generation_id: UUID) -> bool:
    """Make a complete generation the one that answers, in one commit; False when passages came in meanwhile."""
    async with db.tenant(tenant) as session, session.begin():
        dataset = await session.scalar(
            sa.select(Dataset).where(Dataset.tenant_id == tenant, Dataset.id == dataset_id).with_for_update()
        )
        if dataset is None:
            return True
        if await session.scalar(_without_vector(tenant, dataset_id, generation_id).limit(1)) is not None:
            return False
        old, dataset.generation_id = dataset.generation_id, generation_id
        dataset.revision += 1
        for row_id, status in ((old, RETIRED), (generation_id, ACTIVE)):
            await session.execute(
                sa.update(IndexGeneration)
                .where(IndexGeneration.tenant_id == tenant, IndexGeneration.id == row_id)
                .values(status=status)
            )
        await session.execute(
            sa.delete(ChunkVector).where(ChunkVector.tenant_id == tenant, ChunkVector.generation_id == old)
        )
        if dataset.passages > EXACT_UP_TO:
            await session.execute(
                sa.update(ChunkVector)
                .where(ChunkVector.tenant_id == tenant, ChunkVector.generation_id == generation_id)
                .values(indexed=True)
            )
        return True


async def _fail(db: Database, tenant: UUID, generation_id: UUID, reason: str) -> None:
    async with db.tenant(tenant) as session, session.begin():
        await session.execute(
            sa.update(IndexGeneration)
            .where(IndexGeneration.tenant_id == tenant, IndexGeneration.id == generation_id)
            .values(status=FAILED, error=reason)
        )
        await session.execute(
            sa.delete(ChunkVector).where(ChunkVector.tenant_id == tenant, ChunkVector.generation_id == generation_id)
        )
