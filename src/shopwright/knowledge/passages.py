"""What finding gives and answering takes: a passage of a document version, with what is needed to quote it."""

from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk.

    `text` is exactly the span `start`..`end` of the text of that document version. `sentences` are spans
    within `text`; `sentence_vectors` has one row of unit length for each, or none where they were not stored.
    `score` is the match with the question, 0 to 1; `signals` says what it was made from.
    """

    chunk_id: UUID
    document_id: UUID
    document_version: int
    title: str
    heading: str
    url: str | None
    page: int | None
    anchor: str | None
    kind: str
    language: str
    text: str
    start: int
    end: int
    score: float
    sentences: tuple[tuple[int, int], ...] = ()
    sentence_vectors: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    signals: dict[str, float] = field(default_factory=dict, compare=False)
