"""`/v1/tenant/dead-letters`: messages that got stuck, with the reason, and another try."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from shopwright.gateway.letters import page_letters, replay
from shopwright.kit.errors import NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page, Schema
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import Scope, requires, scoped_router

router = scoped_router("/v1/tenant/dead-letters", "deployments")


class LetterRead(Schema):
    id: UUID
    direction: Literal["in", "out"]
    deployment_id: UUID
    conversation_id: UUID | None
    reason: str
    attempts: int
    text: str | None
    created_at: datetime


@router.get("")
@requires(Permission.DEPLOYMENTS_READ)
async def list_dead_letters(
    scope: Scope, limit: Limit = 50, cursor: CursorText = None,
    deployment_id: Annotated[UUID | None, Query()] = None,
) -> Page[LetterRead]:  # fmt: skip
    """What could not be answered or delivered, newest first."""
    rows, after = await page_letters(scope.session, scope.tenant_id, limit, cursor, deployment_id)
    return Page(items=[LetterRead.model_validate(row) for row in rows], next_cursor=after)


@router.post("/{letter_id}/replay", status_code=202, responses=error_responses(NotFound))
@requires(Permission.DEPLOYMENTS_WRITE)
async def replay_dead_letter(letter_id: UUID, scope: Scope) -> None:
    """Try it again now."""
    await replay(scope.session, scope.tenant_id, letter_id)
    scope.audit("dead_letter.replay", letter_id)
