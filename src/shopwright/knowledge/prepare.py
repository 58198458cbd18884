"""From a text to what is stored for finding it: passages, their words, their vectors, their sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from shopwright.kit.ids import uuid7
from shopwright.knowledge.encoding import lexemes, pack_rows, sparse_text, vector_text
from shopwright.knowledge.parsing import Chunk, Extraction, chunk
from shopwright.nlp.bm25 import passage_terms, passage_weights
from shopwright.nlp.embedding import text_to_embed
from shopwright.nlp.language import detect
from shopwright.nlp.rows import headed_rows, spoken
from shopwright.nlp.sentences import split_sentences

LANGUAGE_SAMPLE = 4_000
MAX_SENTENCES = 40
HEADING_JOINT = " › "


@dataclass(frozen=True, slots=True)
class PreparedChunk:
    """A passage before it has vectors."""

    chunk: Chunk
    text: str
    to_embed: str
    heading: str
    sentences: tuple[tuple[int, int], ...]
    terms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document version, cut and counted."""

    title: str
    language: str
    chunks: list[PreparedChunk]


def prepare(extraction: Extraction, title: str, preferred_language: str | None) -> Prepared:
    """Cut a text into passages and count their words; pure, some milliseconds per page."""
    language = detect(
        extraction.text[:LANGUAGE_SAMPLE], fallback=preferred_language or "en",
        preferred=[preferred_language] if preferred_language else [],
    )  # fmt: skip
    return Prepared(title, language, [_prepare(c, extraction.text, title, language) for c in chunk(extraction)])


def _prepare(piece: Chunk, text: str, title: str, language: str) -> PreparedChunk:
    passage = text[piece.start : piece.end]
    sentences = _rows(passage) if piece.kind == "row" else split_sentences(passage)
    sentences = sentences[:MAX_SENTENCES]
    terms = passage_weights(passage_terms(passage, language, [title, *piece.heading_path]))
    return PreparedChunk(
        chunk=piece,
        text=passage,
        to_embed=text_to_embed(passage, piece.heading_path),
        heading=HEADING_JOINT.join(piece.heading_path),
        sentences=tuple(sentences),
        terms=terms,
    )


def _rows(passage: str) -> list[tuple[int, int]]:
    """The rows of a piece of a table, one a line: each is one statement, "Price: 12.00 EUR" alone says nothing."""
    spans, at = [], 0
    for line in passage.split("\n"):
        if line.strip():
            spans.append((at, at + len(line)))
        at += len(line) + 1
    return spans


def sentences_to_embed(prepared: Prepared) -> list[str]:
    """The sentences of all passages in order; those of one-sentence passages use the passage's own vector.

    A row of a table is embedded with the names of its columns.
    """
    found: list[str] = []
    for item in prepared.chunks:
        if len(item.sentences) > 1:
            texts = [item.text[start:end] for start, end in item.sentences]
            rows, _ = headed_rows(texts)
            found += [spoken(rows[i]) if i in rows else text for i, text in enumerate(texts)]
    return found


def chunk_rows(
    prepared: Prepared,
    tenant_id: UUID,
    dataset_id: UUID,
    document_id: UUID,
    version: int,
    vectors: NDArray[np.float32],
    sentence_vectors: NDArray[np.float32],
) -> list[dict[str, object]]:
    """Rows of `chunks`, in order; `sentence_vectors` belongs to `sentences_to_embed`."""
    rows: list[dict[str, object]] = []
    at = 0
    for ordinal, item in enumerate(prepared.chunks):
        count = len(item.sentences)
        if count > 1:
            mine, at = sentence_vectors[at : at + count], at + count
        else:
            mine = vectors[ordinal : ordinal + 1]
        rows.append(
            {
                "tenant_id": tenant_id, "id": uuid7(), "dataset_id": dataset_id, "document_id": document_id,
                "version": version, "ordinal": ordinal, "start_char": item.chunk.start, "end_char": item.chunk.end,
                "kind": item.chunk.kind, "title": prepared.title, "heading": item.heading, "page": item.chunk.page,
                "anchor": item.chunk.anchor, "language": prepared.language, "text": item.text,
                "lexemes": lexemes(dataset_id, item.terms), "weights": sparse_text(item.terms),
                "sentences": [list(span) for span in item.sentences],
                "sentence_vectors": pack_rows(mine) if count else None,
            }
        )  # fmt: skip
    return rows


def vector_rows(
    tenant_id: UUID,
    generation_id: UUID,
    chunk_ids: Sequence[object],
    vectors: NDArray[np.float32],
    *,
    indexed: bool,
) -> list[dict[str, object]]:
    """Rows of `chunk_vectors`."""
    return [
        {
            "tenant_id": tenant_id, "id": uuid7(), "chunk_id": chunk_id, "generation_id": generation_id,
            "embedding": vector_text(row), "dimensions": int(vectors.shape[1]), "indexed": indexed,
        }
        for chunk_id, row in zip(chunk_ids, vectors, strict=True)
    ]  # fmt: skip
