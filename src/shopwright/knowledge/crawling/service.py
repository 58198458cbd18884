"""Rules of crawls: asking for one, stopping it, repeating it. Nothing here knows of HTTP, and nothing here commits."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.db import TenantRepository, UniqueViolation
from shopwright.kit.egress import EgressPolicy
from shopwright.kit.errors import NotFound
from shopwright.kit.notify import notify
from shopwright.knowledge.crawling.addresses import Site, normalize
from shopwright.knowledge.crawling.crawl import enqueue
from shopwright.knowledge.crawling.errors import CrawlNotOver, CrawlOver, CrawlRunning, NotAWebsite, TooManyCrawls
from shopwright.knowledge.crawling.models import Crawl
from shopwright.knowledge.crawling.schemas import CrawlCreate
from shopwright.knowledge.service import Datasets

OPEN = ("queued", "running")
MAX_OPEN = 10


@dataclass(frozen=True, slots=True)
class Crawls:
    session: AsyncSession
    tenant_id: UUID

    @property
    def rows(self) -> TenantRepository[Crawl]:
        return TenantRepository(self.session, self.tenant_id, Crawl)

    async def get(self, dataset_id: UUID, crawl_id: UUID) -> Crawl:
        crawl = await self.rows.find(crawl_id)
        if crawl is None or crawl.dataset_id != dataset_id:
            raise NotFound(what="crawl")
        return crawl

    async def start(self, dataset_id: UUID, new: CrawlCreate, policy: EgressPolicy) -> Crawl:
        """Begin to read a website into a dataset; what was read from it before is compared, not read twice.

        Raises:
            NotAWebsite: the address is none.
            AddressRefused: it is one that is never read, such as another port.
            CrawlRunning, TooManyCrawls: wait.
        """
        await Datasets(self.session, self.tenant_id).get(dataset_id)
        url = normalize(new.url if "://" in new.url else f"https://{new.url}")
        if url is None or "." not in (urlsplit(url).hostname or "").strip("[]").replace(":", "."):
            raise NotAWebsite(address=new.url[:200], reason="")
        policy.check_url(url)
        host = Site.of(url).host
        earlier = await self.session.scalar(
            self.rows.select()
            .where(Crawl.dataset_id == dataset_id, Crawl.host == host, Crawl.pages_read > 0, Crawl.status.not_in(OPEN))
            .order_by(Crawl.created_at.desc())
            .limit(1)
        )
        fields = new.model_dump(exclude={"url"})
        return await self._add(
            Crawl(dataset_id=dataset_id, url=url, host=host, previous_id=earlier.id if earlier else None, **fields)
        )

    async def repeat(self, crawl: Crawl) -> Crawl:
        """Read a website again: changed pages become new versions, and pages that are gone are listed.

        Raises:
            CrawlNotOver, CrawlRunning, TooManyCrawls: wait.
        """
        if crawl.status in OPEN:
            raise CrawlNotOver(reason="")
        # One that read nothing has nothing to compare with; the one before it may have.
        previous = crawl.id if crawl.pages_read else crawl.previous_id
        return await self._add(
            Crawl(
                dataset_id=crawl.dataset_id, url=crawl.url, host=crawl.host, max_pages=crawl.max_pages,
                max_depth=crawl.max_depth, include=crawl.include, exclude=crawl.exclude, previous_id=previous,
            )
        )  # fmt: skip

    async def cancel(self, crawl: Crawl) -> Crawl:
        """Stop a crawl; what was read stays.

        Raises:
            CrawlOver: it has ended by itself.
        """
        stopped = await self.session.execute(
            sa.update(Crawl)
            .where(Crawl.tenant_id == self.tenant_id, Crawl.id == crawl.id, Crawl.status.in_(OPEN))
            .values(status="cancelled", stage=None, finished_at=sa.func.now())
            .returning(Crawl.id)
        )
        await self.session.refresh(crawl)
        if stopped.first() is None:
            raise CrawlOver(state=crawl.status, reason="")
        await self._tell(crawl)
        return crawl

    async def _add(self, row: Crawl) -> Crawl:
        # Two that come together are counted one after the other.
        await self.session.execute(
            sa.text("select pg_advisory_xact_lock(hashtextextended('crawls ' || cast(:tenant as text), 0))"),
            {"tenant": self.tenant_id},
        )
        running = await self.session.scalar(
            sa.select(sa.func.count()).where(Crawl.tenant_id == self.tenant_id, Crawl.status.in_(OPEN))
        )
        if (running or 0) >= MAX_OPEN:
            raise TooManyCrawls(limit=MAX_OPEN, reason="")
        try:
            crawl = await self.rows.add(row)
        except UniqueViolation as exc:
            raise CrawlRunning(reason="") from exc
        await enqueue(self.session, crawl)
        await self._tell(crawl)
        return crawl

    async def _tell(self, crawl: Crawl) -> None:
        await notify(
            self.session, self.tenant_id, "crawl",
            id=crawl.id, dataset_id=crawl.dataset_id, status=crawl.status, stage=crawl.stage,
        )  # fmt: skip
