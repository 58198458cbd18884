"""The job that reads a web site: page after page until nothing is left, a limit is reached, or somebody stops it.

A job works for a while and then makes room for the others by enqueueing itself again. Each page is one transaction:
its document, what became of it, and the addresses it leads to. A worker that is killed loses at most one page's
fetching, and the next one goes on with the frontier.
"""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.failpoints import failpoint
from shopwright.kit.jobs import defer
from shopwright.kit.logs import get_logger
from shopwright.knowledge.crawling.fetching import Fetcher
from shopwright.knowledge.crawling.frontier import FAILED, ClaimLost, Frontier, NewPage, Outcome, claim
from shopwright.knowledge.crawling.models import Crawl, CrawlPage
from shopwright.knowledge.crawling.plan import MAX_DELAY_SECONDS, Plan, Sieve, make_plan, read_sitemaps
from shopwright.knowledge.crawling.reading import PageReader, Read
from shopwright.knowledge.crawling.reasons import PageFailed, say
from shopwright.knowledge.ingest import IngestServices

log = get_logger("shopwright.knowledge.crawl")

CRAWL = "knowledge.crawl"
QUEUE = "crawl"
SLICE_SECONDS = 30.0
MAX_ATTEMPTS = 4
JOB_ATTEMPTS = 6
MAX_HOURS = 3
MAX_BYTES = 300 * 1024 * 1024
# So many pages in a row without any answer: the site is down.
SILENT_PAGES = 4
_SILENCE = frozenset({"no_answer", "no_such_host", "insecure", "too_slow"})


async def crawl(services: IngestServices, *, tenant_id: str, crawl: str, attempt: int) -> None:
    """Read a site for a while, or to its end."""
    tenant, crawl_id = UUID(tenant_id), UUID(crawl)
    async with services.db.tenant(tenant) as session, session.begin():
        row = await claim(session, tenant, crawl_id)
    if row is None:
        return
    failpoint("crawl.claimed")
    job = _Job(services, row)
    try:
        await job.run()
    except ClaimLost:
        log.info("crawl_left", tenant=str(tenant), crawl=str(crawl_id))
    except Exception:
        if attempt >= JOB_ATTEMPTS:  # nobody will come back to it
            await job.end("failed", "gave_up", 0.0)
        raise


