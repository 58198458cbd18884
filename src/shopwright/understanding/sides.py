"""Which example messages speak for a message and which against it, by one bot's rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopwright.nlp.embedding import Embedder
from shopwright.understanding.reference import Reference, Rows, Vectors
from shopwright.understanding.rules import ScopeRules
from shopwright.understanding.text import plain
from shopwright.understanding.thresholds import FORBIDDEN_NAME, FORBIDDEN_NAME_KNOWN, KNOWLEDGE_COVERS
from shopwright.understanding.topics import Meaning, meanings

MOST_TITLES = 40
MOST_PASSAGES = 400
# Greetings and "how can I reach you?" are answered in every scope.
ALWAYS_ALLOWED = ("chat", "contact")
NEVER_ALLOWED = ("danger", "injection")


@dataclass(frozen=True, slots=True)
class Sides:
    """The examples, sorted: positions in the catalogue's rows, followed by the bot's own `extra` rows."""

    reference: Reference
    extra: Vectors
    extra_names: tuple[str, ...]
    # on topic and off topic, as strictly as the rules say
    on: Rows
    off: Rows
    forbidden: Rows
    # what is compared with `forbidden`
    permitted: Rows
    danger: Rows
    injection: Rows
    # what is compared with `danger` and `injection`
    innocent: Rows
    forbidden_topics: frozenset[str]
    # the owner's word for a topic's id
    owners_names: dict[str, str]
    # messages that call a forbidden topic by its name: the name, the vector, the likeness from which it counts
    banned_names: tuple[str, ...]
    banned_vectors: Vectors
    banned_from: NDArray[np.float32]
    # forbidden names that the catalogue does not know: their very words are refused
    banned_words: tuple[str, ...]
    # the owner's examples as plain text
    judged: dict[str, bool]
    passages: Vectors

    def likeness(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """A message's likeness to each row, the extra rows last."""
        shared = self.reference.vectors @ vector
        return np.concatenate([shared, self.extra @ vector]) if len(self.extra) else shared

    def nearest_topic(self, likeness: NDArray[np.float32], rows: Rows) -> tuple[str, str]:
        """The topic of the nearest of some rows, in the owner's words if it is theirs, and its message."""
        row = int(rows[np.argmax(likeness[rows])])
        if row >= len(self.reference.texts):
            name = self.extra_names[row - len(self.reference.texts)]
            return name, name
        topic = self.reference.catalogue.topics[int(self.reference.topics[row])]
        return self.owners_names.get(topic.id, topic.title), self.reference.texts[row]


async def build_sides(
    rules: ScopeRules,
    ref: Reference,
    embedder: Embedder,
    *,
    passages: Vectors | None,
    titles: Sequence[str],
    examples: Sequence[tuple[str, bool]],
) -> Sides:
    """Sort the catalogue by the rules, and embed what is the bot's own."""
    allowed = await meanings(rules.allowed_topics, ref, embedder, forbidden=False)
    forbidden = await meanings(rules.forbidden_topics, ref, embedder, forbidden=True)
    if passages is None:
        passages = np.zeros((0, embedder.dimensions), np.float32)
    passages = passages[_spread(len(passages), MOST_PASSAGES)]

    # Of a topic that the catalogue knows, it has better messages than these.
    own = [
        (meaning.name, text)
        for meaning in allowed
        for text in _as_messages(meaning.name)[: 2 if meaning.topics else None]
    ]
    own += [(titles[i], titles[i]) for i in _spread(len(titles), MOST_TITLES)]
    own += [(text, text) for text, ok in examples if ok]
    against = [(text, text) for text, ok in examples if not ok]
    banned = [(meaning, text) for meaning in forbidden for text in _as_messages(meaning.name)]
    embedded = await embedder.embed_passages([text for _, text in (*own, *against, *banned)])
    extra = embedded[: len(own) + len(against)]

    count = len(ref.texts)
    for_it, against_it = np.split(np.arange(count, count + len(extra)), [len(own)])
    is_forbidden = _mask(ref, _topics(forbidden))
    is_never = np.isin(ref.kinds, NEVER_ALLOWED)
    wanted = _topics(allowed) if rules.allowed_topics else _shop(ref)
    is_allowed = _mask(ref, {*wanted, *ALWAYS_ALLOWED}) & ~is_forbidden & ~is_never
    is_shop = np.isin(ref.kinds, ("shop", "trigger"))
    # The shop's other business is off topic only when the scope is strict.
    is_on = is_allowed if rules.strictness == "strict" else (is_allowed | is_shop) & ~is_forbidden
    # Dangers have a signal of their own, and lie close to much that is harmless ("what if I'm not at home?").
    is_off = ~is_on & ~is_never & (ref.kinds != "trigger") & ~_covered(ref, passages)
    return Sides(
        reference=ref,
        extra=extra,
        extra_names=tuple(name for name, _ in (*own, *against)),
        on=np.concatenate([np.flatnonzero(is_on), for_it]),
        off=np.concatenate([np.flatnonzero(is_off), against_it]),
        forbidden=np.flatnonzero(is_forbidden),
        permitted=np.concatenate([np.flatnonzero(~is_forbidden & ~is_never), for_it]),
        danger=np.flatnonzero(ref.kinds == "danger"),
        injection=np.flatnonzero(ref.kinds == "injection"),
        innocent=np.concatenate([np.flatnonzero(~is_never), for_it, against_it]),
        forbidden_topics=frozenset(_topics(forbidden)),
        owners_names=_owners_names([*forbidden, *allowed]),
        banned_names=tuple(meaning.name for meaning, _ in banned),
        banned_vectors=embedded[len(extra) :],
        banned_from=np.array([_name_counts_from(meaning) for meaning, _ in banned], np.float32),
        banned_words=tuple(meaning.name for meaning in forbidden if not meaning.topics),
        judged={plain(text): ok for text, ok in examples},
        passages=passages,
    )


def _covered(ref: Reference, passages: Vectors) -> NDArray[np.bool_]:
    """Everyday messages that the bot's own knowledge is about."""
    if not len(passages):
        return np.zeros(len(ref.texts), bool)
    covered: NDArray[np.bool_] = np.asarray(ref.kinds == "everyday")
    covered[covered] = (ref.vectors[covered] @ passages.T).max(axis=1) >= KNOWLEDGE_COVERS
    return covered


def _mask(ref: Reference, topics: Iterable[str]) -> NDArray[np.bool_]:
    mask = np.zeros(len(ref.texts), bool)
    mask[ref.rows_of(topics)] = True
    return mask


def _topics(found: Sequence[Meaning]) -> set[str]:
    return {topic for meaning in found for topic in meaning.topics}


def _shop(ref: Reference) -> set[str]:
    return {topic.id for topic in ref.catalogue.topics if topic.kind == "shop"}


def _owners_names(found: Sequence[Meaning]) -> dict[str, str]:
    """Topic -> the owner's name for it; of several, the one that says most."""
    broad_first = sorted(found, key=lambda meaning: -len(meaning.topics))
    return {topic: meaning.name for meaning in broad_first for topic in meaning.topics}


def _name_counts_from(meaning: Meaning) -> float:
    return FORBIDDEN_NAME_KNOWN if meaning.topics else FORBIDDEN_NAME


def _as_messages(name: str) -> tuple[str, ...]:
    """What customers might write when they call a topic by its name."""
    return (name, f"Can you help me with {name}?", f"I have a question about {name}", f"{name} help")


def _spread(count: int, most: int) -> list[int]:
    """Positions of at most `most` of `count` items, evenly spread."""
    return [int(i) for i in np.linspace(0, count - 1, min(count, most))]
