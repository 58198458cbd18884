"""A create call that is sent again with its `Idempotency-Key` gets its first answer, and is not done twice."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.crypto import Envelope, Place
from shopwright.kit.errors import Conflict, InvalidInput
from shopwright.kit.sentences import sentence
from shopwright.tenants.models import AdminIdempotencyRecord, IdempotencyRecord
from shopwright.tenants.principals import Principal

MAX_KEY = 200
PART_BYTES = 1024 * 1024


class IdempotencyKeyReused(InvalidInput):
    """This Idempotency-Key was used for another request; use a new one."""

    code = "idempotency_key_reused"


class IdempotencyKeyInUse(Conflict):
    """A request with this Idempotency-Key is still running; try again in a moment."""

    code = "idempotency_key_in_use"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that has not been answered before. `owner` is whose key it is: a tenant's, or an administrator's."""

    owner: UUID
    of_admin: bool
    key: str
    fingerprint: str

    @property
    def place(self) -> Place:
        table = "admin_idempotency_keys" if self.of_admin else "idempotency_keys"
        return Place(str(self.owner), table, "body", self.key)


async def replay_of(
    request: Request, session: AsyncSession, principal: Principal, envelope: Envelope
) -> Response | Attempt | None:
    """The answer that this very call got before; what to remember it by when it got none; None without a key.

    Raises:
        InvalidInput: the key has not its form.
        IdempotencyKeyReused: the key belongs to another call.
    """
    key = request.headers.get("idempotency-key")
    of_admin = principal.kind == "admin"
    owner = UUID(principal.id) if of_admin else principal.tenant_id
    if key is None or request.method != "POST" or owner is None:
        return None
    if not 1 <= len(key) <= MAX_KEY or not key.isprintable():
        raise InvalidInput(reason=sentence("An Idempotency-Key has 1 to {limit} printable characters.", limit=MAX_KEY))
    digest = hashlib.sha256(f"{principal.id}|{request.method}|{request.url.path}|".encode())
    async for part in _content(request):
        digest.update(part)
    attempt = Attempt(owner, of_admin, key, digest.hexdigest())
    saved = (await session.execute(_saved(attempt))).first()
    if saved is None:
        return attempt
    await request.close()  # the files of a form, which nobody reads now
    if saved.fingerprint != attempt.fingerprint:
        raise IdempotencyKeyReused
    text = envelope.decrypt(saved.body, attempt.place)
    return Response(text, saved.status, {"Idempotent-Replayed": "true"}, media_type="application/json")


async def remember(session: AsyncSession, attempt: Attempt, response: Response, envelope: Envelope) -> None:
    """Keep the answer to a call in the transaction of what it did.

    Raises:
        IdempotencyKeyInUse: the same call was answered a moment ago.
    """
    if response.status_code >= 300 or isinstance(response, StreamingResponse):
        return
    values: dict[str, Any] = {
        "key": attempt.key, "fingerprint": attempt.fingerprint, "status": response.status_code,
        "body": envelope.encrypt(bytes(response.body).decode(), attempt.place),
    }  # fmt: skip
    if attempt.of_admin:
        session.add(AdminIdempotencyRecord(admin_id=attempt.owner, **values))
    else:
        session.add(IdempotencyRecord(tenant_id=attempt.owner, **values))
    try:
        await session.flush()
    except IntegrityError:
        raise IdempotencyKeyInUse(reason="") from None


def _saved(attempt: Attempt) -> sa.Select[str, int, str]:
    table = AdminIdempotencyRecord if attempt.of_admin else IdempotencyRecord
    mine = AdminIdempotencyRecord.admin_id if attempt.of_admin else IdempotencyRecord.tenant_id
    return sa.select(table.fingerprint, table.status, table.body).where(mine == attempt.owner, table.key == attempt.key)


async def _content(request: Request) -> AsyncIterator[bytes]:
    """What a request brings. The parts of a form without what stands between them, which differs on each try."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        yield await request.body()
        return
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            yield f"|{name}|{value}".encode("utf-8", "replace")
            continue
        yield f"|{name}|{value.filename}|{value.size}|".encode("utf-8", "replace")
        while part := await value.read(PART_BYTES):
            yield part
        await value.seek(0)
