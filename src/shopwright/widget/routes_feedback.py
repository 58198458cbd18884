"""`/v1/chat/feedback`: what a visitor says of an answer."""

import sqlalchemy as sa
from fastapi import APIRouter, Request
from sqlalchemy.dialects.postgresql import insert

from shopwright.conversations.models import Conversation, Message, MessageFeedback
from shopwright.kit.db import Database
from shopwright.kit.errors import NotFound, TooManyRequests, error_responses
from shopwright.kit.ids import tenant_of_handle
from shopwright.kit.rates import Rate, enforce
from shopwright.tenants.permissions import Access
from shopwright.tenants.scope import Scope, ScopedRoute, requires
from shopwright.widget.access import is_visitor, may_read_public
from shopwright.widget.schemas import Feedback, FeedbackStored

router = APIRouter(tags=["chat"], route_class=ScopedRoute)
PER_SESSION = Rate(60, 60, "ratings a minute for this session")


@router.post("/v1/chat/feedback", responses=error_responses(NotFound, TooManyRequests))
@requires(Access.PUBLIC, own_transaction=True)
async def rate_answer(given: Feedback, scope: Scope, request: Request) -> FeedbackStored:
    """Say whether an answer helped; the last word counts. Knowing the session's id is the right to do so."""
    principal = scope.principal
    tenant_id = principal.tenant_id or tenant_of_handle(given.session_id)
    if tenant_id is None or (is_visitor(principal) and not may_read_public(given.session_id)):
        raise NotFound(what="message")
    await enforce(request.app.state.limiter, (f"feedback|{given.session_id}", PER_SESSION))
    db: Database = request.app.state.db
    async with db.tenant(tenant_id, principal.client_id) as session, session.begin():
        conditions = [
            Message.tenant_id == tenant_id, Message.id == given.message_id, Message.direction == "outbound",
            Conversation.tenant_id == tenant_id, Conversation.id == Message.conversation_id,
            Conversation.session_id == given.session_id,
        ]  # fmt: skip
        if principal.bot_id is not None:
            conditions.append(Conversation.bot_id == principal.bot_id)
        conversation_id = await session.scalar(sa.select(Message.conversation_id).where(*conditions))
        if conversation_id is None:
            raise NotFound(what="message")
        said = {"rating": given.rating, "comment": given.comment, "updated_at": sa.func.now()}
        await session.execute(
            insert(MessageFeedback)
            .values(tenant_id=tenant_id, id=given.message_id, conversation_id=conversation_id, **said)
            .on_conflict_do_update(index_elements=["tenant_id", "id"], set_=said)
        )
    return FeedbackStored(message_id=given.message_id, rating=given.rating)
