"""A bot as a turn needs it: settings, scope, datasets and providers, loaded by one statement."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.bots.schemas import BotSettings, ContextSettings, stored_settings
from shopwright.kit.errors import NotFound

_LOAD = sa.text(
    "select b.*, t.name as tenant_name, t.plan, to_jsonb(s) as scope,"
    " (select jsonb_agg(jsonb_build_object('dataset_id', l.dataset_id, 'priority', l.priority,"
    "  'revision', d.revision, 'passages', d.passages, 'generation_id', d.generation_id,"
    "  'embedding_model', g.embedding_model, 'dimensions', g.dimensions) order by l.priority, l.dataset_id)"
    "  from bot_datasets l join datasets d on d.tenant_id = l.tenant_id and d.id = l.dataset_id"
    "  join index_generations g on g.tenant_id = d.tenant_id and g.id = d.generation_id"
    "  where l.tenant_id = b.tenant_id and l.bot_id = b.id and l.is_active) as sources,"
    " (select jsonb_agg(to_jsonb(p)) from tenant_ai_providers p where p.tenant_id = b.tenant_id"
    "  and p.id in (b.tenant_ai_provider_id, b.fallback_ai_provider_id) and p.is_active) as providers"
    " from bots b join tenants t on t.id = b.tenant_id"
    " left join scopes s on s.tenant_id = b.tenant_id and s.bot_id = b.id"
    " where b.tenant_id = :tenant and b.id = :bot and t.is_active"
)


@dataclass(frozen=True, slots=True)
class LiveSource:
    """A dataset with the state of its index."""

    dataset_id: UUID
    priority: int
    revision: int
    passages: int
    generation_id: UUID
    embedding_model: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class LiveProvider:
    """A provider row as stored: the key is still in its envelope."""

    id: UUID
    provider_name: str
    api_key: str | None = field(repr=False)
    base_url: str | None
    custom_settings: dict[str, Any]
    global_ai_provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class LiveScope:
    strictness: str
    allowed_topics: tuple[str, ...]
    forbidden_topics: tuple[str, ...]
    refusal_message: str | None
    context: ContextSettings
    examples: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class LiveBot:
    tenant_id: UUID
    id: UUID
    name: str
    tenant_name: str
    description: str
    system_prompt: str
    personality: str
    tone: str
    model: str | None
    temperature: float
    max_tokens: int
    is_active: bool
    is_public: bool
    allowed_domains: tuple[str, ...]
    settings: BotSettings
    scope: LiveScope | None
    sources: tuple[LiveSource, ...]
    provider: LiveProvider | None
    fallback_provider: LiveProvider | None
    revision: int
    rate_limit_per_minute: int
    rate_limit_per_second: int
    client_id: UUID | None = None

    @property
    def context(self) -> ContextSettings:
        return self.scope.context if self.scope else ContextSettings()


async def load_bot(session: AsyncSession, tenant_id: UUID, bot_id: UUID) -> LiveBot:
    """Load a bot.

    Raises:
        NotFound: there is none, or its tenant is switched off.
    """
    row = (await session.execute(_LOAD, {"tenant": tenant_id, "bot": bot_id})).first()
    if row is None:
        raise NotFound(what="bot")
    providers = {UUID(p["id"]): _provider(p) for p in row.providers or ()}
    return LiveBot(
        tenant_id=tenant_id, id=bot_id, name=row.name, tenant_name=row.tenant_name, description=row.description,
        system_prompt=row.system_prompt, personality=row.personality, tone=row.tone, model=row.model,
        temperature=row.temperature, max_tokens=row.max_tokens, is_active=row.is_active, is_public=row.is_public,
        allowed_domains=tuple(row.allowed_domains), settings=stored_settings(row.settings or {}),
        scope=_scope(row.scope) if row.scope else None,
        sources=tuple(_source(source) for source in row.sources or ()),
        provider=providers.get(row.tenant_ai_provider_id), fallback_provider=providers.get(row.fallback_ai_provider_id),
        revision=row.revision, rate_limit_per_minute=row.rate_limit_per_minute,
        rate_limit_per_second=row.rate_limit_per_second, client_id=row.client_id,
    )  # fmt: skip


def _source(source: dict[str, Any]) -> LiveSource:
    return LiveSource(
        UUID(source["dataset_id"]), source["priority"], source["revision"], source["passages"],
        UUID(source["generation_id"]), source["embedding_model"], source["dimensions"],
    )  # fmt: skip


def _provider(row: dict[str, Any]) -> LiveProvider:
    return LiveProvider(
        UUID(row["id"]),
        row["provider_name"],
        row["api_key"],
        row["base_url"],
        row["custom_settings"] or {},
        row["global_ai_provider_id"],
    )


def _scope(row: dict[str, Any]) -> LiveScope:
    return LiveScope(
        strictness=row["strictness_level"],
        allowed_topics=tuple(row["allowed_topics"]),
        forbidden_topics=tuple(row["forbidden_topics"]),
        refusal_message=row["refusal_message"],
        context=ContextSettings.model_validate(row["context_settings"]),
        examples=tuple((e["text"], e["allowed"]) for e in row["examples"]),
    )
