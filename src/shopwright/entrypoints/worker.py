"""The worker: takes jobs from the queue until it is told to stop, and hands back those of workers that died."""

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa

from shopwright import __version__
from shopwright.deployments.watching import Watch
from shopwright.entrypoints.maintenance import run_maintenance
from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.sweeping import sweep
from shopwright.entrypoints.wiring import (
    Core,
    build_engine,
    build_gateway,
    create_mail_sender,
    libpq_address,
    open_core,
)
from shopwright.gateway.lost import pick_up
from shopwright.gateway.mail import start_polling
from shopwright.gateway.services import QUEUE as GATEWAY
from shopwright.gateway.tasks import TASKS as GATEWAY_TASKS
from shopwright.identity import tasks as identity
from shopwright.identity.mails import Letters
from shopwright.identity.sign_up import MailJobs
from shopwright.kit.addresses import BECOME_APP
from shopwright.kit.egress import create_client
from shopwright.kit.jobs import HEARTBEAT_SECONDS, STALLED_AFTER_SECONDS, Work, create_job_app, retry_stalled
from shopwright.kit.logs import get_logger
from shopwright.kit.memory import give_back
from shopwright.knowledge.crawling.crawl import QUEUE as CRAWLS
from shopwright.knowledge.crawling.fetching import MAX_PAGE_BYTES, Web
from shopwright.knowledge.ingest import IngestServices
from shopwright.knowledge.parsing import ParserPool
from shopwright.knowledge.tasks import TASKS
from shopwright.notifications import outbox as mail
from shopwright.tenants.models import Tenant

log = get_logger("shopwright.worker")
GRACE_SECONDS = 20
RESCUE_SECONDS = 5.0
MAINTENANCE_SECONDS = 3600.0
SWEEP_EVERY_HOURS = 12
RECONNECT_SECONDS = 1.0
IDLE_SECONDS = 30.0
WATCH_SECONDS = 120.0
# On one machine, who waits for an answer of the API comes before what is done in the background.
NICENESS = 5


async def _become_app(connection: Any) -> None:
    await connection.set_autocommit(True)
    await connection.execute(BECOME_APP)


async def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; a job that runs then may finish within the grace time."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sig, stop.set)
    os.nice(NICENESS)
    parsers = ParserPool()
    await parsers.start()
    try:
        async with (
            open_core(settings, pool_size=max(8, settings.worker_concurrency * 2)) as core,
            open_work(core, parsers) as work,
        ):
            while not stop.is_set():
                try:
                    await _serve(settings, work, core, stop)
                except Exception as exc:  # noqa: BLE001 - the database went away; it comes back
                    log.warning("worker_reconnects", kind=type(exc).__name__)
                    await _sleep(stop, RECONNECT_SECONDS)
    finally:
        await parsers.close()


@asynccontextmanager
async def open_work(core: Core, parsers: ParserPool) -> AsyncIterator[list[Work]]:
    """All kinds of jobs there are, with what they need."""
    settings = core.settings
    async with create_client(core.policy, timeout_seconds=20, connect_seconds=10, max_bytes=MAX_PAGE_BYTES) as client:
        web = Web(
            client, core.policy, f"ShopwrightBot/{__version__.rpartition('.')[0]} (+{settings.base_url})",
            1 / settings.crawl_requests_per_second,
        )  # fmt: skip
        engine = build_engine(core)
        yield [
            (GATEWAY_TASKS, build_gateway(core, engine)),
            (TASKS, IngestServices(core.db, core.files, core.embedders, parsers, web)),
            (identity.TASKS, MailJobs(core.db, core.outbox, Letters(settings.base_url))),
            (mail.TASKS, mail.MailServices(core.db, core.outbox, create_mail_sender(settings))),
        ]
        await engine.announcer.close()


async def _serve(settings: Settings, work: list[Work], core: Any, stop: asyncio.Event) -> None:
    app = create_job_app(libpq_address(settings), work, before=_become_app)
    queues = {task.queue for tasks, _ in work for task in tasks}
    async with app.open_async():
        worker = asyncio.create_task(
            _work(app, concurrency=settings.worker_concurrency, queues=sorted(queues - {CRAWLS, GATEWAY}))
        )
        # Reading websites is mostly waiting for them: it has places of its own, and takes none from reading files.
        crawler = asyncio.create_task(_work(app, concurrency=settings.worker_concurrency, queues=[CRAWLS]))
        # So are conversations on platforms: mostly waiting for models and platforms, and looked for more often.
        gateway = asyncio.create_task(
            _work(app, concurrency=settings.gateway_concurrency, queues=[GATEWAY], polling_seconds=0.25)
        )
        side = [
            crawler,
            gateway,
            asyncio.create_task(_rescue(app, stop)),
            asyncio.create_task(_maintain(core, stop)),
            asyncio.create_task(_watch(core, stop)),
            asyncio.create_task(_slim(core, stop)),
            asyncio.create_task(stop.wait()),
        ]
        log.info("worker_started")
        try:
            await asyncio.wait([worker, *side], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in [worker, *side]:
                task.cancel()
            results = await asyncio.gather(worker, *side, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not stop.is_set():
                raise result


async def _work(app: Any, *, concurrency: int, queues: list[str], polling_seconds: float = 2.0) -> None:
    await app.run_worker_async(
        queues=queues,
        concurrency=concurrency,
        install_signal_handlers=False,
        listen_notify=True,
        fetch_job_polling_interval=polling_seconds,
        delete_jobs="successful",
        shutdown_graceful_timeout=GRACE_SECONDS,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_AFTER_SECONDS,
    )


async def _rescue(app: Any, stop: asyncio.Event) -> None:
    while not stop.is_set():
        count = await retry_stalled(app)
        if count:
            log.warning("jobs_handed_back", count=count)
        await _sleep(stop, RESCUE_SECONDS)


async def _maintain(core: Any, stop: asyncio.Event) -> None:
    for hour in itertools.count():
        if stop.is_set():
            return
        await run_maintenance(core)
        if hour % SWEEP_EVERY_HOURS == 0:
            await sweep(core)
        await _sleep(stop, MAINTENANCE_SECONDS)


async def _watch(core: Core, stop: asyncio.Event) -> None:
    """Look over the deployments of all tenants, and for messages whose jobs were given up."""
    while not stop.is_set():
        await watch_once(core)
        await _sleep(stop, WATCH_SECONDS)


async def watch_once(core: Core) -> None:
    watch = Watch(core.db, core.envelope, core.platforms)
    async with core.db.admin() as session, session.begin():
        tenants = (await session.scalars(sa.select(Tenant.id).where(Tenant.is_active))).all()
    for tenant_id in tenants:
        await watch.look(tenant_id)
        await pick_up(core.db, tenant_id)
        await start_polling(core.db, tenant_id)


async def _slim(core: Any, stop: asyncio.Event) -> None:
    """Give memory back when no document came for a while."""
    done = -1
    while not stop.is_set():
        await _sleep(stop, IDLE_SECONDS)
        seen = core.local.texts_embedded
        if seen == done:
            core.local.release()
            give_back()
        done = seen


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
