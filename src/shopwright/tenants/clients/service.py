"""Rules of clients and their credentials. Nothing here knows of HTTP, and nothing here commits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.crypto import Envelope, Place
from shopwright.kit.db import TenantRepository, UniqueViolation
from shopwright.kit.errors import InvalidInput, NotFound
from shopwright.kit.ids import uuid7
from shopwright.kit.sentences import sentence
from shopwright.tenants import directory
from shopwright.tenants.clients.forms import FORM_OF, CredentialForm
from shopwright.tenants.clients.schemas import ClientCreate, ClientUpdate
from shopwright.tenants.errors import ClientNameTaken
from shopwright.tenants.models import Client, ClientCredential, Member

DOTS = "••••"
SHOWN = 4
LONG_ENOUGH_TO_SHOW = 12


@dataclass(frozen=True, slots=True)
class Clients:
    session: AsyncSession
    tenant_id: UUID

    @property
    def rows(self) -> TenantRepository[Client]:
        return TenantRepository(self.session, self.tenant_id, Client)

    async def get(self, client_id: UUID) -> Client:
        row = await self.rows.find(client_id)
        if row is None:
            raise NotFound(what="client")
        return row

    async def create(self, new: ClientCreate) -> Client:
        """Add a client.

        Raises:
            ClientNameTaken: another one has the name.
        """
        try:
            return await self.rows.add(Client(**new.model_dump()))
        except UniqueViolation as exc:
            raise ClientNameTaken(reason="") from exc

    async def update(self, row: Client, change: ClientUpdate) -> Client:
        for name, value in change.model_dump(exclude_unset=True).items():
            if value is not None or name in {"email", "phone", "website"}:
                setattr(row, name, value)
        try:
            return await self.rows.save(row)
        except UniqueViolation as exc:
            raise ClientNameTaken(reason="") from exc

    async def delete(self, row: Client) -> None:
        """Remove a client with all that is its own: bots, datasets, conversations, credentials, people."""
        bots = sa.table("bots", sa.column("id"), sa.column("tenant_id"), sa.column("client_id"))
        query = sa.select(bots.c.id).where(bots.c.tenant_id == self.tenant_id, bots.c.client_id == row.id)
        for bot_id in (await self.session.scalars(query)).all():
            await directory.remove_bot(self.session, bot_id, self.tenant_id)
        people = sa.select(Member.email).where(Member.tenant_id == self.tenant_id, Member.client_id == row.id)
        for email in (await self.session.scalars(people)).all():
            await directory.remove_email(self.session, email, self.tenant_id)
        await self.rows.delete(row)

    async def counts(self, ids: Sequence[UUID]) -> dict[UUID, tuple[int, int, list[str]]]:
        """Bots, members and channels of each client."""
        found = await self.session.execute(
            sa.text(
                "select c.id, (select count(*) from bots b where b.tenant_id = :tenant and b.client_id = c.id),"
                " (select count(*) from members m where m.tenant_id = :tenant and m.client_id = c.id),"
                " (select coalesce(jsonb_agg(k.channel order by k.channel), '[]') from client_credentials k"
                "  where k.tenant_id = :tenant and k.client_id = c.id)"
                " from clients c where c.tenant_id = :tenant and c.id = any(:ids)"
            ),
            {"tenant": self.tenant_id, "ids": list(ids)},
        )
        return {row[0]: (row[1], row[2], row[3]) for row in found}


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The platform credentials of clients: in envelopes, never returned, shown as dots."""

    session: AsyncSession
    tenant_id: UUID
    envelope: Envelope

    @property
    def rows(self) -> TenantRepository[ClientCredential]:
        return TenantRepository(self.session, self.tenant_id, ClientCredential)

    async def of_client(self, client_id: UUID) -> Sequence[ClientCredential]:
        query = self.rows.select().where(ClientCredential.client_id == client_id).order_by(ClientCredential.channel)
        rows: Sequence[ClientCredential] = (await self.session.scalars(query)).all()
        return rows

    async def find(self, client_id: UUID, channel: str) -> ClientCredential | None:
        return await self.rows.find_by(ClientCredential.client_id == client_id, ClientCredential.channel == channel)

    def read(self, row: ClientCredential) -> dict[str, str]:
        """The values themselves, for the adapter of the channel."""
        opened: dict[str, str] = orjson.loads(self.envelope.decrypt(row.fields, self._place(row)))
        return opened

    async def write(self, client_id: UUID, channel: str, given: Mapping[str, str | None]) -> ClientCredential:
        """Change the fields that are given; null removes one.

        Raises:
            InvalidInput: the platform has no such field, or a value has not its form.
        """
        form = form_of(channel)
        check_fields(form, given)
        row = await self.rows.find_by(ClientCredential.client_id == client_id, ClientCredential.channel == channel)
        values = self.read(row) if row is not None else {}
        values = {**values, **{name: value.strip() for name, value in given.items() if value is not None}}
        values = {name: value for name, value in values.items() if given.get(name, "") is not None}
        new = row is None
        if row is None:
            row = ClientCredential(id=uuid7(), client_id=client_id, channel=channel)
        row.fields = self.envelope.encrypt(orjson.dumps(values).decode(), self._place(row))
        row.hints = {name: shown(form, name, value) for name, value in values.items()}
        row.updated_at = sa.func.now()
        if not new:
            return await self.rows.save(row)
        try:
            return await self.rows.add(row)
        except UniqueViolation as exc:
            raise InvalidInput(
                reason=sentence("Somebody else has just saved these credentials; look at them again.")
            ) from exc

    def _place(self, row: ClientCredential) -> Place:
        return Place(str(self.tenant_id), "client_credentials", "fields", str(row.id))


WRONG_FORM = sentence("{label}: this does not look right. Copy it again from {platform}, all of it.")
WRONG_FORM_WITH_HINT = sentence("{label}: this does not look right ({hint}). Copy it again from {platform}, all of it.")


def form_of(channel: str) -> CredentialForm:
    form = FORM_OF.get(channel)
    if form is None:
        raise NotFound(what="platform")
    return form


def missing(channel: str, hints: Mapping[str, Any]) -> list[str]:
    return [field.name for field in form_of(channel).fields if field.required and field.name not in hints]


def shown(form: CredentialForm, name: str, value: str) -> str:
    """A value as it may be shown: secrets as dots with their end."""
    secret = next((field.secret for field in form.fields if field.name == name), True)
    if not secret:
        return value
    return DOTS + (value[-SHOWN:] if len(value) >= LONG_ENOUGH_TO_SHOW else "")


def check_fields(form: CredentialForm, given: Mapping[str, str | None]) -> None:
    """Refuse fields that a platform does not have.

    Raises:
        InvalidInput: the platform has no such field, or a value has not its form.
    """
    known = {field.name: field for field in form.fields}
    for name, value in given.items():
        field = known.get(name)
        if field is None:
            said = sentence(
                "{platform} has no field {name}; it has {known}.", platform=form.name, name=name, known=", ".join(known)
            )
            raise InvalidInput(reason=said)
        if value is not None and field.pattern and not re.fullmatch(field.pattern, value.strip()):
            template = WRONG_FORM_WITH_HINT if field.hint else WRONG_FORM
            said = sentence(template, label=field.label, hint=field.hint, platform=form.name)
            raise InvalidInput(reason=said)
