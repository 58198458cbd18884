"""Places where a test may kill the process, to prove that nothing is lost there. They do nothing otherwise.

`SHOPWRIGHT_FAILPOINTS=ingest.embedded=<file>` kills the process there, once (the file remembers it); with `!`
after the name it is stopped (SIGSTOP) instead. Production refuses to start with it.
"""

import os
import signal

ENVIRONMENT = "SHOPWRIGHT_FAILPOINTS"


def failpoint(name: str) -> None:
    planned = os.environ.get(ENVIRONMENT)
    if not planned:
        return
    for entry in planned.split(","):
        where, _, flag = entry.partition("=")
        if where.rstrip("!") == name and _first_time(flag):
            os.kill(os.getpid(), signal.SIGSTOP if where.endswith("!") else signal.SIGKILL)


def _first_time(flag: str) -> bool:
    """With a path as flag the process is killed once; the file remembers it."""
    if not flag:
        return True
    try:
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    return True
