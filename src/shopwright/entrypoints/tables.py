"""All tables, imported once: for migrations and for the tests that walk them."""

from shopwright.bots import models as _bots
from shopwright.contacts import models as _contacts
from shopwright.conversations import models as _conversations
from shopwright.deployments import models as _deployments
from shopwright.gateway import models as _gateway
from shopwright.identity import models as _identity
from shopwright.kit.db import Base
from shopwright.knowledge import models as _knowledge
from shopwright.knowledge.crawling import models as _crawling
from shopwright.notifications import models as _notifications
from shopwright.tenants import models as _tenants

__all__ = ["GLOBAL_TABLES", "METADATA", "TENANT_TABLES", "is_described"]

_MODULES = (
    _bots, _contacts, _conversations, _crawling, _deployments, _gateway, _identity, _knowledge, _notifications, _tenants
)  # fmt: skip
METADATA = Base.metadata
TENANT_TABLES = tuple(t for t in METADATA.sorted_tables if "tenant_id" in t.c and t.name != "directory")
GLOBAL_TABLES = tuple(t for t in METADATA.sorted_tables if t not in TENANT_TABLES)


def is_described(_thing: object, name: str | None, kind: str, _found: bool, _other: object) -> bool:
    """Whether the models speak of it: the job queue has its own, and indexes of vectors are written by hand."""
    return not str(name).startswith("procrastinate_") and not (kind == "index" and "_hnsw_" in str(name))
