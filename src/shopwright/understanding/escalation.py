"""When a conversation should go to an operator: the owner's escalation triggers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopwright.nlp.embedding import Embedder
from shopwright.understanding.human import wants_human
from shopwright.understanding.reference import Reference, Rows, Vectors
from shopwright.understanding.similarity import nearest
from shopwright.understanding.text import mentions, plain

HUMAN = "human_request"

# A trigger's examples must be nearer than all others, and their likeness plus that lead must reach this.
CLEAR = 0.46
# Likeness of a message to the bare name of a trigger that the catalogue does not know.
NEAR_NAME = 0.55
NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Triggers:
    """The triggers of one bot, made by `prepare`."""

    names: tuple[str, ...]
    reference: Reference
    # of each name: its example messages, and all others
    rows: tuple[tuple[Rows, Rows], ...]
    # names that the catalogue does not know: (position in `names`, plain words), and their vectors
    unknown: tuple[tuple[int, str], ...]
    unknown_vectors: Vectors
    # the owner's name for "wants a person", when it is a trigger
    human: str | None


async def prepare(names: Sequence[str], reference: Reference, embedder: Embedder) -> Triggers:
    """Find out what each name means: a trigger that ships, a topic of the catalogue, or words to look for."""
    shipped = {
        _bare(alias): topic
        for topic in reference.catalogue.topics
        if topic.kind == "trigger"
        for alias in (topic.id, topic.title, *topic.names)
    }
    rows: list[tuple[Rows, Rows]] = []
    unknown: list[tuple[int, str]] = []
    human: str | None = None
    for position, name in enumerate(names):
        bare = _bare(name)
        trigger = shipped.get(bare)
        topics = [topic for ids in reference.by_letters.get(bare, ()) for topic in ids]
        if trigger is not None:
            topics = [trigger.id, *trigger.includes]
            human = name if trigger.id == HUMAN else human
        elif not topics:
            unknown.append((position, bare))
        own = reference.rows_of(topics)
        # A trigger that is not set does not compete with one that is.
        rows.append((own, np.setdiff1d(np.flatnonzero(reference.kinds != "trigger"), own)))
    vectors = await embedder.embed_passages([words for _, words in unknown])
    return Triggers(tuple(names), reference, tuple(rows), tuple(unknown), vectors, human)


def escalation(
    text: str,
    vector: NDArray[np.float32],
    triggers: Triggers,
    language: str | None = None,
    likeness: NDArray[np.float32] | None = None,
) -> str | None:
    """Return the owner's name of the trigger that a message sets off, or None.

    Args:
        text: the message.
        vector: its embedding as a query.
        triggers: what `prepare` made.
        language: the message's language, for the wish for a person.
        likeness: of the vector to the reference's rows, when the caller has it already.
    """
    if not triggers.names:
        return None
    if triggers.human is not None and wants_human(text, language):
        return triggers.human
    if likeness is None:
        likeness = triggers.reference.vectors @ vector
    best, best_ahead = None, 0.0
    for name, (own, others) in zip(triggers.names, triggers.rows, strict=True):
        near = nearest(likeness, own, NEIGHBOURS)
        ahead = near - nearest(likeness, others, NEIGHBOURS)
        if ahead > best_ahead and near + ahead >= CLEAR:
            best, best_ahead = name, ahead
    if best is not None or not triggers.unknown:
        return best
    message = plain(text)
    for (position, words), like in zip(triggers.unknown, triggers.unknown_vectors @ vector, strict=True):
        if mentions(message, words) or like >= NEAR_NAME:
            return triggers.names[position]
    return None


def _bare(name: str) -> str:
    return " ".join(plain(name).replace("_", " ").replace("-", " ").split())
