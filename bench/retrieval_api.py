"""The same questions as bench/retrieval.py, put to a running server through its API.

    python bench/retrieval_api.py [--sets doc2dial,xquad-en,...]

Each set becomes a dataset (`documents/batch`), each question a `search` with its history. This measures what a
customer gets: cutting, storing, SQL and fusing included.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, os.fspath(Path(__file__).parent))

from retrieval import NAMES, RESULTS, Hit, measure
from retrieval_sets import LANGUAGES, SETS, Question, Set
from speed import Api, product

DEFAULT = ["doc2dial", *(f"xquad-{language}" for language in LANGUAGES)]
DEPTH = 20


def fill(api: Api, data: Set) -> tuple[str, dict[str, str], float]:
    """Send the passages; equal ones are one document, so a passage's document is what counts as found."""
    dataset = api.post("/v1/tenant/datasets", {"name": data.name, "metadata": {"language": data.language}})["id"]
    ids: dict[str, str] = {}
    started = time.perf_counter()
    for at in range(0, len(data.passages), 500):
        part = data.passages[at : at + 500]
        documents = [{"title": p.title[:300], "content": p.text, "source_type": "text"} for p in part]
        added = api.post(f"/v1/tenant/datasets/{dataset}/documents/batch", {"documents": documents})["items"]
        for passage, document in zip(part, added, strict=True):
            ids[passage.id] = document["id"]
    api.wait(dataset)
    return dataset, ids, time.perf_counter() - started


def ask(api: Api, dataset: str, question: Question) -> list[Hit]:
    history = [
        {"role": "user" if said.role == "user" else "agent", "content": said.content} for said in question.history
    ]
    body = {"query": question.text, "limit": DEPTH, "history": history[-50:]}
    found = api.post(f"/v1/tenant/datasets/{dataset}/search", body)["items"]
    hits: dict[str, Hit] = {}
    for item in found:
        hits.setdefault(item["document_id"], Hit(item["document_id"], item["score"]))
    return list(hits.values())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", default=",".join(DEFAULT))
    given = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder, product(Path(folder)):
        api = Api()
        print(f"{'set':14}{'n':>6}  " + "".join(f"{name:>24}" for name in NAMES) + f"{'fill s':>9}{'ms':>8}")
        for name in given.sets.split(","):
            data = SETS[name]()
            dataset, ids, seconds = fill(api, data)
            started = time.perf_counter()
            questions = [replace(q, relevant=frozenset(ids[p] for p in q.relevant)) for q in data.questions]
            with ThreadPoolExecutor(2) as pool:
                found = list(pool.map(partial(ask, api, dataset), questions))
            each = (time.perf_counter() - started) / len(questions) * 1000
            result = measure(questions, found)
            results[name] = {**result, "fill_seconds": round(seconds, 2), "ms": round(each, 2)}
            cells = "".join(f"{'{:.3f} ({:.3f}-{:.3f})'.format(*result[metric]):>24}" for metric in NAMES)
            print(f"{name:14}{result['questions']:>6}  {cells}{seconds:>9.1f}{each:>8.1f}", flush=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "retrieval_api.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
