"""Reading what platforms send and answer, without trusting its shape."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import orjson

from shopwright.channels.port import ApiResponse, BadPayload, Outcome, Rejected, RetryAfter, Sent
from shopwright.kit.sentences import sentence

_TOO_MANY: Final = 429
_TRANSIENT: Final = frozenset({408, 409, 425})
_DENIED: Final = frozenset({401, 403})


@contextmanager
def reading() -> Iterator[None]:
    """Turn whatever a wrong shape causes into the one error for it.

    Raises:
        BadPayload: something is missing, or of another kind than documented.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError) as exc:
        raise BadPayload from exc


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body.

    Raises:
        ValueError: it is not one.
    """
    found = orjson.loads(body)
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004 - the payload is wrong, not the program
    return found


def words(value: Any) -> str:
    """A text of a payload, without what the database refuses. A number is its digits; None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError("not a text")
    return str(value).replace("\0", "")


def moment(value: Any, *, per_second: int = 1) -> datetime | None:
    """A time as seconds since 1970 (or parts of them)."""
    return datetime.fromtimestamp(float(value) / per_second, UTC) if value else None


def answer_of(response: ApiResponse) -> dict[str, Any]:
    """The JSON object a platform answered, or an empty one."""
    try:
        return read_object(response.body)
    except ValueError:
        return {}


def retry_seconds(headers: Mapping[str, str]) -> float | None:
    """What `Retry-After` says: seconds, or a date, which is compared with the answer's own."""
    value = headers.get("retry-after", "").strip()
    try:
        if value.replace(".", "", 1).isdigit():
            return float(value)
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(headers["date"])
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, KeyError, TypeError):
        return None


def explain_status(response: ApiResponse, reason: str = "", *, code: str = "", message_id: str = "") -> Outcome:
    """What a status means on every platform; `reason` is what the platform said."""
    reason = reason or sentence("The platform answered {status}.", status=response.status)
    if response.status < 300:
        return Sent(message_id)
    if response.status == _TOO_MANY or response.status in _TRANSIENT or response.status >= 500:
        return RetryAfter(reason, retry_seconds(response.headers))
    return Rejected(reason, code or str(response.status), account=response.status in _DENIED)
