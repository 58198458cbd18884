"""How often each document was cited, and which were never.

Citations stand in the messages. They are added up into one row a document, by and by and never on the way of a turn:
what was said since the last adding up is counted when somebody asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

# A message may become visible a little after the time it bears; no transaction of a turn lasts this long.
SETTLED_SECONDS = 300

_CITED = (
    "select (c.value ->> 'document_id')::uuid as document_id, count(distinct m.id) as citations,"
    " max(m.created_at) as last_cited_at from messages m cross join lateral jsonb_array_elements(m.citations) c"
    " where m.tenant_id = :tenant and m.citations <> '[]' and m.created_at > {since} and m.created_at <= {until}"
    " group by 1"
)
_ADDED_UP = "coalesce((select until from document_usage_marks where tenant_id = :tenant), '-infinity')"
_MARK = sa.text(
    "insert into document_usage_marks (tenant_id, id, until) values (:tenant, :tenant, '-infinity')"
    " on conflict (tenant_id, id) do nothing"
)
_LOCK = sa.text(
    "select case when until = '-infinity' then null else until end as since,"
    " now() - make_interval(secs => :settled) as until"
    " from document_usage_marks where tenant_id = :tenant for update"
)
_ADD = (
    "insert into document_usage (tenant_id, id, citations, last_cited_at)"
    " select :tenant, cited.document_id, cited.citations, cited.last_cited_at from ({cited}) cited"
    " join documents d on d.tenant_id = :tenant and d.id = cited.document_id"
    " on conflict (tenant_id, id) do update set citations = document_usage.citations + excluded.citations,"
    " last_cited_at = greatest(document_usage.last_cited_at, excluded.last_cited_at)"
)
_MOVE = sa.text("update document_usage_marks set until = :until where tenant_id = :tenant")
_READ = (
    "with recent as ({cited}) select d.id as document_id, d.title,"
    " coalesce(u.citations, 0) + coalesce(r.citations, 0) as citations,"
    " greatest(u.last_cited_at, r.last_cited_at) as last_cited_at from documents d"
    " left join document_usage u on u.tenant_id = d.tenant_id and u.id = d.id"
    " left join recent r on r.document_id = d.id"
    " where d.tenant_id = :tenant and d.dataset_id = :dataset and d.status = 'completed'"
    " and (not :unused or (u.id is null and r.document_id is null))"
    " order by citations desc, d.created_at, d.id limit :limit offset :offset"
)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Usage:
    document_id: UUID
    title: str
    citations: int
    last_cited_at: datetime | None


async def add_up(session: AsyncSession, tenant_id: UUID, settled_seconds: int = SETTLED_SECONDS) -> None:
    """Add the citations of settled messages to the rows of their documents."""
    await session.execute(_MARK, {"tenant": tenant_id})
    mark = (await session.execute(_LOCK, {"tenant": tenant_id, "settled": settled_seconds})).one()
    since: datetime = mark.since or LONG_AGO
    until: datetime = mark.until
    await session.execute(
        sa.text(_ADD.format(cited=_CITED.format(since=":since", until=":until"))),
        {"tenant": tenant_id, "since": since, "until": until},
    )
    await session.execute(_MOVE, {"tenant": tenant_id, "until": until})


async def read_usage(
    session: AsyncSession, tenant_id: UUID, dataset_id: UUID, *, unused: bool, limit: int, offset: int
) -> Sequence[Usage]:
    """The documents of a dataset with how often answers cited them, most cited first."""
    cited = _CITED.format(since=_ADDED_UP, until="'infinity'")
    rows = await session.execute(
        sa.text(_READ.format(cited=cited)),
        {"tenant": tenant_id, "dataset": dataset_id, "unused": unused, "limit": limit, "offset": offset},
    )
    return [Usage(row.document_id, row.title, row.citations, row.last_cited_at) for row in rows]
