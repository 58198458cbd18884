"""The command line. Each command imports what it needs, so that starting costs little."""

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shopwright import __version__

if TYPE_CHECKING:
    from shopwright.entrypoints.settings import Settings

LAB_PORT = 8100


def main(argv: Sequence[str] | None = None) -> int:
    # One product of a matrix and a vector a turn: waking other cores for it costs more than it saves.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    parser = _parser()
    given = parser.parse_args(argv)
    if given.command is None:
        parser.print_help()
        return 2
    from shopwright.entrypoints.settings import SettingsInvalid
    from shopwright.kit.embedded_postgres import EmbeddedPostgresFailed

    try:
        return int(given.run(given) or 0)
    except (SettingsInvalid, EmbeddedPostgresFailed) as exc:
        print(f"shopwright: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shopwright", description="Customer-service bots for shops.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="command")

    def add(name: str, run: object, help_: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help_, description=help_)
        command.set_defaults(run=run)
        return command

    serve = add("serve", _serve, "run everything on this machine, with its own database")
    serve.add_argument("--host", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (8000)")
    serve.add_argument("--data-dir", type=Path, help="folder for database, files and logs (data)")
    serve.add_argument("--no-demo", action="store_true", help="do not load the demo shop on the first start")
    api = add("api", _api, "run the HTTP API against DATABASE_URL")
    api.add_argument("--host")
    api.add_argument("--port", type=int)
    lab = add("lab", _lab, "run the channel lab: emulators of all platforms, to try bots on")
    lab.add_argument("--host")
    lab.add_argument("--port", type=int, help="port to listen on (8100)")
    add("worker", _worker, "run a worker against DATABASE_URL")
    migrate = add("migrate", _migrate, "bring the database at DATABASE_URL to the newest schema")
    admin = add("create-admin", _create_admin, "add an administrator")
    admin.add_argument("--email", required=True)
    admin.add_argument("--name", default="Administrator")
    rescue = add(
        "reset-second-factor", _reset_second_factor, "switch the second factor of an address off, the last resort"
    )
    rescue.add_argument("--email", required=True)
    models = add("fetch-models", _fetch_models, "download and check the local models")
    for command in (migrate, models):
        command.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")
    add("first-start", _first_start, "make the first administrator and the demo shop (done by 'serve')")
    add("doctor", _doctor, "say what is missing or wrong")
    setup = add("setup", _setup, "create a complete bot from a YAML file")
    setup.add_argument("config", type=Path)
    for command in (setup, _ready_parser(add)):
        command.add_argument("--url", default="http://localhost:8000", help="address of the server")
    setup.add_argument("--admin-email", default=os.environ.get("SHOPWRIGHT_ADMIN_EMAIL"))
    add("openapi", _openapi, "print the API description as JSON")
    return parser


def _ready_parser(add: object) -> argparse.ArgumentParser:
    ready: argparse.ArgumentParser = add("ready", _ready, "say whether a bot is ready for customers")  # type: ignore[operator]
    ready.add_argument("bot", help="id of the bot")
    ready.add_argument("--email", help="a member's e-mail address; the password is asked for")
    return ready


def _serve(given: argparse.Namespace) -> int:
    from shopwright.entrypoints.serve import Supervisor
    from shopwright.entrypoints.settings import load_settings

    settings = load_settings(
        host=given.host, port=given.port, data_dir=given.data_dir, demo=False if given.no_demo else None
    )
    return Supervisor(settings).run()


def _api(given: argparse.Namespace) -> int:
    from shopwright.entrypoints.settings import load_settings

    settings = load_settings(host=given.host, port=given.port)
    settings.check()
    _listen("shopwright.entrypoints.asgi:build", "shopwright-api", settings.host, settings.port, settings.api_workers)
    return 0


def _lab(given: argparse.Namespace) -> int:
    from shopwright.entrypoints.settings import load_settings

    settings = load_settings(host=given.host)
    port = given.port or LAB_PORT
    # What this process knows of itself, for credentials that hold its address.
    os.environ.setdefault("SHOPWRIGHT_LAB_URL", f"http://127.0.0.1:{port}")
    settings.check()
    _listen("shopwright.entrypoints.lab:build", "shopwright-lab", settings.host, port, 1)
    return 0


def _listen(target: str, name: str, host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops

    server = Granian(
        target,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        log_access=False,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        process_name=name,
    )
    server.serve()


def _worker(_given: argparse.Namespace) -> int:
    import uvloop

    from shopwright.kit.memory import loading_code

    with loading_code():
        from shopwright.entrypoints.settings import load_settings
        from shopwright.entrypoints.worker import run_worker
        from shopwright.kit.logs import configure_logs

    settings = load_settings()
    settings.check()
    configure_logs("worker", settings.log_dir, settings.log_level)
    uvloop.run(run_worker(settings))
    return 0


def _migrate(given: argparse.Namespace) -> int:
    from shopwright.entrypoints.migrate import migrate
    from shopwright.entrypoints.seed import run_seed
    from shopwright.entrypoints.settings import SettingsInvalid, load_settings

    settings = load_settings()
    url = settings.owner_database_url or settings.database_url
    if url is None:
        raise SettingsInvalid("set DATABASE_URL to the database that is to be migrated")
    done = migrate(url.get_secret_value(), print)
    run_seed(settings)
    if not given.quiet:
        print("The database is up to date." if done else "The database was up to date already.")
    return 0


def _first_start(_given: argparse.Namespace) -> int:
    from shopwright.entrypoints.first_start import run_first_start
    from shopwright.entrypoints.settings import load_settings

    return run_first_start(load_settings())


def _with_database() -> "Settings":
    """The settings, with the address of the own database of a server that runs here where none is named."""
    from shopwright.entrypoints.settings import load_settings
    from shopwright.kit.embedded_postgres import EmbeddedPostgres

    settings = load_settings()
    if settings.database_url is not None:
        return settings
    return load_settings(database_url=EmbeddedPostgres(settings.data_dir, "shopwright_app", print).app_url)


def _reset_second_factor(given: argparse.Namespace) -> int:
    from shopwright.entrypoints.rescue import reset_second_factor

    lines = asyncio.run(reset_second_factor(_with_database(), given.email))
    print("\n".join(lines) or f"Nobody has the address {given.email}.")
    return 0 if lines else 1


def _create_admin(given: argparse.Namespace) -> int:
    from shopwright.entrypoints.seed import create_admin
    from shopwright.entrypoints.settings import SettingsInvalid
    from shopwright.entrypoints.wiring import database_url
    from shopwright.kit.db import Database, create_engine
    from shopwright.kit.passwords import WeakPassword, check_new_password

    settings = _with_database()
    password = os.environ.get("SHOPWRIGHT_NEW_ADMIN_PASSWORD") or getpass.getpass("Password (10 characters or more): ")
    if len(password) < 10:
        raise SettingsInvalid("the password is too short; use at least 10 characters")
    try:
        check_new_password(password, given.email)
    except WeakPassword as exc:
        raise SettingsInvalid(exc.message) from None

    async def create() -> bool:
        db = Database(create_engine(database_url(settings), pool_size=2))
        try:
            return await create_admin(db, given.email, password, given.name)
        finally:
            await db.close()

    added = asyncio.run(create())
    print(f"{given.email} is now an administrator." if added else f"{given.email} is an administrator already.")
    return 0 if added else 1


def _fetch_models(given: argparse.Namespace) -> int:
    from shopwright.entrypoints.model_cache import prepare_models
    from shopwright.entrypoints.settings import load_settings

    settings = load_settings()
    prepare_models(settings.models_dir, print)
    if not given.quiet:
        print(f"The models are in {settings.models_dir}.")
    return 0


def _doctor(_given: argparse.Namespace) -> int:
    from shopwright.entrypoints.doctor import run_doctor

    return run_doctor()


def _setup(given: argparse.Namespace) -> int:
    from shopwright.entrypoints.remote import run_setup

    return run_setup(given.config, given.url, given.admin_email)


def _ready(given: argparse.Namespace) -> int:
    from shopwright.entrypoints.remote import run_ready

    return run_ready(given.bot, given.url, given.email)


def _openapi(_given: argparse.Namespace) -> int:
    import json

    from shopwright.entrypoints.api import create_app
    from shopwright.entrypoints.settings import load_settings

    print(json.dumps(create_app(load_settings()).openapi(), indent=2, sort_keys=True))
    return 0
