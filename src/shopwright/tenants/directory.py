"""Which tenant something belongs to, asked before one is known. Nothing personal is in it: addresses are hashed."""

import hashlib
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.tenants.models import DirectoryEntry

EMAIL, BOT, ICON, SUBJECT = "email", "bot", "icon", "subject"


def _email_key(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def _subject_key(provider_id: UUID, subject: str) -> str:
    return hashlib.sha256(f"{provider_id}|{subject}".encode()).hexdigest()


async def tenants_of_email(session: AsyncSession, email: str, limit: int) -> list[UUID]:
    entries = sa.select(DirectoryEntry.tenant_id).where(
        DirectoryEntry.kind == EMAIL, DirectoryEntry.key == _email_key(email)
    )
    return list((await session.scalars(entries.limit(limit))).all())


async def tenants_of_subject(session: AsyncSession, provider_id: UUID, subject: str, limit: int) -> list[UUID]:
    """Where somebody is known whom a sign-in provider calls so."""
    entries = sa.select(DirectoryEntry.tenant_id).where(
        DirectoryEntry.kind == SUBJECT, DirectoryEntry.key == _subject_key(provider_id, subject)
    )
    return list((await session.scalars(entries.limit(limit))).all())


async def tenant_of_bot(session: AsyncSession, bot_id: UUID) -> UUID | None:
    return await _tenant_of(session, BOT, bot_id)


async def tenant_of_icon(session: AsyncSession, icon_id: UUID) -> UUID | None:
    return await _tenant_of(session, ICON, icon_id)


async def _tenant_of(session: AsyncSession, kind: str, row_id: UUID) -> UUID | None:
    entry = sa.select(DirectoryEntry.tenant_id).where(DirectoryEntry.kind == kind, DirectoryEntry.key == str(row_id))
    found: UUID | None = await session.scalar(entry)
    return found


async def add_email(session: AsyncSession, email: str, tenant_id: UUID) -> None:
    await _add(session, EMAIL, _email_key(email), tenant_id)


async def add_subject(session: AsyncSession, provider_id: UUID, subject: str, tenant_id: UUID) -> None:
    await _add(session, SUBJECT, _subject_key(provider_id, subject), tenant_id)


async def add_bot(session: AsyncSession, bot_id: UUID, tenant_id: UUID) -> None:
    await _add(session, BOT, str(bot_id), tenant_id)


async def add_icon(session: AsyncSession, icon_id: UUID, tenant_id: UUID) -> None:
    await _add(session, ICON, str(icon_id), tenant_id)


async def remove_email(session: AsyncSession, email: str, tenant_id: UUID) -> None:
    await _remove(session, EMAIL, _email_key(email), tenant_id)


async def remove_bot(session: AsyncSession, bot_id: UUID, tenant_id: UUID) -> None:
    await _remove(session, BOT, str(bot_id), tenant_id)


async def _add(session: AsyncSession, kind: str, key: str, tenant_id: UUID) -> None:
    await session.execute(
        insert(DirectoryEntry).values(kind=kind, key=key, tenant_id=tenant_id).on_conflict_do_nothing()
    )


async def _remove(session: AsyncSession, kind: str, key: str, tenant_id: UUID) -> None:
    await session.execute(
        sa.delete(DirectoryEntry).where(
            DirectoryEntry.kind == kind, DirectoryEntry.key == key, DirectoryEntry.tenant_id == tenant_id
        )
    )
