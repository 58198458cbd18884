"""`/v1/tenant/events`: what changes in a tenant, as server-sent events, so that nobody has to ask again and again."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import orjson
from fastapi import Request
from fastapi.responses import StreamingResponse

from shopwright.kit.errors import AppError, TooManyRequests, Unauthenticated, Unavailable, error_responses
from shopwright.kit.notify import Hub, Listener
from shopwright.tenants.client_events import ClientView
from shopwright.tenants.permissions import Permission
from shopwright.tenants.principals import Principal
from shopwright.tenants.scope import Edge, Scope, requires, scoped_router

router = scoped_router("/v1/tenant/events", "events")

KEEP_ALIVE_SECONDS = 15.0
# Between two deliveries: what changes faster is told once.
PAUSE_SECONDS = 0.25
READY_SECONDS = 3.0
MAX_STREAMS = 8
SSE_HEADERS = {"cache-control": "no-cache", "x-accel-buffering": "no"}
# Who may hear of what.
NEEDED = {
    "document": Permission.DATASETS_READ,
    "crawl": Permission.DATASETS_READ,
    "bot": Permission.BOTS_READ,
    "deployment": Permission.BOTS_READ,
    "conversation": Permission.CONVERSATIONS_READ,
}


class EventStreamOnly(AppError):
    """This address answers with events only; ask for it with the header Accept: text/event-stream."""

    status, code = 406, "event_stream_only"


@dataclass(frozen=True, slots=True)
class Events:
    """What the route works with; kept in the application's state."""

    hub: Hub
    streams: Counter[str] = field(default_factory=Counter)


@router.get(
    "",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "Events `document`, `crawl`, `conversation`, `bot` and `deployment`; `data` holds ids and "
            "states. Read again what you show when the stream begins.",
        },
        **error_responses(EventStreamOnly, TooManyRequests, Unavailable),
    },
)
@requires(Permission.BOTS_READ, own_transaction=True)
async def stream_events(scope: Scope, request: Request) -> StreamingResponse:
    """What changes from now on, for people of one client what is theirs. It ends with the token and with the server."""
    if "text/event-stream" not in request.headers.get("accept", ""):
        raise EventStreamOnly
    events: Events = request.app.state.events
    who = scope.principal.id
    if events.streams[who] >= MAX_STREAMS:
        raise TooManyRequests(limit=f"{MAX_STREAMS} streams at once", retry_after=5, headers={"Retry-After": "5"})
    if not await events.hub.hears(READY_SECONDS):
        raise Unavailable
    events.hub.end_with_process()
    edge: Edge = request.app.state.edge

    async def renew() -> Principal:
        return await edge.authenticator.authenticate(request.headers.get("authorization"), Permission.BOTS_READ)

    view = ClientView(edge.db, scope.tenant_id, scope.client_id) if scope.client_id is not None else None
    return StreamingResponse(
        _stream(events, scope.principal, view, renew), media_type="text/event-stream", headers=SSE_HEADERS
    )


async def _stream(
    events: Events, principal: Principal, view: ClientView | None, renew: Callable[[], Awaitable[Principal]]
) -> AsyncIterator[bytes]:
    if principal.tenant_id is None:
        return
    listener = events.hub.join(principal.tenant_id)
    events.streams[principal.id] += 1
    try:
        if view is not None:
            await view.begin()
        yield b"retry: 2000\n: hello\n\n"
        async for part in _parts(listener, principal, view, renew):
            yield part
    finally:
        events.hub.leave(principal.tenant_id, listener)
        events.streams[principal.id] -= 1
        if not events.streams[principal.id]:
            del events.streams[principal.id]


async def _parts(
    listener: Listener, principal: Principal, view: ClientView | None, renew: Callable[[], Awaitable[Principal]]
) -> AsyncIterator[bytes]:
    checked = time.monotonic()
    while not listener.ended:
        words = await listener.take(KEEP_ALIVE_SECONDS)
        if time.monotonic() - checked >= KEEP_ALIVE_SECONDS:
            try:
                principal = await renew()  # a token that ended, a session that was closed, a role that changed
            except Unauthenticated:
                return
            checked = time.monotonic()
        told = [word for word in words if NEEDED[word[0]] in principal.permissions]
        if told and view is not None:
            told = await view.pick(told)
        if told:
            yield b"".join(_event(kind, data) for kind, data in told)
            await asyncio.sleep(PAUSE_SECONDS)
        elif not words:
            yield b": still here\n\n"


def _event(kind: str, data: object) -> bytes:
    return b"event: " + kind.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
