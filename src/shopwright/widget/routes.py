"""`/v1/chat`, `/api/bots`: talking to a bot, from pages and from programs."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.bots.models import Bot
from shopwright.conversations.models import Conversation, Message
from shopwright.conversations.store import blocks_of, quick_replies_of, text_of
from shopwright.engine.turns import Engine, OpenedTurn
from shopwright.kit.db import Database
from shopwright.kit.errors import InvalidInput, NotFound, TooManyRequests, error_responses
from shopwright.kit.ids import new_handle, tenant_of_handle
from shopwright.kit.sentences import sentence
from shopwright.tenants import directory
from shopwright.tenants.permissions import Access, Permission
from shopwright.tenants.principals import Principal
from shopwright.tenants.scope import Scope, ScopedRoute, requires
from shopwright.widget.access import (
    DAY,
    BotSwitchedOff,
    OriginNotAllowed,
    is_visitor,
    may_read_public,
    session_id_of_key,
    visit_of,
)
from shopwright.widget.schemas import (
    BotStatus,
    ChatAnswer,
    Citation,
    ClearConversation,
    Cleared,
    EfficientChat,
    Products,
    PublicChat,
    SessionId,
    Transcript,
    TranscriptMessage,
    says_nothing,
)
from shopwright.widget.streaming import RunningTurns, TurnResponse

router = APIRouter(tags=["chat"], route_class=ScopedRoute)
SSE_HEADERS = {"cache-control": "no-cache", "x-accel-buffering": "no"}
MAX_TRANSCRIPT = 500
ClientKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


class ShortKey(InvalidInput):
    """Without a session_id an Idempotency-Key needs 16 characters or more that nobody can guess, such as a UUID."""

    code = "idempotency_key_too_short"


CHAT_ERRORS = error_responses(NotFound, OriginNotAllowed, BotSwitchedOff, TooManyRequests)
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "model": ChatAnswer,
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
        "description": "The answer; with `stream`, events `step`, `token`, `citations`, `done` and `error`.",
    },
    **CHAT_ERRORS,
}


async def tenant_of_bot(request: Request, bot_id: UUID) -> UUID:
    """Which tenant a bot belongs to. It never changes, so it is asked once."""
    known: dict[UUID, UUID] = request.app.state.bot_tenants
    tenant_id = known.get(bot_id)
    if tenant_id is None:
        db: Database = request.app.state.db
        async with db.nobody() as session, session.begin():
            tenant_id = await directory.tenant_of_bot(session, bot_id)
        if tenant_id is None:
            raise NotFound(what="bot")
        if len(known) > 100_000:
            known.clear()
        known[bot_id] = tenant_id
    return tenant_id


@router.post("/v1/chat/public", responses=ANSWER)
@requires(Access.PUBLIC, own_transaction=True)
async def chat_public(asked: PublicChat, scope: Scope, request: Request, client_key: ClientKey = None) -> Response:
    """Ask a public bot. No key is needed; the page must be one of the bot's allowed domains, if it has any."""
    last = asked.messages[-1]
    if last.role != "user" or says_nothing(last.content):
        raise InvalidInput(
            reason=sentence('The last message must be the customer\'s: {"role": "user", "content": "…"}.')
        )
    principal = scope.principal
    tenant_id = principal.tenant_id or await tenant_of_bot(request, asked.bot_id)
    engine: Engine = request.app.state.engine
    opened = await engine.open(
        tenant_id, asked.bot_id, last.content,
        asked.session_id or await _new_session(request, principal, tenant_id, asked.bot_id, client_key),
        check=visit_of(request, principal).check, metadata=asked.metadata, client_key=client_key,
    )  # fmt: skip
    return await _reply(engine, opened, request, stream=asked.stream)


@router.post("/v1/chat/efficient", responses=ANSWER)
@requires(Permission.CHAT_WRITE, own_transaction=True)
async def chat_efficient(
    asked: EfficientChat, scope: Scope, request: Request, client_key: ClientKey = None
) -> Response:
    """Ask a bot with an API key or as a member."""
    if says_nothing(asked.message):
        raise InvalidInput(reason=sentence("The message is empty; send what the customer wrote."))
    engine: Engine = request.app.state.engine
    opened = await engine.open(
        scope.tenant_id, asked.bot_id, asked.message,
        asked.session_id or await _new_session(request, scope.principal, scope.tenant_id, asked.bot_id, client_key),
        check=visit_of(request, scope.principal).check, metadata=asked.metadata, client_key=client_key,
        context_limit=asked.context_limit,
    )  # fmt: skip
    return await _reply(engine, opened, request, stream=asked.stream)


async def _new_session(
    request: Request, principal: Principal, tenant_id: UUID, bot_id: UUID, client_key: str | None
) -> str:
    """The handle of a new session; for a message with a key the one it began before, for a day at least."""
    if client_key is None:
        return new_handle(tenant_id)
    if is_visitor(principal) and not may_read_public(client_key):
        raise ShortKey(reason="")
    secret: bytes = request.app.state.session_secret
    caller = f"{principal.kind}|{principal.id}"
    today = int(time.time()) // DAY
    handles = [session_id_of_key(secret, tenant_id, bot_id, caller, client_key, today - n) for n in (0, 1)]
    db: Database = request.app.state.db
    async with db.tenant(tenant_id, principal.client_id) as session, session.begin():
        begun = await session.scalar(
            sa.select(Conversation.session_id).where(
                Conversation.tenant_id == tenant_id, Conversation.session_id == handles[1]
            )
        )
    return begun or handles[0]


