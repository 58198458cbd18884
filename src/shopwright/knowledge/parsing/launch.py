"""How the process that forks parsers is started."""

import sys
from pathlib import Path

_PACKAGE = "shopwright.knowledge.parsing"


def command() -> list[str]:
    """The command line; `-P` keeps the current folder out of the import path."""
    return [sys.executable, "-P", "-m", f"{_PACKAGE}.zygote"]


def environment() -> dict[str, str]:
    """All that the process gets to know: where this package lies, and no setting or secret of the server."""
    root = Path(__file__).resolve().parents[_PACKAGE.count(".") + 1]
    # one arena, so that the limit of address space is used for data and not for reserve
    return {"PYTHONPATH": str(root), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
