"""Mail: nobody posts it to us, so mailboxes are read now and then; from there on it is like any other platform."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.port import BadPayload, InboundEvent, WebhookRequest
from shopwright.deployments.live import LiveDeployment, by_id
from shopwright.deployments.models import Deployment
from shopwright.deployments.service import set_status
from shopwright.deployments.standing import CONNECTED
from shopwright.gateway.receiving import store
from shopwright.gateway.services import MAIL, QUEUE, Gateway
from shopwright.kit.db import Database
from shopwright.kit.jobs import defer_once
from shopwright.kit.logs import get_logger
from shopwright.kit.mailboxes import MailFailed, Mark, read_mail

log = get_logger("shopwright.gateway")
SLUG = "email"
EVERY_SECONDS, AFTER_FAILURE_SECONDS = 30.0, 300.0


async def defer_poll(session: AsyncSession, tenant_id: UUID, deployment_id: UUID, delay_seconds: float = 0) -> None:
    await defer_once(
        session, MAIL, tenant_id=tenant_id, lock=f"mail:{deployment_id}", queue=QUEUE, delay_seconds=delay_seconds,
        deployment_id=str(deployment_id),
    )  # fmt: skip


async def start_polling(db: Database, tenant_id: UUID) -> None:
    """Have every mailbox read that is not being read: jobs go on by themselves until one is given up."""
    waiting = sa.text(
        "select d.id from deployments d where d.tenant_id = :tenant and d.channel = :slug"
        " and d.status not in ('disabled', 'failed') and not exists (select from procrastinate_jobs j"
        " where j.lock = 'mail:' || d.id and j.status in ('todo', 'doing'))"
    )
    async with db.tenant(tenant_id) as session, session.begin():
        for deployment_id in (await session.scalars(waiting, {"tenant": tenant_id, "slug": SLUG})).all():
            await defer_poll(session, tenant_id, deployment_id)


async def poll(gateway: Gateway, *, tenant_id: str, deployment_id: str, **_: Any) -> None:
    """Read what came to a mailbox, store it with the mark in one transaction, and come back later."""
    tenant, wanted = UUID(tenant_id), UUID(deployment_id)
    async with gateway.db.tenant(tenant) as session, session.begin():
        live = await by_id(session, gateway.envelope, tenant, wanted)
        row = await session.get(Deployment, (tenant, wanted))
    if live is None or row is None or live.status == "failed" or not live.receives:
        return
    mark = Mark(**row.mark) if row.mark else None
    try:
        policy, url = await gateway.platforms.mail_server(_mailbox(gateway, live), in_lab=live.lab)
        # A mailbox of the lab was made for this deployment: nothing in it is of the time before.
        messages, reached = await read_mail(policy, url, mark, all_of_it=live.lab)
    except MailFailed as exc:
        await _note_failure(gateway, live, exc)
        return
    events = [event for message in messages for event in _parse(gateway, live, message)]
    async with gateway.db.tenant(tenant) as session, session.begin():
        if events:
            await store(session, live, events)
        await session.execute(
            sa.update(Deployment)
            .where(Deployment.tenant_id == tenant, Deployment.id == wanted)
            .values(mark={"validity": reached.validity, "uid": reached.uid})
        )
        if live.status == "degraded":
            await set_status(session, tenant, wanted, "connected", CONNECTED)
        await defer_poll(session, tenant, wanted, 0 if messages else EVERY_SECONDS)


def _mailbox(gateway: Gateway, live: LiveDeployment) -> str:
    return gateway.platforms.base_urls.get(SLUG, {}).get("imap") or live.credentials["imap_url"]


def _parse(gateway: Gateway, live: LiveDeployment, message: bytes) -> list[InboundEvent]:
    """A mailbox is ours by its password, so there is no signature; what cannot be read is left there."""
    request = WebhookRequest("IMAP", "", {}, {}, message, datetime.now(UTC))
    channel = gateway.platforms.channel(live)
    try:
        channel.verify(request)
        return channel.parse(request)
    except BadPayload:
        log.warning("mail_unreadable", deployment=str(live.id))
        return []


async def _note_failure(gateway: Gateway, live: LiveDeployment, failed: MailFailed) -> None:
    async with gateway.db.tenant(live.tenant_id) as session, session.begin():
        await set_status(
            session, live.tenant_id, live.id, "degraded" if failed.again else "failed", failed.reason,
            "away" if failed.again else "credentials", last_error=failed.reason, last_error_at=sa.func.now(),
        )  # fmt: skip
        if failed.again:
            await defer_poll(session, live.tenant_id, live.id, AFTER_FAILURE_SECONDS)
