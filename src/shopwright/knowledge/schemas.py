"""What the API of datasets and documents takes and returns."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from shopwright.kit.schemas import Line, LongText, Metadata, Name, Schema, Tags, Text, clean_text

MAX_CONTENT = 2_000_000
MAX_BATCH = 1000
MAX_BATCH_CHARACTERS = 20_000_000

Title = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(clean_text)]
Content = Annotated[str, Field(min_length=1, max_length=MAX_CONTENT), AfterValidator(clean_text)]
Status = Literal["pending", "processing", "completed", "failed"]


class DatasetCreate(Schema):
    name: Name
    client_id: UUID | None = Field(None, description="The client it belongs to; null is the tenant itself.")
    description: LongText = ""
    tags: Tags = []
    metadata: Metadata = {}


class DatasetUpdate(Schema):
    name: Name | None = None
    description: LongText | None = None
    tags: Tags | None = None
    metadata: Metadata | None = None


class DocumentCounts(Schema):
    pending: int = 0
    processing: int = 0
    completed: int = 0
    failed: int = 0


class DatasetRead(Schema):
    id: UUID
    name: str
    client_id: UUID | None
    tenant_id: UUID
    description: str
    tags: list[str]
    metadata: dict[str, Any]
    embedding_model: str
    index_status: str = Field(description="`ready`, or `building` while a new embedding model is being built.")
    documents: DocumentCounts
    created_at: datetime
    updated_at: datetime


class DocumentCreate(Schema):
    title: Title
    content: Content
    source_type: Literal["text", "markdown", "html"] = "text"
    url: Annotated[Text, Field(max_length=2000, pattern=r"^https?://")] | None = Field(
        None, description="Where a reader finds it; citations link to it."
    )
    tags: Tags = []
    metadata: Metadata = {}


class DocumentBatch(Schema):
    documents: Annotated[list[DocumentCreate], Field(min_length=1, max_length=MAX_BATCH)]


class DocumentReplace(Schema):
    title: Title | None = None
    content: Content


class DocumentUpdate(Schema):
    title: Title | None = None
    url: Annotated[Text, Field(max_length=2000, pattern=r"^https?://")] | None = None
    tags: Tags | None = None
    metadata: Metadata | None = None


class DocumentRead(Schema):
    id: UUID
    dataset_id: UUID
    title: str
    source_type: str
    filename: str | None
    url: str | None
    media_type: str | None
    size_bytes: int
    tags: list[str]
    metadata: dict[str, Any]
    status: Status
    stage: str | None = Field(description="While processing: `extract`, `chunk`, `embed` or `store`.")
    progress: float = Field(description="Of the stage, 0 to 1.")
    error: str | None = Field(description="Why it failed, and what to do.")
    error_code: str | None
    attempts: int
    version: int | None = Field(description="The version that answers now.")
    newest_version: int
    chunk_count: int
    language: str | None
    duplicate: bool = Field(False, description="The same content was here already; this is that document.")
    created_at: datetime
    updated_at: datetime


class DocumentText(Schema):
    document_id: UUID
    version: int
    title: str
    text: str
    warnings: list[str]
    pages: int | None


class VersionRead(Schema):
    version: int
    title: str
    created_at: datetime
    completed_at: datetime | None


class PassageRead(Schema):
    id: UUID
    ordinal: int
    start: int
    end: int
    text: str
    heading: str
    page: int | None
    kind: str


class HistoryMessage(Schema):
    role: Literal["user", "assistant", "agent", "bot", "system"]
    content: Annotated[str, Field(max_length=20_000), AfterValidator(clean_text)]


class SearchRequest(Schema):
    query: Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(clean_text)]
    limit: int = Field(5, ge=1, le=100)
    history: Annotated[list[HistoryMessage], Field(max_length=50)] = []
    explain: bool = Field(False, description="Say for each passage why it was found.")


class Why(Schema):
    """Why a passage was found."""

    words: float = Field(description="How much of what was asked stands in it, word by word, 0 to 1.")
    vector: float = Field(description="How near its meaning is to that of the question, -1 to 1.")
    exact: list[str] = Field(description="The words of the question that stand in it, in any of their forms.")
    rank: int = Field(description="Its place, 1 is the best.")


class SearchHit(Schema):
    document_id: UUID
    document_version: int
    title: str
    heading: str
    url: str | None
    page: int | None
    text: str
    start: int
    end: int
    score: float
    signals: dict[str, float] = Field(description="What the score was made from.")
    why: Why | None = Field(None, description="Only when `explain` was asked for.")


class SearchResult(Schema):
    items: list[SearchHit]


class Reindex(Schema):
    embedding_model: Line = Field(examples=["local"], description='"local", or "<provider id>:<model>".')


class GenerationRead(Schema):
    id: UUID
    embedding_model: str
    dimensions: int
    status: str
    error: str
    created_at: datetime
