"""Jobs in PostgreSQL: enqueued in the caller's transaction, so that a rollback leaves none behind.

A job carries ids only; its tenant, if any, comes from the job's row. Work is done at least once, so every task is
idempotent, and a task that keeps failing ends as failed after a bounded number of attempts.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

Services = TypeVar("Services")

MAX_ATTEMPTS = 5
HEARTBEAT_SECONDS = 5.0
STALLED_AFTER_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Task(Generic[Services]):
    """A kind of job: its name in the queue, and the function that does it with what the worker hands it."""

    name: str
    run: Callable[..., Awaitable[None]]
    queue: str = "default"
    max_attempts: int = MAX_ATTEMPTS
    wait_base: int = 2  # seconds before another try: this to the power of the number of tries


# Kinds of jobs, with what all of them are handed.
Work = tuple[Sequence[Task[Any]], Any]


_DEFER = (
    "select procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, :priority, :lock, null,"
    " cast(:args as jsonb), now() + make_interval(secs => :delay))::procrastinate_job_to_defer_v1])"
)
# The update keeps the waiting job's row until the commit, so no worker takes it before it can see what it is for.
_DEFER_ONCE = (
    "with waiting as (update procrastinate_jobs set scheduled_at = least(coalesce(scheduled_at, now()),"  # noqa: S608
    " now() + make_interval(secs => :delay)) where lock = :lock and task_name = :task and status = 'todo' returning 1)"
    f" {_DEFER} where not exists (select from waiting)"
)


async def defer(
    session: AsyncSession,
    task: str,
    *,
    tenant_id: UUID | None = None,
    queue: str = "default",
    lock: str | None = None,
    priority: int = 0,
    **args: str | int | bool | None,
) -> None:
    """Enqueue a job in the session's transaction; jobs of one `lock` run one at a time, in order."""
    values = {"queue": queue, "task": task, "priority": priority, "lock": lock, "delay": None}
    await session.execute(sa.text(_DEFER), {**values, "args": _payload(tenant_id, args)})


async def defer_once(
    session: AsyncSession,
    task: str,
    *,
    tenant_id: UUID,
    lock: str,
    queue: str = "default",
    delay_seconds: float = 0,
    **args: str | int | bool | None,
) -> None:
    """Enqueue a job unless one of this task and `lock` waits already; that one then runs no later than this would.

    The queue's own `queueing_lock` is not used: a waiting job that is not taken along may be taken by a worker that
    does not see this transaction yet, and a job that is handed back would collide with its successor.
    """
    values = {"queue": queue, "task": task, "priority": 0, "lock": lock, "delay": delay_seconds}
    await session.execute(sa.text(_DEFER_ONCE), {**values, "args": _payload(tenant_id, args)})


def _payload(tenant_id: UUID | None, args: dict[str, str | int | bool | None]) -> str:
    import orjson

    tenant = {} if tenant_id is None else {"tenant_id": str(tenant_id)}
    return orjson.dumps({**tenant, **args}).decode()


def create_job_app(conninfo: str, work: Iterable[Work], *, before: Any = None) -> Any:
    """Build the queue's application for a worker.

    Args:
        conninfo: a libpq address.
        work: kinds of jobs, each group with what its functions get as their first argument.
        before: called with each new connection of the queue's pool.
    """
    from procrastinate import App, PsycopgConnector, RetryStrategy

    connector = PsycopgConnector(
        conninfo=conninfo, min_size=1, max_size=4, configure=before, kwargs={"prepare_threshold": 3}
    )
    app = App(connector=connector)
    for tasks, services in work:
        for task in tasks:
            retry = RetryStrategy(max_attempts=task.max_attempts, exponential_wait=task.wait_base)
            _register(app, task, services, retry)
    return app


def _register(app: Any, task: Task[Any], services: Any, retry: Any) -> None:
    from shopwright.kit import metrics

    async def run(context: Any, **args: Any) -> None:
        try:
            await task.run(services, attempt=context.job.attempts + 1, **args)
        except Exception:
            metrics.jobs.labels(task.name, "error").inc()
            raise
        metrics.jobs.labels(task.name, "ok").inc()

    app.task(name=task.name, queue=task.queue, retry=retry, pass_context=True)(run)


async def retry_stalled(app: Any) -> int:
    """Hand back the jobs of workers that stopped beating; returns how many."""
    from procrastinate.utils import utcnow

    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    count = 0
    for job in stalled:
        await app.job_manager.retry_job(job, retry_at=utcnow())
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class QueueState:
    waiting: int
    failed: int
    oldest_seconds: float


async def queue_state(session: AsyncSession) -> QueueState:
    row = (
        await session.execute(
            sa.text(
                "select count(*) filter (where status = 'todo'), count(*) filter (where status = 'failed'),"
                " coalesce(extract(epoch from now() - min(e.at) filter (where status = 'todo')), 0)"
                " from procrastinate_jobs j left join lateral (select min(at) at from procrastinate_events"
                " where job_id = j.id and j.status = 'todo') e on true where status in ('todo', 'failed')"
            )
        )
    ).one()
    return QueueState(int(row[0]), int(row[1]), float(row[2]))
