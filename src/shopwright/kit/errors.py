"""What can go wrong, as classes: the status, a stable code, and the first docstring line as the message.

On the wire an error is a problem document (RFC 9457) with `code` and `request_id`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class AppError(Exception):
    """Something went wrong on our side; try again, and tell support the request id if it stays."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(
        self, *, headers: Mapping[str, str] | None = None, members: Mapping[str, str] | None = None, **fields: object
    ) -> None:
        self.fields = fields
        self.members = dict(members or {})  # of the problem document, beside the usual ones
        self.headers = dict(headers or {})
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The first docstring line, with its `{names}` filled from the fields."""
        line = (self.__doc__ or self.code).strip().splitlines()[0]
        return line.format(**self.fields) if self.fields else line

    @classmethod
    def template(cls) -> str:
        return (cls.__doc__ or cls.code).strip().splitlines()[0]


class NotFound(AppError):
    """There is no {what} with this id."""

    status, code = 404, "not_found"


class Unauthenticated(AppError):
    """Sign in, or send a valid key or token in the Authorization header."""

    status, code = 401, "unauthenticated"

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer"})


class Forbidden(AppError):
    """Your role or key does not allow this: {permission} is needed."""

    status, code = 403, "forbidden"


class InvalidInput(AppError):
    """{reason}"""

    status, code = 422, "invalid_input"


class BadRequest(AppError):
    """{reason}"""

    status, code = 400, "bad_request"


class PayloadTooLarge(AppError):
    """The request is larger than {limit} bytes; send less at once."""

    status, code = 413, "payload_too_large"


class TooManyRequests(AppError):
    """Too many requests ({limit}); wait {retry_after} s and try again."""

    status, code = 429, "rate_limited"


class Unavailable(AppError):
    """The service is busy or restarting; try again in {retry_after} s."""

    status, code = 503, "unavailable"

    def __init__(self, retry_after: int = 2) -> None:
        super().__init__(retry_after=retry_after, headers={"Retry-After": str(retry_after)})


class Conflict(AppError):
    """{reason}"""

    status, code = 409, "conflict"


def problem(
    status: int, code: str, detail: str, request_id: str, errors: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Build the problem document of an error."""
    body: dict[str, Any] = {
        "type": f"https://shopwright.example/errors/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id,
    }
    if errors:
        body["errors"] = errors
    return body


def error_responses(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """Declare on a route which errors it may answer, for the OpenAPI document."""
    out: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        entry = out.setdefault(error.status, {"description": "", "content": {"application/problem+json": {}}})
        entry["description"] = f"{entry['description']}\n`{error.code}`: {error.template()}".strip()
    return out
