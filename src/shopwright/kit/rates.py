"""Rate limits: in this process by default, shared over processes when Redis is set. One interface for both."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from shopwright.kit.errors import TooManyRequests

MAX_KEYS = 100_000
# Up to here each accepted request is remembered and the limit is exact; above, two counters are kept.
EXACT_UP_TO = 1_000
# Of each process to the shared store.
MAX_CONNECTIONS, MAX_WAIT_SECONDS = 32, 0.5


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` in any `seconds`."""

    count: int
    seconds: int
    name: str


class Limiter(Protocol):
    async def take(self, key: str, rate: Rate) -> float | None:
        """Count one request; returns None when it is within the rate, else the seconds to wait."""


class MemoryLimiter:
    """A moving window per key. The keys used longest ago are forgotten when there are too many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._exact: OrderedDict[str, deque[float]] = OrderedDict()
        self._counts: OrderedDict[str, tuple[int, int, int]] = OrderedDict()

    async def take(self, key: str, rate: Rate) -> float | None:
        key = f"{key}|{rate.seconds}"
        return self._take_exact(key, rate) if rate.count <= EXACT_UP_TO else self._take_counted(key, rate)

    def _take_exact(self, key: str, rate: Rate) -> float | None:
        now = self._clock()
        times = self._exact.setdefault(key, deque())
        self._exact.move_to_end(key)
        while len(self._exact) > MAX_KEYS:
            self._exact.popitem(last=False)
        while times and times[0] <= now - rate.seconds:
            times.popleft()
        if len(times) >= rate.count:
            return times[0] + rate.seconds - now
        times.append(now)
        return None

    def _take_counted(self, key: str, rate: Rate) -> float | None:
        window, inside = divmod(self._clock(), rate.seconds)
        at, current, before = self._counts.get(key, (int(window), 0, 0))
        if at != int(window):
            at, current, before = int(window), 0, current if at == int(window) - 1 else 0
        used = current + before * (1 - inside / rate.seconds)
        if used + 1 > rate.count:
            return rate.seconds - inside
        self._counts[key] = (at, current + 1, before)
        self._counts.move_to_end(key)
        while len(self._counts) > MAX_KEYS:
            self._counts.popitem(last=False)
        return None


class RedisLimiter:
    """The same windows in Redis, for several processes."""

    def __init__(self, url: str) -> None:
        from limits.aio.storage import RedisStorage
        from limits.aio.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter
        from redis.asyncio import BlockingConnectionPool

        # A store that is slow counts as away: nobody's answer waits for it longer than this.
        self._pool = BlockingConnectionPool.from_url(
            url,
            max_connections=MAX_CONNECTIONS,
            timeout=MAX_WAIT_SECONDS,
            socket_timeout=MAX_WAIT_SECONDS,
            socket_connect_timeout=MAX_WAIT_SECONDS,
        )
        storage = RedisStorage(f"async+{url}", implementation="redispy", connection_pool=self._pool)  # type: ignore[arg-type]
        self._exact = MovingWindowRateLimiter(storage)
        self._counted = SlidingWindowCounterRateLimiter(storage)

    async def take(self, key: str, rate: Rate) -> float | None:
        from limits import RateLimitItemPerSecond

        item = RateLimitItemPerSecond(rate.count, rate.seconds, namespace="shopwright")
        strategy = self._exact if rate.count <= EXACT_UP_TO else self._counted
        if await strategy.hit(item, key):
            return None
        stats = await strategy.get_window_stats(item, key)
        return max(0.0, float(stats.reset_time) - time.time())

    async def close(self) -> None:
        await self._pool.aclose()


class FallbackLimiter:
    """Redis first; while it is away the limits are kept in this process, so they never fall off."""

    def __init__(self, shared: Limiter, local: Limiter, log: Callable[[str], None]) -> None:
        self._shared, self._local, self._log = shared, local, log
        self._away_until = 0.0

    async def take(self, key: str, rate: Rate) -> float | None:
        if time.monotonic() >= self._away_until:
            try:
                return await self._shared.take(key, rate)
            except Exception as exc:  # noqa: BLE001 - any failure of the shared store has the same answer
                self._away_until = time.monotonic() + 5
                self._log(type(exc).__name__)
        return await self._local.take(key, rate)


async def enforce(limiter: Limiter, *limits: tuple[str, Rate]) -> None:
    """Count one request against several limits.

    Raises:
        TooManyRequests: one of them is used up; `Retry-After` says when to come back.
    """
    for key, rate in limits:
        wait = await limiter.take(key, rate)
        if wait is not None:
            seconds = max(1, math.ceil(wait))
            raise TooManyRequests(
                limit=f"{rate.count} {rate.name}", retry_after=seconds, headers={"Retry-After": str(seconds)}
            )