@dataclass(slots=True)
class _Job:
    services: IngestServices
    row: Crawl

    async def run(self) -> None:
        if self.row.attempts > MAX_ATTEMPTS:
            await self.end("failed", "gave_up", 0.0)
            return
        started = asyncio.get_running_loop().time()
        fetcher = Fetcher(self.services.web, self.services.web.pause_seconds)
        try:
            plan = Plan.from_json(self.row.plan) if self.row.plan else await self._prepare(fetcher)
        except PageFailed as failure:
            await self._fail_at_once(failure)
            return
        fetcher.pause_seconds = max(fetcher.pause_seconds, min(plan.robots.delay_seconds, MAX_DELAY_SECONDS))
        await self._read(plan, fetcher, started)

    async def _prepare(self, fetcher: Fetcher) -> Plan:
        async with self.services.db.tenant(self.row.tenant_id) as session, session.begin():
            await Frontier(session, self.row).write(stage="prepare")
        plan = await make_plan(self.row.url, fetcher)
        sieve = Sieve.of(self.row, plan)
        async with self.services.db.tenant(self.row.tenant_id) as session, session.begin():
            frontier = Frontier(session, self.row)
            limit = frontier.capacity
        named, more = await read_sitemaps(plan, fetcher, limit)
        async with self.services.db.tenant(self.row.tenant_id) as session, session.begin():
            frontier = Frontier(session, self.row)
            await frontier.add([NewPage(plan.start, 0)])
            await frontier.add(await self._known_before(frontier))
            more = not await frontier.add(sieve.sift(named, 1)) or more
            await frontier.write(stage="pages", plan=plan.as_json(), notice=self._more_pages() if more else None)
        async with self.services.db.tenant(self.row.tenant_id) as session, session.begin():
            self.row = await session.get_one(Crawl, (self.row.tenant_id, self.row.id))
        failpoint("crawl.planned")
        return plan

    async def _known_before(self, frontier: Frontier) -> list[NewPage]:
        """The pages of the reading before: one that has not changed does not say again where it leads."""
        if self.row.previous_id is None:
            return []
        rows = await frontier.session.execute(
            sa.select(CrawlPage.url, CrawlPage.depth)
            .where(
                CrawlPage.tenant_id == self.row.tenant_id, CrawlPage.crawl_id == self.row.previous_id,
                CrawlPage.document_id.is_not(None),
            )
            .order_by(CrawlPage.depth, CrawlPage.id)
        )  # fmt: skip
        return [NewPage(row.url, row.depth) for row in rows]

    async def _read(self, plan: Plan, fetcher: Fetcher, started: float) -> None:
        loop = asyncio.get_running_loop()
        sieve = Sieve.of(self.row, plan)
        await self._remember_traps(sieve)
        reader = PageReader(self.services, self.row, fetcher, sieve)
        silent = 0
        while True:
            async with self.services.db.tenant(self.row.tenant_id) as session, session.begin():
                self.row = await session.get_one(Crawl, (self.row.tenant_id, self.row.id), populate_existing=True)
                page = await Frontier(session, self.row).next()
            spent = loop.time() - started
            ending = self._limit(self.row.seconds_spent + spent)
            if page is None or ending is not None:
                await self.end("completed", ending, spent)
                return
            if silent >= SILENT_PAGES:
                await self.end("completed", "site_stopped", spent)
                return
            if spent > SLICE_SECONDS:
                await self._make_room(spent)
                return
            before = fetcher.bytes_read
            read = await reader.read(page)
            failpoint("crawl.fetched")
            silent = silent + 1 if read.outcome.code in _SILENCE else 0
            await self._store(page, read, fetcher.bytes_read - before)
            failpoint("crawl.page_stored")

    async def _remember_traps(self, sieve: Sieve) -> None:
        async with self.services.db.tenant(self.row.tenant_id) as session, session.begin():
            urls = await session.scalars(
                sa.select(CrawlPage.url).where(
                    CrawlPage.tenant_id == self.row.tenant_id, CrawlPage.crawl_id == self.row.id,
                    CrawlPage.reason_code.is_distinct_from("trap"),
                )
            )  # fmt: skip
            for url in urls:
                sieve.traps.lets_through(url)

    def _limit(self, seconds: float) -> str | None:
        """Which limit ends the reading, if one does."""
        if self.row.pages_read >= self.row.max_pages:
            return "more_pages"
        if self.row.pages_read + self.row.pages_failed >= 2 * self.row.max_pages + SILENT_PAGES:
            return "more_pages"
        if self.row.bytes_read > MAX_BYTES:
            return "too_much"
        return "too_long" if seconds > MAX_HOURS * 3600 else None

    async def _store(self, page: CrawlPage, read: Read, size: int) -> None:
        if read.data is not None:
            await self.services.files.put(self.row.tenant_id, read.digest, read.data)
        async with self.services.db.tenant(self.row.tenant_id) as session, session.begin():
            frontier = Frontier(session, self.row)
            # The claim is checked first: it locks the row, so that pages of one crawl follow each other.
            await frontier.write(bytes_read=Crawl.bytes_read + size)
            outcome = await read.keep(session, self.services.files)
            await frontier.done(page.id, outcome)
            notice = {} if await frontier.add(read.links) else {"notice": self._more_pages()}
            await frontier.write(**notice)
            failpoint("crawl.before_commit")

    async def _make_room(self, spent: float) -> None:
        async with self.services.db.tenant(self.row.tenant_id) as session, session.begin():
            await Frontier(session, self.row).write(seconds_spent=Crawl.seconds_spent + spent)
            await enqueue(session, self.row)

    async def end(self, status: str, code: str | None, spent: float) -> None:
        """End the crawl: what is left to fetch says why it was left, and a site that gave nothing is a failure."""
        fields = {"limit": self.row.max_pages, "limit_mb": MAX_BYTES >> 20, "hours": MAX_HOURS}
        async with self.services.db.tenant(self.row.tenant_id) as session, session.begin():
            frontier = Frontier(session, self.row)
            notice, error_code, error = self.row.notice, None, None
            if code is not None:
                why = say(code, **fields)
                rest = ("page_limit", say("page_limit", **fields)) if code == "more_pages" else (
                    "stopped", say("stopped", why=why)
                )  # fmt: skip
                left = await frontier.leave_rest(*rest)
                notice = why if left or code != "more_pages" else notice
            if status == "failed" or not self.row.pages_read:
                status, error_code, error = "failed", *(await self._why_nothing(frontier, code))
            await frontier.write(
                status=status, stage=None, notice=notice, error=error, error_code=error_code,
                finished_at=sa.func.now(), seconds_spent=Crawl.seconds_spent + spent,
            )  # fmt: skip
        log.info("crawl_ended", tenant=str(self.row.tenant_id), crawl=str(self.row.id), status=status, code=error_code)

    async def _why_nothing(self, frontier: Frontier, code: str | None) -> tuple[str, str]:
        """The reason of the first page says best why nothing was read."""
        first = await frontier.session.scalar(
            sa.select(CrawlPage)
            .where(
                CrawlPage.tenant_id == self.row.tenant_id, CrawlPage.crawl_id == self.row.id,
                CrawlPage.status == FAILED,
            )
            .order_by(CrawlPage.depth, CrawlPage.id)
            .limit(1)
        )  # fmt: skip
        if code == "gave_up" or first is None or first.reason is None:
            code = "gave_up" if code == "gave_up" else "no_pages"
            return code, say(code)
        return first.reason_code or "no_pages", first.reason

    async def _fail_at_once(self, failure: PageFailed) -> None:
        async with self.services.db.tenant(self.row.tenant_id) as session, session.begin():
            frontier = Frontier(session, self.row)
            await frontier.add([NewPage(self.row.url, 0)])
            page = await frontier.next()
            if page is not None:
                await frontier.done(page.id, Outcome(FAILED, failure.code, failure.reason))
            await frontier.write(
                status="failed", stage=None, error=failure.reason, error_code=failure.code, finished_at=sa.func.now()
            )
        log.info("crawl_ended", tenant=str(self.row.tenant_id), crawl=str(self.row.id), code=failure.code)

    def _more_pages(self) -> str:
        return say("more_pages", limit=self.row.max_pages)


async def enqueue(session: AsyncSession, row: Crawl) -> None:
    """Enqueue a crawl in the caller's transaction. Jobs of one host follow each other, whoever wants it read."""
    await defer(session, CRAWL, tenant_id=row.tenant_id, queue=QUEUE, lock=f"crawl:{row.host}", crawl=str(row.id))
