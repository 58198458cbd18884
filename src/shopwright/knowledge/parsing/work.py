"""The kinds of work that are done on bytes from outside, each a function from bytes to a JSON value."""

import importlib
from collections.abc import Callable
from typing import Any

from shopwright.knowledge.parsing.types import Limits

Work = Callable[[bytes, str, Limits], dict[str, Any]]

# kind -> module beside this one and function; imported by the process that forks
_WORK: dict[str, tuple[str, str]] = {
    "document": ("extracting", "document_work"),
    "page": ("pages", "page_work"),
    "picture": ("pictures", "picture_work"),
}
DOCUMENT_KINDS = ("document", "page")
PICTURE_KINDS = ("picture",)


def find_work(kind: str) -> Work:
    """The function that does this kind of work."""
    module, function = _WORK[kind]
    work: Work = getattr(importlib.import_module(f"shopwright.knowledge.parsing.{module}"), function)
    return work
