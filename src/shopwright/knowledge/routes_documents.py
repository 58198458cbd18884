"""`/v1/tenant/datasets/{id}/documents`: what comes in, what became of it, and its text as bots see it."""

import os
import re
from typing import Annotated, Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from fastapi import File, Form, Query, UploadFile

from shopwright.kit.errors import InvalidInput, NotFound, PayloadTooLarge, error_responses
from shopwright.kit.files import hold_bytes
from shopwright.kit.pagination import CursorText, Limit
from shopwright.kit.schemas import Page, clean_json, strip_forbidden
from shopwright.kit.sentences import sentence
from shopwright.knowledge.errors import FileTooLarge, NoFiles, NothingToRetry, SameContent
from shopwright.knowledge.models import Chunk, Document, DocumentVersion
from shopwright.knowledge.routes import KnowledgeDep
from shopwright.knowledge.schemas import (
    MAX_BATCH_CHARACTERS,
    DocumentBatch,
    DocumentCreate,
    DocumentRead,
    DocumentReplace,
    DocumentText,
    DocumentUpdate,
    PassageRead,
    Status,
    VersionRead,
)
from shopwright.knowledge.service import Datasets, Documents, NewDocument, digest_of
from shopwright.tenants.permissions import Permission
from shopwright.tenants.scope import RequestScope, Scope, requires, scoped_router

router = scoped_router("/v1/tenant/datasets/{dataset_id}/documents", "documents")
MAX_FILENAME = 200


def read_document(row: Document, *, duplicate: bool = False) -> DocumentRead:
    fields = {name: getattr(row, name) for name in DocumentRead.model_fields if hasattr(row, name)}
    return DocumentRead(**{**fields, "metadata": row.meta, "duplicate": duplicate})


def clean_filename(name: str | None) -> str:
    """A name to show: no folders, no control characters, not too long. Files are stored under our own names."""
    base = os.path.basename(strip_forbidden(name or "").replace("\\", "/"))  # noqa: PTH119 - text, not a path
    base = re.sub(r"[\r\n\t]+", " ", base).strip().strip(".")
    return base[-MAX_FILENAME:] or "file"


def _typed(new: DocumentCreate) -> NewDocument:
    data = f"{new.source_type}\n{new.title}\n{new.content}".encode()
    return NewDocument(
        title=new.title, source_type=new.source_type, digest=digest_of(data), size_bytes=len(new.content.encode()),
        text=new.content, url=new.url, tags=new.tags, metadata=dict(new.metadata),
    )  # fmt: skip


