"""`/v1/tenant/bots/{id}/readiness`, `/v1/tenant/bots/{id}/scopes/test`: is a bot ready, and what would it refuse."""

from uuid import UUID

from fastapi import APIRouter, Request

from shopwright.bots.live import load_bot
from shopwright.bots.schemas import Overview, Readiness, ScopeTest, ScopeVerdict
from shopwright.bots.service import Bots
from shopwright.engine.turns import Engine
from shopwright.evaluation.overview import load_overview
from shopwright.evaluation.readiness import check_readiness
from shopwright.kit.db import Database
from shopwright.kit.errors import NotFound, error_responses
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import RequestScope, Scope, ScopedRoute, requires

router = APIRouter(prefix="/v1/tenant/bots", tags=["bots"], route_class=ScopedRoute)


@router.get("/{bot_id}/readiness", responses=error_responses(NotFound))
@requires(Permission.BOTS_READ, own_transaction=True)
async def get_readiness(bot_id: UUID, scope: Scope, request: Request) -> Readiness:
    """The checklist before going live, computed: each item with its evidence, and what to do when it is red."""
    await _check_visible(scope, bot_id)
    return await check_readiness(request.app.state, scope.tenant_id, bot_id)


@router.get("/{bot_id}/overview", responses=error_responses(NotFound))
@requires(Permission.BOTS_READ)
async def get_overview(bot_id: UUID, scope: Scope) -> Overview:
    """The home of a bot: is it live and well, what happened in the last seven days, what to do next."""
    return await load_overview(scope.session, scope.tenant_id, bot_id)


@router.post("/{bot_id}/scopes/test", responses=error_responses(NotFound))
@requires(Permission.BOTS_READ, own_transaction=True)
async def test_scope(bot_id: UUID, asked: ScopeTest, scope: Scope, request: Request) -> ScopeVerdict:
    """Whether a message would be refused, and why. Nothing is stored."""
    db: Database = request.app.state.db
    engine: Engine = request.app.state.engine
    await _check_visible(scope, bot_id)
    async with db.tenant(scope.tenant_id) as session, session.begin():
        bot = await load_bot(session, scope.tenant_id, bot_id)
    decision = await engine.judge(bot, asked.text)
    return ScopeVerdict(
        action=decision.action, reason=decision.reason, topic=decision.topic, score=decision.score,
        signals=decision.signals,
    )  # fmt: skip


async def _check_visible(scope: RequestScope, bot_id: UUID) -> None:
    """A bot works with all its datasets, those of the tenant too, so only the bot itself is asked for as the caller.

    Raises:
        NotFound: the caller cannot see the bot.
    """
    async with scope.session as session, session.begin():
        await Bots(session, scope.tenant_id).get(bot_id)
