"""Rules of deployments. Nothing here knows of HTTP, and nothing here commits."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.registry import CHANNELS
from shopwright.deployments.errors import AlreadyDeployed, CredentialsMissing, UnknownChannel
from shopwright.deployments.live import WEBHOOK_SECRET, empty_fields, sealed_place
from shopwright.deployments.models import Deployment
from shopwright.deployments.schemas import DeploymentCreate, DeploymentUpdate, Reason, Status
from shopwright.kit.crypto import Envelope
from shopwright.kit.db import TenantRepository, UniqueViolation
from shopwright.kit.errors import InvalidInput, NotFound
from shopwright.kit.ids import new_handle, uuid7
from shopwright.kit.notify import notify
from shopwright.kit.sentences import sentence
from shopwright.tenants.clients.forms import FORM_OF
from shopwright.tenants.clients.service import ClientCredentials, check_fields, form_of, shown

NOT_YET = sentence("Not connected yet.")
NO_KEYS = sentence("Do the steps below on the platform's pages, and save the credentials that it gives you.")
# Of the package above this one, which may not be imported.
_BOXES = tuple(sa.table(name, *map(sa.column, ("tenant_id", "deployment_id", "state"))) for name in ("inbox", "outbox"))
# The column of the bot: what is shown of it without asking for deployments.
_SYNC = sa.text(
    "update bots b set deployment_status = coalesce((select jsonb_object_agg(d.channel, jsonb_build_object("
    "'deployment_id', d.id, 'status', d.status, 'reason', d.reason, 'detail', d.detail,"
    " 'registered_at', d.registered_at))"
    " from deployments d where d.tenant_id = b.tenant_id and d.bot_id = b.id and not d.lab), '{}')"
    " where b.tenant_id = :tenant and b.id = :bot"
)


async def set_status(
    session: AsyncSession, tenant_id: UUID, deployment_id: UUID, status: Status, detail: str, reason: Reason = "",
    **values: Any,
) -> None:  # fmt: skip
    """Change how a deployment stands, on its bot too, and tell who looks at it."""
    bot_id = await session.scalar(
        sa.update(Deployment)
        .where(Deployment.tenant_id == tenant_id, Deployment.id == deployment_id)
        .values(status=status, detail=detail, reason=reason, **values)
        .returning(Deployment.bot_id)
        .execution_options(synchronize_session=False)
    )
    if bot_id is not None:
        await session.execute(_SYNC, {"tenant": tenant_id, "bot": bot_id})
        await notify(session, tenant_id, "deployment", id=deployment_id, bot_id=bot_id, status=status)


@dataclass(frozen=True, slots=True)
class Deployments:
    session: AsyncSession
    tenant_id: UUID
    envelope: Envelope

    @property
    def rows(self) -> TenantRepository[Deployment]:
        return TenantRepository(self.session, self.tenant_id, Deployment)

    async def get(self, deployment_id: UUID) -> Deployment:
        row = await self.rows.find(deployment_id)
        if row is None:
            raise NotFound(what="deployment")
        return row

    async def create(
        self, bot_id: UUID, new: DeploymentCreate, *, lab: bool = False, deployment_id: UUID | None = None
    ) -> Deployment:
        """Put a bot on a platform, or on its emulator in the lab, with the client's credentials unless some are given.

        Raises:
            NotFound: no such bot.
            UnknownChannel: there is no such platform.
            CredentialsMissing: a field of the credentials is empty.
            AlreadyDeployed: the bot is there already.
        """
        client_id = await self.client_of(bot_id)
        if new.channel not in CHANNELS or new.channel not in FORM_OF:
            raise UnknownChannel(channel=new.channel, known=", ".join(sorted(CHANNELS)))
        fields = None
        if new.fields is not None:
            fields = {name: value.get_secret_value().strip() for name, value in new.fields.items()}
            check_fields(form_of(new.channel), fields)
        values = fields if fields is not None else await self._of_client(client_id, new.channel)
        reason, detail = _first(new.channel, values)
        row = Deployment(
            id=deployment_id or uuid7(), bot_id=bot_id, client_id=client_id, channel=new.channel, lab=lab,
            detail=detail, reason=reason, token=new_handle(self.tenant_id), settings=new.settings.model_dump(),
            token_expires_at=new.token_expires_at,
        )  # fmt: skip
        self._seal(row, fields, secrets.token_urlsafe(32))
        try:
            row = await self.rows.add(row)
        except UniqueViolation as exc:
            raise AlreadyDeployed(name=form_of(new.channel).name) from exc
        await set_status(self.session, self.tenant_id, row.id, "pending", detail, reason)
        return row

    async def update(self, row: Deployment, change: DeploymentUpdate) -> Deployment:
        """Change a deployment in place; new credentials are tried when it is connected again.

        Raises:
            InvalidInput: a field that the platform does not have, or that has not its form; or credentials of the lab.
        """
        if row.lab and change.fields is not None:
            reason = sentence("The lab made the credentials of this deployment; they stay as they are.")
            raise InvalidInput(reason=reason)
        if change.fields is not None:
            given = {name: value.get_secret_value().strip() for name, value in change.fields.items()}
            check_fields(form_of(row.channel), given)
            sealed = self._open(row)
            fields = {**(sealed["fields"] or {}), **given}
            _complete(row.channel, fields)
            self._seal(row, fields, sealed[WEBHOOK_SECRET])
        if change.settings is not None:
            row.settings = change.settings.model_dump()
        if "token_expires_at" in change.model_fields_set:
            row.token_expires_at = change.token_expires_at
        return await self.rows.save(row)

    async def delete(self, row: Deployment) -> None:
        bot_id, deployment_id = row.bot_id, row.id
        await self.rows.delete(row)
        await self.session.execute(_SYNC, {"tenant": self.tenant_id, "bot": bot_id})
        await notify(self.session, self.tenant_id, "deployment", id=deployment_id, bot_id=bot_id, status="deleted")

    async def dead_letters(self, ids: Sequence[UUID]) -> dict[UUID, int]:
        """How many messages of each could not be answered or delivered."""
        found: dict[UUID, int] = dict.fromkeys(ids, 0)
        dead = [
            sa.select(box.c.deployment_id, sa.func.count().label("letters"))
            .where(box.c.tenant_id == self.tenant_id, box.c.state == "dead", box.c.deployment_id.in_(ids))
            .group_by(box.c.deployment_id)
            for box in _BOXES
        ]
        for deployment_id, letters in await self.session.execute(sa.union_all(*dead)):
            found[deployment_id] += letters
        return found

    async def client_of(self, bot_id: UUID) -> UUID | None:
        bots = sa.table("bots", sa.column("id"), sa.column("tenant_id"), sa.column("client_id"))
        found = await self.session.execute(
            sa.select(bots.c.client_id).where(bots.c.tenant_id == self.tenant_id, bots.c.id == bot_id)
        )
        row = found.first()
        if row is None:
            raise NotFound(what="bot")
        client_id: UUID | None = row.client_id
        return client_id

    async def _of_client(self, client_id: UUID | None, channel: str) -> Mapping[str, str]:
        if client_id is None:
            return {}
        row = await ClientCredentials(self.session, self.tenant_id, self.envelope).find(client_id, channel)
        return row.hints if row is not None else {}

    def _open(self, row: Deployment) -> dict[str, Any]:
        opened: dict[str, Any] = orjson.loads(self.envelope.decrypt(row.sealed, sealed_place(self.tenant_id, row.id)))
        return opened

    def _seal(self, row: Deployment, fields: Mapping[str, str] | None, secret: str) -> None:
        text = orjson.dumps({"fields": fields, WEBHOOK_SECRET: secret}).decode()
        row.sealed = self.envelope.encrypt(text, sealed_place(self.tenant_id, row.id))
        form = form_of(row.channel)
        row.hints = {name: shown(form, name, value) for name, value in (fields or {}).items()}


def _first(channel: str, values: Mapping[str, str]) -> tuple[Reason, str]:
    """How a new deployment stands. Only a platform that wants our address first may have no credentials yet."""
    if not values and CHANNELS[channel].address_first:
        return "no_keys", NO_KEYS
    _complete(channel, values)
    return "not_tried", NOT_YET


def _complete(channel: str, values: Mapping[str, str]) -> None:
    empty = empty_fields(channel, values)
    if empty:
        raise CredentialsMissing(name=form_of(channel).name, missing=", ".join(empty))
