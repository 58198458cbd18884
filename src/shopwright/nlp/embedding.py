"""Texts to vectors: the port, and the local embedder that needs no key and no network."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from shopwright.kit.errors import AppError
from shopwright.nlp.manifest import MINILM, USE_MULTILINGUAL
from shopwright.nlp.weights import GRAPH

Vectors = NDArray[np.float32]
T = TypeVar("T")

MINILM_DIMENSIONS = 384
USE_DIMENSIONS = 512
USE_LANGUAGES = frozenset(["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"])
MAX_TOKENS = 256
# The multilingual model has no limit of its own, and its cost grows with the square of the length.
MAX_CHARACTERS = 2000
# Padding costs more than batching gains: texts of 1,000 characters run best one at a time.
BATCH_CHARACTERS = 1000
BATCH_TEXTS = 32
MAX_WAITING_QUERIES = 256
PASSAGE_NICENESS = 5


class EmbedderBusy(AppError):
    """Too many questions are being answered at this moment; try again in a second."""

    status, code = 503, "embedder_busy"


class Embedder(Protocol):
    """Turns texts into vectors whose inner product says how well a passage fits a query."""

    @property
    def model_id(self) -> str:
        """Name the model and its version; vectors of two ids must never be compared."""

    @property
    def dimensions(self) -> int: ...

    def understands(self, language: str | None) -> bool:
        """Say whether vectors mean something in this language; if not, only words can be compared."""

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape `(len(texts), dimensions)`, rows of length 1, to be stored."""

    async def embed_queries(self, texts: Sequence[str], language: str | None) -> Vectors:
        """Return float32 of shape `(len(texts), dimensions)`.

        The inner product with a passage's row is the similarity, from -1 to 1. The rows need
        not have length 1: compare by inner product, not by cosine.
        """


