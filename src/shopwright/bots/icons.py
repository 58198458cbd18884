"""Icons: uploaded pictures, drawn anew, shown to everybody under an address that never changes its content."""

import hashlib
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.bots.models import Icon
from shopwright.bots.ports import Drawn
from shopwright.bots.themes import dominant, theme_of
from shopwright.kit.db import TenantRepository
from shopwright.kit.files import FileStore, hold_bytes
from shopwright.kit.ids import uuid7
from shopwright.tenants import directory

MAX_BYTES = 5 * 1024 * 1024


async def add_icon(session: AsyncSession, files: FileStore, tenant_id: UUID, drawn: Drawn) -> Icon:
    """Keep an icon and the theme derived from it."""
    icon_id = uuid7()
    sizes = {}
    for size, png in drawn.sizes.items():
        digest = hashlib.sha256(png).hexdigest()
        await hold_bytes(session, files, tenant_id, digest, png)
        sizes[str(size)] = digest
    theme = theme_of(dominant(drawn.colours), icon_id)
    row = Icon(id=icon_id, sizes=sizes, theme=theme.model_dump(mode="json"))
    added = await TenantRepository(session, tenant_id, Icon).add(row)
    await directory.add_icon(session, icon_id, tenant_id)
    return added


def icon_path(icon_id: UUID) -> str:
    return f"/icons/{icon_id}.png"