def _parse_metadata(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        value = clean_json(orjson.loads(text))
    except ValueError as exc:
        broken = sentence('The part "metadata" must be JSON: {problem}.', problem=exc)
        reason = broken if isinstance(exc, orjson.JSONDecodeError) else str(exc)
        raise InvalidInput(reason=reason) from None
    if not isinstance(value, dict):
        raise InvalidInput(
            reason=sentence('The part "metadata" must be a JSON object, such as {"category": "policy"}.')
        )
    return value


@router.get("", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def list_documents(
    dataset_id: UUID,
    scope: Scope,
    limit: Limit = 50,
    cursor: CursorText = None,
    status: Annotated[Status | None, Query()] = None,
) -> Page[DocumentRead]:
    """Documents with the state of their reading, newest first."""
    await Datasets(scope.session, scope.tenant_id).get(dataset_id)
    conditions = [Document.dataset_id == dataset_id]
    if status is not None:
        conditions.append(Document.status == status)
    rows, after = await scope.repository(Document).page(limit, cursor, *conditions)
    return Page(items=[read_document(row) for row in rows], next_cursor=after)


@router.post("", status_code=201, responses=error_responses(NotFound))
@requires(Permission.DATASETS_WRITE)
async def create_document(dataset_id: UUID, new: DocumentCreate, scope: Scope) -> DocumentRead:
    """Add a text. The same text twice is one document; `duplicate` says so."""
    row, duplicate = (await Documents(scope.session, scope.tenant_id).add(dataset_id, [_typed(new)]))[0]
    return read_document(row, duplicate=duplicate)


@router.post("/batch", status_code=201, responses=error_responses(NotFound, PayloadTooLarge))
@requires(Permission.DATASETS_WRITE)
async def create_documents(dataset_id: UUID, batch: DocumentBatch, scope: Scope) -> Page[DocumentRead]:
    """Add up to 1,000 texts in one call: all of them or, when one is refused, none."""
    if sum(len(new.content) for new in batch.documents) > MAX_BATCH_CHARACTERS:
        raise PayloadTooLarge(limit=MAX_BATCH_CHARACTERS)
    added = await Documents(scope.session, scope.tenant_id).add(dataset_id, [_typed(new) for new in batch.documents])
    return Page(items=[read_document(row, duplicate=duplicate) for row, duplicate in added])


async def _store_upload(upload: UploadFile, scope: RequestScope, knowledge: KnowledgeDep) -> tuple[str, str, int]:
    limit = knowledge.settings.max_upload_bytes
    name = clean_filename(upload.filename)
    data = await upload.read(limit + 1)
    if len(data) > limit:
        raise FileTooLarge(name=name, limit_mb=limit // (1024 * 1024))
    digest = digest_of(data)
    await hold_bytes(scope.session, knowledge.files, scope.tenant_id, digest, data)
    return name, digest, len(data)


@router.post("/upload", status_code=201, responses=error_responses(NotFound, FileTooLarge, NoFiles))
@requires(Permission.DATASETS_WRITE)
async def upload_documents(
    dataset_id: UUID,
    scope: Scope,
    knowledge: KnowledgeDep,
    files: Annotated[list[UploadFile] | None, File(description="One or more files.")] = None,
    metadata: Annotated[str | None, Form(max_length=20_000, description="A JSON object for all of them.")] = None,
) -> Page[DocumentRead]:
    """Add files: PDF, DOCX, TXT, MD, CSV, HTML, XLSX, PPTX, EPUB, ODT, EML, JSON and more.

    The kind is taken from the content. The same bytes twice are one document; `duplicate` says so.
    """
    if not files:
        raise NoFiles(reason="")
    if len(files) > knowledge.settings.max_files:
        raise InvalidInput(
            reason=sentence("Send at most {limit} files in one call.", limit=knowledge.settings.max_files)
        )
    await Datasets(scope.session, scope.tenant_id).get(dataset_id)
    meta = _parse_metadata(metadata)
    tags = [str(tag)[:60] for tag in meta.get("tags", [])][:50] if isinstance(meta.get("tags"), list) else []
    new = []
    for upload in files:
        name, digest, size = await _store_upload(upload, scope, knowledge)
        new.append(
            NewDocument(
                title=name,
                source_type="file",
                digest=digest,
                size_bytes=size,
                filename=name,
                tags=tags,
                metadata=meta,
            )
        )
    added = await Documents(scope.session, scope.tenant_id).add(dataset_id, new)
    return Page(items=[read_document(row, duplicate=duplicate) for row, duplicate in added])


@router.get("/{document_id}", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def get_document(dataset_id: UUID, document_id: UUID, scope: Scope) -> DocumentRead:
    return read_document(await Documents(scope.session, scope.tenant_id).get(dataset_id, document_id))


@router.patch("/{document_id}", responses=error_responses(NotFound))
@requires(Permission.DATASETS_WRITE)
async def update_document(dataset_id: UUID, document_id: UUID, change: DocumentUpdate, scope: Scope) -> DocumentRead:
    documents = Documents(scope.session, scope.tenant_id)
    row = await documents.update(await documents.get(dataset_id, document_id), change)
    return read_document(row)


@router.put("/{document_id}/content", responses=error_responses(NotFound, SameContent))
@requires(Permission.DATASETS_WRITE)
async def replace_document(dataset_id: UUID, document_id: UUID, new: DocumentReplace, scope: Scope) -> DocumentRead:
    """Give a document new text. The old version answers until the new one is ready."""
    documents = Documents(scope.session, scope.tenant_id)
    row = await documents.get(dataset_id, document_id, lock=True)
    kind: Any = row.source_type if row.source_type in {"text", "markdown", "html"} else "text"
    typed = _typed(DocumentCreate(title=new.title or row.title, content=new.content, source_type=kind))
    return read_document(await documents.replace(row, typed))


@router.put("/{document_id}/file", responses=error_responses(NotFound, SameContent, FileTooLarge))
@requires(Permission.DATASETS_WRITE)
async def replace_document_file(
    dataset_id: UUID,
    document_id: UUID,
    scope: Scope,
    knowledge: KnowledgeDep,
    file: Annotated[UploadFile, File()],
) -> DocumentRead:
    """Give a document a new file. The old version answers until the new one is ready."""
    name, digest, size = await _store_upload(file, scope, knowledge)
    documents = Documents(scope.session, scope.tenant_id)
    row = await documents.get(dataset_id, document_id, lock=True)
    new = NewDocument(title=row.title, source_type="file", digest=digest, size_bytes=size, filename=name)
    return read_document(await documents.replace(row, new))


@router.post("/{document_id}/retry", status_code=202, responses=error_responses(NotFound, NothingToRetry))
@requires(Permission.DATASETS_WRITE)
async def retry_document(dataset_id: UUID, document_id: UUID, scope: Scope) -> DocumentRead:
    """Read a failed document again."""
    documents = Documents(scope.session, scope.tenant_id)
    row = await documents.get(dataset_id, document_id, lock=True)
    return read_document(await documents.retry(row))


@router.delete("/{document_id}", status_code=204, responses=error_responses(NotFound))
@requires(Permission.DATASETS_WRITE)
async def delete_document(dataset_id: UUID, document_id: UUID, scope: Scope) -> None:
    """Remove a document; no answer uses it from then on."""
    documents = Documents(scope.session, scope.tenant_id)
    row = await documents.get(dataset_id, document_id)
    await documents.delete(row)
    scope.audit("document.delete", document_id, title=row.title)


@router.get("/{document_id}/versions", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def list_versions(dataset_id: UUID, document_id: UUID, scope: Scope) -> Page[VersionRead]:
    """The versions of a document, newest first."""
    await Documents(scope.session, scope.tenant_id).get(dataset_id, document_id)
    query = scope.repository(DocumentVersion).select().where(DocumentVersion.document_id == document_id)
    rows = await scope.session.scalars(query.order_by(DocumentVersion.version.desc()).limit(200))
    return Page(items=[VersionRead.model_validate(row) for row in rows])


@router.get("/{document_id}/text", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def get_document_text(
    dataset_id: UUID, document_id: UUID, scope: Scope, version: Annotated[int | None, Query(ge=1)] = None
) -> DocumentText:
    """The text of a version as bots see it; citations point into it. The answering version when none is named."""
    document = await Documents(scope.session, scope.tenant_id).get(dataset_id, document_id)
    wanted = version or document.version
    row = await scope.session.scalar(
        scope.repository(DocumentVersion)
        .select()
        .options(sa.orm.undefer(DocumentVersion.text))
        .where(DocumentVersion.document_id == document_id, DocumentVersion.version == wanted)
    )
    if row is None or row.text is None:
        raise NotFound(what="readable version")
    return DocumentText(
        document_id=document_id, version=row.version, title=row.title, text=row.text, warnings=row.warnings,
        pages=row.pages,
    )  # fmt: skip


@router.get("/{document_id}/passages", responses=error_responses(NotFound))
@requires(Permission.DATASETS_READ)
async def list_passages(
    dataset_id: UUID,
    document_id: UUID,
    scope: Scope,
    limit: Limit = 50,
    after: Annotated[int, Query(ge=-1, le=10_000_000)] = -1,
) -> Page[PassageRead]:
    """The passages a document was cut into, in order; `next_cursor` goes into `?after=`."""
    await Documents(scope.session, scope.tenant_id).get(dataset_id, document_id)
    query = scope.repository(Chunk).select().where(Chunk.document_id == document_id, Chunk.ordinal > after)
    rows = list((await scope.session.scalars(query.order_by(Chunk.ordinal).limit(limit + 1))).all())
    more = str(rows[limit - 1].ordinal) if len(rows) > limit else None
    return Page(items=[PassageRead.model_validate(row) for row in rows[:limit]], next_cursor=more)
