"""Which example messages speak for a message and which against it, by one bot's rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopwright.nlp.embedding import Embedder
from shopwright.nlp.language import detect
from shopwright.understanding.reference import (
    ENGLISH,
    OTHER,
    Reference,
    Vectors,
    embed_messages,
    unit,
    view_of,
)
from shopwright.understanding.rules import ScopeRules
from shopwright.understanding.text import plain
from shopwright.understanding.thresholds import KNOWLEDGE_COVERS
from shopwright.understanding.topics import Meaning, meanings

Rows = NDArray[np.intp]

MOST_TITLES = 40
MOST_PASSAGES = 400
# Greetings and "how can I reach you?" are answered in every scope.
ALWAYS_ALLOWED = ("chat", "contact")
NEVER_ALLOWED = ("danger", "injection")


@dataclass(frozen=True, slots=True)
class Side:
    """One view's examples: positions in the catalogue's rows, followed by the bot's own `extra` rows."""

    extra: Vectors
    extra_names: tuple[str, ...]
    allowed: Rows
    # the shop's other business: on topic unless the scope is strict
    neutral: Rows
    off: Rows
    forbidden: Rows
    danger: Rows
    injection: Rows
    # what neither endangers nor instructs, for comparison with what does
    innocent: Rows
    forbidden_names: Vectors


@dataclass(frozen=True, slots=True)
class Sides:
    """Both views, and what the owner's words mean."""

    reference: Reference
    views: dict[str, Side]
    allowed: tuple[Meaning, ...]
    forbidden: tuple[Meaning, ...]
    # forbidden names that the catalogue does not know, as plain words
    unknown_forbidden: tuple[str, ...]
    # the owner's examples as plain text
    judged: dict[str, bool]
    passages: Vectors | None

    def likeness(self, vector: NDArray[np.float32], view: str) -> NDArray[np.float32]:
        """A message's likeness to each row of the view, the extra rows last."""
        direction = unit(vector)
        shared = self.reference.views[view].vectors @ direction
        extra = self.views[view].extra
        return np.concatenate([shared, extra @ direction]) if len(extra) else shared

    def shared(self, view: str) -> int:
        return len(self.reference.views[view].vectors)

    def best(self, likeness: NDArray[np.float32], rows: Rows, view: str) -> tuple[str, str]:
        """Name the topic of the nearest of some rows (in the owner's words if it is theirs), and its message."""
        if not len(rows):
            return "", ""
        row = int(rows[np.argmax(likeness[rows])])
        examples = self.reference.views[view]
        if row >= len(examples.texts):
            name = self.views[view].extra_names[row - len(examples.texts)]
            return name, name
        topic = self.reference.catalogue.topics[int(examples.topics[row])]
        for meaning in (*self.forbidden, *self.allowed):
            if topic.id in meaning.topics:
                return meaning.name, examples.texts[row]
        return topic.title, examples.texts[row]


async def build_sides(
    rules: ScopeRules,
    ref: Reference,
    embedder: Embedder,
    passages: Vectors | None,
    titles: Sequence[str],
    examples: Sequence[tuple[str, bool]],
) -> Sides:
    """Sort the catalogue by the rules and embed what is the bot's own."""
    allowed = await meanings(rules.allowed_topics, ref, embedder, forbidden=False)
    forbidden = await meanings(rules.forbidden_topics, ref, embedder, forbidden=True)
    unknown = [meaning.name for meaning in forbidden if not meaning.topics]
    own = [(name, text) for name in _unknown(allowed) for text in _as_messages(name)]
    own += [(title, title) for title in _sample(titles, MOST_TITLES)]
    if passages is not None and len(passages) > MOST_PASSAGES:
        passages = passages[np.linspace(0, len(passages) - 1, MOST_PASSAGES).astype(int)]
    views = {}
    for view in (ENGLISH, OTHER):
        judged = [(text, ok) for text, ok in examples if view_of(detect(text)) == view or view == OTHER]
        for_it = own + [(text, text) for text, ok in judged if ok]
        against = [(text, text) for text, ok in judged if not ok]
        texts = [text for _, text in (*for_it, *against)]
        views[view] = _side(
            ref,
            view,
            allowed=_topics(allowed) if rules.allowed_topics else _of_kind(ref, ("shop",)),
            forbidden=_topics(forbidden),
            passages=passages,
            extra=unit(await embed_messages(embedder, texts, view)),
            extra_names=[name for name, _ in (*for_it, *against)],
            extra_for=len(for_it),
            forbidden_names=unit(await embed_messages(embedder, unknown, view)),
        )
    return Sides(
        reference=ref,
        views=views,
        allowed=tuple(allowed),
        forbidden=tuple(forbidden),
        unknown_forbidden=tuple(plain(name) for name in unknown),
        judged={plain(text): ok for text, ok in examples},
        passages=passages,
    )


def _side(
    ref: Reference,
    view: str,
    *,
    allowed: set[str],
    forbidden: set[str],
    passages: Vectors | None,
    extra: Vectors,
    extra_names: Sequence[str],
    extra_for: int,
    forbidden_names: Vectors,
) -> Side:
    kinds = ref.kinds(view)
    count = len(kinds)
    own = np.arange(count, count + len(extra))
    is_forbidden = _mask(ref, view, forbidden)
    is_allowed = _mask(ref, view, {*allowed, *ALWAYS_ALLOWED}) & ~is_forbidden & ~np.isin(kinds, NEVER_ALLOWED)
    is_shop = np.isin(kinds, ("shop", "trigger"))
    is_off = ~is_shop & ~is_allowed
    if passages is not None and len(passages):
        # Messages of the catalogue have length 1; a question's likeness to a passage needs its own length back.
        covered = (ref.views[view].vectors @ passages.T).max(axis=1) * ref.views[view].query_length
        is_off &= ~((covered >= KNOWLEDGE_COVERS) & (kinds == "everyday"))
    return Side(
        extra=extra,
        extra_names=tuple(extra_names),
        allowed=np.concatenate([np.flatnonzero(is_allowed), own[:extra_for]]),
        neutral=np.flatnonzero(is_shop & ~is_allowed & ~is_forbidden),
        off=np.concatenate([np.flatnonzero(is_off), own[extra_for:]]),
        forbidden=np.flatnonzero(is_forbidden),
        danger=np.flatnonzero(kinds == "danger"),
        injection=np.flatnonzero(kinds == "injection"),
        innocent=np.concatenate([np.flatnonzero(~np.isin(kinds, NEVER_ALLOWED)), own]),
        forbidden_names=forbidden_names,
    )


def _mask(ref: Reference, view: str, topics: Iterable[str]) -> NDArray[np.bool_]:
    mask = np.zeros(len(ref.views[view].texts), bool)
    mask[ref.rows_of(view, topics)] = True
    return mask


def _topics(found: Sequence[Meaning]) -> set[str]:
    return {topic for meaning in found for topic in meaning.topics}


def _of_kind(ref: Reference, kinds: Sequence[str]) -> set[str]:
    return {topic.id for topic in ref.catalogue.topics if topic.kind in kinds}


def _unknown(found: Sequence[Meaning]) -> list[str]:
    return [meaning.name for meaning in found if not meaning.topics]


def _as_messages(name: str) -> tuple[str, ...]:
    """Of a topic that only has a name, what customers might write."""
    return (name, f"I have a question about {name}", f"do you have {name}", f"{name} help")


def _sample(items: Sequence[str], most: int) -> list[str]:
    if len(items) <= most:
        return list(items)
    return [items[i] for i in np.linspace(0, len(items) - 1, most).astype(int)]
