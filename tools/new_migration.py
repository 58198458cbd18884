"""Write the next migration from what the models have and a migrated database has not.

    python tools/new_migration.py "orders of contacts"

What it cannot see is written by hand: row-level policies, rights of the application's role, and how a change stays
safe on a full table (`not valid` constraints, indexes built concurrently).
"""

import re
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from shopwright.entrypoints.migrate import migrate, migrations_dir, newest_revision
from shopwright.kit.addresses import APP_ROLE, normalize_url
from shopwright.kit.embedded_postgres import EmbeddedPostgres


def main() -> None:
    about = sys.argv[1].strip() if len(sys.argv) > 1 else ""
    if not about:
        raise SystemExit('say what it does: make migration M="orders of contacts"')
    number = f"{int(newest_revision()) + 1:04d}"
    slug = re.sub(r"[^a-z0-9]+", "_", about.lower()).strip("_")
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder), APP_ROLE, print)
        postgres.start()
        try:
            migrate(postgres.owner_url, print)
            config = Config()
            config.set_main_option("script_location", str(migrations_dir()))
            config.attributes["url"] = normalize_url(postgres.owner_url)
            command.revision(config, message=about, autogenerate=True, rev_id=number)
        finally:
            postgres.stop()
    print(f"look it over: {migrations_dir()}/versions/{number}_{slug}.py")


if __name__ == "__main__":
    main()
