"""Saying that something changed, to whoever listens: PostgreSQL carries the word to all processes.

A word holds ids and states only, never content. One said in a transaction is heard when that has committed. Whoever
did not hear (was away, was too slow) reads again what it shows: words are hints, not a log.
"""

import asyncio
import signal
import threading
from types import FrameType
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.addresses import BECOME_APP
from shopwright.kit.db import Database
from shopwright.kit.logs import get_logger

log = get_logger("shopwright.notify")

CHANNEL = "shopwright_events"
# PostgreSQL takes 8,000 bytes; ids and states need a few hundred.
MAX_BYTES = 2_000
# Things one listener may have waiting; each is one entry however often it changed.
MAX_WAITING = 500
MAX_ANNOUNCED = 10_000
ANNOUNCE_SECONDS = 0.25
RECONNECT_SECONDS = 1.0
_NOTIFY = sa.text("select pg_notify(:channel, :payload)")
# Nobody waits for the disk here: a word that is lost is a hint that is lost.
_ANNOUNCE = sa.text(
    "select set_config('synchronous_commit', 'off', true), pg_notify(:channel, payload)"
    " from unnest(cast(:payloads as text[])) payload"
)

Word = tuple[str, dict[str, object]]


def _payload(tenant_id: UUID, kind: str, fields: dict[str, object]) -> str:
    payload = orjson.dumps({"tenant": tenant_id, "kind": kind, "data": fields})
    if len(payload) > MAX_BYTES:
        msg = f"a word about {kind} holds more than ids and states"
        raise ValueError(msg)
    return payload.decode()


async def notify(session: AsyncSession, tenant_id: UUID, kind: str, **fields: object) -> None:
    """Say in the session's transaction that something of a tenant changed; `fields` are its ids and states."""
    await session.execute(_NOTIFY, {"channel": CHANNEL, "payload": _payload(tenant_id, kind, fields)})


class Announcer:
    """Says words a moment later, many in one short transaction, for what happens often.

    Commits that notify wait for each other in PostgreSQL: a turn that did it itself would make all turns wait in one
    line. A word may be lost with the process, so it is for hints only.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: dict[tuple[UUID, str, object], str] = {}
        self._task: asyncio.Task[None] | None = None

    def soon(self, tenant_id: UUID, kind: str, **fields: object) -> None:
        key = (tenant_id, kind, fields.get("id"))
        if len(self._waiting) < MAX_ANNOUNCED or key in self._waiting:
            self._waiting[key] = _payload(tenant_id, kind, fields)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._say())

    async def close(self) -> None:
        """Say what is still waiting."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _say(self) -> None:
        while self._waiting:
            await asyncio.sleep(ANNOUNCE_SECONDS)
            payloads, self._waiting = list(self._waiting.values()), {}
            try:
                async with self._db.nobody() as session, session.begin():
                    await session.execute(_ANNOUNCE, {"channel": CHANNEL, "payloads": payloads})
            except (SQLAlchemyError, OSError) as exc:
                log.warning("announcement_lost", words=len(payloads), kind=type(exc).__name__)


class Listener:
    """What one client has not been told yet: of each thing the newest word only."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, object], Word] = {}
        self._wake = asyncio.Event()
        self.ended = False

    def offer(self, word: Word) -> None:
        """Take a word; a client with too much waiting is let go, and reads everything again when it comes back."""
        kind, data = word
        self._waiting.pop((kind, data.get("id")), None)
        self._waiting[(kind, data.get("id"))] = word
        if len(self._waiting) > MAX_WAITING:
            self.end()
        self._wake.set()

    def end(self) -> None:
        self.ended = True
        self._waiting.clear()
        self._wake.set()

    async def take(self, seconds: float) -> list[Word]:
        """What waits, or nothing when nothing came for so long or the listener was ended."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return []
        self._wake.clear()
        words = list(self._waiting.values())
        self._waiting.clear()
        return words


class Hub:
    """Hears all words over one connection of its own and passes each to the listeners of its tenant."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._listeners: dict[UUID, set[Listener]] = {}
        self._hears = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._ends = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        self.end_all()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def hears(self, seconds: float) -> bool:
        """Whether words come through; waits a moment for it."""
        try:
            async with asyncio.timeout(seconds):
                await self._hears.wait()
        except TimeoutError:
            return False
        return True

    def join(self, tenant_id: UUID) -> Listener:
        listener = Listener()
        self._listeners.setdefault(tenant_id, set()).add(listener)
        return listener

    def leave(self, tenant_id: UUID, listener: Listener) -> None:
        mine = self._listeners.get(tenant_id, set())
        mine.discard(listener)
        if not mine:
            self._listeners.pop(tenant_id, None)

    def end_all(self) -> None:
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.end()

    def end_with_process(self) -> None:
        """End all streams when the process is told to stop: a server waits for its open answers before it stops.

        Called when there is a stream, for servers set their own handler late; that one is called as well.
        """
        before = signal.getsignal(signal.SIGTERM)
        if self._ends or not callable(before) or threading.current_thread() is not threading.main_thread():
            return
        self._ends, loop = True, asyncio.get_running_loop()

        def handle(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self.end_all)
            before(number, frame)

        signal.signal(signal.SIGTERM, handle)

    async def _run(self) -> None:
        import psycopg

        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as exc:
                log.warning("events_reconnect", kind=type(exc).__name__)
            self._hears.clear()
            self.end_all()  # words were missed meanwhile: those who come back read everything again
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        import psycopg

        connection = await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True, connect_timeout=5, keepalives_idle=30, keepalives_interval=10,
            keepalives_count=3,
        )  # fmt: skip
        async with connection:
            await connection.execute(BECOME_APP)
            await connection.execute(f"listen {CHANNEL}")
            self._hears.set()
            async for notice in connection.notifies():
                self._pass_on(notice.payload)

    def _pass_on(self, payload: str) -> None:
        said = orjson.loads(payload)
        for listener in tuple(self._listeners.get(UUID(said["tenant"]), ())):
            listener.offer((said["kind"], said["data"]))
