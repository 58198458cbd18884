"""Rules of contacts. Nothing here knows of HTTP, and nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.port import Sender
from shopwright.contacts.errors import DifferentClients, OnlyIdentity
from shopwright.contacts.models import Contact, ContactIdentity
from shopwright.contacts.schemas import ContactUpdate
from shopwright.kit.db import TenantRepository
from shopwright.kit.errors import NotFound
from shopwright.kit.ids import uuid7


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody writes: the platform, our account there, and the client it belongs to."""

    channel: str
    account: str
    client_id: UUID | None


async def contact_of(
    session: AsyncSession, tenant_id: UUID, place: Place, sender: Sender
) -> tuple[Contact, ContactIdentity]:
    """The contact behind a sender, with its name there; both new when nobody is known by it."""
    identities = TenantRepository(session, tenant_id, ContactIdentity)
    identity = await identities.find_by(
        ContactIdentity.channel == place.channel,
        ContactIdentity.account == place.account,
        ContactIdentity.external_id == sender.id,
    )
    if identity is None:
        identity = await _add(session, tenant_id, place, sender)
    # Who writes again has come back.
    identity.gone, identity.last_seen_at = None, sa.func.now()
    if sender.name:
        identity.name = sender.name
    contact = await TenantRepository(session, tenant_id, Contact).find(identity.contact_id)
    if contact is None:
        msg = "an identity has a contact"
        raise RuntimeError(msg)
    return contact, identity


async def _add(session: AsyncSession, tenant_id: UUID, place: Place, sender: Sender) -> ContactIdentity:
    identities = TenantRepository(session, tenant_id, ContactIdentity)
    contact = Contact(
        tenant_id=tenant_id, id=uuid7(), client_id=place.client_id, name=sender.name or sender.username,
        email=sender.email or None, phone=sender.phone or None, language=sender.language or None,
    )  # fmt: skip
    session.add(contact)
    await session.flush()
    await session.execute(
        insert(ContactIdentity)
        .values(
            tenant_id=tenant_id, id=uuid7(), contact_id=contact.id, channel=place.channel, account=place.account,
            external_id=sender.id, name=sender.name,
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "channel", "account", "external_id"])
    )  # fmt: skip
    identity = await identities.find_by(
        ContactIdentity.channel == place.channel, ContactIdentity.account == place.account,
        ContactIdentity.external_id == sender.id,
    )  # fmt: skip
    if identity is None:
        msg = "an identity that was just added or was there is there"
        raise RuntimeError(msg)
    if identity.contact_id != contact.id:  # another thread of the same person was first
        await session.delete(contact)
        await session.flush()
    return identity


