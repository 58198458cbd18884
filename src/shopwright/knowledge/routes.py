"""`/v1/tenant/datasets`: datasets, and what is found in them."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from shopwright.kit.errors import NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page
from shopwright.knowledge.errors import DatasetNameTaken, StillBuilding, UnknownEmbeddingModel
from shopwright.knowledge.explaining import words_in_both
from shopwright.knowledge.generations import find_embedder, start_generation
from shopwright.knowledge.models import Dataset, IndexGeneration
from shopwright.knowledge.passages import Passage
from shopwright.knowledge.ports import Knowledge
from shopwright.knowledge.schemas import (
    DatasetCreate,
    DatasetRead,
    DatasetUpdate,
    DocumentCounts,
    GenerationRead,
    Reindex,
    SearchHit,
    SearchRequest,
    SearchResult,
    Why,
)
from shopwright.knowledge.search import Searcher, load_source
from shopwright.knowledge.service import Datasets
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import RequestScope, Scope, requires, scoped_router

router = scoped_router("/v1/tenant/datasets", "knowledge")


def knowledge_of(request: Request) -> Knowledge:
    knowledge: Knowledge = request.app.state.knowledge
    return knowledge


def searcher_of(request: Request) -> Searcher:
    searcher: Searcher = request.app.state.searcher
    return searcher


KnowledgeDep = Annotated[Knowledge, Depends(knowledge_of)]
SearcherDep = Annotated[Searcher, Depends(searcher_of)]


def datasets_of(scope: Scope) -> Datasets:
    return Datasets(scope.session, scope.tenant_id)


DatasetsDep = Annotated[Datasets, Depends(datasets_of)]


async def _read(scope: RequestScope, rows: list[Dataset]) -> list[DatasetRead]:
    ids = [row.id for row in rows]
    datasets = Datasets(scope.session, scope.tenant_id)
    counts, generations = await datasets.counts(ids), await datasets.generations(ids)
    return [_shape(row, counts[row.id], generations[row.id]) for row in rows]


def _shape(row: Dataset, counts: dict[str, int], generations: list[IndexGeneration]) -> DatasetRead:
    active = next((g for g in generations if g.id == row.generation_id), None)
    return DatasetRead(
        id=row.id,
        name=row.name,
        client_id=row.client_id,
        tenant_id=row.tenant_id,
        description=row.description,
        tags=row.tags,
        metadata=row.meta,
        embedding_model=active.embedding_model if active else "",
        index_status="building" if any(g.status == "building" for g in generations) else "ready",
        documents=DocumentCounts(**counts),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


@router.get("")
@requires(Permission.DATASETS_READ)
async def list_datasets(scope: Scope, limit: Limit = 50, cursor: CursorText = None) -> Page[DatasetRead]:
    rows, after = await scope.repository(Dataset).page(limit, cursor)
    return Page(items=await _read(scope, list(rows)), next_cursor=after)


@router.post("", status_code=201, responses=error_responses(DatasetNameTaken))
@requires(Permission.DATASETS_WRITE)
async def create_dataset(
    new: DatasetCreate, datasets: DatasetsDep, knowledge: KnowledgeDep, scope: Scope
) -> DatasetRead:
    """Add an empty dataset; its documents are embedded with the local models until that is changed."""
    local = knowledge.embedders.local
    client_id = await scope.client_for(new.client_id)
    row = await datasets.create(new, local.model_id, local.dimensions, client_id)
    return (await _read(scope, [row]))[0]


@router.get("/{dataset_id}", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def get_dataset(dataset_id: UUID, datasets: DatasetsDep, scope: Scope) -> DatasetRead:
    return (await _read(scope, [await datasets.get(dataset_id)]))[0]


@router.patch("/{dataset_id}", responses=error_responses(NotFound, DatasetNameTaken))
@requires(Permission.DATASETS_WRITE)
async def update_dataset(dataset_id: UUID, change: DatasetUpdate, datasets: DatasetsDep, scope: Scope) -> DatasetRead:
    row = await datasets.update(await datasets.get(dataset_id), change)
    return (await _read(scope, [row]))[0]


@router.delete("/{dataset_id}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.DATASETS_WRITE)
async def delete_dataset(dataset_id: UUID, datasets: DatasetsDep, scope: Scope) -> None:
    """Remove a dataset with its documents; no bot answers from it from then on."""
    row = await datasets.get(dataset_id)
    await datasets.rows.delete(row)
    scope.audit("dataset.delete", dataset_id, name=row.name)


@router.post("/{dataset_id}/search", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ, own_transaction=True)
async def search_dataset(dataset_id: UUID, wanted: SearchRequest, searcher: SearcherDep, scope: Scope) -> SearchResult:
    """Find passages: what a bot would answer from, with the reasons for their order."""
    history = [(message.role, message.content) for message in wanted.history]
    async with scope.session as session:
        source = await load_source(session, scope.tenant_id, dataset_id)
    found = await searcher.search(scope.tenant_id, [source], wanted.query, history=history, limit=wanted.limit)
    return SearchResult(
        items=[
            SearchHit(
                document_id=p.document_id, document_version=p.document_version, title=p.title, heading=p.heading,
                url=p.url, page=p.page, text=p.text, start=p.start, end=p.end, score=p.score, signals=p.signals,
                why=_why(wanted.query, p, rank) if wanted.explain else None,
            )
            for rank, p in enumerate(found.passages, 1)
        ]
    )  # fmt: skip


def _why(query: str, passage: Passage, rank: int) -> Why:
    return Why(
        words=passage.signals["words"],
        vector=passage.signals["meaning"],
        exact=words_in_both(query, passage),
        rank=rank,
    )


@router.get("/{dataset_id}/generations", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def list_generations(dataset_id: UUID, datasets: DatasetsDep) -> Page[GenerationRead]:
    """The index generations of a dataset, oldest first."""
    await datasets.get(dataset_id)
    rows = (await datasets.generations([dataset_id]))[dataset_id]
    return Page(items=[GenerationRead.model_validate(row) for row in rows])


@router.post(
    "/{dataset_id}/reindex",
    status_code=202,
    responses=error_responses(NotFound, UnknownEmbeddingModel, StillBuilding),
)
@requires(Permission.DATASETS_WRITE, own_transaction=True)
async def reindex_dataset(
    dataset_id: UUID, wanted: Reindex, datasets: DatasetsDep, knowledge: KnowledgeDep, scope: Scope
) -> GenerationRead:
    """Build the index with another embedding model beside the one in use, and switch when it is complete."""
    async with scope.session as session:
        await datasets.get(dataset_id)
        await session.rollback()  # nothing is held while a provider is asked
        embedder = await find_embedder(scope.tenant_id, wanted.embedding_model, knowledge.embedders)
        generation = await start_generation(session, await datasets.get(dataset_id), embedder)
        scope.audit("dataset.reindex", dataset_id, embedding_model=generation.embedding_model)
        await session.commit()
    return GenerationRead.model_validate(generation)
