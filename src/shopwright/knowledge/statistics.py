"""How many passages of a dataset hold a word: asked from the database once, then kept until the dataset changes."""

import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.knowledge.encoding import lexemes

MAX_DATASETS = 2_000
MAX_TERMS = 20_000
# While documents stream in, counts this old are good enough: a rarity changes slowly.
STALE_SECONDS = 15.0

_COUNT = sa.text(
    "select t.lexeme, (select count(*) from chunks c where c.tenant_id = :tenant and c.dataset_id = :dataset"
    " and c.lexemes @@ cast(quote_literal(t.lexeme) as tsquery)) from unnest(cast(:lexemes as text[])) t(lexeme)"
)


@dataclass(slots=True)
class _Counts:
    revision: int
    read_at: float
    counts: dict[str, int] = field(default_factory=dict)


class TermCounts:
    """A cache of document frequencies. Losing it costs time only; any process can fill it again."""

    def __init__(self) -> None:
        self._datasets: OrderedDict[tuple[UUID, UUID], _Counts] = OrderedDict()

    async def passages_with(
        self,
        session: AsyncSession,
        tenant_id: UUID,
        datasets: Sequence[tuple[UUID, int]],
        terms: Iterable[str],
    ) -> dict[str, int]:
        """Count the passages that hold each term, over several datasets given with their revisions."""
        wanted = list(terms)
        total: dict[str, int] = dict.fromkeys(wanted, 0)
        for dataset_id, revision in datasets:
            counts = self._known(tenant_id, dataset_id, revision)
            missing = [term for term in wanted if term not in counts]
            if missing:
                counts.update(await self._count(session, tenant_id, dataset_id, missing))
            for term in wanted:
                total[term] += counts[term]
        return total

    def _known(self, tenant_id: UUID, dataset_id: UUID, revision: int) -> dict[str, int]:
        key, now = (tenant_id, dataset_id), time.monotonic()
        known = self._datasets.get(key)
        outdated = known is not None and known.revision != revision and now - known.read_at > STALE_SECONDS
        if known is None or outdated or len(known.counts) > MAX_TERMS:
            known = self._datasets[key] = _Counts(revision, now)
        self._datasets.move_to_end(key)
        while len(self._datasets) > MAX_DATASETS:
            self._datasets.popitem(last=False)
        return known.counts

    async def _count(
        self, session: AsyncSession, tenant_id: UUID, dataset_id: UUID, terms: list[str]
    ) -> dict[str, int]:
        marked = dict(zip(lexemes(dataset_id, terms), terms, strict=True))
        rows = await session.execute(_COUNT, {"tenant": tenant_id, "dataset": dataset_id, "lexemes": list(marked)})
        return {marked[lexeme]: int(count) for lexeme, count in rows}
