"""Cold start, memory, size and ingest of a prepared checkout.

    python bench/start.py [--data DIR]      DIR: a data directory with the demo shop (made when missing)

Cold start: process start to the first cited answer, database included. Memory: PSS of the process tree without
PostgreSQL, models loaded, after the first answers and again when the worker has been idle. Ingest: 100 documents of
2 kB through the API until the last is searchable, beside the pure embedding of the same passages in one process.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx2
import psutil

sys.path.insert(0, os.fspath(Path(__file__).parent))

from speed import ROOT, Api, product, start, stop

PORT = 8793
QUESTION = "How much is standard shipping within Germany?"


def pss(pid: int) -> int:
    """Proportional memory of a process in MB."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) // 1024
    except OSError:
        return 0
    return 0


def memory(root: int) -> dict[str, int]:
    out: dict[str, int] = {}
    tree = [psutil.Process(root), *psutil.Process(root).children(recursive=True)]
    for process in tree:
        line = " ".join(process.cmdline())
        if "postgres" in line and "zygote" not in line:
            continue
        name = next((n for n in ("zygote", "api worker", "api", "worker", "serve") if n in line), "other")
        out[name] = out.get(name, 0) + pss(process.pid)
    return {**out, "total": sum(out.values())}


def serve(folder: Path, *arguments: str):
    shopwright = str(Path(sys.executable).parent / "shopwright")
    return start([shopwright, "serve", "--port", str(PORT), "--data-dir", str(folder), *arguments])


def first_answer(bot: str, seconds: float) -> dict:
    deadline = time.monotonic() + seconds
    body = {"bot_id": bot, "messages": [{"role": "user", "content": QUESTION}]}
    while time.monotonic() < deadline:
        try:
            answer = httpx2.post(f"http://127.0.0.1:{PORT}/v1/chat/public", json=body, timeout=30)
            if answer.status_code == 200 and answer.json()["citations"]:
                return answer.json()
        except httpx2.HTTPError:
            pass
        time.sleep(0.02)
    raise SystemExit("no cited answer")


def prepare_demo(folder: Path) -> str:
    if not (folder / "demo.json").exists():
        process = serve(folder)
        deadline = time.monotonic() + 300
        while not (folder / "demo.json").exists() and time.monotonic() < deadline:
            time.sleep(0.5)
        time.sleep(2)
        stop(process)
    return json.loads((folder / "demo.json").read_text())["bot_id"]


def cold(folder: Path, bot: str, runs: int) -> list[float]:
    out = []
    for _ in range(runs):
        started = time.perf_counter()
        process = serve(folder)
        try:
            first_answer(bot, 60)
            out.append(round(time.perf_counter() - started, 2))
        finally:
            stop(process)
    return out


def idle_memory(folder: Path, bot: str) -> dict[str, dict[str, int]]:
    process = serve(folder)
    try:
        first_answer(bot, 60)
        time.sleep(3)
        early = memory(process.pid)
        time.sleep(100)
        return {"after the first answer": early, "idle for 100 s": memory(process.pid)}
    finally:
        stop(process)


def documents() -> list[dict[str, str]]:
    """100 texts of about 2 kB from the demo shop's documents, each with a word of its own."""
    folder = ROOT / "examples" / "demo-shop" / "documents"
    text = " ".join(path.read_text() for path in sorted(folder.glob("*.md")))
    return [
        {"title": f"Note {i}", "content": f"Note zq{i}marker.\n\n{text[i * 1900 : i * 1900 + 2000]}"}
        for i in range(100)
    ]


def ingest() -> dict[str, float]:
    from shopwright.knowledge.parsing import extract_text
    from shopwright.knowledge.prepare import prepare, sentences_to_embed
    from shopwright.nlp.embedding import LocalEmbedder

    texts = documents()
    prepared = [prepare(extract_text(d["content"]), d["title"], "en") for d in texts]
    passages = [item.to_embed for each in prepared for item in each.chunks]
    sentences = [text for each in prepared for text in sentences_to_embed(each)]
    models = Path(os.environ.get("SHOPWRIGHT_MODELS_DIR", "~/.cache/shopwright/models")).expanduser()

    async def embed() -> float:
        embedder = LocalEmbedder(models, threads=2)
        await embedder.load()
        started = time.perf_counter()
        await embedder.embed_passages(passages)
        await embedder.embed_passages(sentences)
        seconds = time.perf_counter() - started
        embedder.close()
        return seconds

    with tempfile.TemporaryDirectory() as folder, product(Path(folder)):
        api = Api()
        warm = api.post("/v1/tenant/datasets", {"name": "warm"})["id"]
        api.post(f"/v1/tenant/datasets/{warm}/documents/batch", {"documents": texts[:2]})
        api.wait(warm)
        times, pure = [], []
        for run in range(3):
            pure.append(asyncio.run(embed()))
            dataset = api.post("/v1/tenant/datasets", {"name": f"run {run}"})["id"]
            started = time.perf_counter()
            api.post(f"/v1/tenant/datasets/{dataset}/documents/batch", {"documents": texts})
            api.wait(dataset)
            times.append(time.perf_counter() - started)
    whole, embedding = statistics.median(times), statistics.median(pure)
    return {
        "passages": len(passages), "sentences": len(sentences), "seconds": round(whole, 2),
        "pure embedding seconds": round(embedding, 2), "beyond embedding seconds": round(whole - embedding, 2),
        "share of the raw embedding rate": round(embedding / whole, 2),
    }  # fmt: skip


def size_mb(folder: Path) -> int:
    return (
        sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) // 1_000_000
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.data or Path(scratch) / "data"
        bot = prepare_demo(folder)
        starts = cold(folder, bot, given.runs)
        results = {
            "cold start seconds": {"runs": starts, "median": statistics.median(starts)},
            "memory MB": idle_memory(folder, bot),
        }
    results["ingest"] = ingest()
    models = Path(os.environ.get("SHOPWRIGHT_MODELS_DIR", "~/.cache/shopwright/models")).expanduser()
    results["installed MB"] = {"packages": size_mb(Path(sys.prefix)), "models": size_mb(models)}
    out = ROOT / "bench" / "results" / "start.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=1))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
