"""`/v1/tenant/datasets/{id}/crawls`: websites read into a dataset, and what became of every page."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request

from shopwright.kit.egress import AddressRefused, EgressPolicy
from shopwright.kit.errors import NotFound, error_responses
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page
from shopwright.knowledge.crawling.errors import CrawlNotOver, CrawlOver, CrawlRunning, NotAWebsite, TooManyCrawls
from shopwright.knowledge.crawling.models import Crawl, CrawlPage
from shopwright.knowledge.crawling.schemas import CrawlCreate, CrawlPageRead, CrawlRead, PageStatus
from shopwright.knowledge.crawling.service import Crawls
from shopwright.knowledge.service import Datasets
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import Scope, requires, scoped_router

router = scoped_router("/v1/tenant/datasets/{dataset_id}/crawls", "crawls")


def crawls_of(scope: Scope) -> Crawls:
    return Crawls(scope.session, scope.tenant_id)


def policy_of(request: Request) -> EgressPolicy:
    policy: EgressPolicy = request.app.state.egress
    return policy


CrawlsDep = Annotated[Crawls, Depends(crawls_of)]
PolicyDep = Annotated[EgressPolicy, Depends(policy_of)]


@router.post(
    "",
    status_code=202,
    responses=error_responses(NotFound, NotAWebsite, AddressRefused, CrawlRunning, TooManyCrawls),
)
@requires(Permission.DATASETS_WRITE)
async def start_crawl(
    dataset_id: UUID, new: CrawlCreate, crawls: CrawlsDep, policy: PolicyDep, scope: Scope
) -> CrawlRead:
    """Read a website. Every page with text becomes a document; its progress is in the answer of `GET`."""
    row = await crawls.start(dataset_id, new, policy)
    scope.audit("crawl.start", row.id, url=row.url)
    return CrawlRead.model_validate(row)


@router.get("", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def list_crawls(dataset_id: UUID, scope: Scope, limit: Limit = 50, cursor: CursorText = None) -> Page[CrawlRead]:
    """Crawls of a dataset, newest first."""
    await Datasets(scope.session, scope.tenant_id).get(dataset_id)
    rows, after = await scope.repository(Crawl).page(limit, cursor, Crawl.dataset_id == dataset_id)
    return Page(items=[CrawlRead.model_validate(row) for row in rows], next_cursor=after)


@router.get("/{crawl_id}", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def get_crawl(dataset_id: UUID, crawl_id: UUID, crawls: CrawlsDep) -> CrawlRead:
    return CrawlRead.model_validate(await crawls.get(dataset_id, crawl_id))


@router.get("/{crawl_id}/pages", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def list_crawl_pages(
    dataset_id: UUID,
    crawl_id: UUID,
    crawls: CrawlsDep,
    scope: Scope,
    limit: Limit = 50,
    cursor: CursorText = None,
    status: Annotated[PageStatus | None, Query()] = None,
) -> Page[CrawlPageRead]:
    """The pages a crawl found, in the order they were found, with what became of each and why."""
    await crawls.get(dataset_id, crawl_id)
    conditions = [CrawlPage.crawl_id == crawl_id]
    if status is not None:
        conditions.append(CrawlPage.status == status)
    rows, after = await scope.repository(CrawlPage).page(limit, cursor, *conditions, newest_first=False)
    return Page(items=[CrawlPageRead.model_validate(row) for row in rows], next_cursor=after)


@router.post("/{crawl_id}/cancel", responses=error_responses(NotFound, CrawlOver))
@requires(Permission.DATASETS_WRITE)
async def cancel_crawl(dataset_id: UUID, crawl_id: UUID, crawls: CrawlsDep, scope: Scope) -> CrawlRead:
    """Stop a crawl. The page being fetched is let go; what was read stays."""
    row = await crawls.cancel(await crawls.get(dataset_id, crawl_id))
    scope.audit("crawl.cancel", row.id, url=row.url)
    return CrawlRead.model_validate(row)


@router.post(
    "/{crawl_id}/repeat",
    status_code=202,
    responses=error_responses(NotFound, CrawlNotOver, CrawlRunning, TooManyCrawls),
)
@requires(Permission.DATASETS_WRITE)
async def repeat_crawl(dataset_id: UUID, crawl_id: UUID, crawls: CrawlsDep, scope: Scope) -> CrawlRead:
    """Read a website again. Changed pages become new versions of their documents; gone ones are listed, not deleted."""
    row = await crawls.repeat(await crawls.get(dataset_id, crawl_id))
    scope.audit("crawl.start", row.id, url=row.url)
    return CrawlRead.model_validate(row)
