"""Reads a folder of documents in child processes and says what became of each.

    python bench/parsing.py --data ../shared/data/documents

Prints a table by file type and writes `bench/results/parsing.json`. `--texts DIR` also writes what was
extracted, for reading it with one's own eyes.
"""

import argparse
import asyncio
import json
import time
from collections import Counter, defaultdict
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from shopwright.knowledge.parsing import (
    Extraction,
    Limits,
    ParseFailed,
    ParserPool,
    chunk,
    chunk_context,
    extract_text,
)

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / "shared" / "data" / "documents")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "parsing.json")
    parser.add_argument("--texts", type=Path, help="folder to write the extracted texts into")
    arguments = parser.parse_args()
    if arguments.texts is not None:
        arguments.texts.mkdir(parents=True, exist_ok=True)
    result = asyncio.run(run(sorted((arguments.data / "files").iterdir()), arguments.texts))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=1))
    show(result)


async def run(paths: list[Path], texts: Path | None) -> dict[str, Any]:
    limits = Limits()
    pool = ParserPool(limits, concurrency=1)
    began = time.perf_counter()
    await pool.start()
    start_seconds = time.perf_counter() - began
    files = [await measure(pool, path, texts) for path in paths]
    await pool.close()
    return {
        "limits": asdict(limits),
        "pool_start_seconds": round(start_seconds, 3),
        "extract_text_2kb_ms": round(time_text(), 3),
        "by_type": by_type(files),
        "files": files,
    }


async def measure(pool: ParserPool, path: Path, texts: Path | None) -> dict[str, Any]:
    data = await asyncio.to_thread(path.read_bytes)
    began = time.perf_counter()
    found: dict[str, Any] = {"file": path.name, "bytes": len(data)}
    try:
        extraction = await pool.extract(data, path.name)
    except ParseFailed as failure:
        found |= {"failed": failure.code, "message": failure.message}
    else:
        found |= {
            "media_type": extraction.media_type,
            "chars": len(extraction.text),
            "spans": len(extraction.spans),
        }
        chunks = chunk(extraction)
        found["chunks"] = len(chunks)
        found["warnings"] = extraction.warnings
        if texts is not None:
            await asyncio.to_thread((texts / f"{path.name}.txt").write_text, render(extraction))
    found["ms"] = round((time.perf_counter() - began) * 1000, 1)
    found["peak_mb"] = round(pool.peak_kb / 1024)
    return found


def render(extraction: Extraction) -> str:
    lines = [f"TITLE {extraction.title!r} TYPE {extraction.media_type} PAGES {extraction.pages}"]
    lines += [f"WARNING {warning}" for warning in extraction.warnings]
    for one in chunk(extraction):
        context = chunk_context(one, extraction.title)
        lines.append(f"---- {one.kind} page={one.page} anchor={one.anchor} [{context}] {one.end - one.start}")
        lines.append(extraction.text[one.start : one.end])
    return "\n".join(lines)


def by_type(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for file in files:
        groups[Path(file["file"]).suffix.lower().lstrip(".") or "-"].append(file)
    rows = []
    for kind, group in sorted(groups.items()):
        rows.append(
            {
                "type": kind,
                "files": len(group),
                "extracted": sum("failed" not in file for file in group),
                "failed": dict(Counter(file["failed"] for file in group if "failed" in file)),
                "p50_ms": round(median(file["ms"] for file in group), 1),
                "max_ms": max(file["ms"] for file in group),
                "peak_mb": max(file["peak_mb"] for file in group),
            }
        )
    return rows


def time_text() -> float:
    """Milliseconds of `extract_text` for 2 kB of plain prose, the median of 50 runs."""
    text = "Orders placed before noon leave our warehouse on the same day. " * 32
    extract_text(text)
    times = []
    for _ in range(50):
        began = time.perf_counter()
        extract_text(text)
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


def show(result: dict[str, Any]) -> None:
    print(f"{'type':8} {'files':>5} {'read':>5} {'p50 ms':>8} {'max ms':>8} {'peak MB':>8}  failed")
    for row in result["by_type"]:
        failed = ", ".join(f"{code} {count}" for code, count in row["failed"].items())
        print(
            f"{row['type']:8} {row['files']:5} {row['extracted']:5} {row['p50_ms']:8} {row['max_ms']:8} "
            f"{row['peak_mb']:8}  {failed}"
        )
    total = sum(row["files"] for row in result["by_type"])
    read = sum(row["extracted"] for row in result["by_type"])
    print(f"{total} files, {read} read, {total - read} failed with a reason")
    print(f"pool start {result['pool_start_seconds']} s; 2 kB of text in {result['extract_text_2kb_ms']} ms")


if __name__ == "__main__":
    main()
