"""`/v1/tenant/bots/{bot_id}/lab`, `/v1/tenant/lab`: a bot on emulated platforms, as its customers meet it there."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from fastapi import Request
from fastapi.responses import StreamingResponse
from pydantic import Field, SecretStr

from shopwright.bots.service import Bots
from shopwright.channels.registry import CHANNELS
from shopwright.deployments.errors import UnknownChannel
from shopwright.deployments.live import by_id
from shopwright.deployments.models import Deployment
from shopwright.deployments.routes import DeploymentsDep, connect, read_deployment
from shopwright.deployments.schemas import ChannelName, DeploymentCreate, DeploymentRead
from shopwright.deployments.service import Deployments
from shopwright.evaluation.lab import OFF, ON, LabAway, LabControl, LabForgot, LabOff
from shopwright.kit.errors import InvalidInput, NotFound, TooManyRequests, Unauthenticated, Unavailable, error_responses
from shopwright.kit.ids import uuid7
from shopwright.kit.notify import Listener
from shopwright.kit.schemas import Schema
from shopwright.lab.schemas import AccountPut, ActKind, FaultsPut, LabAct, LabActed, LabThread
from shopwright.tenants.permissions import Permission
from shopwright.tenants.principals import Principal
from shopwright.tenants.routes_events import MAX_STREAMS, PAUSE_SECONDS, SSE_HEADERS, Events, EventStreamOnly
from shopwright.tenants.scope import Edge, RequestScope, Scope, requires, scoped_router

router = scoped_router("/v1/tenant", "lab")
WAIT_SECONDS = 15.0
AWAY_SECONDS = 2.0
READY_SECONDS = 3.0
ERRORS = error_responses(NotFound, LabOff, LabAway)


class LabCreate(Schema):
    channel: ChannelName


class LabChannelRead(Schema):
    channel: str
    name: str
    acts: list[ActKind] = Field(description="What the customer can do there.")
    deployment: DeploymentRead | None


class LabRead(Schema):
    enabled: bool
    detail: str
    channels: list[LabChannelRead]


def lab_of(request: Request) -> LabControl:
    lab: LabControl = request.app.state.lab
    return lab


async def _rows(scope: RequestScope, bot_id: UUID) -> dict[str, Deployment]:
    """The bot's accounts in the lab, by channel.

    Raises:
        NotFound: the caller cannot see the bot.
    """
    await Bots(scope.session, scope.tenant_id).get(bot_id)
    query = sa.select(Deployment).where(
        Deployment.tenant_id == scope.tenant_id, Deployment.bot_id == bot_id, Deployment.lab
    )
    return {row.channel: row for row in (await scope.session.scalars(query)).all()}


async def _row(deployments: Deployments, deployment_id: UUID) -> Deployment:
    row = await deployments.get(deployment_id)
    if not row.lab:
        raise NotFound(what="deployment in the lab")
    return row


@router.get("/bots/{bot_id}/lab", responses=ERRORS)
@requires(Permission.DEPLOYMENTS_READ, own_transaction=True)
async def get_lab(bot_id: UUID, deployments: DeploymentsDep, scope: Scope, request: Request) -> LabRead:
    """Which platforms the lab has, and where this bot is in it."""
    lab = lab_of(request)
    async with scope.session:
        rows = await _rows(scope, bot_id)
        known = {channel: await read_deployment(request, deployments, row) for channel, row in rows.items()}
        await scope.session.rollback()
    if not lab.enabled:
        return LabRead(enabled=False, detail=OFF, channels=[])
    try:
        listed = await lab.channels()
    except LabAway as exc:
        return LabRead(enabled=False, detail=exc.message, channels=[])
    channels = [
        LabChannelRead(
            channel=each.channel, name=CHANNELS[each.channel].name, acts=each.acts, deployment=known.get(each.channel)
        )
        for each in listed
        if each.channel in CHANNELS
    ]
    return LabRead(enabled=True, detail=ON, channels=channels)


@router.post(
    "/bots/{bot_id}/lab", status_code=201,
    responses=error_responses(NotFound, LabOff, LabAway, UnknownChannel, InvalidInput),
)  # fmt: skip
@requires(Permission.DEPLOYMENTS_WRITE, own_transaction=True)
async def create_lab_deployment(
    bot_id: UUID, new: LabCreate, deployments: DeploymentsDep, scope: Scope, request: Request
) -> DeploymentRead:
    """Put the bot on an emulated platform and connect it; the one that is there already is connected again."""
    lab = lab_of(request)
    async with scope.session as session:
        row = (await _rows(scope, bot_id)).get(new.channel)
        if row is not None:
            known = row.id
            await session.rollback()
            await _bring_back(lab, scope, request, known)
            return await _connect(known, deployments, scope, request)
        bot = await Bots(session, scope.tenant_id).get(bot_id)
        name, deployment_id = bot.name, uuid7()
        await session.rollback()
        if new.channel not in CHANNELS:
            raise UnknownChannel(channel=new.channel, known=", ".join(sorted(CHANNELS)))
        account = await lab.put(deployment_id, AccountPut(channel=new.channel, name=name))
        fields = {key: SecretStr(value) for key, value in account.credentials.items()}
        wanted = DeploymentCreate(channel=new.channel, fields=fields)
        await deployments.create(bot_id, wanted, lab=True, deployment_id=deployment_id)
        scope.audit("deployment.create", deployment_id, bot=str(bot_id), channel=new.channel, lab=True)
        await session.flush()
        return await _connect(deployment_id, deployments, scope, request)


async def _connect(
    deployment_id: UUID, deployments: Deployments, scope: RequestScope, request: Request
) -> DeploymentRead:
    """Connect, and have the lab do what a person would do on the platform's pages."""
    done = await connect(deployment_id, deployments, scope, request)
    live = await by_id(scope.session, request.app.state.core.envelope, scope.tenant_id, deployment_id)
    await scope.session.rollback()
    if live is None or done.status == "failed":
        return done
    await lab_of(request).paste(deployment_id, done.webhook_url, live.webhook_secret)
    return await read_deployment(request, deployments, await deployments.get(deployment_id))


