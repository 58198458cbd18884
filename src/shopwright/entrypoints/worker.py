"""The worker: takes jobs from the queue until it is told to stop, and hands back those of workers that died."""

import asyncio
import signal
from typing import Any

from shopwright.entrypoints.maintenance import run_maintenance
from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import libpq_address, open_core
from shopwright.kit.addresses import BECOME_APP
from shopwright.kit.jobs import HEARTBEAT_SECONDS, STALLED_AFTER_SECONDS, create_job_app, retry_stalled
from shopwright.kit.logs import get_logger
from shopwright.kit.memory import give_back
from shopwright.knowledge.ingest import IngestServices
from shopwright.knowledge.parsing import ParserPool
from shopwright.knowledge.tasks import TASKS

log = get_logger("shopwright.worker")
GRACE_SECONDS = 20
RESCUE_SECONDS = 5.0
MAINTENANCE_SECONDS = 3600.0
RECONNECT_SECONDS = 1.0
IDLE_SECONDS = 30.0


async def _become_app(connection: Any) -> None:
    await connection.set_autocommit(True)
    await connection.execute(BECOME_APP)


async def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; a job that runs then may finish within the grace time."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sig, stop.set)
    parsers = ParserPool()
    await parsers.start()
    try:
        async with open_core(settings, pool_size=max(4, settings.worker_concurrency * 2)) as core:
            services = IngestServices(core.db, core.files, core.embedders, parsers)
            while not stop.is_set():
                try:
                    await _serve(settings, services, core, stop)
                except Exception as exc:  # noqa: BLE001 - the database went away; it comes back
                    log.warning("worker_reconnects", kind=type(exc).__name__)
                    await _sleep(stop, RECONNECT_SECONDS)
    finally:
        await parsers.close()


async def _serve(settings: Settings, services: IngestServices, core: Any, stop: asyncio.Event) -> None:
    app = create_job_app(libpq_address(settings), TASKS, services, before=_become_app)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=settings.worker_concurrency,
                install_signal_handlers=False,
                listen_notify=True,
                fetch_job_polling_interval=2.0,
                delete_jobs="successful",
                shutdown_graceful_timeout=GRACE_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_AFTER_SECONDS,
            )
        )
        side = [
            asyncio.create_task(_rescue(app, stop)),
            asyncio.create_task(_maintain(core, stop)),
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


async def _rescue(app: Any, stop: asyncio.Event) -> None:
    while not stop.is_set():
        count = await retry_stalled(app)
        if count:
            log.warning("jobs_handed_back", count=count)
        await _sleep(stop, RESCUE_SECONDS)


async def _maintain(core: Any, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await run_maintenance(core)
        await _sleep(stop, MAINTENANCE_SECONDS)


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
