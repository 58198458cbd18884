"""A second net: what waits in inbox or outbox and has no job any more gets one.

Rows and jobs are written in one transaction, so this finds work only when the queue gave a job up.
"""

from uuid import UUID

import sqlalchemy as sa

from shopwright.gateway.services import defer_send, defer_turn
from shopwright.kit.db import Database

# Long after every ordinary wait for a job has passed.
OLD_SECONDS = 120
_LOST = (
    "select distinct r.thread_id from {table} r where r.tenant_id = :tenant and r.state = :state"
    " and r.{since} < now() - make_interval(secs => :old) and not exists (select from procrastinate_jobs j"
    " where j.lock = :prefix || r.thread_id and j.status in ('todo', 'doing')) limit 1000"
)
_TURNS = sa.text(_LOST.format(table="inbox", since="created_at"))
_SENDS = sa.text(_LOST.format(table="outbox", since="next_at"))


async def pick_up(db: Database, tenant_id: UUID, old_seconds: float = OLD_SECONDS) -> None:
    """Give a job to what has none."""
    async with db.tenant(tenant_id) as session, session.begin():
        values = {"tenant": tenant_id, "old": old_seconds}
        turns = await session.scalars(_TURNS, {**values, "state": "new", "prefix": "turn:"})
        for thread_id in turns.all():
            await defer_turn(session, tenant_id, thread_id, 0)
        sends = await session.scalars(_SENDS, {**values, "state": "pending", "prefix": "send:"})
        for thread_id in sends.all():
            await defer_send(session, tenant_id, thread_id)
