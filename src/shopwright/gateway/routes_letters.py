"""`/v1/tenant/dead-letters`: messages that got stuck, with the reason, and another try."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from shopwright.gateway.letters import Wanted, page_letters, replay, replay_many
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


class LettersReplay(Schema):
    """Which ones; all of the tenant when nothing is said."""

    deployment_id: UUID | None = None
    bot_id: UUID | None = None


class LettersReplayed(Schema):
    replayed: int
    left: int = Field(description="How many are still to be tried; send the request again for them.")


@router.get("")
@requires(Permission.DEPLOYMENTS_READ)
async def list_dead_letters(
    scope: Scope, limit: Limit = 50, cursor: CursorText = None,
    deployment_id: Annotated[UUID | None, Query()] = None, bot_id: Annotated[UUID | None, Query()] = None,
) -> Page[LetterRead]:  # fmt: skip
    """What could not be answered or delivered, newest first."""
    rows, after = await page_letters(scope.session, scope.tenant_id, limit, cursor, Wanted(deployment_id, bot_id))
    return Page(items=[LetterRead.model_validate(row) for row in rows], next_cursor=after)


@router.post("/replay", status_code=202)
@requires(Permission.DEPLOYMENTS_WRITE)
async def replay_dead_letters(wanted: LettersReplay, scope: Scope) -> LettersReplayed:
    """Try the oldest ones again now, two hundred at a time."""
    replayed, left = await replay_many(scope.session, scope.tenant_id, Wanted(wanted.deployment_id, wanted.bot_id))
    subject = wanted.deployment_id or wanted.bot_id or scope.tenant_id
    scope.audit("dead_letter.replay_many", subject, replayed=replayed, left=left)
    return LettersReplayed(replayed=replayed, left=left)


@router.post("/{letter_id}/replay", status_code=202, responses=error_responses(NotFound))
@requires(Permission.DEPLOYMENTS_WRITE)
async def replay_dead_letter(letter_id: UUID, scope: Scope) -> None:
    """Try it again now."""
    await replay(scope.session, scope.tenant_id, letter_id)
    scope.audit("dead_letter.replay", letter_id)