async def _bring_back(lab: LabControl, scope: RequestScope, request: Request, deployment_id: UUID) -> bool:
    """Have the account be at the lab with the credentials it has here; returns whether the lab had lost it.

    The lab keeps all in memory: when it was started again, it knows nobody.
    """
    live = await by_id(scope.session, request.app.state.core.envelope, scope.tenant_id, deployment_id)
    await scope.session.rollback()
    if live is None or not live.lab:
        raise NotFound(what="deployment in the lab")
    credentials = dict(live.credentials.values)
    credentials.pop("webhook_secret", None)
    done = await lab.put(deployment_id, AccountPut(channel=live.channel, credentials=credentials))
    return done.created


async def _ready(deployment_id: UUID, deployments: Deployments, scope: RequestScope, request: Request) -> LabControl:
    """The lab, with this deployment's account in it.

    Raises:
        NotFound: there is no such deployment in the lab.
    """
    lab = lab_of(request)
    async with scope.session as session:
        await _row(deployments, deployment_id)
        await session.rollback()
        if await _bring_back(lab, scope, request, deployment_id):
            await _connect(deployment_id, deployments, scope, request)
    return lab


@router.get("/lab/{deployment_id}/thread", responses=error_responses(NotFound, LabOff, LabAway, LabForgot))
@requires(Permission.DEPLOYMENTS_READ, own_transaction=True)
async def get_lab_thread(deployment_id: UUID, deployments: DeploymentsDep, scope: Scope, request: Request) -> LabThread:
    """The thread as the customer's app shows it, and how the platform found our calls.

    Looking changes nothing: an account that the lab forgot comes back when somebody begins or writes there.
    """
    lab = lab_of(request)
    async with scope.session as session:
        await _row(deployments, deployment_id)
        await session.rollback()
    try:
        return await lab.thread(deployment_id)
    except NotFound as exc:
        raise LabForgot(reason="") from exc


@router.post("/lab/{deployment_id}/acts", responses=error_responses(NotFound, LabOff, LabAway, InvalidInput))
@requires(Permission.DEPLOYMENTS_WRITE, own_transaction=True)
async def act_in_lab(
    deployment_id: UUID, act: LabAct, deployments: DeploymentsDep, scope: Scope, request: Request
) -> LabActed:
    """Let the customer do one thing."""
    lab = await _ready(deployment_id, deployments, scope, request)
    done = await lab.act(deployment_id, act)
    async with scope.session as session:
        row = await _row(deployments, deployment_id)
        if row.channel in lab.read:
            await lab.read[row.channel](session, scope.tenant_id, deployment_id)
        await session.commit()
    return done


