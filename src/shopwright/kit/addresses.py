"""Database addresses, without loading what talks to databases."""

APP_ROLE = "shopwright_app"
# Said by every connection, the pool's and the queue's: whatever role the address names, work as the ordinary one.
BECOME_APP = f"DO $$ BEGIN IF current_user <> '{APP_ROLE}' THEN EXECUTE 'SET SESSION ROLE {APP_ROLE}'; END IF; END $$"


def normalize_url(url: str) -> str:
    """Turn any PostgreSQL address into the one SQLAlchemy's driver takes."""
    for prefix in ("postgresql+psycopg://", "postgresql+asyncpg://", "postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def plain_url(url: str) -> str:
    """An address as libpq takes it."""
    return normalize_url(url).replace("postgresql+psycopg://", "postgresql://", 1)
