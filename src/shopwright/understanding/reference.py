"""The catalogue as vectors of one embedding model: made once, kept in memory and in the models' cache folder."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopwright.nlp.embedding import Embedder
from shopwright.understanding.catalogue import Catalogue, Kind, Topic, load
from shopwright.understanding.text import plain

Vectors = NDArray[np.float32]

# A query's vector may depend on its language (see `LocalEmbedder`), so the messages are embedded in both ways:
# as English, and as any other language. A message is only ever compared with messages embedded like itself.
ENGLISH, OTHER = "en", "xx"
# A language that no embedder treats in a way of its own: it stands for "not English".
NOT_ENGLISH = "de"
BATCH = 32


@dataclass(frozen=True, slots=True)
class View:
    """Messages embedded in one way: row i of `vectors` (length 1) is `texts[i]`, of the topic `topics[i]`."""

    vectors: Vectors
    texts: tuple[str, ...]
    # positions in `Catalogue.topics`
    topics: NDArray[np.int16]
    # the length that this embedder's queries have: inner products with passages need it back
    query_length: float


@dataclass(frozen=True, slots=True)
class Reference:
    """The catalogue, embedded by one model."""

    catalogue: Catalogue
    views: dict[str, View]
    # what owners call topics: row i belongs to `names[i]`, which stands for the topics `named[i]`
    name_vectors: Vectors
    names: tuple[str, ...]
    named: tuple[tuple[str, ...], ...]
    # the same names in plain letters, each with all it may stand for
    by_letters: dict[str, tuple[tuple[str, ...], ...]]
    by_id: dict[str, Topic]

    def is_shop(self, topics: Sequence[str]) -> bool:
        return all(self.topic(topic).kind == "shop" for topic in topics)

    def topic(self, topic_id: str) -> Topic:
        return self.by_id[topic_id]

    def kinds(self, view: str) -> NDArray[np.str_]:
        """The kind of each row's topic."""
        kinds: list[Kind] = [topic.kind for topic in self.catalogue.topics]
        return np.array(kinds)[self.views[view].topics]

    def rows_of(self, view: str, topics: Iterable[str]) -> NDArray[np.intp]:
        """Which rows of a view are messages of these topics."""
        wanted = set(topics)
        positions = [i for i, topic in enumerate(self.catalogue.topics) if topic.id in wanted]
        return np.flatnonzero(np.isin(self.views[view].topics, positions))


_references: dict[tuple[str, int], Reference] = {}


def view_of(language: str | None) -> str:
    return ENGLISH if language in (None, "en") else OTHER


def unit(rows: Vectors) -> Vectors:
    """The rows at length 1; a row of zeros stays."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-9), np.float32)


async def embed_messages(embedder: Embedder, texts: Sequence[str], view: str) -> Vectors:
    """Embed as questions of the view's kind of language, like with like in length."""
    rows = np.zeros((len(texts), embedder.dimensions), np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    language = ENGLISH if view == ENGLISH else NOT_ENGLISH
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        rows[batch] = await embedder.embed_queries([texts[i] for i in batch], language)
    return rows


async def reference(embedder: Embedder, cache_dir: Path | None = None) -> Reference:
    """Return the catalogue's vectors of this embedder's model.

    The first call for a model embeds some 4,000 short texts (8 s with the local models); with a `cache_dir`
    (the folder of the models) the vectors are kept there and read in 20 ms afterwards.
    """
    key = (embedder.model_id, embedder.dimensions)
    if key not in _references:
        catalogue = await asyncio.to_thread(load)
        plan = _plan(catalogue)
        path = _path(cache_dir, embedder, catalogue) if cache_dir else None
        parts = await asyncio.to_thread(_read, path, plan, embedder.dimensions) if path else None
        if parts is None:
            parts = {part: await embed_messages(embedder, texts, part) for part, texts in plan.items()}
            if path:
                await asyncio.to_thread(_write, path, parts)
        _references[key] = _assemble(catalogue, plan, parts)
    return _references[key]


def _plan(catalogue: Catalogue) -> dict[str, list[str]]:
    """What to embed: each view's messages, and the names (as another language, for they are of many)."""
    messages = [message for topic in catalogue.topics for message in topic.messages]
    names = [name for name, _ in _names(catalogue)]
    return {
        ENGLISH: [text for text, language in messages if language == "en"],
        OTHER: [text for text, _ in messages],
        "names": names,
    }


def _names(catalogue: Catalogue) -> list[tuple[str, tuple[str, ...]]]:
    of_groups = [(name, group.topics) for group in catalogue.groups for name in group.names]
    topics = [topic for topic in catalogue.topics if topic.kind != "trigger"]
    of_topics = [(name, (topic.id,)) for topic in topics for name in (topic.title, *topic.names)]
    return of_groups + of_topics


def _assemble(catalogue: Catalogue, plan: dict[str, list[str]], parts: dict[str, Vectors]) -> Reference:
    views = {}
    for view in (ENGLISH, OTHER):
        rows = [
            index
            for index, topic in enumerate(catalogue.topics)
            for _, language in topic.messages
            if view == OTHER or language == "en"
        ]
        length = float(np.median(np.linalg.norm(parts[view], axis=1)))
        views[view] = View(unit(parts[view]), tuple(plan[view]), np.array(rows, np.int16), length)
    names = _names(catalogue)
    letters: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name, ids in names:
        letters[plain(name)] = (*letters.get(plain(name), ()), ids)
    return Reference(
        catalogue=catalogue,
        views=views,
        name_vectors=unit(parts["names"]),
        names=tuple(name for name, _ in names),
        named=tuple(ids for _, ids in names),
        by_letters=letters,
        by_id={topic.id: topic for topic in catalogue.topics},
    )


def _path(cache_dir: Path, embedder: Embedder, catalogue: Catalogue) -> Path:
    key = f"{embedder.model_id} {embedder.dimensions} {catalogue.digest}".encode()
    return cache_dir / "topics" / f"{hashlib.sha256(key).hexdigest()[:32]}.npz"


def _read(path: Path, plan: dict[str, list[str]], dimensions: int) -> dict[str, Vectors] | None:
    """The stored vectors, or None when there are none or they are not what is needed."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            parts = {part: np.asarray(stored[part], np.float32) for part in plan}
    except (OSError, ValueError, KeyError, EOFError):
        return None
    fits = all(parts[part].shape == (len(texts), dimensions) for part, texts in plan.items())
    return parts if fits else None


def _write(path: Path, parts: dict[str, Vectors]) -> None:
    """Store with half precision. A folder that cannot be written only costs time at the next start."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as scratch:
            np.savez(scratch, allow_pickle=False, **{part: rows.astype(np.float16) for part, rows in parts.items()})
        os.replace(scratch.name, path)  # noqa: PTH105: one step, over an existing file too
    except OSError:
        return
