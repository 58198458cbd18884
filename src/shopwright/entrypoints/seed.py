"""What every installation starts with: the providers it knows, and its first administrator."""

import asyncio
from dataclasses import dataclass

import sqlalchemy as sa

from shopwright.entrypoints.settings import Settings
from shopwright.entrypoints.wiring import database_url
from shopwright.kit.db import Database, create_engine
from shopwright.kit.passwords import Passwords
from shopwright.llm.profiles import DEFAULT_CATALOGUE
from shopwright.tenants.models import Admin, AdminAudit, GlobalAiProvider, Tenant


@dataclass(frozen=True, slots=True)
class SeedState:
    has_admin: bool
    has_tenant: bool


async def create_admin(db: Database, email: str, password: str, name: str = "Administrator") -> bool:
    """Add an administrator; False when there is one with this address."""
    passwords = Passwords()
    try:
        password_hash = await passwords.hash(password)
    finally:
        passwords.close()
    async with db.admin() as session, session.begin():
        known = await session.scalar(sa.select(Admin.id).where(Admin.email == email.lower()))
        if known is not None:
            return False
        session.add(Admin(email=email.lower(), name=name, password_hash=password_hash, role="super_admin"))
        session.add(AdminAudit(actor="installation", action="admin.create", subject=email.lower()))
    return True


async def seed(settings: Settings) -> SeedState:
    """Add what is missing; safe to run at every start, and by several processes."""
    db = Database(create_engine(database_url(settings), pool_size=2))
    try:
        async with db.admin() as session, session.begin():
            await session.execute(sa.text("select pg_advisory_xact_lock(727002)"))
            if await session.scalar(sa.select(sa.func.count()).select_from(GlobalAiProvider)) == 0:
                session.add_all(GlobalAiProvider(**entry) for entry in DEFAULT_CATALOGUE)
        if settings.admin_email and settings.admin_password:
            await create_admin(db, settings.admin_email, settings.admin_password.get_secret_value())
        async with db.admin() as session, session.begin():
            admins = await session.scalar(sa.select(sa.func.count()).select_from(Admin))
            tenants = await session.scalar(sa.select(sa.func.count()).select_from(Tenant))
        return SeedState(bool(admins), bool(tenants))
    finally:
        await db.close()


def run_seed(settings: Settings) -> SeedState:
    return asyncio.run(seed(settings))
