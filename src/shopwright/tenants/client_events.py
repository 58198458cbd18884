"""Which live events are one client's: those about what the database shows to a session of that client."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from shopwright.kit.db import Database
from shopwright.kit.notify import Word

# Nothing here says whose rows these are: the policy of the session does.
_ALL = sa.text(
    "select id from bots where tenant_id = :tenant union all select id from datasets where tenant_id = :tenant"
)
_NAMED = sa.text(
    "select id from bots where tenant_id = :tenant and id = any(:ids)"
    " union all select id from datasets where tenant_id = :tenant and id = any(:ids)"
)


@dataclass(slots=True)
class ClientView:
    """The bots and datasets of one client, as a stream has seen them; every word is about one of them.

    What was seen and is seen no more, because it was deleted or given to another client, is told once more: as a word
    about the bot or dataset itself, for what happens to it now is no longer this client's.
    """

    db: Database
    tenant_id: UUID
    client_id: UUID
    _seen: set[UUID] = field(default_factory=set)

    async def begin(self) -> None:
        self._seen = await self._visible(None)

    async def pick(self, words: Sequence[Word]) -> list[Word]:
        """The words that this client's people may hear."""
        owners = [_owner(word) for word in words]
        visible = await self._visible({owner for _, owner in owners})
        told = [word for word, (_, owner) in zip(words, owners, strict=True) if owner in visible]
        gone = {(kind, owner) for kind, owner in owners if owner in self._seen and owner not in visible}
        self._seen = (self._seen | visible) - {owner for _, owner in gone}
        return told + [_gone(kind, owner) for kind, owner in gone]

    async def _visible(self, ids: Iterable[UUID] | None) -> set[UUID]:
        query, values = (_ALL, {}) if ids is None else (_NAMED, {"ids": list(ids)})
        async with self.db.tenant(self.tenant_id, self.client_id) as session, session.begin():
            return set((await session.scalars(query, {"tenant": self.tenant_id, **values})).all())


def _owner(word: Word) -> tuple[str, UUID]:
    """The bot or dataset that a word is about, with the kind of word that tells of it."""
    data = word[1]
    if "dataset_id" in data:
        return "document", UUID(str(data["dataset_id"]))
    return "bot", UUID(str(data.get("bot_id") or data["id"]))


def _gone(kind: str, owner: UUID) -> Word:
    if kind == "bot":
        return kind, {"id": owner, "status": "deleted"}
    return kind, {"id": None, "dataset_id": owner, "status": "deleted", "stage": None}
