"""In: what a platform posts is verified, read and stored with its job in one transaction; nothing else happens here."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.port import Channel, InboundEvent, InvalidSignature, WebhookReply, WebhookRequest
from shopwright.deployments.live import LiveDeployment, by_token
from shopwright.deployments.service import set_status
from shopwright.deployments.standing import CONNECTED
from shopwright.gateway.models import Inbound
from shopwright.gateway.services import DEBOUNCE_SECONDS, Gateway, defer_turn
from shopwright.gateway.stored import event_json, external_id, kind_of, thread_id, thread_of
from shopwright.kit.errors import NotFound
from shopwright.kit.failpoints import failpoint
from shopwright.kit.ids import tenant_of_handle, uuid7

OK = WebhookReply()


async def receive(gateway: Gateway, slug: str, token: str, request: WebhookRequest) -> WebhookReply:
    """Take a platform's request.

    Raises:
        NotFound: no deployment has this address, or it is switched off.
        InvalidSignature: the platform has not sent it; nothing is stored.
        BadPayload: it cannot be read.
    """
    deployment = await _find(gateway, slug, token)
    channel = gateway.platforms.channel(deployment)
    reply = channel.handshake(request)
    if reply is not None:
        await _note_handshake(gateway, deployment)
        return reply
    await _verify(gateway, channel, request)
    events = channel.parse(request)
    if events:
        async with gateway.db.tenant(deployment.tenant_id) as session, session.begin():
            await store(session, deployment, events)
        failpoint("gateway.received")
    return OK


async def _verify(gateway: Gateway, channel: Channel, request: WebhookRequest) -> None:
    """Prove that the platform sent it; one that signs with keys may have a new one since they were fetched.

    Raises:
        InvalidSignature: it has not.
    """
    keys = await gateway.platforms.keys(channel)
    try:
        channel.verify(request, keys)
    except InvalidSignature:
        newer = await gateway.platforms.keys(channel, keys) if keys is not None else None
        if newer is keys:
            raise
        channel.verify(request, newer)


async def _note_handshake(gateway: Gateway, deployment: LiveDeployment) -> None:
    """The platform has our address now: what was left to do by hand is done."""
    if deployment.status == "pending":
        async with gateway.db.tenant(deployment.tenant_id) as session, session.begin():
            await set_status(
                session, deployment.tenant_id, deployment.id, "connected", CONNECTED, registered_at=sa.func.now()
            )


async def _find(gateway: Gateway, slug: str, token: str) -> LiveDeployment:
    tenant_id = tenant_of_handle(token)
    if tenant_id is None:
        raise NotFound(what="deployment")
    async with gateway.db.tenant(tenant_id) as session, session.begin():
        deployment = await by_token(session, gateway.envelope, tenant_id, token)
    if deployment is None or deployment.channel != slug or not deployment.receives:
        raise NotFound(what="deployment")
    return deployment


async def store(session: AsyncSession, deployment: LiveDeployment, events: Sequence[InboundEvent]) -> None:
    """Store events with the jobs that look at them. One that is there already stays as it is."""
    tenant_id = deployment.tenant_id
    rows = {
        external_id(event): {
            "tenant_id": tenant_id, "id": uuid7(), "deployment_id": deployment.id,
            "thread_id": thread_id(deployment.id, thread_of(event)), "external_id": external_id(event),
            "kind": kind_of(event), "event": event_json(event),
        }
        for event in reversed(events)
    }  # fmt: skip
    new = insert(Inbound).on_conflict_do_nothing(index_elements=["tenant_id", "deployment_id", "external_id"])
    inserted = await session.execute(new.returning(Inbound.thread_id, Inbound.kind), list(rows.values())[::-1])
    # A message waits a moment for those that follow it.
    threads: dict[UUID, float] = {}
    for row in inserted:
        threads[row.thread_id] = max(threads.get(row.thread_id, 0.0), DEBOUNCE_SECONDS if row.kind == "message" else 0)
    for thread, delay in sorted(threads.items()):
        await defer_turn(session, tenant_id, thread, delay)
