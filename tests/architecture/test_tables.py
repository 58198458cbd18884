"""Every table of tenants' rows is walled in by the database itself."""

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests.architecture.world import World

from shopwright.entrypoints.tables import METADATA, TENANT_TABLES, is_described
from shopwright.kit.addresses import APP_ROLE, normalize_url
from shopwright.kit.embedded_postgres import EmbeddedPostgres

# Tables of the installation. What a tenant has does not belong here: whoever adds one says why.
GLOBAL = {
    "admin_audit", "admin_idempotency_keys", "admin_sessions", "admin_users", "global_ai_providers", "global_settings",
    "tenants",  # has a policy of its own
    "sign_ups",  # of people who have no tenant yet
    "outgoing_mails",  # sealed; sent before or without a tenant too
    "oidc_providers", "oidc_attempts",  # of the installation; of browsers that are nobody yet
    "directory",  # hashes of addresses and ids of bots: asked before a tenant is known
}  # fmt: skip
TENANT = sorted(table.name for table in TENANT_TABLES)
Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module")
def owner(postgres: EmbeddedPostgres) -> Iterator[Connection]:
    with psycopg.connect(postgres.owner_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def app_connection(postgres: EmbeddedPostgres) -> Iterator[Connection]:
    with psycopg.connect(postgres.app_url, autocommit=True) as connection:
        yield connection


def column(connection: Connection, query: str, *values: object) -> list[object]:
    return [row[0] for row in connection.execute(query, values)]


def test_every_table_belongs_to_a_tenant_or_is_known_to_be_global() -> None:
    assert {table.name for table in METADATA.sorted_tables} == GLOBAL | set(TENANT)


def test_the_database_has_no_table_that_the_code_does_not_know(owner: Connection) -> None:
    names = column(
        owner,
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
    )
    others = {name for name in names if not str(name).startswith("procrastinate_")} - {"alembic_version"}
    assert others == GLOBAL | set(TENANT)


@pytest.mark.parametrize("table", [*TENANT, "tenants"])
def test_a_tenant_table_has_a_forced_row_policy(owner: Connection, table: str) -> None:
    flags = owner.execute(
        "select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass", (table,)
    ).fetchone()
    assert flags == (True, True)


@pytest.mark.parametrize("table", TENANT)
def test_every_policy_of_a_tenant_table_compares_the_tenant(owner: Connection, table: str) -> None:
    policies = owner.execute(
        "select cmd, qual, with_check from pg_policies where tablename = %s and permissive = 'PERMISSIVE'",
        (table,),
    ).fetchall()
    assert policies
    for command, using, check in policies:
        for needed, text in ((command != "INSERT", using), (command in {"ALL", "INSERT", "UPDATE"}, check)):
            assert not needed or "tenant_id = (NULLIF(current_setting('app.tenant'" in str(text), (
                command,
                text,
            )


@pytest.mark.parametrize("table", TENANT)
def test_a_tenant_table_is_keyed_by_tenant_and_id(owner: Connection, table: str) -> None:
    key = column(
        owner,
        "select a.attname from pg_index i, unnest(i.indkey) with ordinality k(n, at) join pg_attribute a on"
        " a.attnum = k.n where i.indrelid = %s::regclass and a.attrelid = i.indrelid and i.indisprimary order by k.at",
        table,
    )  # fmt: skip
    assert key == ["tenant_id", "id"]


def test_every_unique_index_of_tenant_tables_begins_with_the_tenant(owner: Connection) -> None:
    wrong = column(
        owner,
        "select i.indexrelid::regclass::text from pg_index i join pg_attribute a on a.attrelid = i.indrelid"
        " and a.attnum = i.indkey[0] where i.indisunique and i.indrelid = any(%s::regclass[])"
        " and a.attname <> 'tenant_id'",
        TENANT,
    )
    assert wrong == []


def test_foreign_keys_between_tenant_tables_carry_the_tenant(owner: Connection) -> None:
    names = (
        "(select array_agg(a.attname::text order by k.at) from unnest({}) with ordinality k(n, at)"
        " join pg_attribute a on a.attrelid = {} and a.attnum = k.n)"
    )
    here_, there_ = names.format("c.conkey", "c.conrelid"), names.format("c.confkey", "c.confrelid")
    keys = owner.execute(
        f"select c.conname, c.confrelid::regclass::text, {here_}, {there_} from pg_constraint c"
        " where c.contype = 'f' and c.conrelid = any(%s::regclass[])",
        (TENANT,),
    ).fetchall()
    assert len(keys) > len(TENANT) / 2
    for name, target, here, there in keys:
        if target in TENANT:
            assert here[0] == there[0] == "tenant_id", name
            assert there == ["tenant_id", "id"], name


@pytest.mark.parametrize("table", TENANT)
def test_a_tenant_table_goes_with_its_tenant(table: str) -> None:
    chain = {table}
    while True:
        more = {
            fk.column.table.name
            for name in chain
            for fk in METADATA.tables[name].foreign_keys
            if fk.ondelete == "CASCADE"
        } - chain
        if not more:
            break
        chain |= more
    assert "tenants" in chain


def test_no_view_or_function_reaches_over_the_policies(owner: Connection) -> None:
    views = column(owner, "select viewname from pg_views where schemaname = 'public'")
    views += column(owner, "select matviewname from pg_matviews where schemaname = 'public'")
    definers = column(
        owner,
        "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace",
    )
    assert (views, definers) == ([], [])


def test_the_applications_role_is_an_ordinary_one(owner: Connection) -> None:
    role = owner.execute(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = %s",
        (APP_ROLE,),
    ).fetchone()
    assert role == (False, False, False, False)
    owned = column(
        owner,
        "select relname from pg_class where relowner = (select oid from pg_roles where rolname = %s)",
        APP_ROLE,
    )
    member_of = column(owner, "select roleid::regrole::text from pg_auth_members where member = %s::regrole", APP_ROLE)
    assert (owned, member_of) == ([], [])


def test_the_application_cannot_switch_the_policies_off(app_connection: Connection) -> None:
    assert column(app_connection, "select current_user") == [APP_ROLE]
    for attempt in (
        "alter table datasets disable row level security",
        "drop policy tenant on datasets",
        "set session authorization postgres",
        "create table mine (id int)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_connection.execute(attempt)


@pytest.mark.parametrize("table", [*TENANT, "tenants"])
async def test_without_a_tenant_a_filled_table_looks_empty(
    first: World, owner: Connection, app_connection: Connection, table: str
) -> None:
    tenant_column = "id" if table == "tenants" else "tenant_id"
    here = column(owner, f"select count(*) from {table} where {tenant_column} = %s", first.shop.id)
    assert here != [0], "the filled tenant has no row here, so this would prove nothing"

    assert column(app_connection, f"select count(*) from {table}") == [0]


@pytest.mark.parametrize("table", ["audit_log", "admin_audit"])
def test_the_audit_log_cannot_be_altered(app_connection: Connection, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(f"update {table} set action = 'nothing'")


async def test_a_fresh_audit_entry_cannot_be_removed(first: World, app_connection: Connection) -> None:
    with app_connection.transaction():
        app_connection.execute("select set_config('app.tenant', %s, true)", (first.shop.id,))
        here = column(app_connection, "select count(*) from audit_log")
        removed = app_connection.execute("delete from audit_log").rowcount
    assert here != [0]
    assert removed == 0


def test_the_migrations_make_just_what_the_models_describe(postgres: EmbeddedPostgres) -> None:
    engine = sa.create_engine(normalize_url(postgres.owner_url))
    with engine.connect() as connection:
        options = {"include_object": is_described, "compare_type": False}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    engine.dispose()
    assert differences == []