async def mark_gone(session: AsyncSession, tenant_id: UUID, contact_id: UUID, channel: str, reason: str | None) -> None:
    """Note that nothing may be sent to somebody on a platform any more, or (None) that it may again."""
    await session.execute(
        sa.update(ContactIdentity)
        .where(
            ContactIdentity.tenant_id == tenant_id, ContactIdentity.contact_id == contact_id,
            ContactIdentity.channel == channel,
        )
        .values(gone=reason)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


# Of the packages beside and above this one, which may not be imported.
_CONVERSATIONS = sa.table(
    "conversations", *map(sa.column, ("id", "tenant_id", "contact_id", "bot_id", "status", "metadata", "message_count",
                                      "updated_at")),
)  # fmt: skip
_THREADS = sa.table("threads", *map(sa.column, ("id", "tenant_id", "contact_id", "conversation_id", "identity_id")))
_IDENTITIES = sa.table("contact_identities", sa.column("tenant_id"), sa.column("contact_id"))
SHOWN_CONVERSATIONS = 50
# How accounts of the lab end; said by deployments, which may not be imported.
OF_THE_LAB = " (lab)"
NULLABLE = frozenset({"email", "phone", "language", "time_zone"})


@dataclass(frozen=True, slots=True)
class Contacts:
    session: AsyncSession
    tenant_id: UUID

    @property
    def rows(self) -> TenantRepository[Contact]:
        return TenantRepository(self.session, self.tenant_id, Contact)

    @property
    def identities(self) -> TenantRepository[ContactIdentity]:
        return TenantRepository(self.session, self.tenant_id, ContactIdentity)

    async def get(self, contact_id: UUID, *, lock: bool = False) -> Contact:
        row = await self.rows.find(contact_id, lock=lock)
        if row is None:
            raise NotFound(what="contact")
        return row

    async def identities_of(self, contact_id: UUID) -> Sequence[ContactIdentity]:
        query = self.identities.select().where(ContactIdentity.contact_id == contact_id)
        rows: Sequence[ContactIdentity] = (await self.session.scalars(query.order_by(ContactIdentity.id))).all()
        return rows

    def not_played(self) -> sa.ColumnElement[bool]:
        """A condition: not somebody who is played in the lab, and is nowhere else."""
        table = ContactIdentity
        mine = (table.tenant_id == self.tenant_id, table.contact_id == Contact.id)
        played = table.account.endswith(OF_THE_LAB, autoescape=True)
        return sa.or_(sa.not_(sa.exists().where(*mine, played)), sa.exists().where(*mine, sa.not_(played)))

    async def channels_of(self, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
        """The platforms on which each of these contacts wrote, in alphabetical order."""
        table = ContactIdentity
        query = (
            sa.select(table.contact_id, sa.func.array_agg(sa.distinct(table.channel)).label("channels"))
            .where(table.tenant_id == self.tenant_id, table.contact_id.in_(ids))
            .group_by(table.contact_id)
        )
        return {row.contact_id: sorted(row.channels) for row in await self.session.execute(query)}

    async def conversations_of(self, contact_id: UUID) -> Sequence[Any]:
        table = _CONVERSATIONS.c
        channel = table.metadata.op("->>")("channel").label("channel")
        query = (
            sa.select(table.id, table.bot_id, table.status, channel, table.message_count, table.updated_at)
            .where(table.tenant_id == self.tenant_id, table.contact_id == contact_id)
            .order_by(table.updated_at.desc())
            .limit(SHOWN_CONVERSATIONS)
        )
        return (await self.session.execute(query)).all()

    async def update(self, row: Contact, change: ContactUpdate) -> Contact:
        for name, value in change.model_dump(exclude_unset=True, exclude={"consent"}).items():
            if value is not None or name in NULLABLE:
                setattr(row, name, value)
        if change.consent is not None:
            now = datetime.now(UTC).isoformat()
            given = {
                purpose: {**said.model_dump(mode="json"), "at": said.at.isoformat() if said.at else now}
                for purpose, said in change.consent.items()
            }
            row.consent = {**row.consent, **given}
        return await self.rows.save(row)

    async def merge(self, kept_id: UUID, other_id: UUID) -> Contact:
        """Make two contacts one: the other's names, conversations and agreements go to the one that is kept.

        Raises:
            NotFound: one of them does not exist, or both are the same.
            DifferentClients: they are customers of different clients.
        """
        if kept_id == other_id:
            raise NotFound(what="contact")
        # Always in the same order, so that two merges at once do not wait for each other.
        locked = {id_: await self.get(id_, lock=True) for id_ in sorted((kept_id, other_id))}
        kept, other = locked[kept_id], locked[other_id]
        if kept.client_id != other.client_id:
            raise DifferentClients(reason="")
        await self._hand_over(other_id, kept_id)
        for name in ("name", *sorted(NULLABLE)):
            if not getattr(kept, name):
                setattr(kept, name, getattr(other, name))
        # Who was blocked stays blocked; of two agreements for one purpose that of the kept contact holds.
        kept.blocked = kept.blocked or other.blocked
        kept.consent = {**other.consent, **kept.consent}
        await self.session.flush()
        await self.rows.delete(other)
        return await self.rows.save(kept)

    async def _hand_over(self, before: UUID, after: UUID) -> None:
        for table in (_IDENTITIES, _CONVERSATIONS, _THREADS):
            await self.session.execute(
                sa.update(table)
                .where(table.c.tenant_id == self.tenant_id, table.c.contact_id == before)
                .values(contact_id=after)
            )

    async def split(self, contact_id: UUID, identity_id: UUID) -> Contact:
        """Make an identity a contact of its own, with the conversations that were led under it.

        Raises:
            NotFound: the contact has no such identity.
            OnlyIdentity: it has no other.
        """
        row = await self.get(contact_id, lock=True)
        identities = {identity.id: identity for identity in await self.identities_of(contact_id)}
        if identity_id not in identities:
            raise NotFound(what="identity of this contact")
        if len(identities) == 1:
            raise OnlyIdentity(reason="")
        identity = identities[identity_id]
        new = await self.rows.add(Contact(client_id=row.client_id, name=identity.name, blocked=row.blocked))
        identity.contact_id = new.id
        await self.session.flush()
        led = sa.and_(_THREADS.c.tenant_id == self.tenant_id, _THREADS.c.identity_id == identity_id)
        talks = sa.select(_THREADS.c.conversation_id).where(led)
        await self.session.execute(
            sa.update(_CONVERSATIONS)
            .where(_CONVERSATIONS.c.tenant_id == self.tenant_id, _CONVERSATIONS.c.id.in_(talks))
            .values(contact_id=new.id)
        )
        await self.session.execute(sa.update(_THREADS).where(led).values(contact_id=new.id))
        return new
