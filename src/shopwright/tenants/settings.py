"""Settings of the installation that an administrator changes while it runs."""

import time
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.crypto import Envelope, Place, mask
from shopwright.kit.db import Database
from shopwright.tenants.errors import NothingToRestore
from shopwright.tenants.models import GlobalSetting
from shopwright.tenants.schemas import AuditLogging

AUDIT_LOGGING = "audit_logging"
GLOBAL_KEY = "global_openai_key"
CACHE_SECONDS = 2.0


async def set_setting(session: AsyncSession, key: str, value: object) -> None:
    change = insert(GlobalSetting).values(key=key, value=value, version=1)
    change = change.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "value": change.excluded.value,
            "version": GlobalSetting.version + 1,
            "updated_at": sa.func.now(),
        },
    )
    await session.execute(change)


@dataclass(slots=True)
class LiveSettings:
    """What the running process needs of them, read again every two seconds at most."""

    db: Database
    _audit: AuditLogging = field(default_factory=AuditLogging)
    _read_at: float = -CACHE_SECONDS
    _key: tuple[str, str | None] | None = field(default=None, repr=False)
    _key_read_at: float = -CACHE_SECONDS

    async def audit_logging(self) -> AuditLogging:
        if time.monotonic() - self._read_at > CACHE_SECONDS:
            async with self.db.nobody() as session, session.begin():
                value = await session.scalar(sa.select(GlobalSetting.value).where(GlobalSetting.key == AUDIT_LOGGING))
            self._audit = AuditLogging.model_validate(value or {})
            self._read_at = time.monotonic()
        return self._audit

    async def global_key(self, envelope: Envelope) -> tuple[str, str | None] | None:
        """The installation's key and its address; a changed one is used two seconds later at most."""
        if time.monotonic() - self._key_read_at > CACHE_SECONDS:
            async with self.db.nobody() as session, session.begin():
                self._key = await GlobalKey(session, envelope).read()
            self._key_read_at = time.monotonic()
        return self._key

    def forget(self) -> None:
        self._read_at = self._key_read_at = -CACHE_SECONDS


@dataclass(frozen=True, slots=True)
class GlobalKey:
    """The installation's own OpenAI key: for bots of tenants that have none. The last key is kept to go back to."""

    session: AsyncSession
    envelope: Envelope

    @staticmethod
    def _place() -> Place:
        return Place("", "global_settings", "secret", GLOBAL_KEY)

    async def row(self, *, lock: bool = False) -> GlobalSetting | None:
        query = sa.select(GlobalSetting).where(GlobalSetting.key == GLOBAL_KEY)
        return (await self.session.scalars(query.with_for_update() if lock else query)).one_or_none()

    async def read(self) -> tuple[str, str | None] | None:
        """The key and the base URL, or None."""
        row = await self.row()
        if row is None or row.secret is None:
            return None
        return self.envelope.decrypt(row.secret, self._place()), (row.value or {}).get("base_url")

    async def replace(self, key: str, base_url: str | None) -> GlobalSetting:
        row = await self.row(lock=True)
        if row is None:
            row = GlobalSetting(key=GLOBAL_KEY, version=0)
            self.session.add(row)
        value = {"base_url": base_url, "hint": mask(key), "previous": row.value}
        if row.value:
            value["previous"] = {k: v for k, v in row.value.items() if k != "previous"}
        row.previous_secret, row.value = row.secret, value
        row.secret = self.envelope.encrypt(key, self._place())
        row.version = (row.version or 0) + 1
        await self.session.flush()
        await self.session.refresh(row)
        return row

    async def restore(self) -> GlobalSetting:
        """Go back to the key before.

        Raises:
            NothingToRestore: there is none.
        """
        row = await self.row(lock=True)
        if row is None or row.previous_secret is None:
            raise NothingToRestore(reason="")
        current = {k: v for k, v in (row.value or {}).items() if k != "previous"}
        row.secret, row.previous_secret = row.previous_secret, row.secret
        row.value = {**((row.value or {}).get("previous") or {}), "previous": current}
        row.version += 1
        await self.session.flush()
        await self.session.refresh(row)
        return row
