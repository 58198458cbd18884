"""What long-lived processes do with their memory."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager


def give_back() -> None:
    """Return heap pages, free but kept by the C library for later, to the system.

    Costs some milliseconds, so call it when idle.
    """
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except AttributeError:  # not glibc
        return


@contextmanager
def loading_code() -> Iterator[None]:
    """Import modules within: they live as long as the process, so nobody looks for garbage among them.

    Not meanwhile, which makes the import of the application an eighth shorter, and never later.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