class LocalEmbedder:
    """Two small models side by side: MiniLM (English) and USE multilingual (16 languages).

    A stored row is `concat(minilm, use) / sqrt(2)`; a query row is
    `sqrt(2) * concat(w * minilm, (1 - w) * use)`, so that their inner product is
    `w * cosine_minilm + (1 - w) * cosine_use`, with a weight that may differ from query to query
    without touching what is stored.

    Work is done in two small pools, never on the event loop. Passages are cut into batches of at most
    some 50 ms and their threads have a lower priority, so a question asked during a long ingest waits
    for nothing but its own 2 ms.
    """

    model_id = "local:minilm-l6-v2+use-multilingual-v3:1"
    dimensions = MINILM_DIMENSIONS + USE_DIMENSIONS

    def __init__(self, model_dir: Path, *, threads: int = 1) -> None:
        """`model_dir` is what `nlp.fetch.fetch` filled; `threads` is how many cores an ingest may use."""
        self._model_dir = model_dir
        self._threads = threads
        self._models: _Models | None = None
        self._loading = threading.Lock()
        self._waiting_queries = 0
        self.texts_embedded = 0
        self._query_pool = ThreadPoolExecutor(threads, thread_name_prefix="embed-query")
        self._passage_pool = ThreadPoolExecutor(
            threads, thread_name_prefix="embed-passage", initializer=_lower_priority
        )

    def understands(self, language: str | None) -> bool:
        return language is None or language in USE_LANGUAGES

    async def load(self) -> None:
        """Load the models now (0.4 s) instead of at the first text."""
        await _run(self._query_pool, self.load_here)

    def load_here(self) -> None:
        """The same in the calling thread, for one that starts before there is an event loop."""
        self._loaded()

    def release(self) -> None:
        """Drop the models until the next text; a worker with nothing to read need not hold them."""
        with self._loading:
            self._models = None

    def close(self) -> None:
        """Let running batches end and refuse new ones."""
        self._query_pool.shutdown(cancel_futures=True)
        self._passage_pool.shutdown(cancel_futures=True)

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_passages`. Texts beyond 256 tokens are cut."""
        self.texts_embedded += len(texts)
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        batches = iter(_batches(texts))

        async def work() -> None:
            # One batch in flight per worker: a long ingest never fills the pool's queue.
            for batch in batches:
                call = partial(self._embed, [texts[i] for i in batch], None)
                rows[batch] = await _run(self._passage_pool, call)

        async with asyncio.TaskGroup() as group:
            for _ in range(self._threads):
                group.create_task(work())
        return rows

    async def embed_queries(self, texts: Sequence[str], language: str | None) -> Vectors:
        """See `Embedder.embed_queries`.

        Raises:
            EmbedderBusy: too many queries wait already.
        """
        if self._waiting_queries >= MAX_WAITING_QUERIES:
            raise EmbedderBusy(headers={"Retry-After": "1"})
        self._waiting_queries += 1
        try:
            return await _run(self._query_pool, partial(self._embed, texts, minilm_weight(language)))
        finally:
            self._waiting_queries -= 1

    def _embed(self, texts: Sequence[str], weight: float | None) -> Vectors:
        """Rows for passages when `weight` is None, else for queries."""
        first, second = self._loaded().run([_clean(text) for text in texts])
        if weight is None:
            share = np.float32(0.5**0.5)
            return np.concatenate([share * first, share * second], axis=1)
        return np.concatenate([2**0.5 * weight * first, 2**0.5 * (1 - weight) * second], axis=1, dtype=np.float32)

    def _loaded(self) -> "_Models":
        if self._models is None:
            with self._loading:
                if self._models is None:
                    self._models = _Models(self._model_dir)
        return self._models


def text_to_embed(text: str, headings: Sequence[str] = ()) -> str:
    """Return what to embed for a passage: its text below the nearest heading, if that is not its first line.

    The title of the whole document is left out: it makes the passages of one document look alike (it cost .01
    of recall@5 and .02 of nDCG@10 on doc2dial). The term search has it.
    """
    nearest = headings[-1].strip() if headings else ""
    return text if not nearest or text.lstrip("# ").startswith(nearest) else f"{nearest}\n{text}"


def minilm_weight(language: str | None) -> float:
    """Return the share of the English model in a query's vector; the other share is multilingual.

    English: .7 and .85 are alike on doc2dial, .5 costs .015 of recall@5 and .3 costs .03. Others: XQuAD.
    """
    if language in (None, "en"):
        return 0.7
    # In Latin script the English model still recognises names and borrowed words.
    return 0.1 if language in USE_LANGUAGES else 0.5


class _Models:
    """The two sessions. `run` may be called from several threads at once."""

    def __init__(self, model_dir: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # One core for each call; the pools decide how many calls run at once.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # Without the arena, memory is given back after a batch: half of what both models take otherwise.
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        folder = model_dir / MINILM.folder
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self._minilm: Any = onnxruntime.InferenceSession(str(folder / GRAPH), options)
        options.register_custom_ops_library(_tokenizer_library())
        use = model_dir / USE_MULTILINGUAL.folder / GRAPH
        self._use: Any = onnxruntime.InferenceSession(str(use), options)

    def run(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        if not texts:
            return np.zeros((0, MINILM_DIMENSIONS), np.float32), np.zeros((0, USE_DIMENSIONS), np.float32)
        encoded = self._tokenizer.encode_batch(texts)
        feed = {
            "input_ids": np.array([text.ids for text in encoded], np.int64),
            "attention_mask": np.array([text.attention_mask for text in encoded], np.int64),
        }
        first = self._minilm.run(None, feed)[0]
        second = self._use.run(None, {"inputs": np.array(texts, dtype=object)})[0]
        return first, second


def _clean(text: str) -> str:
    """Drop what neither model can take: lone surrogates, NUL, and an empty text."""
    text = text.encode("utf-8", "ignore").decode().replace("\0", " ").strip()[:MAX_CHARACTERS]
    return text or "-"


def _batches(texts: Sequence[str]) -> Iterable[list[int]]:
    """Cut into batches of like length, so that little is padded. Gives positions in `texts`."""
    batch: list[int] = []
    for i in sorted(range(len(texts)), key=lambda i: len(texts[i])):
        length = max(1, len(texts[i]))
        if batch and (len(batch) == BATCH_TEXTS or length * (len(batch) + 1) > BATCH_CHARACTERS):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _lower_priority() -> None:
    # Linux schedules threads one by one; elsewhere the id of a thread is not the id of a process.
    if os.uname().sysname == "Linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PASSAGE_NICENESS)


async def _run(pool: ThreadPoolExecutor, call: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, call)


def _tokenizer_library() -> str:
    """The file of the operators that the multilingual model's tokenizer is made of.

    Asked of the package itself, its name costs 20 MB and a tenth of a second: it imports all of onnx.
    """
    package = find_spec("onnxruntime_extensions")
    library = PathFinder.find_spec("_extensions_pydll", package.submodule_search_locations) if package else None
    if library is None or library.origin is None:
        raise ImportError("onnxruntime_extensions holds no library of operators for this machine")
    return library.origin
