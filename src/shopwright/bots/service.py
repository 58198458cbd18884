"""Rules of bots. Nothing here knows of HTTP, and nothing here commits."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.bots.errors import (
    DatasetAlreadyLinked,
    DatasetNameThere,
    DatasetOfAnotherClient,
    DatasetShared,
    UnknownReference,
)
from shopwright.bots.models import Bot, BotDataset, Icon, Scope
from shopwright.bots.schemas import BotCreate, BotDatasetCreate, BotSettings, BotUpdate, ScopeWrite
from shopwright.kit.db import TenantRepository, UniqueViolation, violated
from shopwright.kit.errors import NotFound
from shopwright.kit.ids import uuid7
from shopwright.kit.notify import notify
from shopwright.tenants import directory

# Of the package beside this one, which may not be imported.
_DATASETS = sa.table("datasets", sa.column("id"), sa.column("tenant_id"), sa.column("client_id"), sa.column("name"))
# May be set to null by an update; the others are left as they are when null is sent.
NULLABLE = frozenset({"category", "tenant_ai_provider_id", "fallback_ai_provider_id", "model"})


@dataclass(frozen=True, slots=True)
class Bots:
    session: AsyncSession
    tenant_id: UUID

    @property
    def rows(self) -> TenantRepository[Bot]:
        return TenantRepository(self.session, self.tenant_id, Bot)

    @property
    def links(self) -> TenantRepository[BotDataset]:
        return TenantRepository(self.session, self.tenant_id, BotDataset)

    async def create(self, new: BotCreate, client_id: UUID | None = None) -> Bot:
        """Add a bot, of a client or of the tenant itself.

        Raises:
            UnknownReference: a provider id that is not one of this tenant's.
        """
        await self._check_icon(new.settings)
        try:
            given = new.model_dump(exclude={"client_id"}) | {"settings": new.settings.model_dump(mode="json")}
            bot = await self.rows.add(Bot(**given, client_id=client_id))
        except UniqueViolation as exc:
            raise UnknownReference(what="AI provider") from exc
        await directory.add_bot(self.session, bot.id, self.tenant_id)
        await self._tell(bot.id, "created")
        return bot

    async def get(self, bot_id: UUID) -> Bot:
        bot = await self.rows.find(bot_id)
        if bot is None:
            raise NotFound(what="bot")
        return bot

    async def update(self, bot: Bot, change: BotUpdate) -> Bot:
        for name, value in change.model_dump(exclude_unset=True).items():
            if value is not None or name in NULLABLE:
                setattr(bot, name, value)
        if change.settings is not None:
            await self._check_icon(change.settings)
            bot.settings = change.settings.model_dump(mode="json")
        bot.revision += 1
        try:
            saved = await self.rows.save(bot)
        except UniqueViolation as exc:
            raise UnknownReference(what="AI provider") from exc
        await self._tell(bot.id, "changed")
        return saved

    async def _check_icon(self, settings: BotSettings) -> None:
        icon_id = settings.theme.icon_id if settings.theme else None
        if icon_id and await TenantRepository(self.session, self.tenant_id, Icon).find(icon_id) is None:
            raise UnknownReference(what="icon", reason="")

    async def delete(self, bot: Bot) -> None:
        await directory.remove_bot(self.session, bot.id, self.tenant_id)
        await self.rows.delete(bot)
        await self._tell(bot.id, "deleted")

    async def touch(self, bot_id: UUID) -> None:
        """Say that a bot answers differently from now on: what is cached of it is outdated."""
        await self.session.execute(
            sa.update(Bot).where(Bot.tenant_id == self.tenant_id, Bot.id == bot_id).values(revision=Bot.revision + 1)
        )
        await self._tell(bot_id, "changed")

    async def _tell(self, bot_id: UUID, status: str) -> None:
        await notify(self.session, self.tenant_id, "bot", id=bot_id, status=status)

    async def move(self, bot: Bot, client_id: UUID | None) -> Bot:
        """Give a bot to another client, with the datasets that only it answers from, and its keys.

        Raises:
            DatasetShared: other bots of the old client answer from one of its datasets too.
            DatasetNameThere: the new client has a dataset of that name.
        """
        if bot.client_id == client_id:
            return bot
        linked = sa.select(BotDataset.dataset_id).where(
            BotDataset.tenant_id == self.tenant_id, BotDataset.bot_id == bot.id
        )
        others = sa.exists().where(
            BotDataset.tenant_id == self.tenant_id, BotDataset.dataset_id == _DATASETS.c.id, BotDataset.bot_id != bot.id
        )
        own = sa.and_(
            _DATASETS.c.tenant_id == self.tenant_id, _DATASETS.c.id.in_(linked), _DATASETS.c.client_id.is_not(None)
        )
        shared = await self.session.scalar(sa.select(_DATASETS.c.name).where(own, others).limit(1))
        if shared is not None:
            raise DatasetShared(name=shared)
        try:
            await self.session.execute(sa.update(_DATASETS).where(own).values(client_id=client_id))
        except UniqueViolation as exc:
            raise DatasetNameThere(reason="") from exc
        keys = sa.table("api_keys", sa.column("tenant_id"), sa.column("bot_id"), sa.column("client_id"))
        await self.session.execute(
            sa.update(keys)
            .where(keys.c.tenant_id == self.tenant_id, keys.c.bot_id == bot.id, keys.c.client_id.is_not(None))
            .values(client_id=client_id)
        )
        bot.client_id = client_id
        bot.revision += 1
        await self._tell(bot.id, "changed")
        return await self.rows.save(bot)

    async def link(self, bot_id: UUID, new: BotDatasetCreate) -> BotDataset:
        """Let a bot answer from a dataset.

        Raises:
            UnknownReference: no such dataset in this tenant.
            DatasetOfAnotherClient: it belongs to another client than the bot.
            DatasetAlreadyLinked: it does already.
        """
        bot = await self.get(bot_id)
        dataset = (
            await self.session.execute(
                sa.select(_DATASETS.c.name, _DATASETS.c.client_id).where(
                    _DATASETS.c.tenant_id == self.tenant_id, _DATASETS.c.id == new.dataset_id
                )
            )
        ).first()
        if dataset is None:
            raise UnknownReference(what="dataset")
        if dataset.client_id is not None and dataset.client_id != bot.client_id:
            raise DatasetOfAnotherClient(name=dataset.name)
        try:
            row = await self.links.add(BotDataset(bot_id=bot_id, **new.model_dump()))
        except UniqueViolation as exc:
            if violated(exc).startswith("fk_"):
                raise UnknownReference(what="dataset") from exc
            raise DatasetAlreadyLinked(reason="") from exc
        await self.touch(bot_id)
        return row

    async def get_link(self, bot_id: UUID, dataset_id: UUID) -> BotDataset:
        row = await self.links.find_by(BotDataset.bot_id == bot_id, BotDataset.dataset_id == dataset_id)
        if row is None:
            raise NotFound(what="dataset linked to this bot")
        return row

    async def set_scope(self, bot_id: UUID, new: ScopeWrite) -> Scope:
        """Say what a bot may talk about; there is one scope a bot, and the last one written holds."""
        await self.get(bot_id)
        values: dict[str, Any] = new.model_dump()
        statement = insert(Scope).values(tenant_id=self.tenant_id, id=uuid7(), bot_id=bot_id, **values)
        statement = statement.on_conflict_do_update(
            index_elements=["tenant_id", "bot_id"],
            set_={**{name: statement.excluded[name] for name in values}, "updated_at": sa.func.now()},
        )
        await self.session.execute(statement)
        await self.touch(bot_id)
        return await self.get_scope(bot_id)

    async def get_scope(self, bot_id: UUID) -> Scope:
        row = await TenantRepository(self.session, self.tenant_id, Scope).find_by(Scope.bot_id == bot_id)
        if row is None:
            raise NotFound(what="scope of this bot")
        await self.session.refresh(row)
        return row
