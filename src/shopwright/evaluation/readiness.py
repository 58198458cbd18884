"""The checklist before a bot goes live, computed from what is there: every item with evidence and what to do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.bots.live import LiveBot, load_bot
from shopwright.bots.schemas import Readiness, ReadinessItem
from shopwright.engine.turns import Engine
from shopwright.kit.errors import NotFound
from shopwright.kit.sentences import sentence
from shopwright.tenants.settings import LiveSettings

Group = Any
UNKNOWN_BOT = UUID(int=0)

_DATA = sa.text(
    "select count(*) as total, count(*) filter (where d.status = 'completed') as completed,"
    " count(*) filter (where d.status = 'failed') as failed from bot_datasets l join documents d"
    " on d.tenant_id = l.tenant_id and d.dataset_id = l.dataset_id"
    " where l.tenant_id = :tenant and l.bot_id = :bot and l.is_active"
)
_TURNS = sa.text(
    "select count(*) as turns, count(*) filter (where t.outcome = 'answered' and m.citations <> '[]') as cited,"
    " count(*) filter (where t.outcome = 'refused') as refused,"
    " (select count(*) from conversations c where c.tenant_id = :tenant and c.bot_id = :bot"
    "  and c.message_count >= 4) as longer"
    " from turns t join messages m on m.tenant_id = t.tenant_id and m.id = t.id"
    " where t.tenant_id = :tenant and t.bot_id = :bot"
)
_KEYS = sa.text(
    "select count(*) from api_keys where tenant_id = :tenant and revoked_at is null"
    " and (expires_at is null or expires_at > now()) and (bot_id is null or bot_id = :bot)"
)
_PROVIDER = sa.text(
    "select status, status_detail, provider_name from tenant_ai_providers where tenant_id = :tenant and id = :provider"
)


@dataclass(frozen=True, slots=True)
class _Facts:
    bot: LiveBot
    documents: Any
    turns: Any
    keys: int
    provider: Any
    version: str
    vector: str | None
    guarded: tuple[bool, str]  # whether questions about forbidden topics were refused, in words
    state: Any


async def check_readiness(state: Any, tenant_id: UUID, bot_id: UUID) -> Readiness:
    """Compute the checklist of a bot; `state` is the application's."""
    async with state.db.tenant(tenant_id) as session, session.begin():
        bot = await load_bot(session, tenant_id, bot_id)
    guarded = await _guardrails(state.engine, bot)
    async with state.db.tenant(tenant_id) as session, session.begin():
        facts = await _gather(session, state, bot, guarded)
    items = [item for check in CHECKS for item in await check(facts)]
    return Readiness(bot_id=bot_id, ready=all(item.ok for item in items), items=items)


async def _gather(session: AsyncSession, state: Any, bot: LiveBot, guarded: tuple[bool, str]) -> _Facts:
    tenant_id = bot.tenant_id
    ids = {"tenant": tenant_id, "bot": bot.id}
    provider = None
    if bot.provider is not None:
        provider = (await session.execute(_PROVIDER, {"tenant": tenant_id, "provider": bot.provider.id})).first()
    return _Facts(
        bot=bot,
        documents=(await session.execute(_DATA, ids)).one(),
        turns=(await session.execute(_TURNS, ids)).one(),
        keys=int((await session.execute(_KEYS, ids)).scalar_one()),
        provider=provider,
        version=str(await session.scalar(sa.text("show server_version"))),
        vector=await session.scalar(sa.text("select extversion from pg_extension where extname = 'vector'")),
        guarded=guarded,
        state=state,
    )


def _item(group: Group, key: str, label: str, ok: bool, evidence: str, todo: str) -> ReadinessItem:
    return ReadinessItem(group=group, key=key, label=label, ok=ok, evidence=evidence, todo="" if ok else todo)


