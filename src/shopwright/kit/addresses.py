"""Database addresses, without loading what talks to databases."""

APP_ROLE = "shopwright_app"


def normalize_url(url: str) -> str:
    """Turn any PostgreSQL address into the one SQLAlchemy's driver takes."""
    for prefix in ("postgresql+psycopg://", "postgresql+asyncpg://", "postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def plain_url(url: str) -> str:
    """An address as libpq takes it."""
    return normalize_url(url).replace("postgresql+psycopg://", "postgresql://", 1)
