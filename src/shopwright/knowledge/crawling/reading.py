"""Reading one page: fetch it, see in a child process what it is, and decide what becomes of it."""

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shopwright.kit.files import FileStore, hold_bytes
from shopwright.kit.sentences import sentence
from shopwright.knowledge.crawling.addresses import is_home
from shopwright.knowledge.crawling.fetching import Fetched, Fetcher
from shopwright.knowledge.crawling.frontier import FAILED, READ, SKIPPED, NewPage, Outcome
from shopwright.knowledge.crawling.models import Crawl, CrawlPage
from shopwright.knowledge.crawling.plan import Sieve
from shopwright.knowledge.crawling.reasons import PageFailed, say
from shopwright.knowledge.errors import SameContent
from shopwright.knowledge.ingest import IngestServices
from shopwright.knowledge.models import Document
from shopwright.knowledge.parsing import ParseFailed
from shopwright.knowledge.parsing.pages import PageFacts, likeness, read_page_facts
from shopwright.knowledge.service import Documents, NewDocument, digest_of

# Two showings of one path that share this much of their text are one page.
ALIKE = 0.8
MIN_WORDS_ALIKE = 40


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a page: its outcome, where it leads, and its content when that is to be kept."""

    outcome: Outcome
    links: list[NewPage] = field(default_factory=list)
    tenant_id: UUID | None = None
    dataset_id: UUID | None = None
    new: NewDocument | None = None
    data: bytes | None = None

    @property
    def digest(self) -> str:
        return self.new.digest if self.new else ""

    async def keep(self, session: AsyncSession, files: FileStore) -> Outcome:
        """Store the content as a document or as a new version of the one from this address, in the transaction."""
        if self.new is None or self.data is None or self.tenant_id is None or self.dataset_id is None:
            return self.outcome
        documents = Documents(session, self.tenant_id)
        await hold_bytes(session, files, self.tenant_id, self.new.digest, self.data)
        known = await documents.rows.find_by(
            Document.dataset_id == self.dataset_id, Document.source_type == "url", Document.url == self.new.url
        )
        if known is None:
            document, duplicate = (await documents.add(self.dataset_id, [self.new]))[0]
            if duplicate and document.url != self.new.url:
                return _same_text(document.url or document.title)
        else:
            try:
                document = await documents.replace(known, self.new)
            except SameContent as same:
                return _same_text(str(same.fields["title"]))
        return replace(self.outcome, document_id=document.id)


@dataclass(frozen=True, slots=True)
class PageReader:
    services: IngestServices
    crawl: Crawl
    fetcher: Fetcher
    sieve: Sieve

    async def read(self, page: CrawlPage) -> Read:
        before = await self._before(page.url)
        try:
            fetched = await self.fetcher.fetch(
                page.url, etag=before.etag if before else None, last_modified=before.last_modified if before else None
            )
            return await self._judge(page, fetched, before)
        except PageFailed as failure:
            return Read(_failed(failure.code, failure.reason, before))

    async def _judge(self, page: CrawlPage, fetched: Fetched, before: CrawlPage | None) -> Read:
        if fetched.status == 304 and before is not None:
            return Read(_unchanged(before))
        if fetched.leads_to is not None:
            return self._led_on(page, fetched.leads_to)
        if fetched.status != 200:
            return Read(_refused(fetched.status, before))
        if not fetched.body:
            return Read(_skipped("no_text", kind=fetched.media_type))
        if not fetched.is_html:
            return await self._file(page, fetched, before)
        try:
            facts = await self.services.parsers.run("page", fetched.body, page.url, read_page_facts)
        except ParseFailed as failure:
            if failure.code == "no_text":
                return Read(_skipped("no_text", kind=fetched.media_type))
            return Read(Outcome(FAILED, failure.code, failure.message))
        return await self._page(page, fetched, facts, before)

    async def _page(self, page: CrawlPage, fetched: Fetched, facts: PageFacts, before: CrawlPage | None) -> Read:
        nofollow = facts.nofollow or bool(fetched.robots & {"nofollow", "none"})
        found = [] if nofollow else [*facts.links, *([facts.refresh] if facts.refresh else [])]
        links = list(self.sieve.sift(found, page.depth + 1))
        if facts.noindex or fetched.robots & {"noindex", "none"}:
            return Read(_skipped("noindex"), links)
        if facts.asks_to_sign_in:
            return Read(_skipped("sign_in"), links)
        if facts.needs_browser:
            return Read(_failed("needs_browser", say("needs_browser"), before), links)
        if not facts.words:
            return Read(_skipped("no_text", kind=sentence("an empty page")), links)
        canonical = self.sieve.ours(facts.canonical) if facts.canonical else None
        # Many sites name their home page as the proper address of every page by mistake.
        if canonical is not None and canonical != page.url and not is_home(canonical):
            return Read(_skipped("canonical", other=canonical), [*self.sieve.sift([canonical], page.depth), *links])
        twin = await self._twin(page, facts)
        if twin is not None:
            return Read(twin, links)
        title = facts.title or _spoken_path(page.url)
        if before is not None and before.text_hash == facts.text_hash:
            return Read(replace(_unchanged(before), etag=fetched.etag, last_modified=fetched.last_modified), links)
        outcome = Outcome(
            READ, title=title, etag=fetched.etag, last_modified=fetched.last_modified, text_hash=facts.text_hash,
            sketch=facts.sketch,
        )  # fmt: skip
        return self._keep(outcome, page.url, fetched, title, None, links)

    async def _file(self, page: CrawlPage, fetched: Fetched, before: CrawlPage | None) -> Read:
        digest = digest_of(fetched.body)
        if before is not None and before.text_hash == digest:
            return Read(replace(_unchanged(before), etag=fetched.etag, last_modified=fetched.last_modified))
        name = unquote(PurePosixPath(urlsplit(page.url).path).name)[-200:] or "file"
        outcome = Outcome(READ, title=name, etag=fetched.etag, last_modified=fetched.last_modified, text_hash=digest)
        return self._keep(outcome, page.url, fetched, name, name, [])

    def _keep(
        self, outcome: Outcome, url: str, fetched: Fetched, title: str, filename: str | None, links: list[NewPage]
    ) -> Read:
        new = NewDocument(
            title=title[:300], source_type="url", digest=digest_of(fetched.body), size_bytes=len(fetched.body),
            filename=filename, url=url,
        )  # fmt: skip
        return Read(outcome, links, self.crawl.tenant_id, self.crawl.dataset_id, new, fetched.body)

    def _led_on(self, page: CrawlPage, target: str) -> Read:
        ours = self.sieve.ours(target)
        if ours is None:
            return Read(_skipped("elsewhere", other=target))
        if ours == page.url:
            return Read(_failed("too_many_redirects", say("too_many_redirects", other=target), None))
        return Read(_skipped("redirect", other=ours), list(self.sieve.sift([ours], page.depth)))

    async def _twin(self, page: CrawlPage, facts: PageFacts) -> Outcome | None:
        """Another page of this crawl with the same text, or another showing of the same path that is much alike.

        Different paths with nearly the same text are kept: two sizes of one shirt differ in a few words.
        """
        path = page.url.partition("?")[0]
        same_path = sa.func.split_part(CrawlPage.url, "?", 1) == path
        async with self.services.db.tenant(self.crawl.tenant_id) as session, session.begin():
            rows = await session.scalars(
                sa.select(CrawlPage).where(
                    CrawlPage.tenant_id == self.crawl.tenant_id, CrawlPage.crawl_id == self.crawl.id,
                    CrawlPage.status == READ, sa.or_(CrawlPage.text_hash == facts.text_hash, same_path),
                )
            )  # fmt: skip
            for other in rows:
                if other.text_hash == facts.text_hash:
                    return _same_text(other.url)
                if facts.words >= MIN_WORDS_ALIKE and likeness(list(facts.sketch), list(other.sketch)) >= ALIKE:
                    return _skipped("near_duplicate", other=other.url)
        return None

    async def _before(self, url: str) -> CrawlPage | None:
        """This page in the reading before, as long as its document is still there."""
        if self.crawl.previous_id is None:
            return None
        async with self.services.db.tenant(self.crawl.tenant_id) as session, session.begin():
            row: CrawlPage | None = await session.scalar(
                sa.select(CrawlPage).where(
                    CrawlPage.tenant_id == self.crawl.tenant_id, CrawlPage.crawl_id == self.crawl.previous_id,
                    CrawlPage.url == url, CrawlPage.document_id.is_not(None),
                )
            )  # fmt: skip
        return row


def _skipped(code: str, **fields: object) -> Outcome:
    return Outcome(SKIPPED, code, say(code, **fields))


def _same_text(other: str) -> Outcome:
    return _skipped("same_text", other=other)


def _unchanged(before: CrawlPage) -> Outcome:
    return Outcome(
        READ, "unchanged", say("unchanged"), before.title, before.document_id, before.etag, before.last_modified,
        before.text_hash, before.sketch,
    )  # fmt: skip


def _failed(code: str, reason: str, before: CrawlPage | None) -> Outcome:
    """A failure; what was known of the page is kept, so that the next reading compares with it."""
    if before is None:
        return Outcome(FAILED, code, reason)
    return Outcome(
        FAILED, code, reason, before.title, before.document_id, before.etag, before.last_modified, before.text_hash,
        before.sketch,
    )  # fmt: skip


def _refused(status: int, before: CrawlPage | None) -> Outcome:
    if status in {404, 410}:
        code = "not_there" if before is None else "gone"
    elif status in {401, 407}:
        return _skipped("sign_in")
    elif status == 429:
        code = "busy"
    elif status >= 500:
        code = "server_error"
    elif status >= 400:
        code = "refused"
    else:
        code = "garbled"
    return _failed(code, say(code, status=status), before)


def _spoken_path(url: str) -> str:
    name = PurePosixPath(urlsplit(url).path).stem
    return re.sub(r"[-_.+]+", " ", unquote(name)).strip().capitalize() or (urlsplit(url).hostname or url)
