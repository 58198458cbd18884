"""`/webhooks`: what platforms call."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from shopwright.channels.port import BadPayload, InvalidSignature, WebhookRequest
from shopwright.gateway.receiving import receive
from shopwright.gateway.services import Gateway
from shopwright.kit.errors import NotFound, PayloadTooLarge, error_responses
from shopwright.tenants.permissions import Access
from shopwright.tenants.scope import ScopedRoute, requires

router = APIRouter(tags=["webhooks"], route_class=ScopedRoute)
MAX_BODY_BYTES = 1024 * 1024
Channel = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,30}$")]
Token = Annotated[str, Path(min_length=20, max_length=80, pattern=r"^[A-Za-z0-9_-]+$")]
ERRORS = error_responses(NotFound, InvalidSignature, BadPayload, PayloadTooLarge)


@router.post("/webhooks/{channel}/{token}", responses=ERRORS)
@requires(Access.PUBLIC, own_transaction=True, anonymous=True)
async def post_webhook(channel: Channel, token: Token, request: Request) -> Response:
    """A platform tells what happened there. Its signature is the credential."""
    return await _take(channel, token, request)


@router.get("/webhooks/{channel}/{token}", responses=ERRORS)
@requires(Access.PUBLIC, own_transaction=True, anonymous=True)
async def get_webhook(channel: Channel, token: Token, request: Request) -> Response:
    """A platform checks that the address is ours."""
    return await _take(channel, token, request)


async def _take(channel: str, token: str, request: Request) -> Response:
    gateway: Gateway = request.app.state.gateway
    query = f"?{request.url.query}" if request.url.query else ""
    taken = WebhookRequest(
        method=request.method,
        # As the platform was told it: what a proxy in between makes of it is not what was signed.
        url=f"{gateway.platforms.base_url.rstrip('/')}{request.url.path}{query}",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        body=await _body(request),
        received_at=datetime.now(UTC),
    )
    reply = await receive(gateway, channel, token, taken)
    return Response(reply.body, reply.status, media_type=reply.media_type)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise PayloadTooLarge(limit=MAX_BODY_BYTES)
    return bytes(body)
