"""`/v1/tenant/bots/{bot_id}/deployments`, `/v1/tenant/deployments`: bots on platforms."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Query, Request

from shopwright.channels.port import Channel
from shopwright.channels.registry import CHANNELS
from shopwright.deployments.calling import Platforms
from shopwright.deployments.connecting import Connector
from shopwright.deployments.errors import AlreadyDeployed, CredentialsMissing, UnknownChannel
from shopwright.deployments.live import by_id
from shopwright.deployments.models import Deployment
from shopwright.deployments.schemas import (
    ChannelRead,
    DeploymentCreate,
    DeploymentRead,
    DeploymentUpdate,
    ProbeRead,
    Status,
    StepRead,
)
from shopwright.deployments.service import NOT_YET, Deployments, set_status
from shopwright.deployments.standing import verdict
from shopwright.kit.crypto import Envelope
from shopwright.kit.errors import Forbidden, InvalidInput, NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page
from shopwright.kit.sentences import sentence
from shopwright.tenants.clients.forms import FORMS, CredentialForm
from shopwright.tenants.clients.schemas import FormField
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import RequestScope, Scope, requires, scoped_router

router = scoped_router("/v1/tenant", "deployments")
_COPIED = frozenset(DeploymentRead.model_fields) - {"name", "webhook_url", "fields", "manual_steps", "dead_letters"}


def deployments_of(scope: Scope, request: Request) -> Deployments:
    envelope: Envelope = request.app.state.core.envelope
    return Deployments(scope.session, scope.tenant_id, envelope)


DeploymentsDep = Annotated[Deployments, Depends(deployments_of)]


def _read(
    request: Request, row: Deployment, steps: list[StepRead] | None = None, dead_letters: int = 0
) -> DeploymentRead:
    platforms: Platforms = request.app.state.core.platforms
    copied: dict[str, Any] = {name: getattr(row, name) for name in _COPIED}
    return DeploymentRead(
        **copied, name=CHANNELS[row.channel].name if row.channel in CHANNELS else row.channel,
        webhook_url=platforms.webhook_url(row.channel, row.token), fields=dict(row.hints), manual_steps=steps or [],
        dead_letters=dead_letters,
    )  # fmt: skip


async def read_deployment(
    request: Request, deployments: Deployments, row: Deployment, steps: list[StepRead] | None = None
) -> DeploymentRead:
    """A deployment as callers see it."""
    return _read(request, row, steps, (await deployments.dead_letters([row.id]))[row.id])


async def _page(
    request: Request, deployments: Deployments, limit: int, cursor: str | None, *wanted: sa.ColumnElement[bool]
) -> Page[DeploymentRead]:
    rows, after = await deployments.rows.page(limit, cursor, *wanted)
    dead = await deployments.dead_letters([row.id for row in rows])
    return Page(items=[_read(request, row, dead_letters=dead[row.id]) for row in rows], next_cursor=after)


async def _connector(request: Request, scope: RequestScope, deployment_id: UUID) -> Connector:
    """What talks to the platform.

    Raises:
        NotFound: there is no such deployment.
    """
    core = request.app.state.core
    live = await by_id(scope.session, core.envelope, scope.tenant_id, deployment_id)
    if live is None:
        raise NotFound(what="deployment")
    if live.channel not in CHANNELS:
        raise UnknownChannel(channel=live.channel, known=", ".join(sorted(CHANNELS)))
    return Connector(core.platforms, live)


def _may_send_credentials(scope: RequestScope, given: object) -> None:
    if given is not None and Permission.CREDENTIALS_WRITE not in scope.principal.permissions:
        raise Forbidden(permission=Permission.CREDENTIALS_WRITE)


@router.get("/channels")
@requires(Permission.DEPLOYMENTS_READ)
async def list_channels() -> Page[ChannelRead]:
    """The platforms that bots can be put on, and what each asks for."""
    return Page(items=[_channel(form, CHANNELS[form.channel]) for form in FORMS if form.channel in CHANNELS])


def _channel(form: CredentialForm, kind: type[Channel]) -> ChannelRead:
    able = kind.capabilities
    return ChannelRead(
        channel=form.channel, name=kind.name, fields=[FormField(**asdict(field)) for field in form.fields],
        address_first=kind.address_first, automatic=able.automatic_webhook == "yes", templates=able.templates == "yes",
        receipts=able.read_receipts_in == "yes", window_hours=kind.limits.window_hours,
    )  # fmt: skip


@router.get("/deployments")
@requires(Permission.DEPLOYMENTS_READ)
async def list_all_deployments(
    deployments: DeploymentsDep, request: Request, limit: Limit = 50, cursor: CursorText = None,
    channel: Annotated[str | None, Query(max_length=40)] = None,
    status: Annotated[Status | None, Query()] = None,
) -> Page[DeploymentRead]:  # fmt: skip
    """Where all bots are live, newest first; the lab is not among it."""
    wanted: list[sa.ColumnElement[bool]] = [sa.not_(Deployment.lab)]
    if channel:
        wanted.append(Deployment.channel == channel)
    if status:
        wanted.append(Deployment.status == status)
    return await _page(request, deployments, limit, cursor, *wanted)


@router.get("/bots/{bot_id}/deployments", responses=error_responses(NotFound))
@requires(Permission.DEPLOYMENTS_READ)
async def list_deployments(
    bot_id: UUID, deployments: DeploymentsDep, scope: Scope, request: Request, limit: Limit = 50,
    cursor: CursorText = None,
) -> Page[DeploymentRead]:  # fmt: skip
    """Where a bot is live; the lab is not among it."""
    bots = sa.table("bots", sa.column("id"), sa.column("tenant_id"))
    known = await scope.session.execute(
        sa.select(bots.c.id).where(bots.c.tenant_id == scope.tenant_id, bots.c.id == bot_id)
    )
    if known.first() is None:
        raise NotFound(what="bot")
    return await _page(request, deployments, limit, cursor, Deployment.bot_id == bot_id, sa.not_(Deployment.lab))


@router.post(
    "/bots/{bot_id}/deployments", status_code=201,
    responses=error_responses(NotFound, UnknownChannel, CredentialsMissing, AlreadyDeployed, InvalidInput),
)  # fmt: skip
@requires(Permission.DEPLOYMENTS_WRITE)
async def create_deployment(
    bot_id: UUID, new: DeploymentCreate, deployments: DeploymentsDep, scope: Scope, request: Request
) -> DeploymentRead:
    """Put a bot on a platform. It goes live with `connect`."""
    _may_send_credentials(scope, new.fields)
    row = await deployments.create(bot_id, new)
    scope.audit("deployment.create", row.id, bot=str(bot_id), channel=row.channel)
    return await read_deployment(request, deployments, await deployments.rows.save(row))


@router.get("/deployments/{deployment_id}", responses=error_responses(NotFound))
@requires(Permission.DEPLOYMENTS_READ)
async def get_deployment(
    deployment_id: UUID, deployments: DeploymentsDep, scope: Scope, request: Request
) -> DeploymentRead:
    row = await deployments.get(deployment_id)
    steps: list[StepRead] = []
    if Permission.DEPLOYMENTS_WRITE in scope.principal.permissions and row.channel in CHANNELS:
        connector = await _connector(request, scope, deployment_id)
        steps = [StepRead(text=step.text, copy_text=step.copy) for step in connector.steps()]
    return await read_deployment(request, deployments, row, steps)


@router.patch("/deployments/{deployment_id}", responses=error_responses(NotFound, CredentialsMissing, InvalidInput))
@requires(Permission.DEPLOYMENTS_WRITE)
async def update_deployment(
    deployment_id: UUID, change: DeploymentUpdate, deployments: DeploymentsDep, scope: Scope, request: Request
) -> DeploymentRead:
    """Change a deployment in place, such as its token when the old one ends; `connect` tries it."""
    _may_send_credentials(scope, change.fields)
    row = await deployments.update(await deployments.get(deployment_id), change)
    scope.audit("deployment.update", row.id, fields=sorted(change.model_fields_set))
    if row.status in {"connected", "degraded"}:  # a later end of the token is seen at once
        status, reason, detail = verdict(row, datetime.now(UTC))
        if (status, detail) != (row.status, row.detail):
            await set_status(scope.session, scope.tenant_id, row.id, status, detail, reason)
            row = await deployments.rows.save(row)
    return await read_deployment(request, deployments, row)


@router.post("/deployments/{deployment_id}/connect", responses=error_responses(NotFound))
@requires(Permission.DEPLOYMENTS_WRITE, own_transaction=True)
async def connect_deployment(
    deployment_id: UUID, deployments: DeploymentsDep, scope: Scope, request: Request
) -> DeploymentRead:
    """Check the credentials and register the webhook; `status` and `detail` say how it went."""
    async with scope.session:
        return await connect(deployment_id, deployments, scope, request)


async def connect(
    deployment_id: UUID, deployments: Deployments, scope: RequestScope, request: Request
) -> DeploymentRead:
    """Connect in the scope's open session, which is committed before the platform is asked, and at the end.

    Raises:
        NotFound: there is no such deployment.
    """
    session = scope.session
    row = await deployments.get(deployment_id)
    client_id = await deployments.client_of(row.bot_id)
    if client_id != row.client_id:  # the bot was given away: from now on it is the new client's
        row.client_id = client_id
        await session.flush()
    connector = await _connector(request, scope, deployment_id)
    await session.commit()  # nothing is held while the platform is asked
    done = await connector.connect()
    values: dict[str, Any] = {"registered_at": sa.func.now()} if done.registered else {}
    if done.status == "failed":
        values |= {"last_error": done.detail, "last_error_at": sa.func.now()}
    await set_status(session, scope.tenant_id, deployment_id, done.status, done.detail, done.reason, **values)
    scope.audit("deployment.connect", deployment_id, status=done.status)
    row = await deployments.rows.save(await deployments.get(deployment_id))
    answer = await read_deployment(request, deployments, row)
    await session.commit()
    return answer


@router.post("/deployments/{deployment_id}/probe", responses=error_responses(NotFound))
@requires(Permission.DEPLOYMENTS_WRITE, own_transaction=True)
async def probe_deployment(deployment_id: UUID, scope: Scope, request: Request) -> ProbeRead:
    """Try it end to end: do the credentials work, and does the webhook's address lead here?"""
    async with scope.session as session:
        connector = await _connector(request, scope, deployment_id)
        await session.rollback()
        steps = await connector.probe()
    return ProbeRead(ok=all(step.ok for step in steps), steps=steps)


