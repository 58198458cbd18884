"""Finding: words and meaning searched side by side in PostgreSQL, put in one order with one score.

Two statements a search: the first scores candidates, the second fetches the few that are left.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.db import Database
from shopwright.kit.errors import NotFound
from shopwright.knowledge.encoding import any_of, lexemes, sparse_text, unpack_rows, vector_text
from shopwright.knowledge.passages import Passage
from shopwright.knowledge.ports import Embedders
from shopwright.knowledge.statistics import TermCounts
from shopwright.nlp.bm25 import query_weights
from shopwright.nlp.embedding import Embedder, EmbedderBusy
from shopwright.nlp.language import detect
from shopwright.nlp.query import QueryPlan, Said, plan_query
from shopwright.nlp.ranking import Candidate, fuse

CANDIDATES = 50
# Up to here all vectors of the datasets are compared exactly, in about 10 ms; above, an approximate index is used.
EXACT_UP_TO = 20_000
FETCHED = 12
KEPT_QUERY_VECTORS = 4_096
PRIORITY_STEP = 0.97
MAX_TERMS = 200

_SOURCE = sa.text(
    "select d.revision, d.passages, d.generation_id, g.embedding_model, g.dimensions from datasets d"
    " join index_generations g on g.tenant_id = d.tenant_id and g.id = d.generation_id"
    " where d.tenant_id = :tenant and d.id = :dataset"
)
_NEAREST_EXACT = (
    "select chunk_id from chunk_vectors where tenant_id = :tenant and generation_id = any(:generations)"
    " order by (embedding <#> cast(:vector as halfvec)) + 0, chunk_id limit :candidates"
)
_NEAREST_INDEXED = (
    "select chunk_id from chunk_vectors where tenant_id = :tenant and generation_id = any(:generations)"
    " and indexed and dimensions = {n} order by (embedding::halfvec({n})) <#> cast(:vector as halfvec({n}))"
    " limit :candidates"
)
_CANDIDATES = (
    "with nearest as materialized ({nearest}), worded as materialized ("
    " select id from chunks where tenant_id = :tenant and dataset_id = any(:datasets)"
    " and lexemes @@ cast(:any_of as tsquery) order by weights <#> cast(:weights as sparsevec), id limit :candidates)"
    " select c.id, c.dataset_id, c.title, c.language, -(c.weights <#> cast(:weights as sparsevec)) as lexical,"
    " -(v.embedding <#> cast(:vector as halfvec)) as dense"
    " from (select chunk_id from nearest union select id from worded) found"
    " join chunks c on c.tenant_id = :tenant and c.id = found.chunk_id and c.dataset_id = any(:datasets)"
    " join chunk_vectors v on v.tenant_id = :tenant and v.chunk_id = c.id and v.generation_id = any(:generations)"
)
_FETCH = sa.text(
    "select c.id, c.document_id, c.dataset_id, c.version, c.title, c.heading, c.page, c.anchor, c.kind, c.language,"
    " c.text, c.start_char, c.end_char, c.sentences, c.sentence_vectors, d.url"
    " from chunks c join documents d on d.tenant_id = c.tenant_id and d.id = c.document_id"
    " where c.tenant_id = :tenant and c.id = any(:ids)"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset to search, its place in the bot's list (1 comes first), and the state of its index."""

    dataset_id: UUID
    priority: int
    revision: int
    passages: int
    generation_id: UUID
    embedding_model: str
    dimensions: int


