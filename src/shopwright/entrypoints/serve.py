"""Everything on one machine in one process tree: database, API, worker. What is started here is ended here."""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from types import FrameType

from shopwright.entrypoints.model_cache import is_prepared
from shopwright.entrypoints.settings import Settings, SettingsInvalid
from shopwright.kit.addresses import APP_ROLE
from shopwright.kit.embedded_postgres import EmbeddedPostgres

READY_SECONDS = 120
STOP_SECONDS = 30
RESTART_WINDOW_SECONDS = 60
MAX_RESTARTS = 10


def say(line: str) -> None:
    print(line, flush=True)


@dataclass
class Child:
    """A role in a process of its own, started again when it ends by itself."""

    role: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.starts = [at for at in self.starts if time.monotonic() - at < RESTART_WINDOW_SECONDS]
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "shopwright", self.role],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # each role writes its own log file
            stderr=None,
            start_new_session=True,  # Ctrl-C is for the supervisor, which ends the roles in order
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread of ours holds a lock here
        )

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def worn_out(self) -> bool:
        return len(self.starts) > MAX_RESTARTS

    def end(self, sig: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sig)

    def wait(self, seconds: float) -> bool:
        if self.process is None:
            return True
        try:
            self.process.wait(max(0.1, seconds))
        except subprocess.TimeoutExpired:
            return False
        return True


class Stopped(Exception):
    """The supervisor was told to stop."""


class Supervisor:
    """Starts the parts in order, watches them, stops them in the opposite order."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._postgres: EmbeddedPostgres | None = None
        self._children: list[Child] = []

    def run(self) -> int:
        for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sig, _stop)
        try:
            self._start()
            self._watch()
        except Stopped:
            say("Stopping")
            return 0
        finally:
            for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(sig, signal.SIG_IGN)
            self._stop_all()
        return 1

    def _start(self) -> None:
        settings = self._settings
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        settings.check()
        environment = {**os.environ, **_environment(settings)}
        owner_url = settings.owner_database_url or settings.database_url
        if settings.embedded:
            self._postgres = EmbeddedPostgres(settings.data_dir, APP_ROLE, say)
            environment["DATABASE_URL"] = self._postgres.app_url
            owner = self._postgres.owner_url
        else:
            owner = owner_url.get_secret_value() if owner_url else ""
        environment["SHOPWRIGHT_OWNER_DATABASE_URL"] = owner
        self._children = [Child("api", environment)]
        first = self._prepare(owner, environment)
        # The worker starts when the API answers: both import for a second, and customers wait for one of them only.
        self._wait_ready()
        self._children.append(Child("worker", environment))
        self._children[1].start()
        if first:
            # In processes of their own: what is imported once for them need not stay in memory.
            self._once("first-start", environment)
        say(f"Shopwright is ready at {settings.base_url}  (API description: {settings.base_url}/docs)")

    def _prepare(self, owner: str, environment: dict[str, str]) -> bool:
        """Start database and API with the newest schema and all models; returns whether the database was empty."""
        settings, api = self._settings, self._children[0]
        from shopwright.entrypoints.migrate import current_revision, newest_revision

        newest, noted = newest_revision(), settings.data_dir / "schema-revision"
        ready = is_prepared(settings.models_dir)
        if ready and noted.exists() and noted.read_text() == newest:
            # As at the last start: the API imports its code while the database starts.
            api.start()
        if self._postgres is not None:
            self._postgres.start()
        revision = current_revision(owner)
        if revision != newest:
            if api.alive():  # the folder holds another database than at the last start
                api.end(signal.SIGTERM)
                api.wait(STOP_SECONDS)
            self._once("migrate", environment)
        if not ready:
            self._once("fetch-models", environment)
        noted.write_text(newest)
        if not api.alive():
            api.start()
        return revision is None

    def _once(self, command: str, environment: dict[str, str]) -> None:
        """Run a command of our own to its end; its progress is shown."""
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "shopwright", command, "--quiet"] if command != "first-start" else
            [sys.executable, "-m", "shopwright", command],
            env=environment, check=False,
        )  # fmt: skip
        if done.returncode:
            msg = f"'shopwright {command}' failed; what it said stands above"
            raise SettingsInvalid(msg)

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        host = "127.0.0.1" if self._settings.host in {"0.0.0.0", "::", ""} else self._settings.host  # noqa: S104
        url = f"http://{host}:{self._settings.port}/health/quick"
        while time.monotonic() < deadline:
            if not self._children[0].alive():
                log = self._settings.log_dir / "api.log"
                msg = f"the API did not start; {log} says why. Is port {self._settings.port} in use?"
                raise SettingsInvalid(msg)
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        msg = f"the API did not answer within {READY_SECONDS} s; {self._settings.log_dir / 'api.log'} says why"
        raise SettingsInvalid(msg)

    def _watch(self) -> None:
        while True:
            time.sleep(0.5)
            if self._postgres is not None and not self._postgres.alive():
                say("The database ended by itself; starting it again")
                self._postgres.restart()
            for child in self._children:
                if child.alive():
                    continue
                if child.worn_out():
                    say(f"The {child.role} keeps ending; {self._settings.log_dir / child.role}.log says why")
                    return
                say(f"The {child.role} ended by itself; starting it again")
                child.start()

    def _stop_all(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children:
            child.end(signal.SIGTERM)
        for child in self._children:
            if not child.wait(deadline - time.monotonic()):
                child.end(signal.SIGKILL)
                child.wait(5)
        if self._postgres is not None:
            self._postgres.stop()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def _end_with_parent() -> None:
    """Ask Linux to end this child when its parent dies, however it dies."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)


def _environment(settings: Settings) -> dict[str, str]:
    """What the roles must know beside their own environment."""
    return {
        "SHOPWRIGHT_DATA_DIR": str(settings.data_dir.resolve()),
        "SHOPWRIGHT_HOST": settings.host,
        "SHOPWRIGHT_PORT": str(settings.port),
        "PORT": str(settings.port),
        "SHOPWRIGHT_DEMO": "true" if settings.demo else "false",
        # Fewer heaps for many threads: the same work in less memory.
        "MALLOC_ARENA_MAX": "2",
    }
