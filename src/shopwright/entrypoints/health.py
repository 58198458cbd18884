"""`/health`, `/health/quick`, `/metrics`: is it well, may it be sent traffic, how is it doing."""

import asyncio
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psutil
import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from shopwright import __version__
from shopwright.entrypoints.wiring import Core
from shopwright.kit import metrics
from shopwright.kit.jobs import queue_state
from shopwright.tenants.models import DirectoryEntry
from shopwright.tenants.permissions import Access
from shopwright.tenants.scope import ScopedRoute, requires

router = APIRouter(tags=["health"], route_class=ScopedRoute)
STARTED = time.monotonic()
OK, DEGRADED, DOWN = "ok", "degraded", "down"
LIMIT_SECONDS = 3.0
MIN_FREE_BYTES = 500_000_000
MAX_QUEUE_SECONDS = 300

Check = Callable[[Core], Awaitable[dict[str, Any]]]


async def _database(core: Core) -> dict[str, Any]:
    async with core.db.nobody() as session, session.begin():
        version = await session.scalar(sa.text("show server_version"))
    return {"status": OK, "version": version}


async def _queue(core: Core) -> dict[str, Any]:
    async with core.db.nobody() as session, session.begin():
        state = await queue_state(session)
    metrics.queue_depth.set(state.waiting)
    late = state.oldest_seconds > MAX_QUEUE_SECONDS
    return {
        "status": DEGRADED if late else OK,
        "waiting": state.waiting,
        "failed": state.failed,
        "oldest_seconds": round(state.oldest_seconds, 1),
    }


async def _models(core: Core) -> dict[str, Any]:
    rows = await core.local.embed_queries(["ready"], "en")
    return {
        "status": OK if rows.shape == (1, core.local.dimensions) else DOWN,
        "embedding": core.local.model_id,
    }


async def _disk(core: Core) -> dict[str, Any]:
    usage = shutil.disk_usage(core.settings.data_dir if core.settings.data_dir.exists() else "/")
    return {"status": OK if usage.free > MIN_FREE_BYTES else DEGRADED, "free_bytes": usage.free}


async def _memory(_core: Core) -> dict[str, Any]:
    own = psutil.Process(os.getpid()).memory_info().rss
    free = psutil.virtual_memory().available
    return {"status": OK if free > 200_000_000 else DEGRADED, "process_bytes": own, "available_bytes": free}


async def _bots(core: Core) -> dict[str, Any]:
    async with core.db.nobody() as session, session.begin():
        query = sa.select(sa.func.count()).select_from(DirectoryEntry).where(DirectoryEntry.kind == "bot")
        count = await session.scalar(query)
    return {"status": OK, "count": count}


CHECKS: dict[str, Check] = {
    "database": _database, "queue": _queue, "models": _models, "disk": _disk, "memory": _memory, "bots": _bots
}  # fmt: skip


async def _run(check: Check, core: Core) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            result = await check(core)
    except Exception as exc:  # noqa: BLE001 - whatever it is, this part is down and the others are still told
        result = {"status": DOWN, "error": type(exc).__name__}
    return {**result, "ms": round((time.perf_counter() - started) * 1000, 1)}


async def check_all(core: Core) -> dict[str, Any]:
    results = await asyncio.gather(*(_run(check, core) for check in CHECKS.values()))
    parts = dict(zip(CHECKS, results, strict=True))
    states = {part["status"] for part in parts.values()}
    status = DOWN if DOWN in states else DEGRADED if DEGRADED in states else OK
    return {
        "status": status,
        "version": __version__,
        "uptime_seconds": round(time.monotonic() - STARTED, 1),
        "checks": parts,
    }


@router.get("/health")
@requires(Access.PUBLIC, own_transaction=True, anonymous=True)
async def health(request: Request) -> JSONResponse:
    """Every part with its state and the milliseconds it took; 503 when one is down."""
    report = await check_all(request.app.state.core)
    return JSONResponse(report, 503 if report["status"] == DOWN else 200)


@router.get("/health/quick")
@requires(Access.PUBLIC, own_transaction=True, anonymous=True)
async def health_quick() -> dict[str, str]:
    """The process answers; for load balancers, asked often."""
    return {"status": OK}


@router.get("/metrics")
@requires(Access.PUBLIC, own_transaction=True, anonymous=True)
async def metrics_page() -> Response:
    """Figures for Prometheus."""
    return Response(metrics.render(), media_type="text/plain; version=0.0.4")
