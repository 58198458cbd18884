"""What nobody tells us: tokens that end soon, platforms that fell silent, bots that were given to another client."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from shopwright.channels.registry import CHANNELS
from shopwright.deployments.calling import Platforms
from shopwright.deployments.connecting import Connector
from shopwright.deployments.live import by_id
from shopwright.deployments.models import Deployment
from shopwright.deployments.service import set_status
from shopwright.deployments.standing import verdict
from shopwright.kit.crypto import Envelope
from shopwright.kit.db import Database
from shopwright.kit.sentences import sentence

MOVED = sentence("The bot was given to another client; connect it with that client's credentials.")


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
                status, reason, detail = verdict(row, now)
                if (status, detail) != (row.status, row.detail):
                    await set_status(session, tenant_id, row.id, status, detail, reason)

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
                await set_status(session, tenant_id, live.id, "pending", MOVED, "moved")
