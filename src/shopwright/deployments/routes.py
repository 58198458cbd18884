"""`/v1/tenant/bots/{bot_id}/deployments`, `/v1/tenant/deployments`: bots on platforms."""

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Request

from shopwright.channels.registry import CHANNELS
from shopwright.deployments.calling import Platforms
from shopwright.deployments.connecting import Connector
from shopwright.deployments.errors import AlreadyDeployed, CredentialsMissing, UnknownChannel
from shopwright.deployments.live import by_id
from shopwright.deployments.models import Deployment
from shopwright.deployments.schemas import (
    DeploymentCreate,
    DeploymentRead,
    DeploymentUpdate,
    ProbeRead,
    StepRead,
)
from shopwright.deployments.service import NOT_YET, Deployments, set_status
from shopwright.kit.crypto import Envelope
from shopwright.kit.errors import Forbidden, InvalidInput, NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import RequestScope, Scope, requires, scoped_router

router = scoped_router("/v1/tenant", "deployments")
_COPIED = frozenset(DeploymentRead.model_fields) - {"name", "webhook_url", "fields", "manual_steps"}


def deployments_of(scope: Scope, request: Request) -> Deployments:
    envelope: Envelope = request.app.state.core.envelope
    return Deployments(scope.session, scope.tenant_id, envelope)


DeploymentsDep = Annotated[Deployments, Depends(deployments_of)]


def read_deployment(request: Request, row: Deployment, steps: list[StepRead] | None = None) -> DeploymentRead:
    """A deployment as callers see it."""
    platforms: Platforms = request.app.state.core.platforms
    copied: dict[str, Any] = {name: getattr(row, name) for name in _COPIED}
    return DeploymentRead(
        **copied, name=CHANNELS[row.channel].name if row.channel in CHANNELS else row.channel,
        webhook_url=platforms.webhook_url(row.channel, row.token), fields=dict(row.hints), manual_steps=steps or [],
    )  # fmt: skip


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


@router.get("/bots/{bot_id}/deployments", responses=error_responses(NotFound))
@requires(Permission.DEPLOYMENTS_READ)
async def list_deployments(
    bot_id: UUID, scope: Scope, request: Request, limit: Limit = 50, cursor: CursorText = None
) -> Page[DeploymentRead]:
    """Where a bot is live; the lab is not among it."""
    bots = sa.table("bots", sa.column("id"), sa.column("tenant_id"))
    known = await scope.session.execute(
        sa.select(bots.c.id).where(bots.c.tenant_id == scope.tenant_id, bots.c.id == bot_id)
    )
    if known.first() is None:
        raise NotFound(what="bot")
    rows, after = await scope.repository(Deployment).page(
        limit, cursor, Deployment.bot_id == bot_id, sa.not_(Deployment.lab)
    )
    return Page(items=[read_deployment(request, row) for row in rows], next_cursor=after)


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
    return read_deployment(request, await deployments.rows.save(row))


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
    return read_deployment(request, row, steps)


@router.patch("/deployments/{deployment_id}", responses=error_responses(NotFound, CredentialsMissing, InvalidInput))
@requires(Permission.DEPLOYMENTS_WRITE)
async def update_deployment(
    deployment_id: UUID, change: DeploymentUpdate, deployments: DeploymentsDep, scope: Scope, request: Request
) -> DeploymentRead:
    """Change a deployment in place, such as its token when the old one ends; `connect` tries it."""
    _may_send_credentials(scope, change.fields)
    row = await deployments.update(await deployments.get(deployment_id), change)
    scope.audit("deployment.update", row.id, fields=sorted(change.model_fields_set))
    return read_deployment(request, row)


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
    await set_status(session, scope.tenant_id, deployment_id, done.status, done.detail, **values)
    scope.audit("deployment.connect", deployment_id, status=done.status)
    row = await deployments.rows.save(await deployments.get(deployment_id))
    answer = read_deployment(request, row)
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
        await set_status(session, scope.tenant_id, deployment_id, "disabled", "Switched off.")
        scope.audit("deployment.disable", deployment_id)
        await session.commit()  # nothing comes in from here on, whatever the platform says
        problem = await connector.disconnect()
        if problem:
            detail = f"Switched off here; the platform still has the address: {problem}"
            await set_status(session, scope.tenant_id, deployment_id, "disabled", detail)
        row = await deployments.rows.save(await deployments.get(deployment_id))
        answer = read_deployment(request, row)
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
        await set_status(scope.session, scope.tenant_id, deployment_id, "pending", NOT_YET)
        scope.audit("deployment.enable", deployment_id)
    return read_deployment(request, await deployments.rows.save(row))


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