async def _reply(engine: Engine, opened: OpenedTurn, request: Request, *, stream: bool) -> Response:
    if stream or "text/event-stream" in request.headers.get("accept", ""):
        turns: RunningTurns = request.app.state.turns
        events = turns.events(engine, opened, request.state.request_id)
        return TurnResponse(events, media_type="text/event-stream", headers=SSE_HEADERS)
    answer = await engine.answer(opened)
    return Response(orjson.dumps(asdict(answer)), media_type="application/json")


@asynccontextmanager
async def find_session(
    session_id: str, principal: Principal, request: Request, bot_id: UUID | None
) -> AsyncIterator[tuple[AsyncSession, Conversation]]:
    """A conversation by its handle, and the transaction it was read in.

    Raises:
        NotFound: there is none, it is another bot's, or its handle is too short to be a right to read it.
    """
    if is_visitor(principal) and not may_read_public(session_id):
        raise NotFound(what="session")
    tenant_id = principal.tenant_id or tenant_of_handle(session_id)
    if tenant_id is None and bot_id is not None:
        tenant_id = await tenant_of_bot(request, bot_id)
    if tenant_id is None:
        raise NotFound(what="session")
    db: Database = request.app.state.db
    async with db.tenant(tenant_id, principal.client_id) as session, session.begin():
        conversation = await session.scalar(
            sa.select(Conversation).where(Conversation.tenant_id == tenant_id, Conversation.session_id == session_id)
        )
        if conversation is None or (bot_id is not None and conversation.bot_id != bot_id):
            raise NotFound(what="session")
        if principal.bot_id not in {None, conversation.bot_id}:
            raise NotFound(what="session")
        yield session, conversation


@router.get("/v1/chat/sessions/{session_id}", responses=error_responses(NotFound))
@requires(Access.PUBLIC, own_transaction=True)
async def get_transcript(
    session_id: str, scope: Scope, request: Request, bot_id: Annotated[UUID | None, Query()] = None
) -> Transcript:
    """A visitor's own transcript: knowing the session's id is the right to read it.

    `bot_id` is needed for session ids that the caller made.
    """
    async with find_session(session_id, scope.principal, request, bot_id) as (session, conversation):
        tenant_id = conversation.tenant_id
        rows = await session.scalars(
            sa.select(Message)
            .where(
                Message.tenant_id == tenant_id, Message.conversation_id == conversation.id,
                Message.ordinal > conversation.cleared_to,
            )
            .order_by(Message.ordinal.desc())
            .limit(MAX_TRANSCRIPT)
        )  # fmt: skip
        messages = [
            TranscriptMessage(
                id=row.id, author=row.author, text=text_of(row.parts), outcome=row.outcome,
                citations=[Citation(**citation) for citation in row.citations], at=row.created_at.isoformat(),
                blocks=[Products(**block) for block in blocks_of(row.parts)],
                quick_replies=quick_replies_of(row.parts),
            )
            for row in rows
        ]  # fmt: skip
    return Transcript(
        session_id=session_id, bot_id=conversation.bot_id, status=conversation.status, messages=messages[::-1]
    )


@router.post("/api/bots/{bot_id}/clear_conversation", responses=CHAT_ERRORS)
@requires(Access.PUBLIC, own_transaction=True)
async def clear_conversation(bot_id: UUID, asked: ClearConversation, scope: Scope, request: Request) -> Cleared:
    """Forget what was said in a session: the bot starts afresh. Knowing the session's id is the right to do so."""
    principal = scope.principal
    if principal.bot_id not in {None, bot_id} or (is_visitor(principal) and not may_read_public(asked.session_id)):
        raise NotFound(what="session")
    try:
        tenant_id = principal.tenant_id or await tenant_of_bot(request, bot_id)
    except NotFound:  # whether there is such a bot is not said to everybody
        raise NotFound(what="session") from None
    db: Database = request.app.state.db
    async with db.tenant(tenant_id, principal.client_id) as session, session.begin():
        cleared = await session.execute(
            sa.update(Conversation)
            .where(
                Conversation.tenant_id == tenant_id, Conversation.bot_id == bot_id,
                Conversation.session_id == asked.session_id,
            )
            .values(cleared_to=Conversation.message_count, status="bot", updated_at=sa.func.now())
            .returning(Conversation.id)
        )  # fmt: skip
        if cleared.first() is None:
            raise NotFound(what="session")
    return Cleared(session_id=asked.session_id, cleared=True)


@router.delete("/api/bots/{bot_id}/clear_conversation", responses=CHAT_ERRORS)
@requires(Access.PUBLIC, own_transaction=True)
async def delete_conversation_memory(
    bot_id: UUID,
    scope: Scope,
    request: Request,
    session_id: Annotated[SessionId, Query()],
) -> Cleared:
    """The same as POST."""
    return await clear_conversation(bot_id, ClearConversation(session_id=session_id), scope, request)


@router.get("/api/bots/{bot_id}/status", responses=error_responses(NotFound))
@requires(Permission.BOTS_READ)
async def get_bot_status(bot_id: UUID, scope: Scope) -> BotStatus:
    """Where a bot is live, by channel."""
    bot = await scope.repository(Bot).find(bot_id)
    if bot is None:
        raise NotFound(what="bot")
    return BotStatus(
        bot_id=bot.id,
        is_active=bot.is_active,
        is_public=bot.is_public,
        deployment_status=bot.deployment_status,
    )
