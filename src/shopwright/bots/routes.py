"""`/v1/tenant/bots`: bots, the datasets they answer from, and their scopes."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from shopwright.bots.errors import (
    DatasetAlreadyLinked,
    DatasetNameThere,
    DatasetOfAnotherClient,
    DatasetShared,
    UnknownReference,
)
from shopwright.bots.models import Bot, BotDataset
from shopwright.bots.schemas import (
    BotCreate,
    BotDatasetCreate,
    BotDatasetRead,
    BotDatasetUpdate,
    BotMove,
    BotRead,
    BotUpdate,
    ScopeRead,
    ScopeWrite,
)
from shopwright.bots.service import Bots
from shopwright.kit.errors import NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import Scope, requires, scoped_router

router = scoped_router("/v1/tenant/bots", "bots")


def bots_of(scope: Scope) -> Bots:
    return Bots(scope.session, scope.tenant_id)


BotsDep = Annotated[Bots, Depends(bots_of)]


@router.get("")
@requires(Permission.BOTS_READ)
async def list_bots(scope: Scope, limit: Limit = 50, cursor: CursorText = None) -> Page[BotRead]:
    rows, after = await scope.repository(Bot).page(limit, cursor)
    return Page(items=[BotRead.model_validate(row) for row in rows], next_cursor=after)


@router.post("", status_code=201, responses=error_responses(UnknownReference))
@requires(Permission.BOTS_WRITE)
async def create_bot(new: BotCreate, bots: BotsDep, scope: Scope) -> BotRead:
    """Add a bot. Without an AI provider it answers by quoting the documents, so no key is needed."""
    bot = await bots.create(new, await scope.client_for(new.client_id))
    scope.audit("bot.create", bot.id, name=bot.name)
    return BotRead.model_validate(bot)


@router.get("/{bot_id}", responses=error_responses(NotFound))
@requires(Permission.BOTS_READ)
async def get_bot(bot_id: UUID, bots: BotsDep) -> BotRead:
    return BotRead.model_validate(await bots.get(bot_id))


@router.put("/{bot_id}", responses=error_responses(NotFound, UnknownReference))
@requires(Permission.BOTS_WRITE)
async def update_bot(bot_id: UUID, change: BotUpdate, bots: BotsDep, scope: Scope) -> BotRead:
    """Change a bot; only the fields that are sent change."""
    return await _update(bot_id, change, bots, scope)


@router.patch("/{bot_id}", responses=error_responses(NotFound, UnknownReference))
@requires(Permission.BOTS_WRITE)
async def patch_bot(bot_id: UUID, change: BotUpdate, bots: BotsDep, scope: Scope) -> BotRead:
    """The same as PUT."""
    return await _update(bot_id, change, bots, scope)


async def _update(bot_id: UUID, change: BotUpdate, bots: Bots, scope: Scope) -> BotRead:
    bot = await bots.update(await bots.get(bot_id), change)
    scope.audit("bot.update", bot.id, fields=sorted(change.model_fields_set))
    return BotRead.model_validate(bot)


@router.post("/{bot_id}/move", responses=error_responses(NotFound, DatasetShared, DatasetNameThere))
@requires(Permission.CLIENTS_WRITE)
async def move_bot(bot_id: UUID, wanted: BotMove, bots: BotsDep, scope: Scope) -> BotRead:
    """Give a bot to another client, with its conversations and the datasets that only it answers from."""
    bot = await bots.get(bot_id)
    before = bot.client_id
    bot = await bots.move(bot, await scope.client_for(wanted.client_id))
    scope.audit("bot.move", bot_id, before=str(before or ""), after=str(bot.client_id or ""))
    return BotRead.model_validate(bot)


@router.delete("/{bot_id}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.BOTS_WRITE)
async def delete_bot(bot_id: UUID, bots: BotsDep, scope: Scope) -> None:
    """Remove a bot with its scope and its conversations; its datasets stay."""
    bot = await bots.get(bot_id)
    await bots.delete(bot)
    scope.audit("bot.delete", bot_id, name=bot.name)


@router.get("/{bot_id}/datasets", responses=error_responses(NotFound))
@requires(Permission.BOTS_READ)
async def list_bot_datasets(bot_id: UUID, bots: BotsDep) -> Page[BotDatasetRead]:
    """The datasets a bot answers from, in their order."""
    await bots.get(bot_id)
    query = bots.links.select().where(BotDataset.bot_id == bot_id).order_by(BotDataset.priority, BotDataset.id)
    rows = await bots.session.scalars(query)
    return Page(items=[BotDatasetRead.model_validate(row) for row in rows])


@router.post(
    "/{bot_id}/datasets",
    status_code=201,
    responses=error_responses(NotFound, UnknownReference, DatasetAlreadyLinked, DatasetOfAnotherClient),
)
@requires(Permission.BOTS_WRITE)
async def link_dataset(bot_id: UUID, new: BotDatasetCreate, bots: BotsDep) -> BotDatasetRead:
    return BotDatasetRead.model_validate(await bots.link(bot_id, new))


@router.patch("/{bot_id}/datasets/{dataset_id}", responses=error_responses(NotFound))
@requires(Permission.BOTS_WRITE)
async def update_bot_dataset(bot_id: UUID, dataset_id: UUID, change: BotDatasetUpdate, bots: BotsDep) -> BotDatasetRead:
    row = await bots.get_link(bot_id, dataset_id)
    for name, value in change.model_dump(exclude_unset=True, exclude_none=True).items():
        setattr(row, name, value)
    await bots.touch(bot_id)
    return BotDatasetRead.model_validate(await bots.links.save(row))


@router.delete("/{bot_id}/datasets/{dataset_id}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.BOTS_WRITE)
async def unlink_dataset(bot_id: UUID, dataset_id: UUID, bots: BotsDep) -> None:
    await bots.links.delete(await bots.get_link(bot_id, dataset_id))
    await bots.touch(bot_id)


@router.get("/{bot_id}/scopes", responses=error_responses(NotFound))
@requires(Permission.BOTS_READ)
async def get_scope(bot_id: UUID, bots: BotsDep) -> ScopeRead:
    return ScopeRead.model_validate(await bots.get_scope(bot_id))


@router.post("/{bot_id}/scopes", status_code=201, responses=error_responses(NotFound))
@requires(Permission.BOTS_WRITE)
async def set_scope(bot_id: UUID, new: ScopeWrite, bots: BotsDep, scope: Scope) -> ScopeRead:
    """Say what a bot may talk about. There is one scope a bot: writing again replaces it."""
    row = await bots.set_scope(bot_id, new)
    scope.audit("bot.scope", bot_id, strictness=row.strictness_level)
    return ScopeRead.model_validate(row)


@router.put("/{bot_id}/scopes", responses=error_responses(NotFound))
@requires(Permission.BOTS_WRITE)
async def replace_scope(bot_id: UUID, new: ScopeWrite, bots: BotsDep, scope: Scope) -> ScopeRead:
    """The same as POST."""
    return await set_scope(bot_id, new, bots, scope)


@router.delete("/{bot_id}/scopes", status_code=204, responses=error_responses(NotFound))
@requires(Permission.BOTS_WRITE)
async def delete_scope(bot_id: UUID, bots: BotsDep, scope: Scope) -> None:
    """Remove a bot's scope; it may then talk about all that its documents hold."""
    row = await bots.get_scope(bot_id)
    await bots.session.delete(row)
    await bots.touch(bot_id)
    scope.audit("bot.scope_delete", bot_id)
