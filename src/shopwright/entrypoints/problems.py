"""Errors on the wire: problem documents, the same for all routes, without anything of the inside."""

from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from shopwright.entrypoints.field_errors import field_message
from shopwright.kit.errors import AppError, Unavailable, problem
from shopwright.kit.logs import get_logger
from shopwright.kit.sentences import sentence

log = get_logger("shopwright.api")
CODES = {
    400: "bad_request",
    404: "no_such_path",
    405: "method_not_allowed",
    413: "payload_too_large",
    415: "unsupported_media_type",
}
MAX_ERRORS = 20


def request_id_of(request: Request) -> str:
    return str(getattr(request.state, "request_id", ""))


def respond(
    request: Request,
    status: int,
    code: str,
    detail: str,
    headers: dict[str, str] | None = None,
    errors: list[dict[str, Any]] | None = None,
    members: dict[str, str] | None = None,
) -> Response:
    body = orjson.dumps({**problem(status, code, detail, request_id_of(request), errors), **(members or {})})
    return Response(body, status, headers, media_type="application/problem+json")


async def app_error(request: Request, exc: Exception) -> Response:
    error = exc if isinstance(exc, AppError) else AppError()
    if error.status >= 500:
        log.warning("app_error", code=error.code, status=error.status)
    return respond(request, error.status, error.code, error.message, error.headers, members=error.members)


async def invalid_request(request: Request, exc: Exception) -> Response:
    """Say which field is wrong and why; the given value is not repeated."""
    found = exc.errors() if isinstance(exc, RequestValidationError) else []
    errors = [
        {"field": ".".join(_clean(part) for part in error["loc"]), "message": _clean(field_message(error))}
        for error in found[:MAX_ERRORS]
    ]
    first = errors[0] if errors else {"field": "body", "message": sentence("It cannot be read.")}
    detail = f"{first['field']}: {first['message']}"
    return respond(request, 422, "invalid_request", detail, errors=errors)


def _clean(text: object) -> str:
    return str(text).encode("utf-8", "replace").decode().replace("\x00", "")[:300]


async def http_error(request: Request, exc: Exception) -> Response:
    status = exc.status_code if isinstance(exc, HTTPException) else 500
    detail = {
        404: sentence("There is nothing at this path; see /docs for what there is."),
        405: sentence("This path does not know this method; see /docs."),
        400: sentence("The body could not be read; send valid JSON, or valid multipart."),
    }.get(status, str(getattr(exc, "detail", "")) or sentence("The request failed."))
    return respond(request, status, CODES.get(status, "http_error"), detail, dict(getattr(exc, "headers", None) or {}))


async def database_error(request: Request, exc: Exception) -> Response:
    """A database that is away or full is 503; a value it cannot hold is the caller's."""
    if isinstance(exc, DataError):
        said = sentence("A value cannot be stored as it is; check numbers and dates.")
        return respond(request, 422, "invalid_input", said)
    away = isinstance(exc, (OperationalError, InterfaceError, PoolTimeout)) or (
        isinstance(exc, DBAPIError) and exc.connection_invalidated
    )
    if away:
        log.warning("database_unavailable", kind=type(exc).__name__)
        return await app_error(request, Unavailable())
    return await unexpected(request, exc)


async def unexpected(request: Request, exc: Exception) -> Response:
    log.error("unexpected_error", exc_info=exc)
    return await app_error(request, AppError())


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(AppError, app_error)
    app.add_exception_handler(RequestValidationError, invalid_request)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(DBAPIError, database_error)
    app.add_exception_handler(PoolTimeout, database_error)
    app.add_exception_handler(Exception, unexpected)
