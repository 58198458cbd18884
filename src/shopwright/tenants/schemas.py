"""What the API of tenants, people, keys and providers takes and returns."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from shopwright.kit.schemas import SLUG_PATTERN, Email, Json, LongText, Metadata, Name, Schema, Secret, Text, clean_text
from shopwright.kit.sentences import sentence
from shopwright.tenants.permissions import KEY_SCOPES, Permission, Role


def _scopes(value: list[Permission]) -> list[Permission]:
    wrong = sorted(str(scope) for scope in value if scope not in KEY_SCOPES)
    if wrong:
        msg = sentence(
            "A key cannot have {scopes}; possible are {known}.",
            scopes=", ".join(wrong), known=", ".join(sorted(KEY_SCOPES)),
        )  # fmt: skip
        raise ValueError(msg)
    return sorted(set(value))


def _origin(value: str) -> str:
    import re

    if not re.fullmatch(r"https?://[A-Za-z0-9.*-]{1,253}(:\d{1,5})?", value):
        msg = sentence("An address looks like https://www.shop.example, without a path.")
        raise ValueError(msg)
    return value.lower()


Origin = Annotated[str, Field(max_length=300), AfterValidator(clean_text), AfterValidator(_origin)]
Origins = Annotated[list[Origin], Field(max_length=100)]
Password = Annotated[Secret, Field(min_length=10, max_length=200)]
Slug = Annotated[str, Field(min_length=2, max_length=60, pattern=SLUG_PATTERN)]
Plan = Annotated[Text, Field(min_length=1, max_length=40)]


class TokenPair(Schema):
    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the kind of token, not one
    expires_in: int = Field(description="Seconds.")
    refresh_token: str | None = Field(description="Null when it travels in a cookie (`X-Session: cookie`).")
    kind: Literal["member", "admin"] = Field(description="Whose tokens they are.")


class TenantCreate(Schema):
    name: Name
    slug: Slug
    email: Email
    password: Password
    description: LongText = ""
    plan: Plan = "free"
    owner_email: Email | None = None


class TenantUpdate(Schema):
    name: Name | None = None
    description: LongText | None = None
    plan: Plan | None = None
    owner_email: Email | None = None
    is_active: bool | None = None


class TenantProfileUpdate(Schema):
    name: Name | None = None
    description: LongText | None = None
    owner_email: Email | None = None


class TenantRead(Schema):
    id: UUID
    name: str
    slug: str
    email: str
    owner_email: str | None
    description: str
    plan: str
    is_active: bool
    created_at: datetime
    updated_at: datetime


class MemberCreate(Schema):
    email: Email
    name: Annotated[Text, Field(max_length=120)] = ""
    password: Password
    role: Role
    client_id: UUID | None = Field(None, description="Sees only what is this client's; null is all of the tenant.")


class MemberUpdate(Schema):
    name: Annotated[Text, Field(max_length=120)] | None = None
    role: Role | None = None
    is_active: bool | None = None
    password: Password | None = None


class MemberRead(Schema):
    id: UUID
    email: str
    name: str
    role: Role
    client_id: UUID | None
    is_active: bool
    two_factor: bool
    created_at: datetime


ProviderType = Literal["openai", "azure_openai", "anthropic", "google", "bedrock", "ollama", "openai_compatible"]


class GlobalProviderCreate(Schema):
    name: Name
    provider_type: ProviderType
    config: Metadata = {}
    is_active: bool = True
    is_default: bool = False


class GlobalProviderUpdate(Schema):
    name: Name | None = None
    config: Metadata | None = None
    is_active: bool | None = None
    is_default: bool | None = None


class GlobalProviderRead(Schema):
    id: UUID
    name: str
    provider_type: str
    config: dict[str, Any]
    is_active: bool
    is_default: bool
    created_at: datetime


class ProviderCreate(Schema):
    global_ai_provider_id: UUID | None = None
    provider_name: ProviderType
    label: Annotated[Text, Field(max_length=60)] = ""
    api_key: Annotated[Secret, Field(min_length=1, max_length=4000)] | None = None
    base_url: Annotated[Text, Field(max_length=500)] | None = None
    custom_settings: Metadata = {}
    is_active: bool = True


class ProviderUpdate(Schema):
    label: Annotated[Text, Field(max_length=60)] | None = None
    api_key: Annotated[Secret, Field(min_length=1, max_length=4000)] | None = None
    base_url: Annotated[Text, Field(max_length=500)] | None = None
    custom_settings: Metadata | None = None
    is_active: bool | None = None


class ProviderRead(Schema):
    id: UUID
    tenant_id: UUID
    global_ai_provider_id: UUID | None
    provider_name: str
    label: str
    key_hint: str = Field(description="The kind of the key and its last four characters, or empty.")
    base_url: str | None
    custom_settings: dict[str, Any]
    is_active: bool
    status: str = Field(description="`unchecked`, `valid` or `invalid`.")
    status_detail: str
    checked_at: datetime | None
    created_at: datetime


class ProviderCheck(Schema):
    valid: bool
    detail: str
    models: list[str]
    checked_at: datetime


class ApiKeyCreate(Schema):
    name: Name
    scopes: Annotated[list[Permission], Field(min_length=1, max_length=20), AfterValidator(_scopes)]
    rate_limit: int = Field(10_000, ge=1, le=100_000_000, description="Requests a day.")
    expires_at: AwareDatetime | None = None
    kind: Literal["secret", "publishable"] = "secret"
    bot_id: UUID | None = Field(None, description="Of a publishable key: the bot it is for.")
    client_id: UUID | None = Field(None, description="It sees only what is this client's; null is all of the tenant.")
    allowed_origins: Origins = Field(default=[], description="Of a publishable key: pages that may use it.")


class ApiKeyUpdate(Schema):
    name: Name | None = None
    rate_limit: int | None = Field(None, ge=1, le=100_000_000)
    expires_at: AwareDatetime | None = None
    allowed_origins: Origins | None = None


class ApiKeyRead(Schema):
    id: UUID
    name: str
    kind: str
    key_prefix: str
    key: str | None = Field(description="Of a publishable key, which stands in web pages; a secret one is shown once.")
    scopes: list[str]
    rate_limit: int
    bot_id: UUID | None
    client_id: UUID | None
    allowed_origins: list[str]
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


class ApiKeyCreated(ApiKeyRead):
    key: str = Field(description="Of a secret key shown here once and never again.")


class AuditRead(Schema):
    id: UUID
    actor_kind: str
    actor_id: str
    action: str
    subject: str
    details: dict[str, Any]
    request_id: str
    created_at: datetime


class AdminAuditRead(Schema):
    id: UUID
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    request_id: str
    created_at: datetime


class SystemSetting(Schema):
    key: Annotated[Text, Field(min_length=1, max_length=80, pattern=r"^[a-z][a-z0-9_.]*$")]
    value: Json


class AuditLogging(Schema):
    """The value of the setting `audit_logging`.

    `enabled` is about the tenants' audit logs; what administrators change is always written down.
    """

    enabled: bool = True
    log_conversations: bool = True
    log_knowledge_retrieval: bool = True
    retention_days: int = Field(90, ge=1, le=3650)


class GlobalKeyChange(Schema):
    api_key: Annotated[Secret, Field(min_length=8, max_length=4000)]
    base_url: Annotated[Text, Field(max_length=500)] | None = None
    confirm: bool = Field(False, description="Must be true: every bot without a provider of its own is affected.")


class GlobalKeyRead(Schema):
    is_set: bool
    key_hint: str
    version: int
    can_restore: bool
    updated_at: datetime | None
    warning: str
