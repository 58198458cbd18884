"""Names of rows: time-ordered UUIDs (version 7), so that new rows lie together in their index. And handles."""

import base64
import os
import secrets
import time
from uuid import UUID

_RANDOM_BYTES = 16


def uuid7() -> UUID:
    """Return a UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def new_handle(tenant_id: UUID) -> str:
    """A public name that cannot be guessed and tells its tenant, so that it can be looked up under its policy."""
    return handle_of(secrets.token_bytes(_RANDOM_BYTES), tenant_id)


def handle_of(secret: bytes, tenant_id: UUID) -> str:
    """The same from bytes that nobody can guess; the first 16 count."""
    return base64.urlsafe_b64encode(secret[:_RANDOM_BYTES] + tenant_id.bytes).decode().rstrip("=")


def tenant_of_handle(handle: str) -> UUID | None:
    """The tenant of a name made by `new_handle`, or None for anything else."""
    try:
        raw = base64.urlsafe_b64decode(handle + "=" * (-len(handle) % 4))
    except ValueError:
        return None
    return UUID(bytes=raw[_RANDOM_BYTES:]) if len(raw) == 2 * _RANDOM_BYTES else None
