"""A tenant's AI providers: keys in envelopes, checked by really calling the provider."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.crypto import CannotDecrypt, Envelope, Place, mask
from shopwright.kit.db import TenantRepository, UniqueViolation, violated
from shopwright.kit.egress import EgressPolicy
from shopwright.kit.errors import InvalidInput, NotFound
from shopwright.kit.ids import uuid7
from shopwright.kit.sentences import sentence
from shopwright.llm.port import ChatModel, Credentials, ProviderError, ProviderMisconfigured
from shopwright.tenants.errors import ProviderNameTaken
from shopwright.tenants.models import TenantAiProvider
from shopwright.tenants.schemas import ProviderCreate, ProviderUpdate
from shopwright.tenants.settings import GlobalKey

NEEDS_KEY = frozenset({"openai", "azure_openai", "anthropic", "google", "bedrock"})
GLOBAL_KEY_PROVIDER = "openai"
NEEDS_URL = frozenset({"azure_openai", "openai_compatible", "ollama"})


class ModelFactory(Protocol):
    """Makes a model for credentials; in tests and in production the same one, over the egress client."""

    def __call__(self, credentials: Credentials) -> ChatModel: ...


@dataclass(frozen=True, slots=True)
class Providers:
    session: AsyncSession
    tenant_id: UUID
    envelope: Envelope
    policy: EgressPolicy

    @property
    def rows(self) -> TenantRepository[TenantAiProvider]:
        return TenantRepository(self.session, self.tenant_id, TenantAiProvider)

    async def get(self, provider_id: UUID) -> TenantAiProvider:
        row = await self.rows.find(provider_id)
        if row is None:
            raise NotFound(what="AI provider")
        return row

    async def create(self, new: ProviderCreate) -> TenantAiProvider:
        """Add a provider.

        Raises:
            InvalidInput: a key or an address is missing, or the global provider is unknown.
            ProviderNameTaken: name and label are in use.
            AddressRefused: the address is not one that may be called.
        """
        shared = new.provider_name == GLOBAL_KEY_PROVIDER and new.global_ai_provider_id is not None
        if new.provider_name in NEEDS_KEY and new.api_key is None and not shared:
            raise InvalidInput(reason=sentence("{name} needs an api_key.", name=new.provider_name))
        if new.provider_name in NEEDS_URL and not new.base_url:
            raise InvalidInput(reason=sentence("{name} needs a base_url.", name=new.provider_name))
        row = TenantAiProvider(id=uuid7(), **new.model_dump(exclude={"api_key"}))
        self._check_url(row.base_url)
        if new.api_key is not None:
            self._set_key(row, new.api_key.get_secret_value())
        try:
            return await self.rows.add(row)
        except UniqueViolation as exc:
            raise self._translate(exc) from exc

    async def update(self, row: TenantAiProvider, change: ProviderUpdate) -> TenantAiProvider:
        given = change.model_dump(exclude_unset=True, exclude={"api_key"})
        for name, value in given.items():
            if value is not None or name == "base_url":
                setattr(row, name, value)
        self._check_url(row.base_url)
        if change.api_key is not None:
            self._set_key(row, change.api_key.get_secret_value())
        if change.api_key is not None or "base_url" in given:
            row.status, row.status_detail, row.checked_at = "unchecked", "", None
        try:
            return await self.rows.save(row)
        except UniqueViolation as exc:
            raise self._translate(exc) from exc

    async def credentials(self, row: TenantAiProvider) -> Credentials:
        """What a model is reached with.

        Raises:
            ProviderMisconfigured: the stored key cannot be opened with this installation's master key.
        """
        try:
            if shares_global_key(row.provider_name, row.api_key, row.global_ai_provider_id):
                return global_credentials(await GlobalKey(self.session, self.envelope).read(), row.custom_settings)
            key = self.envelope.decrypt(row.api_key, self._place(row.id)) if row.api_key is not None else None
        except CannotDecrypt:
            reason = sentence("the stored key cannot be opened with this installation's master key; enter it again")
            raise ProviderMisconfigured(reason) from None
        return Credentials(row.provider_name, key, row.base_url, dict(row.custom_settings))

    def _set_key(self, row: TenantAiProvider, key: str) -> None:
        row.api_key = self.envelope.encrypt(key, self._place(row.id))
        row.key_hint = mask(key)

    def _place(self, row_id: UUID) -> Place:
        return Place(str(self.tenant_id), "tenant_ai_providers", "api_key", str(row_id))

    def _check_url(self, url: str | None) -> None:
        if url is not None:
            self.policy.check_url(url)

    @staticmethod
    def _translate(exc: UniqueViolation) -> Exception:
        if violated(exc).startswith("fk_"):
            return InvalidInput(reason=sentence("There is no global AI provider with this id."))
        return ProviderNameTaken(reason="")


def shares_global_key(provider_name: str, api_key: str | None, global_ai_provider_id: object) -> bool:
    """Whether a tenant's provider has no key of its own and uses the installation's."""
    return provider_name == GLOBAL_KEY_PROVIDER and api_key is None and global_ai_provider_id is not None


def global_credentials(found: tuple[str, str | None] | None, settings: dict[str, Any]) -> Credentials:
    """The installation's key at the installation's address: a tenant's own address must never be sent that key.

    Raises:
        ProviderMisconfigured: the installation has no key.
    """
    if found is None:
        raise ProviderMisconfigured(sentence("this installation has no key of its own; enter one for this provider"))
    safe: dict[str, Any] = {name: settings[name] for name in ("default_model", "max_tokens") if name in settings}
    return Credentials(GLOBAL_KEY_PROVIDER, found[0], found[1], safe)


async def check_key(factory: ModelFactory, credentials: Credentials) -> tuple[bool, str, list[str]]:
    """Call a provider: whether the key works, a sentence about it, and the models it may use."""
    try:
        models = await factory(credentials).list_models()
    except ProviderError as exc:
        return False, exc.message, []
    return True, sentence("The key works; {count} models can be used.", count=len(models)), models


def now() -> datetime:
    return datetime.now(UTC)