@router.post("/deployments/{deployment_id}/disable", responses=error_responses(NotFound))
@requires(Permission.DEPLOYMENTS_WRITE, own_transaction=True)
async def disable_deployment(
    deployment_id: UUID, deployments: DeploymentsDep, scope: Scope, request: Request
) -> DeploymentRead:
    """Take the bot off the platform; the deployment is kept."""
    async with scope.session as session:
        connector = await _connector(request, scope, deployment_id)
        await set_status(session, scope.tenant_id, deployment_id, "disabled", sentence("Switched off."), "off")
        scope.audit("deployment.disable", deployment_id)
        await session.commit()  # nothing comes in from here on, whatever the platform says
        problem = await connector.disconnect()
        if problem:
            detail = sentence("Switched off here; the platform still has the address: {reason}", reason=problem)
            await set_status(session, scope.tenant_id, deployment_id, "disabled", detail, "off")
        row = await deployments.rows.save(await deployments.get(deployment_id))
        answer = await read_deployment(request, deployments, row)
        await session.commit()
    return answer


@router.post("/deployments/{deployment_id}/enable", responses=error_responses(NotFound))
@requires(Permission.DEPLOYMENTS_WRITE)
async def enable_deployment(
    deployment_id: UUID, deployments: DeploymentsDep, scope: Scope, request: Request
) -> DeploymentRead:
    """Let a deployment that was switched off receive again; `connect` registers its webhook."""
    row = await deployments.get(deployment_id)
    if row.status == "disabled":
        await set_status(scope.session, scope.tenant_id, deployment_id, "pending", NOT_YET, "not_tried")
        scope.audit("deployment.enable", deployment_id)
    return await read_deployment(request, deployments, await deployments.rows.save(row))


@router.delete("/deployments/{deployment_id}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.DEPLOYMENTS_WRITE, own_transaction=True)
async def delete_deployment(deployment_id: UUID, deployments: DeploymentsDep, scope: Scope, request: Request) -> None:
    """Take the bot off the platform for good; conversations stay."""
    async with scope.session as session:
        connector = await _connector(request, scope, deployment_id)
        await session.rollback()
        problem = await connector.disconnect()
        row = await deployments.get(deployment_id)
        await deployments.delete(row)
        scope.audit("deployment.delete", deployment_id, channel=row.channel, left_over=problem)
        await session.commit()
