"""Brings the database to the newest schema, as the owner of the tables."""

from collections.abc import Callable
from pathlib import Path

from shopwright.kit.addresses import normalize_url, plain_url


def migrations_dir() -> Path:
    """The migrations beside the source, or those inside an installed package."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package.parent.parent / "migrations", package / "_migrations"):
        if (candidate / "versions").is_dir():
            return candidate
    msg = "the migrations are missing from this installation"
    raise FileNotFoundError(msg)


def newest_revision() -> str:
    """The name of the newest migration: their names begin with their number."""
    return max(path.name.split("_")[0] for path in (migrations_dir() / "versions").glob("[0-9]*.py"))


def current_revision(url: str) -> str | None:
    """The revision of a database, or None when it is empty."""
    import psycopg

    with psycopg.connect(plain_url(url), connect_timeout=5) as connection:
        found = connection.execute("select to_regclass('alembic_version')").fetchone()
        if found is None or found[0] is None:
            return None
        row = connection.execute("select version_num from alembic_version").fetchone()
        return str(row[0]) if row else None


def migrate(owner_url: str, report: Callable[[str], None]) -> bool:
    """Apply what is missing; returns whether anything was."""
    if current_revision(owner_url) == newest_revision():
        return False
    report("Bringing the database to the newest schema")
    # Imported here: a start with nothing to do need not pay for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    config.attributes["url"] = normalize_url(owner_url)
    command.upgrade(config, "head")
    return True
