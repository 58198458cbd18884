"""Who may do what. A route names one permission; a role or an API key holds a set of them."""

from enum import StrEnum


class Permission(StrEnum):
    TENANT_READ = "tenant:read"
    TENANT_WRITE = "tenant:write"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    PROVIDERS_READ = "providers:read"
    PROVIDERS_WRITE = "providers:write"
    DATASETS_READ = "datasets:read"
    DATASETS_WRITE = "datasets:write"
    BOTS_READ = "bots:read"
    BOTS_WRITE = "bots:write"
    KEYS_READ = "keys:read"
    KEYS_WRITE = "keys:write"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    AUDIT_READ = "audit:read"
    CLIENTS_READ = "clients:read"
    CLIENTS_WRITE = "clients:write"
    CREDENTIALS_WRITE = "credentials:write"
    USAGE_READ = "usage:read"
    DEPLOYMENTS_READ = "deployments:read"
    DEPLOYMENTS_WRITE = "deployments:write"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    CHAT_READ = "chat:read"
    CHAT_WRITE = "chat:write"


class Access(StrEnum):
    """Routes that need no permission of a tenant: open to all, or for administrators only."""

    PUBLIC = "public"
    ADMIN = "admin"
    MEMBER = "member"  # any signed-in member, for what concerns the member alone


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    OPERATOR = "operator"
    VIEWER = "viewer"


P = Permission
_VIEWER = frozenset(
    {
        P.TENANT_READ, P.DATASETS_READ, P.BOTS_READ, P.CONVERSATIONS_READ, P.CHAT_READ, P.CLIENTS_READ,
        P.DEPLOYMENTS_READ, P.CONTACTS_READ,
    }
)  # fmt: skip
_OPERATOR = _VIEWER | {P.CONVERSATIONS_WRITE, P.CHAT_WRITE, P.CONTACTS_WRITE}
_EDITOR = _OPERATOR | {
    P.DATASETS_WRITE, P.BOTS_WRITE, P.PROVIDERS_READ, P.KEYS_READ, P.MEMBERS_READ, P.USAGE_READ, P.DEPLOYMENTS_WRITE,
}  # fmt: skip
_ADMIN = _EDITOR | {
    P.PROVIDERS_WRITE, P.KEYS_WRITE, P.MEMBERS_WRITE, P.AUDIT_READ, P.CLIENTS_WRITE, P.CREDENTIALS_WRITE,
}  # fmt: skip

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.OPERATOR: _OPERATOR,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: frozenset(Permission),
}
# What is left of a role for a member who belongs to one client: the tenant itself, its people, its AI keys and its
# log concern all clients.
CLIENT_PERMISSIONS = frozenset(
    {
        P.DATASETS_READ, P.DATASETS_WRITE, P.BOTS_READ, P.BOTS_WRITE, P.CONVERSATIONS_READ, P.CONVERSATIONS_WRITE,
        P.CHAT_READ, P.CHAT_WRITE, P.KEYS_READ, P.KEYS_WRITE, P.CLIENTS_READ, P.CREDENTIALS_WRITE, P.USAGE_READ,
        P.DEPLOYMENTS_READ, P.DEPLOYMENTS_WRITE, P.CONTACTS_READ, P.CONTACTS_WRITE,
    }
)  # fmt: skip
# What a key for programs may be given; keys, members, providers and the tenant itself are for people.
KEY_SCOPES = frozenset(
    {
        P.CHAT_READ, P.CHAT_WRITE, P.BOTS_READ, P.BOTS_WRITE, P.DATASETS_READ, P.DATASETS_WRITE,
        P.CONVERSATIONS_READ, P.DEPLOYMENTS_READ, P.DEPLOYMENTS_WRITE,
    }
)  # fmt: skip
PUBLISHABLE_SCOPES = frozenset({P.CHAT_READ, P.CHAT_WRITE})
