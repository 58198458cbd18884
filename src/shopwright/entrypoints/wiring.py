"""The only place where parts are put together: from settings to services."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from shopwright.deployments.calling import Platforms
from shopwright.deployments.lab import LabLine
from shopwright.engine.gating import Gates
from shopwright.engine.turns import Engine
from shopwright.entrypoints.settings import Settings
from shopwright.gateway.services import Gateway
from shopwright.kit.addresses import plain_url
from shopwright.kit.crypto import Envelope
from shopwright.kit.db import Database, create_engine
from shopwright.kit.egress import EgressPolicy, create_client
from shopwright.kit.files import FileStore
from shopwright.kit.logs import get_logger
from shopwright.kit.mail import FolderSender, MailSender, SmtpSender, SmtpServer
from shopwright.kit.rates import FallbackLimiter, Limiter, MemoryLimiter, RedisLimiter
from shopwright.kit.tokens import Tokens
from shopwright.knowledge.embedders import AllEmbedders
from shopwright.knowledge.ports import Knowledge, KnowledgeSettings
from shopwright.knowledge.search import Searcher
from shopwright.llm.port import ChatModel, Credentials, EmbeddingModel
from shopwright.llm.registry import ChatModels, create_embedding_model
from shopwright.nlp.embedding import LocalEmbedder
from shopwright.notifications.outbox import Outbox
from shopwright.tenants.settings import LiveSettings

log = get_logger("shopwright.wiring")


@dataclass(frozen=True, slots=True)
class Core:
    """What the API and the worker both need."""

    settings: Settings
    db: Database
    envelope: Envelope
    tokens: Tokens
    policy: EgressPolicy
    files: FileStore
    local: LocalEmbedder
    embedders: AllEmbedders
    models: "Models"
    knowledge: Knowledge
    searcher: Searcher
    limiter: Limiter
    live_settings: LiveSettings
    outbox: Outbox
    platforms: Platforms


class Models:
    """Makes language models for credentials, over the one client that may reach outside."""

    def __init__(self, policy: EgressPolicy) -> None:
        self.policy = policy
        self.client = create_client(policy)
        self._chat = ChatModels(self.client, policy)

    def __call__(self, credentials: Credentials) -> ChatModel:
        return self._chat(credentials)

    def embedding(self, credentials: Credentials) -> EmbeddingModel:
        return create_embedding_model(credentials, self.client, self.policy)

    async def close(self) -> None:
        await self.client.aclose()


def database_url(settings: Settings) -> str:
    if settings.database_url is None:
        msg = "no database: set DATABASE_URL, or use 'shopwright serve', which brings its own"
        raise RuntimeError(msg)
    return settings.database_url.get_secret_value()


def libpq_address(settings: Settings) -> str:
    return plain_url(database_url(settings))


@asynccontextmanager
async def open_limiter(settings: Settings) -> AsyncIterator[Limiter]:
    local = MemoryLimiter()
    if settings.redis_url is None:
        yield local
        return
    shared = RedisLimiter(settings.redis_url.get_secret_value())
    try:
        yield FallbackLimiter(shared, local, lambda kind: log.warning("redis_unavailable", kind=kind))
    finally:
        await shared.close()


def create_mail_sender(settings: Settings) -> MailSender:
    """Through the operator's mail server; without one, as files into the data directory."""
    if settings.smtp_url is None:
        return FolderSender(settings.mail_dir, settings.sender)
    server = SmtpServer.parse(settings.smtp_url.get_secret_value())
    return SmtpSender(server, settings.sender, settings.smtp_ca_file)


def build_engine(core: Core) -> Engine:
    gates = Gates(core.db, core.local, core.settings.models_dir)
    return Engine.build(core.db, core.searcher, gates, core.models, core.envelope, core.live_settings)


def build_gateway(core: Core, engine: Engine) -> Gateway:
    limit = core.settings.max_upload_bytes
    return Gateway(core.db, core.envelope, core.platforms, engine, core.limiter, core.files, limit)


@asynccontextmanager
async def open_core(
    settings: Settings, *, pool_size: int | None = None, local: LocalEmbedder | None = None
) -> AsyncIterator[Core]:
    """Build the services of a process and close them at its end."""
    db = Database(create_engine(database_url(settings), pool_size=pool_size or settings.pool_size))
    envelope = Envelope(settings.master_keys())
    policy = EgressPolicy(settings.egress_allow)
    models = Models(policy)
    channels = create_client(policy, timeout_seconds=20)
    lab = LabLine(settings.lab_address)
    local = local or LocalEmbedder(settings.models_dir, threads=settings.model_threads)
    embedders = AllEmbedders(local, db, envelope, policy, models.embedding)
    files = FileStore.open(settings.files_url or settings.data_dir / "files")
    try:
        async with open_limiter(settings) as limiter:
            yield Core(
                settings=settings,
                db=db,
                envelope=envelope,
                tokens=Tokens(settings.derive("access tokens"), lifetime_seconds=settings.token_minutes * 60),
                policy=policy,
                files=files,
                local=local,
                embedders=embedders,
                models=models,
                knowledge=Knowledge(files, embedders, KnowledgeSettings(settings.max_upload_bytes)),
                searcher=Searcher(db, embedders),
                limiter=limiter,
                live_settings=LiveSettings(db),
                outbox=Outbox(envelope),
                platforms=Platforms(channels, policy, settings.base_url, settings.channel_urls, lab),
            )
    finally:
        await channels.aclose()
        await lab.close()
        await models.close()
        local.close()
        await db.close()
