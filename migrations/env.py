"""Runs migrations; one transaction each, with a lock time limit so that a busy table is not held up."""

import sqlalchemy as sa
from alembic import context

from shopwright.entrypoints.tables import METADATA, is_described

engine = sa.create_engine(context.config.attributes["url"], poolclass=sa.NullPool)
with engine.connect() as connection:
    connection.execute(sa.text("set lock_timeout = '5s'"))
    # Two processes that start at once: the second waits and then finds nothing to do.
    connection.execute(sa.text("select pg_advisory_lock(727001)"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        transaction_per_migration=True,
        compare_type=False,
        include_object=is_described,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
