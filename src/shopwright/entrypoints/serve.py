"""Everything on one machine in one process tree: database, API, worker. What is started here is ended here."""

import ctypes
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from shopwright.entrypoints.settings import Settings, SettingsInvalid
from shopwright.kit.embedded_postgres import EmbeddedPostgres

APP_ROLE = "shopwright_app"
READY_SECONDS = 120
STOP_SECONDS = 30
RESTART_WINDOW_SECONDS = 60
MAX_RESTARTS = 10
FIRST_ADMIN = "admin@localhost.example"


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
            self._postgres.start()
            environment["DATABASE_URL"] = self._postgres.app_url
            owner = self._postgres.owner_url
        else:
            owner = owner_url.get_secret_value() if owner_url else ""
        # The roles of a known installation start while the schema is looked at: nothing is to be done as a rule.
        from shopwright.entrypoints.migrate import current_revision, migrate, newest_revision

        if current_revision(owner) == newest_revision():
            self._start_children(environment)
            state = None
        else:
            _fetch_models(settings)
            migrate(owner, say)
            state = _seed(settings, environment["DATABASE_URL"])
            self._start_children(environment)
        self._wait_ready()
        if state is not None:
            first = _first_admin(settings) if not state["has_admin"] else None
            if settings.demo and not state["has_tenant"]:
                _load_demo(settings, first)
            _tell_sign_in(settings, first)
        say(f"Shopwright is ready at {settings.base_url}  (API description: {settings.base_url}/docs)")

    def _start_children(self, environment: dict[str, str]) -> None:
        self._children = [Child("api", environment), Child("worker", environment)]
        for child in self._children:
            child.start()

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        host = "127.0.0.1" if self._settings.host in {"0.0.0.0", "::", ""} else self._settings.host  # noqa: S104
        url = f"http://{host}:{self._settings.port}/health/quick"
        while time.monotonic() < deadline:
            if not self._children[0].alive():
                msg = f"the API did not start; {self._settings.log_dir / 'api.log'} says why. Is port {self._settings.port} in use?"
                raise SettingsInvalid(msg)
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        msg = (
            f"the API did not answer within {READY_SECONDS} s; {self._settings.log_dir / 'api.log'} says why"
        )
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
    }


def _fetch_models(settings: Settings) -> None:
    from shopwright.nlp.fetch import fetch

    fetch(settings.models_dir, say)


def _seed(settings: Settings, url: str) -> dict[str, bool]:
    from shopwright.entrypoints.seed import run_seed
    from shopwright.entrypoints.settings import load_settings

    given = load_settings(data_dir=settings.data_dir, database_url=url)
    state = run_seed(given)
    return {"has_admin": state.has_admin, "has_tenant": state.has_tenant}


def _first_admin(settings: Settings) -> tuple[str, str]:
    """Make the first administrator, with a password that is shown once and kept in the data directory."""
    password = secrets.token_urlsafe(12)
    environment = {**os.environ, **_environment(settings), "SHOPWRIGHT_NEW_ADMIN_PASSWORD": password}
    if settings.embedded:
        environment["DATABASE_URL"] = EmbeddedPostgres(settings.data_dir, APP_ROLE, say).app_url
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "shopwright", "create-admin", "--email", FIRST_ADMIN], env=environment, check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return FIRST_ADMIN, password


def demo_dir() -> Path | None:
    """The demo shop beside the source, or inside an installed package."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package.parent.parent / "examples" / "demo-shop", package / "_examples" / "demo-shop"):
        if (candidate / "setup.yaml").exists():
            return candidate
    return None


def _load_demo(settings: Settings, admin: tuple[str, str] | None) -> None:
    folder = demo_dir()
    if folder is None:
        return
    if admin is None and settings.admin_email and settings.admin_password:
        admin = (settings.admin_email, settings.admin_password.get_secret_value())
    if admin is None:
        return
    import asyncio

    import yaml

    from shopwright.sdk import ProductionBotSetup, SetupFailed

    config = yaml.safe_load((folder / "setup.yaml").read_text())
    # Each installation's demo owner has a password of its own.
    config["tenant"]["password"] = secrets.token_urlsafe(12)
    base = f"http://{'127.0.0.1' if settings.host in {'0.0.0.0', '::'} else settings.host}:{settings.port}"  # noqa: S104
    setup = ProductionBotSetup(None, base, base_dir=folder, report=lambda line: say(f"Demo shop: {line}"))

    async def load() -> dict[str, object]:
        await setup.login_admin(*admin)
        return await setup.create_complete_bot(config)

    try:
        result = asyncio.run(load())
    except SetupFailed as exc:
        say(f"The demo shop could not be loaded: {exc}")
        return
    bot, key = result["bot"], result["api_key"]
    _write_private(
        settings.data_dir / "demo.json",
        json.dumps(
            {
                "owner_email": config["tenant"]["email"], "owner_password": config["tenant"]["password"],
                "bot_id": bot["id"], "api_key": key["key"] if key else None,  # type: ignore[index]
            },
            indent=2,
        ),
    )  # fmt: skip


def _tell_sign_in(settings: Settings, admin: tuple[str, str] | None) -> None:
    lines = []
    if admin is not None:
        _write_private(settings.data_dir / "first-admin.txt", f"{admin[0]}\n{admin[1]}\n")
        lines.append(
            f"Administrator:    {admin[0]}  password {admin[1]}   (also in {settings.data_dir / 'first-admin.txt'})"
        )
    demo = settings.data_dir / "demo.json"
    if demo.exists():
        known = json.loads(demo.read_text())
        lines.append(
            f"Demo shop owner:  {known['owner_email']}  password {known['owner_password']}   (also in {demo})"
        )
        question = json.dumps(
            {
                "bot_id": known["bot_id"],
                "messages": [{"role": "user", "content": "How long do I have to return something?"}],
            }
        )
        lines.append("Ask the demo bot:")
        lines.append(
            f"  curl -s {settings.base_url}/v1/chat/public -H 'content-type: application/json' \\\n    -d '{question}'"
        )
    if lines:
        say("\n".join(["", *lines, ""]))


def _write_private(path: Path, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(text)
