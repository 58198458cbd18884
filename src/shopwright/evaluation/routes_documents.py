"""`/v1/tenant/datasets/{id}/documents/usage`: which documents answer, and which answer nothing."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from shopwright.evaluation.document_usage import read_usage
from shopwright.kit.errors import InvalidInput, NotFound, error_responses
from shopwright.kit.pagination import Limit
from shopwright.kit.schemas import Page, Schema
from shopwright.kit.sentences import sentence
from shopwright.knowledge.service import Datasets
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import Scope, requires, scoped_router

router = scoped_router("/v1/tenant/datasets/{dataset_id}/documents/usage", "documents")
MAX_PLACE = 10_000_000


class DocumentUsageRead(Schema):
    document_id: UUID
    title: str
    citations: int
    last_cited_at: datetime | None


@router.get("", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def list_document_usage(
    dataset_id: UUID,
    scope: Scope,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
    unused: Annotated[bool, Query(description="Only documents that no answer ever cited.")] = False,
) -> Page[DocumentUsageRead]:
    """How many answers cited each document that is ready, most cited first."""
    await Datasets(scope.session, scope.tenant_id).get(dataset_id)
    place = cursor or "0"
    if not place.isascii() or not place.isdecimal() or int(place) > MAX_PLACE:
        raise InvalidInput(
            reason=sentence("This cursor is not one of ours; leave it out to begin with the first page.")
        )
    rows = await read_usage(
        scope.session, scope.tenant_id, dataset_id, unused=unused, limit=limit + 1, offset=int(place)
    )
    items = [
        DocumentUsageRead(
            document_id=row.document_id, title=row.title, citations=row.citations, last_cited_at=row.last_cited_at
        )
        for row in rows[:limit]
    ]
    return Page(items=items, next_cursor=str(int(place) + limit) if len(rows) > limit else None)
