"""`/widget.js`, `/widget/…`, `/chat/…`, `/v1/widget/config`: what puts a bot on a page."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from shopwright.bots.live import LiveBot, load_bot
from shopwright.conversations.models import Message
from shopwright.kit.db import Database, TenantRepository
from shopwright.kit.errors import NotFound, error_responses
from shopwright.tenants.permissions import Access
from shopwright.tenants.scope import Scope, ScopedRoute, requires
from shopwright.widget import page
from shopwright.widget.access import BotSwitchedOff, OriginNotAllowed, visit_of
from shopwright.widget.config import config_of
from shopwright.widget.files import FOREVER, SOON, WidgetFiles, WidgetNotBuilt
from shopwright.widget.passages import cited_passage
from shopwright.widget.routes import find_session, tenant_of_bot
from shopwright.widget.schemas import Citation, CitedPassage, WidgetConfig

router = APIRouter(tags=["widget"], route_class=ScopedRoute)
DEFAULT_COLOUR = "#4453d6"
FileName = Annotated[str, Path(max_length=100)]
BUILT = {200: {"content": {"text/javascript": {}}}, **error_responses(NotFound, WidgetNotBuilt)}
PAGE = {200: {"content": {"text/html": {}}}, **error_responses(NotFound, WidgetNotBuilt)}


def _files(request: Request) -> WidgetFiles:
    files: WidgetFiles = request.app.state.widget_files
    return files


@router.get("/widget.js", responses=BUILT, response_class=Response)
@requires(Access.PUBLIC, own_transaction=True)
async def get_widget(request: Request) -> Response:
    """The script for a shop's page. It draws the button, and loads the rest when that is opened."""
    return _files(request).respond("widget.js", request, SOON)


@router.get("/widget/{file}", responses=BUILT, response_class=Response)
@requires(Access.PUBLIC, own_transaction=True)
async def get_widget_file(file: FileName, request: Request) -> Response:
    """A part of the widget. Its name changes with its content, so it may be kept for ever."""
    return _files(request).respond(file, request, FOREVER if file.count(".") > 1 else SOON)


@router.get("/v1/widget/config", responses=error_responses(NotFound, OriginNotAllowed, BotSwitchedOff))
@requires(Access.PUBLIC, own_transaction=True)
async def get_widget_config(bot: Annotated[UUID, Query()], scope: Scope, request: Request) -> WidgetConfig:
    """How the bot looks and greets; the page must be one that may use it."""
    live = await _admitted(bot, scope, request)
    return config_of(live)


async def _admitted(bot_id: UUID, scope: Scope, request: Request) -> LiveBot:
    tenant_id = scope.principal.tenant_id or await tenant_of_bot(request, bot_id)
    db: Database = request.app.state.db
    async with db.tenant(tenant_id) as session, session.begin():
        live = await load_bot(session, tenant_id, bot_id)
    visit_of(request, scope.principal).admit(live)
    return live


@router.get(
    "/v1/chat/sessions/{session_id}/messages/{message_id}/citations/{number}", responses=error_responses(NotFound)
)
@requires(Access.PUBLIC, own_transaction=True)
async def get_cited_passage(
    session_id: str,
    message_id: UUID,
    number: Annotated[int, Path(ge=1, le=1000)],
    scope: Scope,
    request: Request,
    bot_id: Annotated[UUID | None, Query()] = None,
) -> CitedPassage:
    """The place a citation points to, for who knows the session's id."""
    async with find_session(session_id, scope.principal, request, bot_id) as (session, conversation):
        message = await TenantRepository(session, conversation.tenant_id, Message).find(message_id)
        if message is None or message.conversation_id != conversation.id or message.ordinal <= conversation.cleared_to:
            raise NotFound(what="message")
        cited = next((c for c in message.citations if c["number"] == number), None)
        if cited is None:
            raise NotFound(what="citation")
        return await cited_passage(session, conversation.tenant_id, Citation(**cited))


@router.get("/chat/sw.js", responses=BUILT, response_class=Response)
@requires(Access.PUBLIC, own_transaction=True)
async def get_service_worker(request: Request) -> Response:
    """What keeps the full-page chat usable without a connection; it keeps nothing of what was said."""
    policy = "default-src 'none'; script-src 'self'; connect-src 'self'"
    headers = {"content-security-policy": policy, "cache-control": "no-cache"}
    return _files(request).respond("sw.js", request, "no-cache", headers)


@router.get("/chat/{bot_id}", responses=PAGE, response_class=HTMLResponse)
@requires(Access.PUBLIC, own_transaction=True)
async def get_chat_page(bot_id: UUID, scope: Scope, request: Request) -> Response:
    """A page that is nothing but the chat with a public bot, to be sent as a link or installed."""
    files, accepted = _files(request), request.headers.get("accept-language", "")
    try:
        bot = await _admitted(bot_id, scope, request)
    except NotFound:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        html = page.not_found_page(page.spoken(accepted), files.hashed("chat.css"))
        return HTMLResponse(html, 404, {"content-security-policy": page.policy(())})
    html = page.chat_page(
        bot, config_of(bot).icon_url, page.spoken(accepted, bot.settings.language), files.hashed("chat.js"),
        files.hashed("chat.css"),
    )  # fmt: skip
    headers = {"content-security-policy": page.policy(bot.allowed_domains), "vary": "accept-language"}
    return HTMLResponse(html, headers=headers)


@router.get("/chat/{bot_id}/manifest.webmanifest", responses=PAGE, response_class=Response)
@requires(Access.PUBLIC, own_transaction=True)
async def get_chat_manifest(bot_id: UUID, scope: Scope, request: Request) -> Response:
    """How the chat is called and looks when it is installed."""
    bot = await _admitted(bot_id, scope, request)
    config = config_of(bot)
    colour = str(config.theme.get("accent") or DEFAULT_COLOUR)
    manifest = page.app_manifest(bot, config.icon_url, colour)
    return Response(orjson.dumps(manifest), media_type="application/manifest+json")
