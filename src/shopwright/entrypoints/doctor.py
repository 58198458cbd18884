"""`shopwright doctor`: what is missing or wrong, and what to do."""

import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable

from shopwright.entrypoints.settings import Settings, SettingsInvalid, load_settings

Result = tuple[bool, str, str]


def _python(_settings: Settings) -> Result:
    ok = sys.version_info >= (3, 11)
    return (
        ok,
        f"Python {platform.python_version()}",
        "Install Python 3.11 or newer and run 'make setup' again.",
    )


def _settings(settings: Settings) -> Result:
    try:
        settings.check()
    except SettingsInvalid as exc:
        return False, "settings", str(exc)
    return True, f"settings for {settings.environment}", ""


def _data_dir(settings: Settings) -> Result:
    folder = settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    ok = os.access(folder, os.W_OK)
    free = shutil.disk_usage(folder).free
    if not ok:
        return False, f"data directory {folder}", "It cannot be written; choose another with --data-dir."
    return (
        free > 1_000_000_000,
        f"data directory {folder}, {free // 1_000_000:,} MB free",
        "Free some disk space.",
    )


def _models(settings: Settings) -> Result:
    from shopwright.nlp.fetch import missing

    lacking = missing(settings.models_dir)
    names = ", ".join(model.name for model in lacking)
    return (
        not lacking,
        f"local models in {settings.models_dir}",
        f"Missing: {names or 'the topic catalogue'}. Run 'shopwright fetch-models'.",
    )


def _database(settings: Settings) -> Result:
    if settings.database_url is None:
        return True, "database: the embedded PostgreSQL (started by 'shopwright serve')", ""
    import psycopg

    from shopwright.entrypoints.migrate import newest_revision
    from shopwright.kit.addresses import plain_url

    url = plain_url(settings.database_url.get_secret_value())
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.parameter_status("server_version")
            role = connection.execute(
                "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
            ).fetchone()
            vector = connection.execute("select 1 from pg_available_extensions where name = 'vector'").fetchone()
            table = connection.execute("select to_regclass('alembic_version')").fetchone()
            revision = None
            if table and table[0]:
                found = connection.execute("select version_num from alembic_version").fetchone()
                revision = found[0] if found else None
    except psycopg.Error as exc:
        return False, "database", f"It cannot be reached: {str(exc).splitlines()[0]}. Check DATABASE_URL."
    if not vector:
        return False, f"PostgreSQL {version}", "The extension pgvector is not installed on the server."
    if revision != newest_revision():
        return False, f"PostgreSQL {version}", "The schema is not the newest; run 'shopwright migrate'."
    note = (
        " (this role is above row-level security; the application drops to shopwright_app)" if role and role[0] else ""
    )
    return True, f"PostgreSQL {version}, schema {revision}{note}", ""


def _sandbox(_settings: Settings) -> Result:
    from shopwright.knowledge.parsing import sandbox_report

    problems = sandbox_report()["problems"]
    return not problems, "sandbox for reading documents", " ".join(problems)


def _port(settings: Settings) -> Result:
    with socket.socket() as probe:
        probe.settimeout(1)
        used = probe.connect_ex(("127.0.0.1", settings.port)) == 0
    return (
        not used,
        f"port {settings.port} is {'in use' if used else 'free'}",
        "Another program (or Shopwright itself) uses it; choose another with PORT=.",
    )


CHECKS: tuple[Callable[[Settings], Result], ...] = (
    _python,
    _settings,
    _data_dir,
    _models,
    _database,
    _sandbox,
    _port,
)


def run_doctor() -> int:
    """Print each check; 0 when all are well."""
    try:
        settings = load_settings()
    except SettingsInvalid as exc:
        print(f"NO   settings: {exc}")
        return 1
    wrong = 0
    for check in CHECKS:
        ok, what, todo = check(settings)
        print(f"{'ok ' if ok else 'NO '}  {what}")
        if not ok:
            wrong += 1
            print(f"       → {todo}")
    return 1 if wrong else 0
