"""The folder of the local models: is all there, and what is made once for all bots."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

MARKER = "prepared"


def is_prepared(models_dir: Path) -> bool:
    """Whether the folder was filled for just this version of the product; costs a millisecond."""
    try:
        return (models_dir / MARKER).read_text() == _fingerprint()
    except OSError:
        return False


def prepare_models(models_dir: Path, report: Callable[[str], None]) -> None:
    """Download what is missing, and compute the vectors of the catalogue that scopes compare messages with."""
    if is_prepared(models_dir):
        return
    from shopwright.nlp.fetch import fetch

    fetch(models_dir, report)
    report("Preparing the topic catalogue (once, about ten seconds)")
    asyncio.run(_prepare_catalogue(models_dir))
    (models_dir / MARKER).write_text(_fingerprint())


async def _prepare_catalogue(models_dir: Path) -> None:
    from shopwright.nlp.embedding import LocalEmbedder
    from shopwright.understanding.reference import reference

    embedder = LocalEmbedder(models_dir, threads=2)
    try:
        await reference(embedder, models_dir)
    finally:
        embedder.close()


def _fingerprint() -> str:
    package = Path(__file__).resolve().parent.parent
    sources = [package / "nlp" / "manifest.py", package / "nlp" / "embedding.py"]
    sources += sorted(
        path
        for path in (package / "understanding").rglob("*")
        if path.suffix in {".yaml", ".jsonl", ".json", ".txt", ".toml"}
    )
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()
