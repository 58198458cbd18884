"""What the API of crawls takes and returns."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shopwright.kit.schemas import Schema, Text
from shopwright.knowledge.crawling.addresses import MAX_ADDRESS

Pattern = Annotated[Text, Field(min_length=1, max_length=200)]
Patterns = Annotated[list[Pattern], Field(max_length=50)]
CrawlStatus = Literal["queued", "running", "completed", "failed", "cancelled"]
PageStatus = Literal["found", "read", "skipped", "failed"]


class CrawlCreate(Schema):
    url: Annotated[Text, Field(min_length=1, max_length=MAX_ADDRESS)] = Field(
        description="Where to begin; without https:// it is added.", examples=["https://shop.example/help"]
    )
    max_pages: int = Field(200, ge=1, le=5000)
    max_depth: int = Field(5, ge=0, le=30, description="How many clicks from the first page at most.")
    include: Patterns = Field(default=[], description="Only these paths, such as /help/*; empty means all.")
    exclude: Patterns = []


class CrawlRead(Schema):
    id: UUID
    dataset_id: UUID
    url: str
    max_pages: int
    max_depth: int
    include: list[str]
    exclude: list[str]
    status: CrawlStatus
    stage: str | None = Field(description="While running: `prepare` (robots.txt, sitemaps) or `pages`.")
    pages_found: int
    pages_read: int
    pages_unchanged: int = Field(description="Of those read: the same as the last time.")
    pages_skipped: int
    pages_failed: int
    bytes_read: int
    error: str | None = Field(description="Why nothing was read, and what to do.")
    error_code: str | None
    notice: str | None = Field(description="What to know although pages were read.")
    previous_id: UUID | None
    created_at: datetime
    finished_at: datetime | None


class CrawlPageRead(Schema):
    id: UUID
    url: str
    title: str | None
    status: PageStatus
    reason_code: str | None
    reason: str | None = Field(description="Why it was skipped or failed, and what to do.")
    document_id: UUID | None
    at: datetime