async def load_source(session: AsyncSession, tenant_id: UUID, dataset_id: UUID) -> Source:
    """Read the state of one dataset's index.

    Raises:
        NotFound: there is no such dataset.
    """
    row = (await session.execute(_SOURCE, {"tenant": tenant_id, "dataset": dataset_id})).first()
    if row is None:
        raise NotFound(what="dataset")
    return Source(dataset_id, 1, row.revision, row.passages, row.generation_id, row.embedding_model, row.dimensions)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought, best first, and what it knew on the way."""

    passages: list[Passage]
    language: str
    # What was searched with (the message in the light of what was said), in the space of the sentence vectors, or
    # None when nothing was searched.
    vector: NDArray[np.float32] | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    candidates: int = 0


@dataclass(frozen=True, slots=True)
class _Group:
    """Datasets whose vectors were made by one model."""

    embedding_model: str
    dimensions: int
    datasets: list[UUID]
    generations: list[UUID]
    revisions: list[tuple[UUID, int]]
    passages: int


@dataclass(frozen=True, slots=True)
class _Hit:
    chunk_id: UUID
    candidate: Candidate
    # Of its dataset's place in the bot's list.
    weight: float
    # Whether the embedder understands the question's language.
    understood: bool


class Searcher:
    """Searches datasets of one tenant. Keeps only caches that any process can fill again."""

    def __init__(self, db: Database, embedders: Embedders) -> None:
        self._db, self._embedders = db, embedders
        self._counts = TermCounts()
        self._vectors: OrderedDict[tuple[str, str, str], NDArray[np.float32]] = OrderedDict()
        # Messages whose vectors are being made.
        self._coming: dict[tuple[str, str, str], asyncio.Task[None]] = {}

    async def search(
        self,
        tenant_id: UUID,
        sources: Sequence[Source],
        message: str,
        *,
        history: Sequence[tuple[str, str]] = (),
        limit: int = 5,
        language: str | None = None,
    ) -> Found:
        """Find the passages that fit a message, in the light of what was said before.

        Args:
            history: earlier messages as `(role, content)`, oldest first.
            limit: at most this many passages.

        Returns:
            Passages, best first, each with a score from 0 to 1.
        """
        started = time.perf_counter()
        language = language or detect(message)
        plan = plan_query(message, [Said(*said) for said in history], language)
        groups = _by_model(sources)
        timings = {"plan": _since(started)}
        priorities = {source.dataset_id: source.priority for source in sources}
        mark = time.perf_counter()
        embedded = []
        for group in groups:
            embedder = await self._embedders.get(tenant_id, group.embedding_model)
            embedded.append((group, embedder, await self._query_rows(embedder, plan)))
        timings["embed"] = _since(mark)
        if not embedded:
            return Found([], language, None, timings)
        # No transaction was open while a model worked; from here on one is enough.
        mark = time.perf_counter()
        hits: list[_Hit] = []
        async with self._db.tenant(tenant_id) as session, session.begin():
            for group, embedder, rows in embedded:
                hits += await self._candidates(
                    session, tenant_id, group, plan, plan.vector(rows), priorities,
                    understood=embedder.understands(language),
                )  # fmt: skip
            ranked = sorted(zip(_scores(hits), hits, strict=True), key=lambda pair: (-pair[0], pair[1].chunk_id))
            hits = [hit for _, hit in ranked]
            vectors = {group.dimensions: plan.vector(rows) for group, _, rows in embedded}
            passages = await self._fetch(session, tenant_id, hits, max(limit, FETCHED), vectors)
        timings["find"] = _since(mark)
        return Found(passages[:limit], language, plan.vector(embedded[0][2]), timings, len(hits))

    def expect(self, text: str, language: str) -> None:
        """Begin with the local vector of a message that will be searched for, while something else is waited for."""
        key = (self._embedders.local.model_id, language, text)
        if key not in self._vectors and key not in self._coming:
            self._coming[key] = asyncio.create_task(self._embed_expected(key))

    async def _embed_expected(self, key: tuple[str, str, str]) -> None:
        _, language, text = key
        try:
            self._vectors[key] = (await self._embedders.local.embed_queries([text], language))[0]
        except EmbedderBusy:
            return  # who needs it asks again, and hears of it
        finally:
            del self._coming[key]

    async def embed_message(self, text: str, language: str) -> NDArray[np.float32]:
        """The local vector of one message, for what compares messages with messages; known after a search."""
        key = (self._embedders.local.model_id, language, text)
        if key in self._coming:
            await asyncio.shield(self._coming[key])
        if key not in self._vectors:
            self._vectors[key] = (await self._embedders.local.embed_queries([text], language))[0]
        return self._vectors[key]

    async def _query_rows(self, embedder: Embedder, plan: QueryPlan) -> NDArray[np.float32]:
        """Embed the message and what was said before; earlier messages are known from their own turns."""
        keys = [(embedder.model_id, plan.language, text) for text in plan.texts]
        for key in keys:
            if key in self._coming:
                await asyncio.shield(self._coming[key])
        missing = [key for key in dict.fromkeys(keys) if key not in self._vectors]
        if missing:
            rows = await embedder.embed_queries([key[2] for key in missing], plan.language)
            self._vectors.update(zip(missing, rows, strict=True))
        out = np.stack([self._vectors[key] for key in keys])
        while len(self._vectors) > KEPT_QUERY_VECTORS:
            self._vectors.popitem(last=False)
        return out

    async def _candidates(
        self,
        session: AsyncSession,
        tenant_id: UUID,
        group: _Group,
        plan: QueryPlan,
        vector: NDArray[np.float32],
        priorities: dict[UUID, int],
        *,
        understood: bool,
    ) -> list[_Hit]:
        terms = dict(sorted(plan.terms.items(), key=lambda item: -item[1])[:MAX_TERMS])
        counts = await self._counts.passages_with(session, tenant_id, group.revisions, terms)
        weights = query_weights(terms, counts, group.passages)
        nearest = _NEAREST_EXACT
        if group.passages > EXACT_UP_TO:
            nearest = _NEAREST_INDEXED.format(n=int(group.dimensions))
            await session.execute(
                sa.text(
                    "select set_config('hnsw.iterative_scan', 'relaxed_order', true),"
                    " set_config('hnsw.ef_search', '100', true)"
                )
            )
        rows = (
            await session.execute(
                sa.text(_CANDIDATES.format(nearest=nearest)),
                {
                    "tenant": tenant_id,
                    "datasets": group.datasets,
                    "generations": group.generations,
                    "vector": vector_text(vector),
                    "weights": sparse_text(weights),
                    "any_of": any_of([x for d in group.datasets for x in lexemes(d, weights)]),
                    "candidates": CANDIDATES,
                },
            )
        ).all()
        candidates = [
            Candidate(
                # Pages of one title belong together, also where each is a document of its own.
                (row.dataset_id, row.title),
                float(row.lexical),
                float(row.dense),
                same_language=row.language == plan.language,
            )
            for row in rows
        ]
        return [
            _Hit(row.id, candidate, PRIORITY_STEP ** (priorities[row.dataset_id] - 1), understood)
            for row, candidate in zip(rows, candidates, strict=True)
        ]

    async def _fetch(
        self,
        session: AsyncSession,
        tenant_id: UUID,
        hits: Sequence[_Hit],
        count: int,
        vectors: dict[int, NDArray[np.float32]],
    ) -> list[Passage]:
        """Fetch the best passages, and put them in order once more with their best sentences."""
        best = [hit.chunk_id for hit in hits[:count]]
        if not best:
            return []
        found = await session.execute(_FETCH, {"tenant": tenant_id, "ids": best})
        rows = {row.id: row for row in found}
        sentences = {chunk_id: _sentence_rows(row, vectors) for chunk_id, row in rows.items()}
        # All candidates are scored again, since neighbours that were not fetched speak for a passage too.
        refined = [
            replace(hit, candidate=_with_best_sentence(hit.candidate, sentences.get(hit.chunk_id), vectors))
            for hit in hits
        ]
        passages = []
        for hit, score in zip(refined, _scores(refined), strict=True):
            # A document may have been deleted since the first statement: then it is not answered from.
            if hit.chunk_id in rows:
                passages.append(_passage(rows[hit.chunk_id], score, hit.candidate, sentences[hit.chunk_id]))
        return sorted(passages, key=lambda passage: (-passage.score, passage.chunk_id))


def _scores(hits: Sequence[_Hit]) -> list[float]:
    """Scores from 0 to 1, over the hits of each model together."""
    out = [0.0] * len(hits)
    for understood in (True, False):
        places = [i for i, hit in enumerate(hits) if hit.understood is understood]
        fused = fuse([hits[i].candidate for i in places], understood=understood)
        for i, score in zip(places, fused, strict=True):
            out[i] = score * hits[i].weight
    return out


def _by_model(sources: Sequence[Source]) -> list[_Group]:
    groups: dict[str, list[Source]] = {}
    for source in sources:
        if source.passages:
            groups.setdefault(source.embedding_model, []).append(source)
    return [
        _Group(
            embedding_model=model,
            dimensions=members[0].dimensions,
            datasets=[source.dataset_id for source in members],
            generations=[source.generation_id for source in members],
            revisions=[(source.dataset_id, source.revision) for source in members],
            passages=sum(source.passages for source in members),
        )
        for model, members in groups.items()
    ]


def _sentence_rows(
    row: sa.Row[tuple[object, ...]], vectors: dict[int, NDArray[np.float32]]
) -> NDArray[np.float32] | None:
    """The vectors of a passage's sentences, when they were made by a model that also embedded the message."""
    data: bytes | None = row.sentence_vectors
    for dimensions in vectors:
        if data and len(data) == len(row.sentences) * dimensions:
            return unpack_rows(data, dimensions)
    return None


def _with_best_sentence(
    candidate: Candidate, rows: NDArray[np.float32] | None, vectors: dict[int, NDArray[np.float32]]
) -> Candidate:
    if rows is None:
        return candidate
    return replace(candidate, sentence=float((rows @ vectors[rows.shape[1]]).max()))


def _passage(
    row: sa.Row[tuple[object, ...]], score: float, candidate: Candidate, vectors: NDArray[np.float32] | None
) -> Passage:
    signals = {"words": round(candidate.lexical, 4), "meaning": round(candidate.dense, 4)}
    if candidate.sentence is not None:
        signals["best_sentence"] = round(candidate.sentence, 4)
    return Passage(
        chunk_id=row.id, document_id=row.document_id, document_version=row.version, title=row.title,
        heading=row.heading, url=row.url, page=row.page, anchor=row.anchor, kind=row.kind, language=row.language,
        text=row.text, start=row.start_char, end=row.end_char, score=round(score, 5),
        sentences=tuple((a, b) for a, b in row.sentences), sentence_vectors=vectors, signals=signals,
    )  # fmt: skip


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