@router.delete("/lab/{deployment_id}/thread", status_code=204, responses=ERRORS)
@requires(Permission.DEPLOYMENTS_WRITE, own_transaction=True)
async def clear_lab_thread(deployment_id: UUID, deployments: DeploymentsDep, scope: Scope, request: Request) -> None:
    """Let a new customer come, who has said nothing yet."""
    await (await _ready(deployment_id, deployments, scope, request)).clear(deployment_id)


@router.put("/lab/{deployment_id}/faults", responses=error_responses(NotFound, LabOff, LabAway, InvalidInput))
@requires(Permission.DEPLOYMENTS_WRITE, own_transaction=True)
async def plan_lab_faults(
    deployment_id: UUID, wanted: FaultsPut, deployments: DeploymentsDep, scope: Scope, request: Request
) -> LabThread:
    """Say what shall go wrong from now on; an empty list lets everything go well again."""
    return await (await _ready(deployment_id, deployments, scope, request)).plan(deployment_id, wanted)


@router.get(
    "/bots/{bot_id}/lab/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "Events `thread`; `data` names the deployment. Read its thread again.",
        },
        **error_responses(NotFound, EventStreamOnly, LabOff, TooManyRequests, Unavailable),
    },
)
@requires(Permission.DEPLOYMENTS_READ, own_transaction=True)
async def stream_lab_events(bot_id: UUID, scope: Scope, request: Request) -> StreamingResponse:
    """What changes in the bot's threads from now on."""
    events: Events = request.app.state.events
    lab = lab_of(request)
    async with scope.session as session:
        await _rows(scope, bot_id)
        await session.rollback()
    if "text/event-stream" not in request.headers.get("accept", ""):
        raise EventStreamOnly
    if not lab.enabled:
        raise LabOff(reason="")
    if not await events.hub.hears(READY_SECONDS):
        raise Unavailable
    events.hub.end_with_process()
    if events.streams[scope.principal.id] >= MAX_STREAMS:
        raise TooManyRequests(limit=f"{MAX_STREAMS} streams at once", retry_after=5, headers={"Retry-After": "5"})
    edge: Edge = request.app.state.edge

    async def renew() -> Principal:
        return await edge.authenticator.authenticate(request.headers.get("authorization"), Permission.DEPLOYMENTS_READ)

    stream = _stream(events, lab, scope, bot_id, renew)
    return StreamingResponse(stream, media_type="text/event-stream", headers=SSE_HEADERS)


async def _stream(
    events: Events, lab: LabControl, scope: RequestScope, bot_id: UUID, renew: Callable[[], Awaitable[Principal]]
) -> AsyncIterator[bytes]:
    """Hints from the lab, until the process stops or the caller's token ends.

    Words of deployments wake it too, so that the list of accounts is read again.
    """
    listener, who = events.hub.join(scope.tenant_id), scope.principal.id
    events.streams[who] += 1
    seen: dict[UUID, int] = {}
    checked = time.monotonic()
    try:
        yield b"retry: 2000\n: hello\n\n"
        while not listener.ended:
            if time.monotonic() - checked >= WAIT_SECONDS:
                await renew()
                checked = time.monotonic()
            async with scope.session as session:
                mine = [row.id for row in (await _rows(scope, bot_id)).values()]
                await session.rollback()
            seen = {deployment_id: seen.get(deployment_id, 0) for deployment_id in mine}
            changed = await _next(lab, listener, seen)
            for deployment_id, version in changed.items():
                seen[deployment_id] = version
                yield b"event: thread\ndata: " + orjson.dumps({"deployment_id": deployment_id}) + b"\n\n"
            if not changed:
                yield b": still here\n\n"
            await asyncio.sleep(PAUSE_SECONDS)
    except (Unauthenticated, NotFound):
        return
    finally:
        events.hub.leave(scope.tenant_id, listener)
        events.streams[who] -= 1
        if not events.streams[who]:
            del events.streams[who]


async def _next(lab: LabControl, listener: Listener, seen: dict[UUID, int]) -> dict[UUID, int]:
    """What changed in the lab, or nothing when a deployment did or some time passed."""
    asked: asyncio.Task[Any] = asyncio.create_task(lab.changes(seen, WAIT_SECONDS))
    told: asyncio.Task[Any] = asyncio.create_task(listener.take(WAIT_SECONDS))
    try:
        await asyncio.wait({asked, told}, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            return {}
        changed: dict[UUID, int] = asked.result()
        return changed
    except LabAway:
        await asyncio.sleep(AWAY_SECONDS)
        return {}
    finally:
        for task in (asked, told):
            task.cancel()
