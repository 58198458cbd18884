"""When a conversation should go to an operator: the owner's escalation triggers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopwright.nlp.embedding import Embedder
from shopwright.understanding.human import wants_human
from shopwright.understanding.reference import ENGLISH, OTHER, Reference, embed_messages, unit, view_of
from shopwright.understanding.similarity import margin, nearest
from shopwright.understanding.text import mentions, plain

HUMAN = "human_request"

# Chosen on messages of our own: a trigger must be the nearest by this much, and near at all.
AHEAD = {ENGLISH: 0.0, OTHER: 0.0}
NEAR = {ENGLISH: 0.42, OTHER: 0.45}
# Likeness of a message to the bare name of a trigger that the catalogue does not know.
NEAR_NAME = 0.55
NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Triggers:
    """The triggers of one bot, prepared by `prepare`."""

    names: tuple[str, ...]
    reference: Reference
    # per view and trigger: its example messages, and all others
    rows: dict[str, tuple[tuple[NDArray[np.intp], NDArray[np.intp]], ...]]
    # names the catalogue does not know: (position in `names`, the name in plain words), and their vectors
    unknown: tuple[tuple[int, str], ...]
    unknown_vectors: dict[str, NDArray[np.float32]]
    wants_human: str | None


async def prepare(names: Sequence[str], reference: Reference, embedder: Embedder) -> Triggers:
    """Find out what each trigger's name means: one that ships, a topic, or words to look for."""
    known = {
        _bare(alias): topic
        for topic in reference.catalogue.topics
        if topic.kind == "trigger"
        for alias in (topic.id, topic.title, *topic.names)
    }
    members: list[tuple[str, ...]] = []
    unknown: list[tuple[int, str]] = []
    human: str | None = None
    for position, name in enumerate(names):
        topic = known.get(_bare(name))
        if topic is None:
            found = reference.by_letters.get(_bare(name), ())
            members.append(tuple(member for ids in found for member in ids))
            if not found:
                unknown.append((position, _bare(name)))
            continue
        if topic.id == HUMAN:
            human = name
        members.append((topic.id, *topic.includes))
    rows = {view: tuple(_split(reference, view, ids) for ids in members) for view in (ENGLISH, OTHER)}
    words = [name for _, name in unknown]
    vectors = {view: unit(await embed_messages(embedder, words, view)) for view in (ENGLISH, OTHER)}
    return Triggers(tuple(names), reference, rows, tuple(unknown), vectors, human)


def _bare(name: str) -> str:
    return " ".join(plain(name).replace("_", " ").replace("-", " ").split())


def _split(reference: Reference, view: str, ids: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    own = reference.rows_of(view, ids)
    return own, np.setdiff1d(np.arange(len(reference.views[view].vectors)), own)


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
        vector: its embedding as a query of `language`.
        triggers: what `prepare` made.
        language: decides which examples the vector is compared with.
        likeness: the vector's likeness to all examples of its view, when the caller has it already.
    """
    if not triggers.names:
        return None
    if triggers.wants_human and wants_human(text, language):
        return triggers.wants_human
    view = view_of(language)
    direction = unit(vector)
    if likeness is None:
        likeness = triggers.reference.views[view].vectors @ direction
    best, best_margin = None, AHEAD[view]
    for name, (own, others) in zip(triggers.names, triggers.rows[view], strict=True):
        if len(own) and nearest(likeness, own, NEIGHBOURS) >= NEAR[view]:
            ahead = margin(likeness, own, others, NEIGHBOURS)
            if ahead > best_margin:
                best, best_margin = name, ahead
    if best is not None or not triggers.unknown:
        return best
    message = plain(text)
    to_names = triggers.unknown_vectors[view] @ direction
    for (position, words), like in zip(triggers.unknown, to_names, strict=True):
        if mentions(message, words) or like >= NEAR_NAME:
            return triggers.names[position]
    return None
