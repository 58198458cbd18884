"""Passwords: Argon2id in a small pool of threads, so that a flood of log-ins cannot stop the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shopwright.kit.errors import InvalidInput, TooManyRequests
from shopwright.kit.sentences import sentence

T = TypeVar("T")

MAX_WAITING = 32
MIN_DIFFERENT = 4


class WeakPassword(InvalidInput):
    """{reason}"""

    code = "weak_password"


@cache
def _common() -> frozenset[str]:
    return frozenset(files("shopwright.kit").joinpath("common_passwords.txt").read_text().split())


def check_new_password(password: str, email: str) -> None:
    """Refuse a password that is tried first by whoever guesses. Its length is checked where it comes in.

    Raises:
        WeakPassword: it is among the commonest, of few different characters, or the e-mail address.
    """
    text = password.lower().strip()
    if text in _common() or len(set(text)) < MIN_DIFFERENT or text in "01234567890123456789":
        raise WeakPassword(reason=sentence("This password is among the first that are guessed; choose another one."))
    if text in {email.lower(), email.lower().partition("@")[0]}:
        raise WeakPassword(reason=sentence("The password must not be the e-mail address; choose another one."))


class Passwords:
    """Hashes and checks; at most two at a time, and a bounded queue behind them."""

    def __init__(self, *, time_cost: int = 2, memory_kib: int = 19_456) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="passwords")
        self._waiting = 0
        # Checked when no such person exists, so that both cases take the same time.
        self._decoy = self._hasher.hash("no such person")

    async def hash(self, password: str) -> str:
        return await self._run(self._hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Check a password; with nothing stored it takes as long and is False."""
        return await self._run(self._check, stored, password)

    def _check(self, stored: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(stored or self._decoy, password) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, function: Callable[..., T], *args: str | None) -> T:
        if self._waiting >= MAX_WAITING:
            raise TooManyRequests(limit="sign-ins", retry_after=2, headers={"Retry-After": "2"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
