"""Uploaded files, in a local folder or an object store, under names the server makes."""

from pathlib import Path
from uuid import UUID

import obstore
from obstore.store import LocalStore, ObjectStore, from_url


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

    async def delete(self, tenant_id: UUID, digest: str) -> None:
        try:
            await obstore.delete_async(self._store, self._path(tenant_id, digest))
        except FileNotFoundError:
            return
