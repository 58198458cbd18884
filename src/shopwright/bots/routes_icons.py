"""`/v1/tenant/icons`, `/v1/tenant/theme/check`, `/icons/…`: the look of a bot."""

from enum import IntEnum
from typing import Annotated
from uuid import UUID

from fastapi import Depends, File, Header, Query, Request, Response, UploadFile

from shopwright.bots.errors import IconTooLarge, IconUnreadable
from shopwright.bots.icons import MAX_BYTES, add_icon, icon_path
from shopwright.bots.models import Icon
from shopwright.bots.ports import Icons
from shopwright.bots.theme_schemas import IconRead, Theme, ThemeCheck, ThemeVerdict
from shopwright.bots.themes import check
from shopwright.kit.db import Database, TenantRepository
from shopwright.kit.errors import NotFound, error_responses
from shopwright.tenants import directory
from shopwright.tenants.permissions import Access, Permission
from shopwright.tenants.scope import Scope, requires, scoped_router

router = scoped_router("", "look")
# An icon never changes: a new one has a new address. Pages of other origins may show it.
ICON_HEADERS = {
    "cache-control": "public, max-age=31536000, immutable",
    "cross-origin-resource-policy": "cross-origin",
    "content-disposition": "inline",
}


class IconSize(IntEnum):
    SMALL, MEDIUM, LARGE, FULL = 64, 128, 256, 512


def icons_of(request: Request) -> Icons:
    icons: Icons = request.app.state.icons
    return icons


IconsDep = Annotated[Icons, Depends(icons_of)]


@router.post("/v1/tenant/icons", status_code=201, responses=error_responses(IconTooLarge, IconUnreadable))
@requires(Permission.BOTS_WRITE)
async def upload_icon(
    scope: Scope, icons: IconsDep, file: Annotated[UploadFile, File(description="PNG, JPEG, WebP, GIF or ICO.")]
) -> IconRead:
    """Add an icon. It is drawn anew in four sizes, without what else the file held; a theme is derived from it."""
    data = await file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise IconTooLarge(limit_mb=MAX_BYTES >> 20)
    drawn = await icons.drawing.draw(data)
    row = await add_icon(scope.session, icons.files, scope.tenant_id, drawn)
    scope.audit("icon.create", row.id)
    return IconRead(icon_id=row.id, url=icon_path(row.id), theme=Theme.model_validate(row.theme))


@router.post("/v1/tenant/theme/check")
@requires(Permission.BOTS_READ, own_transaction=True)
async def check_theme(asked: ThemeCheck) -> ThemeVerdict:
    """Say which colours of a theme cannot be read well enough (WCAG 2.2 AA), with better ones."""
    return ThemeVerdict(theme=asked.theme, problems=check(asked.theme))


@router.get("/icons/{icon_id}.png", responses=error_responses(NotFound), response_class=Response)
@requires(Access.PUBLIC, own_transaction=True)
async def get_icon(
    icon_id: UUID,
    icons: IconsDep,
    request: Request,
    size: Annotated[IconSize, Query()] = IconSize.MEDIUM,
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """An icon as PNG."""
    db: Database = request.app.state.db
    async with db.nobody() as session, session.begin():
        tenant_id = await directory.tenant_of_icon(session, icon_id)
    if tenant_id is None:
        raise NotFound(what="icon")
    async with db.tenant(tenant_id) as session, session.begin():
        row = await TenantRepository(session, tenant_id, Icon).find(icon_id)
    if row is None:
        raise NotFound(what="icon")
    digest = str(row.sizes[str(int(size))])
    headers = {**ICON_HEADERS, "etag": f'"{digest[:32]}"'}
    if if_none_match == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(await icons.files.get(tenant_id, digest), media_type="image/png", headers=headers)
