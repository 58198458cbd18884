"""The database: engine, sessions that carry their tenant, base classes of tables, the repository.

A session is made for one tenant. The tenant is set with `SET LOCAL` (`set_config(..., true)`) in the same
round trip that begins each transaction, and the row-level policies of every tenant table read it from there.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from shopwright.kit.addresses import BECOME_APP, normalize_url
from shopwright.kit.ids import uuid7
from shopwright.kit.pagination import Cursor, decode_cursor, encode_cursor

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

UniqueViolation = IntegrityError


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: sa.DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: JSONB,
        str: sa.Text,
    }


class GlobalModel(Base):
    """A table of the installation, not of a tenant: no row-level policy, so no tenant's data may go in."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class TenantModel(Base):
    """A table of tenants' rows: keyed by `(tenant_id, id)`, and under a forced row-level policy."""

    __abstract__ = True

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


def tenant_fk(column: str, table: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """A foreign key inside the tenant: `(tenant_id, column)` to `table(tenant_id, id)`."""
    if ondelete == "SET NULL":
        ondelete = f"SET NULL ({column})"
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=ondelete)


def owned_by_tenant() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="CASCADE")


def create_engine(url: str, *, pool_size: int = 16, statement_timeout_ms: int = 15_000) -> AsyncEngine:
    """Build the pool. It waits 5 s for a free connection and then fails fast.

    Whatever role the address names, the connection works as the ordinary application role: a superuser or
    the tables' owner would be above the row-level policies.
    """
    engine = create_async_engine(
        normalize_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=1800,
        pool_pre_ping=False,
        connect_args={
            "connect_timeout": 5,
            "prepare_threshold": 3,
            "options": f"-c statement_timeout={statement_timeout_ms} -c idle_in_transaction_session_timeout=60000"
            " -c lock_timeout=5000 -c jit=off -c timezone=UTC",
        },
        json_serializer=_dumps,
        json_deserializer=_loads,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def become_app(connection: Any, _record: Any) -> None:
        autocommit, connection.autocommit = connection.autocommit, True
        with connection.cursor() as cursor:
            cursor.execute(BECOME_APP)
        connection.autocommit = autocommit

    return engine


def _dumps(value: Any) -> str:
    import orjson

    return orjson.dumps(value).decode()


def _loads(value: str | bytes) -> Any:
    import orjson

    return orjson.loads(value)


class Database:
    """Makes sessions. A session belongs to one tenant, to the administrator, or to nobody.

    Use them as `async with db.tenant(id) as session, session.begin():`, for reading too: the driver forgets its
    prepared statements at a rollback, which is how a session without `begin` ends, and then every statement is
    planned anew (3 ms of a turn).
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False, sync_session_class=_ScopedSession)

    def tenant(self, tenant_id: UUID, client_id: UUID | None = None) -> AsyncSession:
        """A session that sees one tenant's rows, or of these only what belongs to one of its clients."""
        return self._sessions(info={"tenant": str(tenant_id), "client": str(client_id or "")})

    def admin(self) -> AsyncSession:
        """A session that sees the table of tenants and the tables of the installation."""
        return self._sessions(info={"tenant": "", "admin": True})

    def nobody(self) -> AsyncSession:
        """A session that sees no tenant's row: for the directory and the tables of the installation."""
        return self._sessions(info={})

    async def close(self) -> None:
        await self.engine.dispose()


class _ScopedSession(Session):
    pass


@event.listens_for(_ScopedSession, "after_begin")
def _set_tenant(session: Session, _transaction: SessionTransaction, connection: sa.Connection) -> None:
    tenant = session.info.get("tenant")
    if tenant is not None:
        connection.exec_driver_sql(
            "select set_config('app.tenant', %s, true), set_config('app.client', %s, true),"
            " set_config('app.admin', %s, true)",
            (tenant, session.info.get("client", ""), "on" if session.info.get("admin") else ""),
        )


async def enter_tenant(session: AsyncSession, tenant_id: UUID) -> None:
    """Give an administrator's open transaction one tenant, to write the first rows of a new one."""
    session.info["tenant"] = str(tenant_id)
    await session.execute(sa.text("select set_config('app.tenant', :t, true)"), {"t": str(tenant_id)})


Row = TypeVar("Row", bound=TenantModel)


class TenantRepository(Generic[Row]):
    """The rows of one table that belong to one tenant; it cannot see another's.

    The tenant is part of every statement, and the row-level policy is the second wall behind it.
    """

    def __init__(self, session: AsyncSession, tenant_id: UUID, model: type[Row]) -> None:
        self.session, self.tenant_id, self.model = session, tenant_id, model

    def select(self) -> sa.Select[Any]:
        return sa.select(self.model).where(self.model.tenant_id == self.tenant_id)

    async def add(self, row: Row) -> Row:
        """Insert a row.

        Raises:
            UniqueViolation: a constraint refused it; the transaction goes on.
        """
        row.tenant_id = self.tenant_id
        async with self.session.begin_nested():
            self.session.add(row)
            await self.session.flush()
        await self.session.refresh(row)
        return row

    async def save(self, row: Row) -> Row:
        """Write the changes of a loaded row.

        Raises:
            UniqueViolation: a constraint refused them; the transaction is over, and the row cannot be read.
        """
        await self.session.flush()
        await self.session.refresh(row)
        return row

    async def find(self, row_id: UUID, *, lock: bool = False) -> Row | None:
        query = self.select().where(self.model.id == row_id)
        if lock:
            query = query.with_for_update()
        row: Row | None = (await self.session.scalars(query)).one_or_none()
        return row

    async def find_by(self, *conditions: ColumnElement[bool]) -> Row | None:
        row: Row | None = (await self.session.scalars(self.select().where(*conditions).limit(1))).one_or_none()
        return row

    async def delete(self, row: Row) -> None:
        await self.session.delete(row)
        await self.session.flush()

    async def page(
        self, limit: int, cursor: str | None, *conditions: ColumnElement[bool], newest_first: bool = True
    ) -> tuple[Sequence[Row], str | None]:
        """One page by creation time, and the cursor of the next."""
        order = sa.tuple_(self.model.created_at, self.model.id)
        query = self.select().where(*conditions)
        if cursor is not None:
            at = decode_cursor(cursor)
            mark = sa.tuple_(sa.literal(at.created_at), sa.literal(at.id))
            query = query.where(order < mark if newest_first else order > mark)
        columns = (self.model.created_at, self.model.id)
        query = query.order_by(*(c.desc() if newest_first else c.asc() for c in columns)).limit(limit + 1)
        rows: list[Row] = list((await self.session.scalars(query)).all())
        if len(rows) <= limit:
            return rows, None
        last = rows[limit - 1]
        return rows[:limit], encode_cursor(Cursor(last.created_at, last.id))


def violated(error: IntegrityError) -> str:
    """The name of the constraint that refused a row, or an empty string."""
    diag = getattr(error.orig, "diag", None)
    return str(getattr(diag, "constraint_name", "") or "")
