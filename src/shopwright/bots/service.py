"""Rules of bots. Nothing here knows of HTTP, and nothing here commits."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.bots.errors import DatasetAlreadyLinked, UnknownReference
from shopwright.bots.models import Bot, BotDataset, Scope
from shopwright.bots.schemas import BotCreate, BotDatasetCreate, BotUpdate, ScopeWrite
from shopwright.kit.db import TenantRepository, UniqueViolation, violated
from shopwright.kit.errors import NotFound
from shopwright.kit.ids import uuid7
from shopwright.tenants import directory

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

    async def create(self, new: BotCreate) -> Bot:
        """Add a bot.

        Raises:
            UnknownReference: a provider id that is not one of this tenant's.
        """
        try:
            bot = await self.rows.add(Bot(**new.model_dump()))
        except UniqueViolation as exc:
            raise UnknownReference(what="AI provider") from exc
        await directory.add_bot(self.session, bot.id, self.tenant_id)
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
        bot.revision += 1
        try:
            return await self.rows.save(bot)
        except UniqueViolation as exc:
            raise UnknownReference(what="AI provider") from exc

    async def delete(self, bot: Bot) -> None:
        await directory.remove_bot(self.session, bot.id, self.tenant_id)
        await self.rows.delete(bot)

    async def touch(self, bot_id: UUID) -> None:
        """Say that a bot answers differently from now on: what is cached of it is outdated."""
        await self.session.execute(
            sa.update(Bot).where(Bot.tenant_id == self.tenant_id, Bot.id == bot_id).values(revision=Bot.revision + 1)
        )

    async def link(self, bot_id: UUID, new: BotDatasetCreate) -> BotDataset:
        """Let a bot answer from a dataset.

        Raises:
            UnknownReference: no such dataset in this tenant.
            DatasetAlreadyLinked: it does already.
        """
        await self.get(bot_id)
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
