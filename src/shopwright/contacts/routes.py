"""`/v1/tenant/contacts`: the shop's customers, one person over several platforms."""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Query

from shopwright.contacts.errors import DifferentClients, OnlyIdentity
from shopwright.contacts.models import Contact, ContactIdentity
from shopwright.contacts.schemas import (
    ContactBlock,
    ContactConversation,
    ContactMerge,
    ContactRead,
    ContactSplit,
    ContactSummary,
    ContactUpdate,
    Erased,
    Export,
    IdentityRead,
)
from shopwright.contacts.service import Contacts
from shopwright.kit.errors import NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page, Text
from shopwright.tenants.permissions import Permission
from shopwright.tenants.personal_data import erase_contact, export_contact
from shopwright.tenants.scope import Scope, requires, scoped_router

router = scoped_router("/v1/tenant/contacts", "contacts")
_LIKE_SIGNS = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


def contacts_of(scope: Scope) -> Contacts:
    return Contacts(scope.session, scope.tenant_id)


ContactsDep = Annotated[Contacts, Depends(contacts_of)]


def _summary(row: Contact, channels: list[str]) -> ContactSummary:
    names = set(ContactSummary.model_fields) - {"channels"}
    return ContactSummary(**{name: getattr(row, name) for name in names}, channels=channels)


async def _read(contacts: Contacts, row: Contact) -> ContactRead:
    identities = await contacts.identities_of(row.id)
    return ContactRead(
        **_summary(row, sorted({i.channel for i in identities})).model_dump(),
        identities=[IdentityRead.model_validate(i) for i in identities],
        conversations=[ContactConversation.model_validate(c) for c in await contacts.conversations_of(row.id)],
    )


@router.get("")
@requires(Permission.CONTACTS_READ)
async def list_contacts(
    scope: Scope, contacts: ContactsDep, limit: Limit = 50, cursor: CursorText = None,
    q: Annotated[Text | None, Query(max_length=200, description="Stands in name, e-mail or telephone.")] = None,
    channel: Annotated[str | None, Query(max_length=40)] = None,
) -> Page[ContactSummary]:  # fmt: skip
    """Contacts, newest first."""
    wanted = [contacts.not_played()]
    if q:
        pattern = f"%{q.translate(_LIKE_SIGNS)}%"
        columns = (Contact.name, Contact.email, Contact.phone)
        wanted.append(sa.or_(*(column.ilike(pattern, escape="\\") for column in columns)))
    if channel:
        there = sa.exists().where(
            ContactIdentity.tenant_id == scope.tenant_id, ContactIdentity.contact_id == Contact.id,
            ContactIdentity.channel == channel,
        )  # fmt: skip
        wanted.append(there)
    rows, after = await scope.repository(Contact).page(limit, cursor, *wanted)
    channels = await contacts.channels_of([row.id for row in rows])
    return Page(items=[_summary(row, channels.get(row.id, [])) for row in rows], next_cursor=after)


@router.get("/{contact_id}", responses=error_responses(NotFound))
@requires(Permission.CONTACTS_READ)
async def get_contact(contact_id: UUID, contacts: ContactsDep) -> ContactRead:
    """A contact with its names on platforms and its conversations."""
    return await _read(contacts, await contacts.get(contact_id))


@router.patch("/{contact_id}", responses=error_responses(NotFound))
@requires(Permission.CONTACTS_WRITE)
async def update_contact(contact_id: UUID, change: ContactUpdate, contacts: ContactsDep, scope: Scope) -> ContactRead:
    row = await contacts.update(await contacts.get(contact_id), change)
    scope.audit("contact.update", contact_id, fields=sorted(change.model_fields_set))
    return await _read(contacts, row)


@router.post("/{contact_id}/merge", responses=error_responses(NotFound, DifferentClients))
@requires(Permission.CONTACTS_WRITE)
async def merge_contacts(contact_id: UUID, other: ContactMerge, contacts: ContactsDep, scope: Scope) -> ContactRead:
    """Say that another contact is the same person."""
    row = await contacts.merge(contact_id, other.contact_id)
    scope.audit("contact.merge", contact_id, other=str(other.contact_id))
    return await _read(contacts, row)


@router.post("/{contact_id}/split", status_code=201, responses=error_responses(NotFound, OnlyIdentity))
@requires(Permission.CONTACTS_WRITE)
async def split_contact(contact_id: UUID, part: ContactSplit, contacts: ContactsDep, scope: Scope) -> ContactRead:
    """Say that one of the identities is somebody else; answers with that contact."""
    row = await contacts.split(contact_id, part.identity_id)
    scope.audit("contact.split", contact_id, identity=str(part.identity_id), new=str(row.id))
    return await _read(contacts, row)


@router.post("/{contact_id}/block", responses=error_responses(NotFound))
@requires(Permission.CONTACTS_WRITE)
async def block_contact(contact_id: UUID, wanted: ContactBlock, contacts: ContactsDep, scope: Scope) -> ContactRead:
    """Answer a contact no more on any platform, or again."""
    row = await contacts.get(contact_id)
    row.blocked = wanted.blocked
    row = await contacts.rows.save(row)
    scope.audit("contact.block", contact_id, blocked=wanted.blocked)
    return await _read(contacts, row)


@router.get("/{contact_id}/export", responses=error_responses(NotFound))
@requires(Permission.CONTACTS_READ)
async def export_personal_data(contact_id: UUID, contacts: ContactsDep, scope: Scope) -> Export:
    """All that is kept of a contact, for the person who asks for it."""
    await contacts.get(contact_id)
    scope.audit("contact.export", contact_id)
    return Export(contact_id=contact_id, tables=await export_contact(scope.session, scope.tenant_id, contact_id))


@router.delete("/{contact_id}", responses=error_responses(NotFound))
@requires(Permission.CONTACTS_WRITE)
async def erase_personal_data(contact_id: UUID, contacts: ContactsDep, scope: Scope) -> Erased:
    """Remove a contact with all that is kept of the person: conversations, names, what waits to be sent."""
    await contacts.get(contact_id, lock=True)
    gone = await erase_contact(scope.session, scope.tenant_id, contact_id)
    scope.audit("contact.erase", contact_id, rows=gone)
    return Erased(rows=gone)
