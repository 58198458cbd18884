"""`/v1/tenant/conversations`, `/v1/tenant/turns`: what was said, and how each answer came about."""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query

from shopwright.conversations.models import Conversation, Message, Turn
from shopwright.conversations.schemas import ConversationRead, MessageRead, TurnRead
from shopwright.kit.errors import NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import Scope, ScopedRoute, requires

router = APIRouter(prefix="/v1/tenant", tags=["conversations"], route_class=ScopedRoute)


def _read(row: Conversation) -> ConversationRead:
    fields = {name: getattr(row, name) for name in ConversationRead.model_fields if name != "metadata"}
    return ConversationRead(**fields, metadata=row.meta)


@router.get("/conversations")
@requires(Permission.CONVERSATIONS_READ)
async def list_conversations(
    scope: Scope,
    limit: Limit = 50,
    cursor: CursorText = None,
    bot_id: Annotated[UUID | None, Query()] = None,
) -> Page[ConversationRead]:
    """Conversations, newest first."""
    conditions = [Conversation.bot_id == bot_id] if bot_id else []
    rows, after = await scope.repository(Conversation).page(limit, cursor, *conditions)
    return Page(items=[_read(row) for row in rows], next_cursor=after)


@router.get("/conversations/{conversation_id}", responses=error_responses(NotFound))
@requires(Permission.CONVERSATIONS_READ)
async def get_conversation(conversation_id: UUID, scope: Scope) -> ConversationRead:
    row = await scope.repository(Conversation).find(conversation_id)
    if row is None:
        raise NotFound(what="conversation")
    return _read(row)


@router.get("/conversations/{conversation_id}/messages", responses=error_responses(NotFound))
@requires(Permission.CONVERSATIONS_READ)
async def list_messages(
    conversation_id: UUID, scope: Scope, limit: Limit = 50, cursor: CursorText = None
) -> Page[MessageRead]:
    """Messages in order."""
    await get_conversation(conversation_id, scope)
    rows, after = await scope.repository(Message).page(
        limit, cursor, Message.conversation_id == conversation_id, newest_first=False
    )
    return Page(items=[MessageRead.model_validate(row) for row in rows], next_cursor=after)


@router.delete("/conversations/{conversation_id}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.CONVERSATIONS_WRITE)
async def delete_conversation(conversation_id: UUID, scope: Scope) -> None:
    """Remove a conversation with its messages and traces."""
    row = await scope.repository(Conversation).find(conversation_id)
    if row is None:
        raise NotFound(what="conversation")
    await scope.repository(Conversation).delete(row)
    scope.audit("conversation.delete", conversation_id)


@router.get("/turns/{message_id}", responses=error_responses(NotFound))
@requires(Permission.CONVERSATIONS_READ)
async def get_turn(message_id: UUID, scope: Scope) -> TurnRead:
    """How an answer came about: understood, found, written, checked, spent, with the time of each step."""
    row = await scope.session.scalar(
        scope.repository(Turn).select().where(Turn.id == message_id).options(sa.orm.undefer(Turn.trace))
    )
    if row is None:
        raise NotFound(what="turn")
    fields = {name: getattr(row, name) for name in TurnRead.model_fields if name != "message_id"}
    return TurnRead(message_id=row.id, **fields)
