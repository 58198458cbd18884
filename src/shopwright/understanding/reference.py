"""The catalogue as vectors of one embedding model: made once, kept in memory and in the models' folder."""

import asyncio
import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopwright.nlp.embedding import Embedder
from shopwright.understanding.catalogue import Catalogue, Topic, load
from shopwright.understanding.text import plain

Vectors = NDArray[np.float32]
Rows = NDArray[np.intp]

# Topics' names are of many languages and short: the embedder is told that they are not English.
NAMES_LANGUAGE = "de"


@dataclass(frozen=True, slots=True)
class Reference:
    """The catalogue, embedded as passages: `vectors @ query` is each message's likeness to a query.

    That is the comparison every embedder promises (see `Embedder`), whatever it does with a query's language.
    """

    catalogue: Catalogue
    # row i is the message `texts[i]` of the topic `catalogue.topics[topics[i]]`, whose kind is `kinds[i]`
    vectors: Vectors
    texts: tuple[str, ...]
    topics: NDArray[np.int16]
    kinds: NDArray[np.str_]
    # what owners call topics: row i is `names[i]`, which stands for the topics `named[i]`
    name_vectors: Vectors
    names: tuple[str, ...]
    named: tuple[tuple[str, ...], ...]
    # the same names in plain letters, each with all that it may stand for
    by_letters: dict[str, tuple[tuple[str, ...], ...]]
    by_id: dict[str, Topic]

    def is_shop(self, topics: Sequence[str]) -> bool:
        return all(self.by_id[topic].kind == "shop" for topic in topics)

    def rows_of(self, topics: Iterable[str]) -> Rows:
        """Which rows are messages of these topics."""
        wanted = set(topics)
        positions = [i for i, topic in enumerate(self.catalogue.topics) if topic.id in wanted]
        return np.flatnonzero(np.isin(self.topics, positions))


_references: dict[tuple[str, int], Reference] = {}


async def reference(embedder: Embedder, cache_dir: Path | None = None) -> Reference:
    """Return the catalogue's vectors of this embedder's model.

    The first call for a model embeds some 3,500 short texts (5 s with the local models); with a `cache_dir`
    (the folder of the models) the vectors are kept there and read in 20 ms at the next start.
    """
    key = (embedder.model_id, embedder.dimensions)
    if key not in _references:
        catalogue = await asyncio.to_thread(load)
        texts = _texts(catalogue)
        path = _path(cache_dir, embedder, catalogue) if cache_dir else None
        shape = (len(texts), embedder.dimensions)
        vectors = await asyncio.to_thread(_read, path, shape) if path else None
        if vectors is None:
            vectors = await embedder.embed_passages(texts)
            if path:
                await asyncio.to_thread(_write, path, vectors)
        _references[key] = _assemble(catalogue, vectors)
    return _references[key]


def _messages(catalogue: Catalogue) -> list[tuple[str, int]]:
    return [(text, i) for i, topic in enumerate(catalogue.topics) for text, _ in topic.messages]


def _names(catalogue: Catalogue) -> list[tuple[str, tuple[str, ...]]]:
    topics = [topic for topic in catalogue.topics if topic.kind != "trigger"]
    of_groups = [(name, group.topics) for group in catalogue.groups for name in group.names]
    return of_groups + [(name, (topic.id,)) for topic in topics for name in (topic.title, *topic.names)]


def _texts(catalogue: Catalogue) -> list[str]:
    return [text for text, _ in _messages(catalogue)] + [name for name, _ in _names(catalogue)]


def _assemble(catalogue: Catalogue, vectors: Vectors) -> Reference:
    messages, names = _messages(catalogue), _names(catalogue)
    letters: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name, ids in names:
        letters[plain(name)] = (*letters.get(plain(name), ()), ids)
    topics = np.array([i for _, i in messages], np.int16)
    return Reference(
        catalogue=catalogue,
        vectors=vectors[: len(messages)],
        texts=tuple(text for text, _ in messages),
        topics=topics,
        kinds=np.array([topic.kind for topic in catalogue.topics])[topics],
        name_vectors=vectors[len(messages) :],
        names=tuple(name for name, _ in names),
        named=tuple(ids for _, ids in names),
        by_letters=letters,
        by_id={topic.id: topic for topic in catalogue.topics},
    )


def _path(cache_dir: Path, embedder: Embedder, catalogue: Catalogue) -> Path:
    key = f"{embedder.model_id} {embedder.dimensions} {catalogue.digest}".encode()
    return cache_dir / "topics" / f"{hashlib.sha256(key).hexdigest()[:32]}.npy"


def _read(path: Path, shape: tuple[int, int]) -> Vectors | None:
    """The stored vectors, or None when there are none or they are not what is needed."""
    try:
        stored = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return np.asarray(stored, np.float32) if stored.shape == shape else None


def _write(path: Path, vectors: Vectors) -> None:
    """Store with half precision. A folder that cannot be written only costs time at the next start."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as scratch:
            np.save(scratch, vectors.astype(np.float16), allow_pickle=False)
        Path(scratch.name).replace(path)
    except OSError:
        return
