"""How the Bot API answers. Source: https://core.telegram.org/bots/api#making-requests."""

from typing import Any

from shopwright.lab.base import Answer


def ok(result: Any) -> Answer:
    return Answer({"ok": True, "result": result})


def refused(why: str) -> Answer:
    return Answer({"ok": False, "error_code": 400, "description": f"Bad Request: {why}"}, 400)


def forbidden(why: str) -> Answer:
    return Answer({"ok": False, "error_code": 403, "description": f"Forbidden: {why}"}, 403)


def unauthorized() -> Answer:
    return Answer({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)


def not_found() -> Answer:
    return Answer({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
