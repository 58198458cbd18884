"""A deployment as the gateway needs it: with its credentials opened, loaded by one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.port import Credentials
from shopwright.kit.crypto import Envelope
from shopwright.kit.crypto import Place as EnvelopePlace
from shopwright.tenants.clients.forms import FORM_OF

_LOAD = (
    "select d.*, b.is_active as bot_is_active, b.client_id as bot_client_id, c.id as credential_id,"
    " c.fields as client_fields from deployments d join bots b on b.tenant_id = d.tenant_id and b.id = d.bot_id"
    " join tenants t on t.id = d.tenant_id and t.is_active"
    " left join client_credentials c on c.tenant_id = d.tenant_id and c.client_id = d.client_id"
    " and c.channel = d.channel where d.tenant_id = :tenant"
)
_BY_ID, _BY_TOKEN = sa.text(f"{_LOAD} and d.id = :id"), sa.text(f"{_LOAD} and d.token = :token")
# Ends the account of people who are played in the lab; no public number or address of a platform has a space in it.
OF_THE_LAB = " (lab)"
# What we made ourselves, for platforms that sign with a word of ours; forms let people leave these empty.
WEBHOOK_SECRET = "webhook_secret"  # noqa: S105 - the name of a field
_FILLED_WHEN_EMPTY = ("verify_token", "secret")


@dataclass(frozen=True, slots=True)
class LiveDeployment:
    tenant_id: UUID
    id: UUID
    bot_id: UUID
    client_id: UUID | None
    channel: str
    status: str
    token: str
    account: str
    credentials: Credentials
    webhook_secret: str = field(repr=False)
    settings: dict[str, Any] = field(default_factory=dict)
    # The bot was given to another client since: it must be connected again.
    moved: bool = False
    bot_is_active: bool = True
    # Some platforms want our address before they give their credentials.
    has_credentials: bool = True
    # An account of the channel lab.
    lab: bool = False

    @property
    def receives(self) -> bool:
        return self.status != "disabled" and not self.moved and self.has_credentials


def sealed_place(tenant_id: UUID, deployment_id: UUID) -> EnvelopePlace:
    return EnvelopePlace(str(tenant_id), "deployments", "sealed", str(deployment_id))


async def by_id(
    session: AsyncSession, envelope: Envelope, tenant_id: UUID, deployment_id: UUID
) -> LiveDeployment | None:
    row = (await session.execute(_BY_ID, {"tenant": tenant_id, "id": deployment_id})).first()
    return None if row is None else _live(row, envelope)


async def by_token(session: AsyncSession, envelope: Envelope, tenant_id: UUID, token: str) -> LiveDeployment | None:
    row = (await session.execute(_BY_TOKEN, {"tenant": tenant_id, "token": token})).first()
    return None if row is None else _live(row, envelope)


def _live(row: Any, envelope: Envelope) -> LiveDeployment:
    """Open the credentials.

    Raises:
        CannotDecrypt: they were written with another master key.
    """
    sealed = orjson.loads(envelope.decrypt(row.sealed, sealed_place(row.tenant_id, row.id)))
    values: dict[str, str] = sealed["fields"] or {}
    if sealed["fields"] is None and row.client_fields is not None:
        place = EnvelopePlace(str(row.tenant_id), "client_credentials", "fields", str(row.credential_id))
        values = orjson.loads(envelope.decrypt(row.client_fields, place))
    secret = sealed[WEBHOOK_SECRET]
    return LiveDeployment(
        tenant_id=row.tenant_id, id=row.id, bot_id=row.bot_id, client_id=row.client_id, channel=row.channel,
        status=row.status, token=row.token, account=account_of(row.channel, values, row.client_id, lab=row.lab),
        credentials=completed(row.channel, values, secret), webhook_secret=secret, settings=row.settings,
        moved=row.client_id != row.bot_client_id, bot_is_active=row.bot_is_active,
        has_credentials=not empty_fields(row.channel, values),
        lab=row.lab,
    )  # fmt: skip


def empty_fields(channel: str, values: Mapping[str, str]) -> list[str]:
    """What a platform needs and is not there, by the labels of its form."""
    form = FORM_OF.get(channel)
    return [field.label for field in form.fields if field.required and not values.get(field.name)] if form else []


def completed(channel: str, values: dict[str, str], secret: str) -> Credentials:
    """Credentials with what we make ourselves where people left it empty."""
    names = {form_field.name for form_field in FORM_OF[channel].fields} if channel in FORM_OF else set()
    made = {name: secret for name in _FILLED_WHEN_EMPTY if name in names and not values.get(name)}
    return Credentials({**values, **made, WEBHOOK_SECRET: secret})


def account_of(channel: str, values: dict[str, str], client_id: UUID | None, *, lab: bool = False) -> str:
    """Which account of ours it is: its public number where there is one. Platforms name people for an account.

    People of the lab are nobody of a platform.
    """
    form = FORM_OF.get(channel)
    public = next((values[f.name] for f in form.fields if not f.secret and values.get(f.name)), "") if form else ""
    return f"{client_id or ''}/{public}{OF_THE_LAB if lab else ''}"
