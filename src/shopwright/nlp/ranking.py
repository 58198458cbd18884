"""Put the candidates of the vector search and of the term search in one order, with one score."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

# Chosen by hand on doc2dial (both domains), XQuAD and the demo shop together; see decision 0007. Changing one
# of them by a third moves recall@5 by at most .03 on any of these sets.
DENSE_SHARE = 0.5
FOREIGN_DENSE_SHARE = 0.1
DOCUMENT_SHARE = 0.2
DOCUMENT_PASSAGES = 3
# The best sentence adds this share of its own to the dense part, and takes half as much from the passage's.
SENTENCE_SHARE = 0.4
# The multilingual model puts a right passage in another language at .40, in the same one at .50.
CROSSING_STRETCH = 1.2

# The logistic curve from evidence to score, fitted by bench/retrieval.py (middle .27, steepness 24) and drawn
# a little flatter, because real questions are less like their answers than those of the sets.
MIDDLE = 0.27
STEEPNESS = 18.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that one of the two searches brought up, scored by both."""

    # what belongs together: the document, or better the document's title within its dataset
    document: Hashable
    # inner product of `bm25.query_weights` and the stored `bm25.passage_weights`, from 0 to 1
    lexical: float
    # inner product of `QueryPlan.vector` and the stored row, from -1 to 1
    dense: float
    # as `dense`, for its best sentence, where sentences have rows of their own
    sentence: float | None = None
    # False when the question is in another language: its words cannot stand here, so meaning decides
    same_language: bool = True


def fuse(candidates: Sequence[Candidate], *, understood: bool = True) -> list[float]:
    """Score candidates from 0 to 1, in the order given.

    The score can be compared from query to query. It says whether the passage speaks of what was asked: .5
    is as likely for a right passage as for the best one found for a question about something
    else. It does not say that the answer is in it; sentences decide that.

    Args:
        candidates: the union of the best 50 by vectors and the best 50 by terms, both scores filled for each.
        understood: whether the embedder understands the query's language (`Embedder.understands`).
    """
    support = _support(candidates)
    return [_curve(evidence(each, support[each.document], understood=understood)) for each in candidates]


def evidence(candidate: Candidate, support: float, *, understood: bool) -> float:
    """Add up what speaks for a passage, before it is bent into a score."""
    share = DENSE_SHARE if understood else FOREIGN_DENSE_SHARE
    dense = candidate.dense
    if candidate.sentence is not None:
        dense += SENTENCE_SHARE * (candidate.sentence - candidate.dense / 2)
    if not candidate.same_language:
        return candidate.lexical + CROSSING_STRETCH * dense
    return (1 - share) * candidate.lexical + share * dense + DOCUMENT_SHARE * support


def _support(candidates: Sequence[Candidate]) -> dict[Hashable, float]:
    """Return for each document the mean of its three best term scores.

    A passage is likelier to be right when its neighbours speak of the same things; a mean of three
    and not of all, so that a price list of 300 rows is not at a disadvantage.
    """
    by_document: dict[Hashable, list[float]] = {}
    for candidate in candidates:
        by_document.setdefault(candidate.document, []).append(candidate.lexical)
    return {
        document: sum(sorted(scores)[-DOCUMENT_PASSAGES:]) / len(scores[-DOCUMENT_PASSAGES:])
        for document, scores in by_document.items()
    }


def _curve(x: float) -> float:
    return 1 / (1 + math.exp(-STEEPNESS * (x - MIDDLE)))
