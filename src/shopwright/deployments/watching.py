"""What nobody tells us: tokens that end soon, platforms that fell silent, bots that were given to another client."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from shopwright.channels.registry import CHANNELS
from shopwright.deployments.calling import Platforms
from shopwright.deployments.connecting import Connector
from shopwright.deployments.live import by_id
from shopwright.deployments.models import Deployment
from shopwright.deployments.schemas import Status
from shopwright.deployments.service import set_status
from shopwright.kit.crypto import Envelope
from shopwright.kit.db import Database

WARN_BEFORE = timedelta(days=7)
MOVED = "The bot was given to another client; connect it with that client's credentials."


@dataclass(frozen=True, slots=True)
class Watch:
    db: Database
    envelope: Envelope
    platforms: Platforms

    async def look(self, tenant_id: UUID, now: datetime | None = None) -> None:
        """Look over a tenant's deployments once."""
        now = now or datetime.now(UTC)
        await self._take_back_moved(tenant_id)
        async with self.db.tenant(tenant_id) as session, session.begin():
            query = sa.select(Deployment).where(
                Deployment.tenant_id == tenant_id, Deployment.status.in_(("connected", "degraded"))
            )
            for row in (await session.scalars(query)).all():
                status, detail = verdict(row, now)
                if (status, detail) != (row.status, row.detail):
                    await set_status(session, tenant_id, row.id, status, detail)

    async def _take_back_moved(self, tenant_id: UUID) -> None:
        bots = sa.table("bots", sa.column("tenant_id"), sa.column("id"), sa.column("client_id"))
        moved = (
            sa.select(Deployment.id)
            .join(bots, sa.and_(bots.c.tenant_id == Deployment.tenant_id, bots.c.id == Deployment.bot_id))
            .where(
                Deployment.tenant_id == tenant_id, Deployment.status.not_in(("pending", "disabled")),
                bots.c.client_id.is_distinct_from(Deployment.client_id),
            )
        )  # fmt: skip
        async with self.db.tenant(tenant_id) as session, session.begin():
            found = [
                live
                for id_ in (await session.scalars(moved)).all()
                if (live := await by_id(session, self.envelope, tenant_id, id_)) is not None
            ]
        for live in found:
            if live.channel in CHANNELS:
                await Connector(self.platforms, live).disconnect()
            async with self.db.tenant(tenant_id) as session, session.begin():
                await set_status(session, tenant_id, live.id, "pending", MOVED)


def verdict(row: Deployment, now: datetime) -> tuple[Status, str]:
    """How a deployment that was connected stands now, and what to do."""
    ends = row.token_expires_at
    if ends is not None and ends <= now:
        return "failed", f"The access token ended on {ends:%Y-%m-%d}; send a new one and connect again."
    if ends is not None and ends - now < WARN_BEFORE:
        return "degraded", f"The access token ends on {ends:%Y-%m-%d}; send a new one before that."
    hours = row.settings.get("silence_hours")
    quiet_since = max(moment for moment in (row.last_inbound_at, row.registered_at, row.created_at) if moment)
    if hours and now - quiet_since > timedelta(hours=hours):
        return (
            "degraded",
            f"Nobody wrote since {quiet_since:%Y-%m-%d %H:%M} UTC; probe it to see whether it still works.",
        )
    return "connected", "Connected."
