"""The place a citation points to, in the version of the document that was cited."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from shopwright.knowledge.models import DocumentVersion
from shopwright.widget.schemas import Citation, CitedPassage

AROUND = 400
HEADING_CHARACTERS = 200


async def cited_passage(session: AsyncSession, tenant_id: UUID, citation: Citation) -> CitedPassage:
    """The quote with what stands around it; only the quote when the document is gone."""
    version = await session.scalar(
        sa.select(DocumentVersion)
        .where(
            DocumentVersion.tenant_id == tenant_id,
            DocumentVersion.document_id == citation.document_id,
            DocumentVersion.version == citation.document_version,
        )
        .options(undefer(DocumentVersion.text), undefer(DocumentVersion.spans))
    )
    text = (version.text if version else None) or ""
    before, after, heading, page = "", "", "", None
    if text[citation.start : citation.end] == citation.quote:
        before = _from_word(text[max(0, citation.start - AROUND) : citation.start], citation.start > AROUND)
        after = _to_word(text[citation.end : citation.end + AROUND], len(text) > citation.end + AROUND)
        heading, page = _place(text, version.spans or [] if version else [], citation.start)
    return CitedPassage(
        title=citation.title, url=citation.url, page=page, heading=heading, before=before, quote=citation.quote,
        after=after, document_version=citation.document_version,
    )  # fmt: skip


def _from_word(text: str, cut: bool) -> str:
    """The text without the half word or line it begins with."""
    return f"… {text[text.find(' ') + 1 :]}" if cut else text


def _to_word(text: str, cut: bool) -> str:
    return f"{text[: text.rfind(' ')]} …" if cut and " " in text else text


def _place(text: str, spans: Sequence[Sequence[Any]], start: int) -> tuple[str, int | None]:
    """The heading above a place and its page. A span is `[start, end, kind, level, page, anchor]`."""
    heading, page = "", None
    for first, last, kind, _level, on_page, _anchor in spans:
        if first > start:
            break
        page = on_page
        if kind == "heading" and last <= start:
            heading = text[first:last].lstrip("# ")[:HEADING_CHARACTERS]
    return heading, page
