"""What the emulated platforms remember, in memory and bounded: accounts, their one customer, messages, calls."""

import asyncio
import random
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shopwright.lab.schemas import Fault, FaultKind, LabMessage, LabThread, SeenCall, Violation
from shopwright.lab.text import plain_lines

MAX_ACCOUNTS = 200
MAX_MESSAGES = 300
MAX_CALLS = 50
MAX_VIOLATIONS = 100
MAX_FILES = 20
TYPING_SECONDS = 5.0


@dataclass(slots=True)
class Entry:
    """A message with what its platform keeps of it."""

    shown: LabMessage
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """Bytes that a platform keeps for us or for the customer."""

    id: str
    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class _Planned:
    fault: Fault
    left: int | None
    dice: random.Random


@dataclass(frozen=True, slots=True)
class Payload:
    """A webhook that is to be sent: what is in it, and whether it only reports on a message of ours."""

    body: Any
    about: str
    receipt: bool = False


@dataclass(slots=True)
class Account:
    """Our account on one platform, and the one customer who writes to it."""

    id: str
    channel: str
    name: str
    credentials: dict[str, str] = field(repr=False)
    # Where its platform's servers are in the lab, for addresses of files.
    home: str = ""
    customer: str = ""
    entries: list[Entry] = field(default_factory=list)
    violations: deque[Violation] = field(default_factory=lambda: deque(maxlen=MAX_VIOLATIONS))
    calls: deque[SeenCall] = field(default_factory=lambda: deque(maxlen=MAX_CALLS))
    # Where webhooks go, as the registration calls left it.
    webhook: dict[str, Any] = field(default_factory=dict, repr=False)
    # What only the emulator of its platform knows.
    state: dict[str, Any] = field(default_factory=dict)
    files: "OrderedDict[str, File]" = field(default_factory=OrderedDict)
    # Webhooks that a call of ours gave rise to, sent when it is answered.
    reports: list[Payload] = field(default_factory=list)
    blocked: bool = False
    # How far the platform's clock is ahead of ours here.
    ahead: timedelta = timedelta()
    last_inbound: datetime | None = None
    version: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _typing_until: float = 0.0
    _faults: list[_Planned] = field(default_factory=list)
    _wake: asyncio.Event | None = None

    # ---- the thread ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Let a new customer come, who has said nothing yet."""
        self.customer = str(secrets.randbelow(9 * 10**9) + 10**9)
        self.entries.clear()
        self.files.clear()
        self.violations.clear()
        self.calls.clear()
        self.reports.clear()
        self.blocked, self.last_inbound, self._typing_until, self.ahead = False, None, 0.0, timedelta()
        self.changed()

    def show(self, message: LabMessage, raw: dict[str, Any] | None = None) -> Entry:
        entry = Entry(message, raw or {})
        self.entries.append(entry)
        del self.entries[:-MAX_MESSAGES]
        if message.sender == "bot":
            self._typing_until = 0.0
        elif message.kind != "note":
            self.last_inbound = message.at + self.ahead
        self.changed()
        return entry

    def find(self, message_id: str) -> Entry | None:
        return next((e for e in reversed(self.entries) if e.shown.id == message_id), None)

    def said_by(self, sender: str) -> list[Entry]:
        return [e for e in self.entries if e.shown.sender == sender and e.shown.kind != "note"]

    def types(self, seconds: float = TYPING_SECONDS) -> None:
        self._typing_until = time.monotonic() + seconds
        self.changed()

    def keep(self, name: str, media_type: str, content: bytes, id_: str = "") -> File:
        file = File(id_ or secrets.token_hex(12), name, media_type, content)
        self.files[file.id] = file
        while len(self.files) > MAX_FILES:
            self.files.popitem(last=False)
        return file

    def window_open(self, hours: int | None) -> bool:
        """Whether free answers are taken, so many hours after the customer wrote."""
        if hours is None:
            return True
        now = datetime.now(UTC) + self.ahead
        return self.last_inbound is not None and now - self.last_inbound < timedelta(hours=hours)

    def let_pass(self, hours: int) -> None:
        """Let so many hours pass for this account, and for nothing else."""
        self.ahead += timedelta(hours=hours)
        said = LabMessage(
            id=f"note-{secrets.token_hex(8)}", sender="customer", at=datetime.now(UTC), kind="note",
            lines=plain_lines(f"{hours} hours pass."),
        )  # fmt: skip
        self.show(said)

    # ---- how we behaved ----------------------------------------------------------------------------------------------

    def violated(self, call: str, problem: str) -> None:
        self.violations.append(Violation(at=datetime.now(UTC), call=call, problem=problem))
        self.changed()

    def saw(self, call: SeenCall) -> None:
        self.calls.append(call)
        self.changed()

    # ---- what goes wrong on purpose ----------------------------------------------------------------------------------

    def plan(self, faults: Iterable[Fault]) -> None:
        self._faults = [
            _Planned(fault, fault.count, random.Random(fault.seed))  # noqa: S311 - meant to be repeatable
            for fault in faults
        ]
        self.changed()

    def strikes(self, *kinds: FaultKind) -> Fault | None:
        """The fault that happens now, of these kinds, or None. Each call throws the dice once."""
        for planned in self._faults:
            if planned.fault.kind not in kinds or planned.left == 0 or planned.dice.random() >= planned.fault.rate:
                continue
            if planned.left is not None:
                planned.left -= 1
                self.changed()
            return planned.fault
        return None

    # ---- who looks at it ---------------------------------------------------------------------------------------------

    def changed(self) -> None:
        self.version += 1
        if self._wake is not None:
            self._wake.set()

    def thread(self, window_hours: int | None) -> LabThread:
        return LabThread(
            messages=[entry.shown for entry in self.entries],
            typing=time.monotonic() < self._typing_until,
            window_open=self.window_open(window_hours),
            violations=list(self.violations),
            faults=[p.fault.model_copy(update={"count": p.left}) for p in self._faults],
            calls=list(self.calls),
        )


