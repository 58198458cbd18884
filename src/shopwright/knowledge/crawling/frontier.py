"""The frontier of a crawl in the database: what was found, what is still to be fetched, and what became of it.

Everything a worker writes names its claim; one that lost it, or whose crawl was cancelled, writes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.ids import uuid7
from shopwright.kit.notify import notify
from shopwright.knowledge.crawling.models import Crawl, CrawlPage

# So many addresses are remembered for each page that may be read: a site of a million pages costs no more.
ADDRESSES_A_PAGE = 3
ADDRESSES_MORE = 300
READ, SKIPPED, FAILED = "read", "skipped", "failed"


class ClaimLost(Exception):
    """Another worker has the crawl now, or it was cancelled."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page."""

    status: str
    code: str | None = None
    reason: str | None = None
    title: str | None = None
    document_id: UUID | None = None
    etag: str | None = None
    last_modified: str | None = None
    text_hash: str | None = None
    sketch: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class NewPage:
    """An address that was found: to be fetched, or left out for a reason known already."""

    url: str
    depth: int
    status: str = "found"
    code: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class Frontier:
    """The pages of one crawl, in one transaction of the worker that has claimed it."""

    session: AsyncSession
    crawl: Crawl
    _counted: dict[str, Any] = field(default_factory=dict)

    @property
    def tenant_id(self) -> UUID:
        return self.crawl.tenant_id

    @property
    def capacity(self) -> int:
        return self.crawl.max_pages * ADDRESSES_A_PAGE + ADDRESSES_MORE

    async def add(self, pages: Iterable[NewPage]) -> bool:
        """Remember addresses that are not known yet; False when there were more than are remembered."""
        new = list({page.url: page for page in pages}.values())
        if not new:
            return True
        urls = [page.url for page in new]
        known = set(
            await self.session.scalars(
                sa.select(CrawlPage.url).where(
                    CrawlPage.tenant_id == self.tenant_id, CrawlPage.crawl_id == self.crawl.id, CrawlPage.url.in_(urls)
                )
            )
        )
        new = [page for page in new if page.url not in known]
        room = self.capacity - self.crawl.pages_found - self._counted.get("pages_found", 0)
        kept = new[: max(0, room)]
        if kept:
            ids = sorted(uuid7() for _ in kept)  # the order of the ids is that of the links
            await self.session.execute(
                insert(CrawlPage).on_conflict_do_nothing(index_elements=["tenant_id", "crawl_id", "url"]),
                [
                    {
                        "tenant_id": self.tenant_id, "id": row_id, "crawl_id": self.crawl.id, "url": page.url,
                        "depth": page.depth, "status": page.status, "reason_code": page.code, "reason": page.reason,
                    }
                    for row_id, page in zip(ids, kept, strict=True)
                ],
            )  # fmt: skip
            self._count("pages_found", len(kept))
            self._count("pages_skipped", sum(page.status == SKIPPED for page in kept))
        return len(kept) == len(new)

    async def next(self) -> CrawlPage | None:
        """The page to fetch next: nearest to the first page, in the order they were found."""
        query = sa.select(CrawlPage).where(
            CrawlPage.tenant_id == self.tenant_id, CrawlPage.crawl_id == self.crawl.id, CrawlPage.status == "found"
        )
        page: CrawlPage | None = await self.session.scalar(query.order_by(CrawlPage.depth, CrawlPage.id).limit(1))
        return page

    async def done(self, page_id: UUID, outcome: Outcome) -> None:
        await self.session.execute(
            sa.update(CrawlPage)
            .where(CrawlPage.tenant_id == self.tenant_id, CrawlPage.id == page_id)
            .values(
                status=outcome.status, reason_code=outcome.code, reason=outcome.reason, title=outcome.title,
                document_id=outcome.document_id, etag=outcome.etag, last_modified=outcome.last_modified,
                text_hash=outcome.text_hash, sketch=list(outcome.sketch), at=sa.func.now(),
            )
        )  # fmt: skip
        self._count(f"pages_{outcome.status}", 1)
        self._count("pages_unchanged", int(outcome.code == "unchanged"))

    async def leave_rest(self, code: str, reason: str) -> int:
        """What is still to be fetched is not; returns how many pages that are."""
        result = await self.session.execute(
            sa.update(CrawlPage)
            .where(
                CrawlPage.tenant_id == self.tenant_id, CrawlPage.crawl_id == self.crawl.id, CrawlPage.status == "found"
            )
            .values(status=SKIPPED, reason_code=code, reason=reason, at=sa.func.now())
        )
        count = int(getattr(result, "rowcount", 0))
        self._count("pages_skipped", count)
        return count

    async def write(self, **values: object) -> None:
        """Write the counts and other values of the crawl, and say that it moved.

        Raises:
            ClaimLost: it is not this worker's any more; the transaction must not be committed.
        """
        for name, count in self._counted.items():
            values[name] = getattr(Crawl, name) + count
        if self._counted:  # it moved on, so the worker lives
            values["attempts"] = 0
        self._counted.clear()
        written = await self.session.execute(
            sa.update(Crawl)
            .where(
                Crawl.tenant_id == self.tenant_id, Crawl.id == self.crawl.id, Crawl.claim == self.crawl.claim,
                Crawl.status == "running",
            )
            .values(updated_at=sa.func.now(), **values)
            .returning(Crawl.status, Crawl.stage)
        )  # fmt: skip
        row = written.first()
        if row is None:
            raise ClaimLost
        await notify(
            self.session, self.tenant_id, "crawl",
            id=self.crawl.id, dataset_id=self.crawl.dataset_id, status=row.status, stage=row.stage,
        )  # fmt: skip

    def _count(self, name: str, count: int) -> None:
        if count:
            self._counted[name] = self._counted.get(name, 0) + count


async def claim(session: AsyncSession, tenant_id: UUID, crawl_id: UUID) -> Crawl | None:
    """Take a crawl that waits or whose worker died; None when it is over."""
    taken: Crawl | None = await session.scalar(
        sa.update(Crawl)
        .where(Crawl.tenant_id == tenant_id, Crawl.id == crawl_id, Crawl.status.in_(("queued", "running")))
        .values(status="running", claim=Crawl.claim + 1, attempts=Crawl.attempts + 1)
        .returning(Crawl)
    )
    return taken
