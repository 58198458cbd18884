"""Where personal data of contacts lies: what is handed out with an export, and what goes with an erasure.

A test fails when a table names a contact, a conversation, an e-mail address or a telephone number and is not listed
here. Tables of upper layers are named, not imported.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

_TALKS = "select id from conversations where tenant_id = :tenant and contact_id = :contact"
_THREADS = "select id from threads where tenant_id = :tenant and contact_id = :contact"


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """One table: which rows are a contact's, and which columns of them an export shows."""

    table: str
    rows: str
    exported: tuple[str, ...] = ()


# In the order in which rows are removed. All conditions are constants.
OF_CONTACTS: tuple[PersonalTable, ...] = (
    PersonalTable("inbox", f"thread_id in ({_THREADS})", ("kind", "event", "state", "created_at")),
    PersonalTable(
        "outbox", f"conversation_id in ({_TALKS}) or thread_id in ({_THREADS})",
        ("message", "state", "receipt", "created_at", "sent_at"),
    ),
    PersonalTable(
        "attachments", f"conversation_id in ({_TALKS})",
        ("id", "conversation_id", "state", "media_type", "size_bytes", "created_at"),
    ),
    PersonalTable("threads", "contact_id = :contact", ("thread", "route", "language", "last_inbound_at")),
    PersonalTable("message_feedback", f"conversation_id in ({_TALKS})", ("id", "rating", "comment", "created_at")),
    PersonalTable("turns", f"conversation_id in ({_TALKS})", ("id", "outcome", "created_at")),
    PersonalTable(
        "messages", f"conversation_id in ({_TALKS})", ("conversation_id", "ordinal", "author", "parts", "created_at")
    ),
    PersonalTable("conversations", "contact_id = :contact", ("id", "status", "language", "created_at", "updated_at")),
    PersonalTable(
        "contact_identities", "contact_id = :contact", ("channel", "external_id", "name", "gone", "last_seen_at")
    ),
    PersonalTable(
        "contacts", "id = :contact",
        ("name", "email", "phone", "language", "time_zone", "consent", "blocked", "created_at", "updated_at"),
    ),
)  # fmt: skip
# Addresses of people with a login and of businesses: they have their own ways to be removed.
OF_OTHERS = {
    "members": "people with a login; removed by the owner",
    "clients": "businesses that a tenant serves; removed with the client",
    "tenants": "the organisation that pays; removed by the administrator",
    "admin_users": "administrators of the installation",
    "invitations": "people asked to join, gone with the tenant or when they are withdrawn",
}


async def export_contact(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """All that is kept of a contact, table by table."""
    found = {}
    for part in OF_CONTACTS:
        columns = ", ".join(part.exported)
        query = sa.text(
            f"select {columns} from {part.table} where tenant_id = :tenant and ({part.rows})"  # noqa: S608 - constants
        )
        rows = await session.execute(query, {"tenant": tenant_id, "contact": contact_id})
        found[part.table] = [dict(row) for row in rows.mappings()]
    return found


async def erase_contact(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> dict[str, int]:
    """Remove all that is kept of a contact; returns how many rows of each table went."""
    gone = {}
    for part in OF_CONTACTS:
        statement = sa.text(
            f"with gone as (delete from {part.table} where tenant_id = :tenant and ({part.rows}) returning 1)"  # noqa: S608
            " select count(*) from gone"
        )
        count = await session.scalar(statement, {"tenant": tenant_id, "contact": contact_id})
        gone[part.table] = int(count or 0)
    return gone