class Accounts:
    """All accounts; the one that was longest not used goes when there are too many."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, Account] = OrderedDict()
        self._names: dict[tuple[str, str], str] = {}
        self._wake = asyncio.Event()

    def add(self, account: Account, names: Iterable[str]) -> None:
        """Keep an account, found by its id and by the names that its platform knows it by."""
        self.remove(account.id)
        account._wake = self._wake  # noqa: SLF001 - the two belong together
        self._by_id[account.id] = account
        for name in names:
            self._names[account.channel, name] = account.id
        while len(self._by_id) > MAX_ACCOUNTS:
            self.remove(next(iter(self._by_id)))

    def remove(self, account_id: str) -> None:
        if self._by_id.pop(account_id, None) is not None:
            self._names = {name: found for name, found in self._names.items() if found != account_id}

    def get(self, account_id: str) -> Account | None:
        account = self._by_id.get(account_id)
        if account is not None:
            self._by_id.move_to_end(account_id)
        return account

    def named(self, channel: str, name: str) -> Account | None:
        account_id = self._names.get((channel, name))
        return self.get(account_id) if account_id else None

    def newer(self, seen: dict[str, int]) -> dict[str, int]:
        """The accounts that changed since, with their versions; those that are gone have -1."""
        found = {id_: (self._by_id[id_].version if id_ in self._by_id else -1) for id_ in seen}
        return {id_: version for id_, version in found.items() if version != seen[id_]}

    async def wait(self, seen: dict[str, int], seconds: float) -> dict[str, int]:
        """The same, waiting for so long until there is one."""
        deadline = time.monotonic() + seconds
        while not (changed := self.newer(seen)):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            # One event wakes all who wait; who finds nothing of its own waits again.
            self._wake.clear()
            try:
                async with asyncio.timeout(left):
                    await self._wake.wait()
            except TimeoutError:
                break
        return changed
