"""The HTTP application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from shopwright import __version__
from shopwright.bots import onboarding
from shopwright.bots import routes as bots
from shopwright.bots import routes_icons as icons
from shopwright.bots.ports import Icons
from shopwright.contacts import routes as contacts
from shopwright.conversations import routes as conversations
from shopwright.deployments import routes as deployments
from shopwright.entrypoints import health
from shopwright.entrypoints.console import Console
from shopwright.entrypoints.drawing import ChildDrawing
from shopwright.entrypoints.lab import MountedLab, lab_secret
from shopwright.entrypoints.middleware import DOCS_POLICY, EdgeMiddleware
from shopwright.entrypoints.problems import add_handlers
from shopwright.entrypoints.proxies import TrustedProxies
from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import Core, build_engine, build_gateway, libpq_address, open_core
from shopwright.evaluation import routes as evaluation
from shopwright.evaluation import routes_documents as usage
from shopwright.evaluation import routes_lab as lab_routes
from shopwright.evaluation.lab import LabControl
from shopwright.gateway import mail
from shopwright.gateway import routes as webhooks
from shopwright.gateway import routes_letters as letters
from shopwright.identity import (
    routes_auth,
    routes_invitations,
    routes_lost_factors,
    routes_me,
    routes_oidc,
    routes_sign_up,
    routes_tenants,
)
from shopwright.identity import routes_providers as oidc_providers
from shopwright.identity.service import Identity, build_identity
from shopwright.kit.memory import give_back
from shopwright.kit.notify import Hub
from shopwright.kit.passwords import Passwords
from shopwright.knowledge import routes as datasets
from shopwright.knowledge import routes_documents as documents
from shopwright.knowledge.crawling import routes as crawls
from shopwright.nlp.embedding import LocalEmbedder
from shopwright.nlp.language import detect
from shopwright.nlp.lexical import analyze
from shopwright.tenants import routes_admin, routes_events, routes_providers, routes_tenant
from shopwright.tenants.clients import routes as clients
from shopwright.tenants.principals import Authenticator
from shopwright.tenants.scope import Edge
from shopwright.understanding.reference import reference
from shopwright.widget import routes as chat
from shopwright.widget import routes_feedback as feedback
from shopwright.widget import routes_widget as widget
from shopwright.widget.cors import ChatCors
from shopwright.widget.files import WidgetFiles
from shopwright.widget.streaming import RunningTurns

MAX_JSON_BYTES = 24 * 1024 * 1024
GIVE_BACK_SECONDS = 60
STATIC = Path(__file__).parent / "static"
# Chat and webhooks first: routes are tried in this order, and these two are asked most.
ROUTERS = (
    chat.router, webhooks.router,
    routes_auth.router, routes_sign_up.router, routes_oidc.router, routes_invitations.public_router,
    routes_me.member_router, routes_me.admin_router, routes_tenants.router, routes_invitations.router,
    routes_lost_factors.router, routes_lost_factors.admin_router, oidc_providers.router,
    routes_admin.router, routes_tenant.router, routes_providers.router, routes_events.router,
    clients.router, datasets.router, usage.router, documents.router, crawls.router, bots.router, icons.router,
    onboarding.router, conversations.router, evaluation.router, feedback.router, widget.router,
    deployments.router, letters.router, lab_routes.router, contacts.router, health.router,
)  # fmt: skip


def create_app(settings: Settings, local: LocalEmbedder | None = None) -> FastAPI:
    """Build the application; nothing is opened before it starts. `local` are models that are loading already."""
    lab = MountedLab(settings) if settings.mounts_lab else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_core(settings, local=local) as core:
            passwords = Passwords()
            _fill_state(app, core, passwords)
            hub = Hub(libpq_address(settings))
            app.state.events = routes_events.Events(hub)
            hub.start()
            await core.local.load()
            tasks = [asyncio.create_task(_slim()), asyncio.create_task(_warm_up(core))]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await app.state.turns.end()
                if lab is not None:
                    await lab.close()
                await hub.close()
                await app.state.engine.announcer.close()
                await app.state.identity.oidc.client.close()
                passwords.close()

    app = FastAPI(
        title="Shopwright",
        version=__version__,
        description="Build, test, release and run customer-service bots.",
        lifespan=lifespan,
        openapi_url="/openapi.json" if settings.docs else None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=True,
        generate_unique_id_function=lambda route: route.name,
    )
    for router in ROUTERS:
        app.include_router(router)
    if lab is not None:
        app.mount("/lab", lab)
    if settings.docs:
        _add_docs(app)
    app.router.default = Console(app.router.default)
    add_handlers(app)
    app.add_middleware(ChatCors)
    app.add_middleware(
        EdgeMiddleware,
        max_body=MAX_JSON_BYTES,
        max_upload=20 * settings.max_upload_bytes + 1024 * 1024,
        proxies=TrustedProxies(settings.trusted_proxies),
    )
    return app


async def _warm_up(core: Core) -> None:
    """What the first question would wait for otherwise."""
    question = "Where is my order?"
    await asyncio.to_thread(analyze, question, "en")
    await asyncio.to_thread(detect, question)
    await core.local.embed_queries([question], language="en")
    await reference(core.local, core.settings.models_dir)


async def _slim() -> None:
    """Give free memory back now and then."""
    while True:
        await asyncio.to_thread(give_back)
        await asyncio.sleep(GIVE_BACK_SECONDS)


def _fill_state(app: FastAPI, core: Core, passwords: Passwords) -> None:
    state: Any = app.state
    state.core = core
    state.settings = core.settings
    state.db = core.db
    state.passwords = passwords
    state.edge = Edge(core.db, Authenticator(core.db, core.tokens), core.envelope, core.live_settings)
    state.identity = _identity(core, passwords)
    state.limiter = core.limiter
    state.live_settings = core.live_settings
    state.egress = core.policy
    state.models = core.models
    state.knowledge = core.knowledge
    state.searcher = core.searcher
    state.icons = Icons(core.files, ChildDrawing())
    state.bot_tenants = {}
    state.session_secret = core.settings.derive("chat sessions")
    state.turns = RunningTurns()
    state.widget_files = WidgetFiles()
    state.engine = build_engine(core)
    state.gateway = build_gateway(core, state.engine)
    base_url, read = core.settings.base_url, {mail.SLUG: mail.defer_poll}
    state.lab = LabControl(core.platforms.lab, lab_secret(core.settings), base_url, read)


def _identity(core: Core, passwords: Passwords) -> Identity:
    settings = core.settings
    return build_identity(
        db=core.db,
        tokens=core.tokens,
        passwords=passwords,
        envelope=core.envelope,
        policy=core.policy,
        live_settings=core.live_settings,
        outbox=core.outbox,
        limiter=core.limiter,
        base_url=settings.base_url,
        sign_up_mode=settings.sign_up,
        mail_folder=settings.mail_dir if settings.smtp_url is None else None,
        # Everybody may ask how to sign in; where a real installation keeps its files is nobody's business.
        show_mail_folder=settings.environment == "development",
    )


def _add_docs(app: FastAPI) -> None:
    """The page at `/docs`: the API description, readable, without anything from another host."""
    page, script = ((STATIC / name).read_text() for name in ("docs.html", "docs.js"))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page, headers={"content-security-policy": DOCS_POLICY})

    @app.get("/docs/page.js", include_in_schema=False)
    async def docs_script() -> Response:
        return Response(script, media_type="text/javascript", headers={"cache-control": "max-age=3600"})

    original = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = original()
            schema.setdefault("components", {})["securitySchemes"] = {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token of a member or an administrator, or an API key.",
                }
            }
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
