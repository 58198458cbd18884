"""The local models for what depends on meaning, and a small embedder for what does not."""

import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from shopwright.nlp.embedding import LocalEmbedder
from shopwright.nlp.fetch import missing
from shopwright.understanding.gate import TopicGate
from shopwright.understanding.rules import Decision, ScopeRules

ALLOWED = (
    "customer support", "product information", "shipping", "billing", "returns", "technical support",
    "account management", "policies",
)  # fmt: skip
FORBIDDEN = (
    "medical advice", "legal advice", "financial investment advice", "personal information",
    "competitor information",
)  # fmt: skip
TRIGGERS = ("complex_technical_issue", "billing_dispute")


class WordEmbedder:
    """Texts are alike when they share words; enough for what is not about meaning."""

    dimensions = 64

    def __init__(self, model_id: str = "words:1") -> None:
        self.model_id = model_id
        self.passages_embedded = 0

    def understands(self, language: str | None) -> bool:
        return True

    async def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.passages_embedded += len(texts)
        return self._rows(texts)

    async def embed_queries(self, texts: Sequence[str], language: str | None) -> np.ndarray:
        return self._rows(texts)

    def _rows(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.full((len(texts), self.dimensions), 1e-6, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.casefold().split():
                row[sum(word.encode()) % self.dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="session")
def model_dir() -> Path:
    folder = Path(os.environ.get("SHOPWRIGHT_MODELS_DIR") or Path.home() / ".cache/shopwright/models")
    absent = [model.name for model in missing(folder)]
    if absent:
        pytest.skip(f"the models {', '.join(absent)} are not in {folder}: run `make setup`")
    return folder


@pytest.fixture(scope="session")
async def embedder(model_dir: Path) -> AsyncIterator[LocalEmbedder]:
    embedder = LocalEmbedder(model_dir, threads=2)
    yield embedder
    embedder.close()


@pytest.fixture
def ask(embedder: LocalEmbedder, model_dir: Path):
    """Put one message to a gate with the given rules."""

    async def decide(
        text: str,
        *,
        allowed: Sequence[str] = ALLOWED,
        forbidden: Sequence[str] = FORBIDDEN,
        strictness="moderate",
        triggers: Sequence[str] = (),
        language: str = "en",
        retrieval_score: float | None = None,
        history: Sequence[str] = (),
        **more,
    ) -> Decision:
        rules = ScopeRules(tuple(allowed), tuple(forbidden), strictness, tuple(triggers))
        gate = await TopicGate.build(rules, embedder, cache_dir=model_dir, **more)
        [vector] = await embedder.embed_queries([text], language)
        return gate.decide(text, vector, language, retrieval_score=retrieval_score, history=history)

    return decide
