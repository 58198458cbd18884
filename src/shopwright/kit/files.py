"""Uploaded files, in a local folder or an object store, under names the server makes."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import obstore
import sqlalchemy as sa
from obstore.store import LocalStore, ObjectStore, from_url
from sqlalchemy.ext.asyncio import AsyncSession

_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/[0-9a-f]{2}/([0-9a-f]{64})")
_HOLD = sa.text("select pg_advisory_xact_lock_shared(hashtextextended(:name, 0))")
_TAKE = sa.text("select pg_try_advisory_xact_lock(hashtextextended(:name, 0))")


class FileStore:
    """Keeps bytes under `tenant/sha256`; the same bytes of one tenant are kept once."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def open(cls, location: str | Path) -> "FileStore":
        """Open a folder, or a bucket by its URL (`s3://`, `gs://`, `az://`)."""
        if isinstance(location, str) and "://" in location:
            return cls(from_url(location))
        Path(location).mkdir(parents=True, exist_ok=True)
        return cls(LocalStore(str(location)))

    @staticmethod
    def _path(tenant_id: UUID, digest: str) -> str:
        return f"{tenant_id}/{digest[:2]}/{digest}"

    async def put(self, tenant_id: UUID, digest: str, data: bytes) -> None:
        await obstore.put_async(self._store, self._path(tenant_id, digest), data)

    async def get(self, tenant_id: UUID, digest: str) -> bytes:
        result = await obstore.get_async(self._store, self._path(tenant_id, digest))
        return bytes(await result.bytes_async())

    async def exists(self, tenant_id: UUID, digest: str) -> bool:
        return await self.age(tenant_id, digest) is not None

    async def age(self, tenant_id: UUID, digest: str) -> timedelta | None:
        """How long ago bytes were written, or None when there are none."""
        try:
            meta = await obstore.head_async(self._store, self._path(tenant_id, digest))
        except FileNotFoundError:
            return None
        written: datetime = meta["last_modified"]
        return datetime.now(UTC) - written

    async def older_than(self, age: timedelta) -> AsyncIterator[tuple[UUID, list[str]]]:
        """The digests written longer ago than that, a few hundred of one tenant at a time."""
        before = datetime.now(UTC) - age
        async for batch in obstore.list(self._store, chunk_size=500):
            found: dict[UUID, list[str]] = {}
            for meta in batch:
                name = _NAME.fullmatch(meta["path"])
                if name and meta["last_modified"] < before:
                    found.setdefault(UUID(name[1]), []).append(name[2])
            for tenant_id, digests in found.items():
                yield tenant_id, digests

    async def delete(self, tenant_id: UUID, digest: str) -> None:
        try:
            await obstore.delete_async(self._store, self._path(tenant_id, digest))
        except FileNotFoundError:
            return


async def hold_bytes(session: AsyncSession, files: FileStore, tenant_id: UUID, digest: str, data: bytes) -> None:
    """See to it that bytes are in the store when the session's transaction has committed.

    The sweeper removes what no row names, one digest at a time under the same lock: either it sees the row of this
    transaction, or the bytes are put back here.
    """
    await session.execute(_HOLD, {"name": f"{tenant_id}/{digest}"})
    if not await files.exists(tenant_id, digest):
        await files.put(tenant_id, digest, data)


async def take_bytes(session: AsyncSession, tenant_id: UUID, digest: str) -> bool:
    """Lock stored bytes against `hold_bytes` until the transaction ends; False when somebody holds them."""
    return bool(await session.scalar(_TAKE, {"name": f"{tenant_id}/{digest}"}))
