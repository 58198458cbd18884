"""The local models; tests that need them are skipped with a reason when they are not there."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwright.nlp.embedding import LocalEmbedder
from shopwright.nlp.fetch import missing


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