async def _infrastructure(facts: _Facts) -> list[ReadinessItem]:
    settings = facts.state.core.settings
    https = (settings.public_url or "").startswith("https://")
    shared = sentence("Limits are shared by REDIS_URL.")
    own = sentence("Limits are kept in this process, which is enough for one API process.")
    address = sentence("Public address: {address}", address=settings.public_url or sentence("not set"))
    return [
        _item(
            "infrastructure", "database", "PostgreSQL with pgvector", facts.vector is not None,
            sentence("PostgreSQL {version}, pgvector {vector}", version=facts.version, vector=facts.vector),
            "Install the extension pgvector.",
        ),
        _item(
            "infrastructure", "cache", "Cache and shared limits",
            settings.redis_url is not None or settings.api_workers == 1,
            shared if settings.redis_url else own, "Several API processes need REDIS_URL to share their limits.",
        ),
        _item(
            "infrastructure", "processes", "Processes running and healthy", True,
            sentence("This answer comes from a running process; /health shows every part."), "",
        ),
        _item(
            "infrastructure", "https", "HTTPS", https, address,
            "Put a proxy with a certificate in front and set SHOPWRIGHT_PUBLIC_URL to the https:// address.",
        ),
        _item(
            "infrastructure", "domain", "Domain name", settings.public_url is not None,
            address, "Set SHOPWRIGHT_PUBLIC_URL to your address.",
        ),
    ]  # fmt: skip


async def _data(facts: _Facts) -> list[ReadinessItem]:
    bot, documents = facts.bot, facts.documents
    open_ = documents.total - documents.completed
    if facts.provider is None:
        provider_ok, provider_said = True, sentence("No AI provider: the bot quotes its documents.")
    else:
        provider_ok = facts.provider.status == "valid"
        provider_said = facts.provider.status_detail or sentence("The key was not checked yet.")
    return [
        _item("data", "tenant", "Tenant active", True, bot.tenant_name, ""),
        _item(
            "data", "ai_provider", "AI provider with a valid key", provider_ok, provider_said,
            "Check the key with POST /v1/tenant/ai-providers/{id}/validate, and enter a new one if it fails.",
        ),
        _item(
            "data", "documents", "Documents uploaded", documents.total > 0,
            sentence("{total} documents", total=documents.total),
            "Upload documents into a dataset of this bot.",
        ),
        _item(
            "data", "processed", "All documents read", documents.total > 0 and open_ == 0,
            sentence(
                "{completed} of {total} read, {failed} failed",
                completed=documents.completed, total=documents.total, failed=documents.failed,
            ),
            "Wait until the others are read; look at the failed ones, mend and upload them again, or delete them.",
        ),
        _item(
            "data", "linked", "Bot linked to datasets", bool(bot.sources),
            sentence("{total} datasets", total=len(bot.sources)),
            "Link a dataset with POST /v1/tenant/bots/{id}/datasets.",
        ),
        _item(
            "data", "scope", "Scope set", bot.scope is not None,
            sentence(
                "{strictness}, {allowed} allowed and {forbidden} forbidden topics", strictness=bot.scope.strictness,
                allowed=len(bot.scope.allowed_topics), forbidden=len(bot.scope.forbidden_topics),
            ) if bot.scope else sentence("no scope"),
            "Say what the bot may talk about with POST /v1/tenant/bots/{id}/scopes.",
        ),
    ]  # fmt: skip


async def _guardrails(engine: Engine, bot: LiveBot) -> tuple[bool, str]:
    """Ask the gate about each forbidden topic."""
    if bot.scope is None or not bot.scope.forbidden_topics:
        return False, sentence("no forbidden topics to try")
    refused = []
    for topic in bot.scope.forbidden_topics:
        decision = await engine.judge(bot, f"Can you help me with {topic}?")
        refused.append(decision.action == "refuse")
    tried = sentence("{refused} of {total} questions about forbidden topics were refused")
    return all(refused), sentence(tried, refused=sum(refused), total=len(refused))


