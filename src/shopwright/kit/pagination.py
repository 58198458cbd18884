"""Cursors: the place in a list where the next page begins, as one opaque word."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shopwright.kit.errors import InvalidInput
from shopwright.kit.sentences import sentence

MAX_LIMIT = 200
Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]
CursorText = Annotated[str | None, Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class Cursor:
    created_at: datetime
    id: UUID


def encode_cursor(cursor: Cursor) -> str:
    raw = f"{cursor.created_at.isoformat()}|{cursor.id}"
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode_cursor(text: str) -> Cursor:
    """Read a cursor back.

    Raises:
        InvalidInput: it is not one of ours.
    """
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        at, _, row_id = raw.partition("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError
        return Cursor(moment, UUID(row_id))
    except (ValueError, binascii.Error, UnicodeDecodeError):
        raise InvalidInput(
            reason=sentence("The cursor is not one this list gave out; start again without it.")
        ) from None
