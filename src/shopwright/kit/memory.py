"""Memory that is free but kept by the C library for later; a server that waits gives it back."""

import ctypes


def give_back() -> None:
    """Return free heap pages to the system; costs some milliseconds, so call it when idle."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except AttributeError:  # not glibc
        return
