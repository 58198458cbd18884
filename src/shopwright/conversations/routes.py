"""`/v1/tenant/conversations`, `/v1/tenant/turns`: what was said, and how each answer came about."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime

from shopwright.conversations.errors import AttachmentNotKept
from shopwright.conversations.models import Attachment, Conversation, Message, Turn
from shopwright.conversations.queries import Filters, conditions, fates, files_of, glances, usage
from shopwright.conversations.schemas import (
    ConversationRead,
    MessageRead,
    Outcome,
    Rating,
    Totals,
    TurnRead,
    UsageDay,
    UsageRead,
)
from shopwright.kit.errors import InvalidInput, NotFound, error_responses
from shopwright.kit.files import FileStore
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page, Text
from shopwright.kit.sentences import sentence
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import RequestScope, Scope, ScopedRoute, requires

router = APIRouter(prefix="/v1/tenant", tags=["conversations"], route_class=ScopedRoute)


_COMPUTED = frozenset({"metadata", "channel", "last_message", "rating", "outcomes"})
ATTACHMENT_HEADERS = {
    "content-disposition": "attachment",
    "content-security-policy": "sandbox; default-src 'none'",
    "cache-control": "private, max-age=3600",
}
DAYS_SHOWN, MOST_DAYS = 30, 400


async def _read(scope: RequestScope, rows: Sequence[Conversation]) -> list[ConversationRead]:
    seen = await glances(scope.session, scope.tenant_id, [row.id for row in rows])
    return [
        ConversationRead(
            **{name: getattr(row, name) for name in ConversationRead.model_fields if name not in _COMPUTED},
            metadata=row.meta, channel=_channel(row), last_message=seen[row.id].last_message,
            rating=seen[row.id].rating, outcomes=list(seen[row.id].outcomes),
        )
        for row in rows
    ]  # fmt: skip


def _channel(row: Conversation) -> str | None:
    named = row.meta.get("channel")
    return named if isinstance(named, str) else None


async def _find(scope: RequestScope, conversation_id: UUID) -> Conversation:
    row = await scope.repository(Conversation).find(conversation_id)
    if row is None:
        raise NotFound(what="conversation")
    return row


@router.get("/conversations")
@requires(Permission.CONVERSATIONS_READ)
async def list_conversations(
    scope: Scope,
    limit: Limit = 50,
    cursor: CursorText = None,
    bot_id: Annotated[UUID | None, Query()] = None,
    client_id: Annotated[UUID | None, Query()] = None,
    outcome: Annotated[Outcome | None, Query()] = None,
    rating: Annotated[Rating | None, Query()] = None,
    channel: Annotated[str | None, Query(max_length=40, description="`web`: on no platform.")] = None,
    q: Annotated[Text | None, Query(max_length=200, description="Stands in one of the messages.")] = None,
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
) -> Page[ConversationRead]:
    """Conversations, newest first."""
    wanted = Filters(bot_id, client_id, outcome, rating, channel, q, since, until)
    rows, after = await scope.repository(Conversation).page(limit, cursor, *conditions(scope.tenant_id, wanted))
    return Page(items=await _read(scope, rows), next_cursor=after)


@router.get("/conversations/{conversation_id}", responses=error_responses(NotFound))
@requires(Permission.CONVERSATIONS_READ)
async def get_conversation(conversation_id: UUID, scope: Scope) -> ConversationRead:
    row = await _find(scope, conversation_id)
    return (await _read(scope, [row]))[0]


@router.get("/conversations/{conversation_id}/messages", responses=error_responses(NotFound))
@requires(Permission.CONVERSATIONS_READ)
async def list_messages(
    conversation_id: UUID, scope: Scope, limit: Limit = 50, cursor: CursorText = None
) -> Page[MessageRead]:
    """Messages in order."""
    await _find(scope, conversation_id)
    rows, after = await scope.repository(Message).page(
        limit, cursor, Message.conversation_id == conversation_id, newest_first=False
    )
    came = await fates(scope.session, scope.tenant_id, [row.id for row in rows])
    items = [MessageRead.model_validate(row) for row in rows]
    files = await files_of(scope.session, scope.tenant_id, items)
    for item in items:
        fate = came[item.id]
        item.attachments = files[item.id]
        item.rating, item.comment, item.delivery = fate.rating, fate.comment, fate.delivery
    return Page(items=items, next_cursor=after)


@router.get(
    "/attachments/{attachment_id}", response_class=Response, responses=error_responses(NotFound, AttachmentNotKept)
)
@requires(Permission.CONVERSATIONS_READ, own_transaction=True)
async def get_attachment(attachment_id: UUID, scope: Scope, request: Request) -> Response:
    """The bytes of a picture, voice note or file that came with a message. Never shown as a page of ours."""
    async with scope.session:
        row = await scope.repository(Attachment).find(attachment_id)
        if row is None:
            raise NotFound(what="attachment")
        if row.digest is None:
            raise AttachmentNotKept(reason=row.reason or sentence("It is still being fetched."))
        digest, media_type = row.digest, row.media_type
    files: FileStore = request.app.state.core.files
    return Response(await files.get(scope.tenant_id, digest), media_type=media_type, headers=ATTACHMENT_HEADERS)


@router.get("/usage", responses=error_responses(InvalidInput))
@requires(Permission.USAGE_READ)
async def get_usage(
    scope: Scope,
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    bot_id: Annotated[UUID | None, Query()] = None,
) -> UsageRead:
    """Turns, tokens and money by day; the last 30 days unless said otherwise."""
    until = until or datetime.now(UTC) + timedelta(minutes=1)
    since = since or until - timedelta(days=DAYS_SHOWN)
    if not timedelta(0) < until - since <= timedelta(days=MOST_DAYS):
        raise InvalidInput(reason=sentence("'from' must lie before 'to', by at most {days} days.", days=MOST_DAYS))
    days = await usage(scope.session, scope.tenant_id, since, until, bot_id)
    currencies = [day.currency for day in days if day.cost_minor] or [day.currency for day in days] or ["USD"]
    totals = {name: sum(getattr(day, name) for day in days) for name in Totals.model_fields if name != "cost_minor"}
    cost = sum(day.cost_minor for day in days if day.currency == currencies[-1])
    return UsageRead(
        days=[UsageDay(**asdict(day)) for day in days],
        totals=Totals(**totals, cost_minor=cost),
        currency=currencies[-1],
    )


@router.delete("/conversations/{conversation_id}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.CONVERSATIONS_WRITE)
async def delete_conversation(conversation_id: UUID, scope: Scope) -> None:
    """Remove a conversation with its messages and traces."""
    row = await _find(scope, conversation_id)
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