async def _security(facts: _Facts) -> list[ReadinessItem]:
    bot = facts.bot
    guarded, evidence = facts.guarded
    domains_ok = bool(bot.allowed_domains) or not bot.is_public
    return [
        _item(
            "security", "api_keys", "API keys with scopes", facts.keys > 0,
            sentence("{total} usable keys", total=facts.keys),
            "Make a key with POST /v1/tenant/api-keys; a publishable one for web pages.",
        ),
        _item(
            "security", "rate_limits", "Rate limits", True,
            sentence(
                "{second} a second and {minute} a minute for this bot",
                second=bot.rate_limit_per_second, minute=bot.rate_limit_per_minute,
            ), "",
        ),
        _item(
            "security", "domains", "Allowed domains", domains_ok,
            ", ".join(bot.allowed_domains)
            or (sentence("the bot is not public") if domains_ok else sentence("any page may use this bot")),
            "List your pages in allowed_domains of the bot.",
        ),
        _item(
            "security", "authentication", "Authentication", True,
            sentence("This was asked for with a valid token."), "",
        ),
        _item(
            "security", "guardrails", "Guardrails tried", guarded, evidence,
            "Set forbidden topics; add examples to the scope for those that were not refused.",
        ),
    ]  # fmt: skip


async def _testing(facts: _Facts) -> list[ReadinessItem]:
    turns = facts.turns
    guarded, evidence = facts.guarded
    cited = sentence("{total} cited answers", total=turns.cited)
    ask = "Ask the bot some questions that your customers ask."
    return [
        _item(
            "testing", "chat", "Basic chat", turns.turns > 0,
            sentence("{total} turns so far", total=turns.turns), ask,
        ),
        _item("testing", "retrieval", "Answers from documents", turns.cited > 0, cited, ask),
        _item("testing", "citations", "Citations returned", turns.cited > 0, cited, ask),
        _item(
            "testing", "off_topic", "Off-topic questions refused", guarded,
            sentence("{tried}; {refused} refused in conversations", tried=evidence, refused=turns.refused),
            "Ask something off topic and look at the reply.",
        ),
        _item(
            "testing", "context", "Context kept over messages", turns.longer > 0,
            sentence("{total} conversations with several messages", total=turns.longer),
            "Ask a follow-up question in the same session.",
        ),
        await _error_handling(facts),
    ]  # fmt: skip


async def _error_handling(facts: _Facts) -> ReadinessItem:
    """An id that does not exist must give a clear error, nothing else."""
    try:
        async with facts.state.db.tenant(facts.bot.tenant_id) as session, session.begin():
            await load_bot(session, facts.bot.tenant_id, UNKNOWN_BOT)
    except NotFound as error:
        given = sentence("An unknown bot gives: {error}", error=error.message)
        return _item("testing", "errors", "Errors handled", True, given, "")
    none = sentence("An unknown bot gave no error.")
    return _item("testing", "errors", "Errors handled", False, none, "Tell support.")


async def _monitoring(facts: _Facts) -> list[ReadinessItem]:
    live: LiveSettings = facts.state.live_settings
    audit = await live.audit_logging()
    return [
        _item(
            "monitoring", "audit", "Audit logging", audit.enabled,
            sentence("on, kept {days} days" if audit.enabled else "off, kept {days} days", days=audit.retention_days),
            "Switch it on with POST /admin/settings/system, key audit_logging.",
        ),
        _item("monitoring", "metrics", "Metrics collected", True, sentence("/metrics for Prometheus"), ""),
        _item(
            "monitoring", "errors", "Errors tracked", True,
            sentence("JSON logs in {folder}", folder=facts.state.core.settings.log_dir), "",
        ),
        _item(
            "monitoring", "usage", "Usage recorded", True,
            sentence("{total} turns with tokens, cost and time", total=facts.turns.turns), ""
        ),
        _item("monitoring", "health", "Health checks", True, sentence("/health and /health/quick"), ""),
    ]  # fmt: skip


CHECKS: tuple[Callable[[_Facts], Awaitable[list[ReadinessItem]]], ...] = (
    _infrastructure, _data, _security, _testing, _monitoring
)  # fmt: skip
