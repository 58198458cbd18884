"""Removing stored bytes that no row names any more: of what was deleted, and of uploads that broke off."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.files import take_bytes
from shopwright.kit.logs import get_logger

log = get_logger("shopwright.sweeping")

# Bytes come before their row: an upload has this long to commit, beside the lock that it holds.
GRACE = timedelta(hours=24)
# Every table that names stored bytes.
_NAMED = sa.text(
    "select content_hash from document_versions where tenant_id = :tenant and content_hash = any(:digests)"
    " union select size.value from icons, jsonb_each_text(icons.sizes) size"
    " where tenant_id = :tenant and size.value = any(:digests)"
    " union select digest from attachments where tenant_id = :tenant and digest = any(:digests)"
)


async def sweep(core: Any, grace: timedelta = GRACE) -> int:
    """Remove what nobody names; returns how many."""
    removed = 0
    async for tenant_id, digests in core.files.older_than(grace):
        async with core.db.tenant(tenant_id) as session, session.begin():
            unnamed = set(digests) - await _named(session, tenant_id, digests)
        for digest in sorted(unnamed):
            removed += await _remove(core, tenant_id, digest, grace)
    if removed:
        log.info("bytes_swept", files=removed)
    return removed


async def _named(session: AsyncSession, tenant_id: UUID, digests: list[str]) -> set[str]:
    return set(await session.scalars(_NAMED, {"tenant": tenant_id, "digests": digests}))


async def _remove(core: Any, tenant_id: UUID, digest: str, grace: timedelta) -> bool:
    """Remove bytes under their lock, when still nobody names them and nobody wrote them again."""
    async with core.db.tenant(tenant_id) as session, session.begin():
        if not await take_bytes(session, tenant_id, digest) or await _named(session, tenant_id, [digest]):
            return False
        age = await core.files.age(tenant_id, digest)
        if age is None or age < grace:
            return False
        await core.files.delete(tenant_id, digest)
    return True
