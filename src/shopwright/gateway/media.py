"""Pictures, voice notes and files of customers: fetched soon after they came, since platforms hand them out for a time.

The conversation names them by id; the bytes are kept beside those of documents and go with the conversation.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.channels.port import Attachment, BadPayload
from shopwright.conversations.models import Attachment as StoredAttachment
from shopwright.deployments.errors import CallRefused, PlatformAway, SignInRefused
from shopwright.deployments.live import LiveDeployment, by_id
from shopwright.gateway.claiming import Claimed
from shopwright.gateway.services import MEDIA, QUEUE, Gateway
from shopwright.kit.files import hold_bytes
from shopwright.kit.jobs import defer
from shopwright.kit.media_types import media_type_of
from shopwright.kit.sentences import sentence

MAX_TRIES = 6
_SOURCE: TypeAdapter[Attachment] = TypeAdapter(Attachment)


class NotFetched(Exception):
    """It cannot be had; the text says why, in plain words."""


def media_of(claimed: Claimed) -> Iterator[tuple[UUID, Attachment]]:
    """What came with a turn, with ids that are the same at each try."""
    for number, attachment in enumerate(claimed.attachments):
        yield uuid5(claimed.turn_key, str(number)), attachment


async def note_media(session: AsyncSession, claimed: Claimed, conversation_id: UUID) -> None:
    """Have what came with a turn fetched, in the transaction that ends its messages."""
    tenant_id, deployment_id = claimed.deployment.tenant_id, claimed.deployment.id
    for id_, attachment in media_of(claimed):
        await session.execute(
            insert(StoredAttachment)
            .values(tenant_id=tenant_id, id=id_, conversation_id=conversation_id, source=asdict(attachment))
            .on_conflict_do_nothing(index_elements=["tenant_id", "id"])
        )
        await defer(
            session, MEDIA, tenant_id=tenant_id, queue=QUEUE, deployment_id=str(deployment_id), attachment_id=str(id_)
        )


async def fetch(
    gateway: Gateway, *, tenant_id: str, deployment_id: str, attachment_id: str, attempt: int = 1, **_: Any
) -> None:
    """Fetch one attachment and keep it, or write down why it cannot be had."""
    tenant, wanted = UUID(tenant_id), UUID(attachment_id)
    async with gateway.db.tenant(tenant) as session, session.begin():
        row = await session.get(StoredAttachment, (tenant, wanted))
        deployment = await by_id(session, gateway.envelope, tenant, UUID(deployment_id))
    if row is None or row.state != "waiting" or row.source is None:
        return
    values: dict[str, Any]
    try:
        if deployment is None:
            raise NotFetched(sentence("The channel it came by is not there any more."))
        data = await _bytes_of(gateway, deployment, _SOURCE.validate_python(row.source))
    except PlatformAway as exc:
        if attempt < MAX_TRIES:
            raise
        data, values = b"", {"state": "failed", "reason": exc.message}
    except (NotFetched, BadPayload, CallRefused, SignInRefused) as exc:
        data, values = b"", {"state": "failed", "reason": getattr(exc, "message", str(exc))}
    else:
        digest = hashlib.sha256(data).hexdigest()
        values = {
            "state": "kept", "digest": digest, "media_type": media_type_of(data), "size_bytes": len(data)
        }  # fmt: skip
    async with gateway.db.tenant(tenant) as session, session.begin():
        if values["state"] == "kept":
            await hold_bytes(session, gateway.files, tenant, values["digest"], data)
        await session.execute(
            sa.update(StoredAttachment)
            .where(StoredAttachment.tenant_id == tenant, StoredAttachment.id == wanted)
            .values(source=None, **values)
        )
    if deployment is not None:
        gateway.tell(deployment, row.conversation_id)


async def _bytes_of(gateway: Gateway, deployment: LiveDeployment, attachment: Attachment) -> bytes:
    """Ask where it is, when the platform wants that, and fetch it.

    Raises:
        NotFetched: the platform does not hand it out, or it is too large.
        BadPayload, CallRefused, PlatformAway, SignInRefused: see `Platforms`.
    """
    limit = gateway.max_file_bytes
    if attachment.size_bytes is not None and attachment.size_bytes > limit:
        raise NotFetched(_too_large(limit))
    channel = await gateway.platforms.signed_in(deployment)
    for _ in range(2):
        calls = channel.fetch_media(attachment)
        if not calls:
            raise NotFetched(sentence("{platform} does not hand it out.", platform=channel.name))
        response = await gateway.platforms.call(channel, calls[0], limit)
        if response.status == 429 or response.status >= 500:
            raise PlatformAway(reason=str(response.status))
        if response.status >= 400:
            said = sentence("{platform} did not hand it out ({status}).", platform=channel.name, status=response.status)
            raise NotFetched(said)
        if calls[0].purpose != "locate":
            if len(response.body) > limit:
                raise NotFetched(_too_large(limit))
            return response.body
        attachment = channel.locate_media(attachment, response)
    raise NotFetched(sentence("{platform} did not say where it is.", platform=channel.name))


def _too_large(limit: int) -> str:
    return sentence("It is larger than {limit} MB.", limit=limit // (1024 * 1024))
