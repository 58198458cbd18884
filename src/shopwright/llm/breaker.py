"""Remember which providers fail, so that a customer does not wait for one that is known to be down."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

FAILURES: Final = 3
WINDOW_SECONDS: Final = 30.0
OPEN_SECONDS: Final = 10.0
MAX_KEPT: Final = 2000


@dataclass(slots=True)
class _State:
    failures: int = 0
    first_failure_at: float = 0.0
    opened_at: float | None = None
    probing: bool = False


class CircuitBreakers:
    """One breaker for each provider, model and credentials of this process.

    Three failures in a row within 30 s open it; after 10 s one call is let through to try, and its result
    closes or opens it again. A state that was not used for long is dropped when there are too many.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._states: OrderedDict[str, _State] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Whether a call may be made now; a `True` must be followed by one of the three below."""
        state = self._states.get(key)
        if state is None or state.opened_at is None:
            return True
        if state.probing or self._clock() - state.opened_at < OPEN_SECONDS:
            return False
        state.probing = True
        return True

    def succeeded(self, key: str) -> None:
        self._states.pop(key, None)

    def failed(self, key: str) -> bool:
        """Note that the provider was busy or down; returns whether the breaker is open now."""
        now = self._clock()
        state = self._states.setdefault(key, _State())
        self._states.move_to_end(key)
        if len(self._states) > MAX_KEPT:
            self._states.popitem(last=False)
        if state.failures and now - state.first_failure_at > WINDOW_SECONDS and not state.probing:
            state.failures = 0
        if state.failures == 0:
            state.first_failure_at = now
        state.failures += 1
        if state.probing or state.failures >= FAILURES:
            state.opened_at, state.probing = now, False
        return state.opened_at is not None

    def released(self, key: str) -> None:
        """Note that a call ended without showing whether the provider works: closed, or refused."""
        state = self._states.get(key)
        if state is not None:
            state.probing = False
