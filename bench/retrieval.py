"""How well passages are found: recall and nDCG on public questions, with intervals.

    python bench/retrieval.py [--sets doc2dial,xquad-en,...] [--sentences] [--documents title|parent|none]

Runs the product's own functions over the passages in memory. A searcher is a function from questions to
ranked ids, so that the same sets can be put to a running server. Figures go to bench/results/ as well.
"""

import argparse
import asyncio
import hashlib
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval_sets import SETS, Question, Set, unanswerable
from shopwright.nlp.bm25 import passage_terms, passage_weights, query_weights
from shopwright.nlp.embedding import LocalEmbedder, minilm_weight, text_to_embed
from shopwright.nlp.query import plan_query
from shopwright.nlp.ranking import MIDDLE, STEEPNESS, Candidate, fuse
from shopwright.nlp.sentences import split_sentences

HERE = Path(__file__).parent
RESULTS = HERE / "results"
MODELS = Path(os.environ.get("SHOPWRIGHT_MODELS_DIR", Path.home() / ".cache/shopwright/models"))
CANDIDATES = 50
BOOTSTRAPS = 1000
CALIBRATING = {"doc2dial", "clapnq", "xquad-en", "xquad-es", "xquad-zh", "xquad-tr", "xquad-es-to-en"}


@dataclass(frozen=True)
class Hit:
    id: str
    score: float


Searcher = Callable[[Sequence[Question]], list[list[Hit]]]


class Vectors:
    """Embeds, and keeps every row it made in bench/results/."""

    def __init__(self, threads: int) -> None:
        self.embedder = LocalEmbedder(MODELS, threads=threads)
        self.folder = RESULTS / "embeddings"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.kept: dict[str, dict[str, np.ndarray]] = {}

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        return self._rows("passages", texts, self.embedder.embed_passages)

    def queries(self, texts: Sequence[str], language: str) -> np.ndarray:
        kind = f"query-{minilm_weight(language)}"
        # Alone or in small batches, as a running server would embed them.
        return self._rows(kind, texts, lambda new: self._by_fours(new, language))

    async def _by_fours(self, texts: Sequence[str], language: str) -> np.ndarray:
        parts = [await self.embedder.embed_queries(texts[i : i + 4], language) for i in range(0, len(texts), 4)]
        return np.concatenate(parts)

    def _rows(self, kind: str, texts: Sequence[str], make: Callable[[Sequence[str]], Any]) -> np.ndarray:
        path = self.folder / f"{self.embedder.model_id}-{kind}.npz".replace(":", "_")
        if kind not in self.kept:
            self.kept[kind] = {}
            if path.exists():
                with np.load(path) as saved:
                    self.kept[kind] = dict(zip(saved["keys"].tolist(), saved["rows"], strict=True))
        kept = self.kept[kind]
        keys = [hashlib.sha256(text.encode("utf-8", "ignore")).hexdigest()[:24] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
        if new:
            kept.update(zip(new, asyncio.run(make(list(new.values()))), strict=True))
            np.savez(path, keys=np.array(list(kept)), rows=np.array(list(kept.values())))
        return np.array([kept[key] for key in keys])


def memory_searcher(data: Set, vectors: Vectors, *, sentences: bool, documents: str) -> Searcher:
    """What the SQL of the product does, on arrays: 50 candidates by vectors, 50 by terms, fused."""
    stored = [passage_weights(passage_terms(p.text, data.language, [p.title, *p.headings])) for p in data.passages]
    vocabulary = {term: i for i, term in enumerate(sorted({term for row in stored for term in row}))}
    frequencies = Counter(term for row in stored for term in row)
    matrix = np.zeros((len(stored), len(vocabulary)), np.float32)
    for i, row in enumerate(stored):
        for term, weight in row.items():
            matrix[i, vocabulary[term]] = weight
    rows = vectors.passages([text_to_embed(p.text, p.headings) for p in data.passages])
    owners, sentence_rows = [], None
    if sentences:
        spans = [(i, span) for i, p in enumerate(data.passages) for span in split_sentences(p.text)]
        owners = [i for i, _ in spans]
        sentence_rows = vectors.passages([data.passages[i].text[start:end] for i, (start, end) in spans])
    group = [{"title": p.title, "parent": p.parent, "none": p.id}[documents] for p in data.passages]

    def search(questions: Sequence[Question]) -> list[list[Hit]]:
        plans = [plan_query(q.text, q.history, q.language) for q in questions]
        at: dict[tuple[str, str], np.ndarray] = {}
        for language in {plan.language for plan in plans}:
            texts = sorted({text for plan in plans if plan.language == language for text in plan.texts})
            at |= {(language, t): row for t, row in zip(texts, vectors.queries(texts, language), strict=True)}
        found = []
        for plan in plans:
            vector = plan.vector(np.array([at[plan.language, text] for text in plan.texts]))
            dense = rows @ vector
            asked = np.zeros(len(vocabulary), np.float32)
            for term, weight in query_weights(plan.terms, frequencies, len(stored)).items():
                asked[vocabulary[term]] = weight
            lexical = matrix @ asked
            best = None
            if sentence_rows is not None:
                best = np.full(len(stored), -1.0, np.float32)
                np.maximum.at(best, owners, sentence_rows @ vector)
            chosen = sorted({*np.argsort(-dense)[:CANDIDATES], *np.argsort(-lexical)[:CANDIDATES]})
            candidates = [
                Candidate(group[i], float(lexical[i]), float(dense[i]), float(best[i]) if best is not None else None)
                for i in chosen
            ]
            scores = fuse(candidates, understood=vectors.embedder.understands(plan.language))
            order = sorted(zip(scores, chosen, strict=True), key=lambda pair: -pair[0])
            found.append([Hit(data.passages[i].id, score) for score, i in order[:10]])
        return found

    return search


def figures(question: Question, hits: Sequence[Hit]) -> tuple[float, float, float, float]:
    """Recall at 1 and 5, nDCG at 10, reciprocal rank."""
    right = [hit.id in question.relevant for hit in hits[:10]]
    wanted = max(1, len(question.relevant))
    ideal = sum(1 / np.log2(i + 2) for i in range(min(10, wanted)))
    gain = sum(1 / np.log2(i + 2) for i, is_right in enumerate(right) if is_right)
    first = next((1 / (i + 1) for i, is_right in enumerate(right) if is_right), 0.0)
    return sum(right[:1]) / wanted, sum(right[:5]) / wanted, gain / ideal, first


NAMES = ("recall@1", "recall@5", "ndcg@10", "mrr@10")


def measure(questions: Sequence[Question], found: Sequence[Sequence[Hit]]) -> dict[str, Any]:
    """Means with 95 % intervals; the bootstrap draws clusters, not questions."""
    table = np.array([figures(q, hits) for q, hits in zip(questions, found, strict=True)])
    clusters = defaultdict(list)
    for i, question in enumerate(questions):
        clusters[question.cluster].append(i)
    sums = np.array([table[i].sum(0) for i in clusters.values()])
    sizes = np.array([len(i) for i in clusters.values()])
    draws = np.random.default_rng(1).integers(0, len(sizes), (BOOTSTRAPS, len(sizes)))
    means = sums[draws].sum(1) / sizes[draws].sum(1)[:, None]
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return {
        "questions": len(questions),
        **{name: [round(float(x), 4) for x in (table[:, k].mean(), low[k], high[k])] for k, name in enumerate(NAMES)},
    }


Samples = Sequence[tuple[float, bool]]


def report_scores(answerable: Samples, off_topic: Samples) -> dict[str, float]:
    """Print what a score means, and which constants of the curve fit best.

    Fitted to right best passages against the best passages of questions about something else, both
    sides weighing the same; a wrong passage of the right topic is on neither side.
    """
    right = _evidence([score for score, is_right in answerable if is_right])
    off = _evidence([score for score, _ in off_topic])
    losses = {
        (middle, steepness): float(
            np.log1p(np.exp(-steepness * (right - middle))).mean() + np.log1p(np.exp(steepness * (off - middle))).mean()
        )
        for middle in np.arange(0.1, 0.6, 0.01)
        for steepness in np.arange(4, 40, 1.0)
    }
    middle, steepness = min(losses, key=lambda pair: losses[pair])
    above = float((right[:, None] > off[None, :]).mean())
    print(f"best fit of the curve: MIDDLE {middle:.2f}, STEEPNESS {steepness:.0f}")
    print(f"right best passage above the best one of a question about something else: {above:.1%} of pairs")
    for low in np.arange(0, 1, 0.1):
        known = [is_right for score, is_right in answerable if low <= score < low + 0.1]
        strange = sum(low <= score < low + 0.1 for score, _ in off_topic)
        share = f"{np.mean(known):4.0%}" if known else "   -"
        print(f"  score from {low:.1f}: {len(known):5} best, {share} right; {strange:4} of strangers")
    return {"middle": middle, "steepness": steepness, "right_above_unanswerable": above}


def _evidence(scores: Sequence[float]) -> np.ndarray:
    clipped = np.clip(scores, 1e-9, 1 - 1e-9)
    return MIDDLE + np.log(clipped / (1 - clipped)) / STEEPNESS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--sentences", action="store_true", help="score each candidate's best sentence too")
    parser.add_argument("--documents", choices=("title", "parent", "none"), default="title")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    vectors = Vectors(options.threads)
    settings: dict[str, Any] = {"sentences": options.sentences, "documents": options.documents}
    results: dict[str, Any] = {**settings, "sets": {}}
    samples: list[tuple[float, bool]] = []
    print(f"{'set':22}{'n':>6}  " + "".join(f"{name:>24}" for name in NAMES) + f"{'ms':>8}")
    for name in options.sets.split(","):
        data = SETS[name]()
        search = memory_searcher(data, vectors, **settings)
        search(data.questions)
        started = time.perf_counter()
        found = search(data.questions)
        spent = (time.perf_counter() - started) / len(data.questions) * 1000
        result = measure(data.questions, found)
        results["sets"][name] = {**result, "ms_without_embedding": round(spent, 2)}
        cells = "".join(f"{'{:.3f} ({:.3f}-{:.3f})'.format(*result[metric]):>24}" for metric in NAMES)
        print(f"{name:22}{result['questions']:>6}  {cells}{spent:>8.1f}", flush=True)
        if name in CALIBRATING:
            samples += [(h[0].score, h[0].id in q.relevant) for q, h in zip(data.questions, found, strict=True)]
    if samples:
        nothing = unanswerable()
        found = memory_searcher(nothing, vectors, **settings)(nothing.questions)
        results["score"] = report_scores(samples, [(hits[0].score, False) for hits in found])
    (RESULTS / "retrieval.json").write_text(json.dumps(results, indent=1) + "\n")
    vectors.embedder.close()


if __name__ == "__main__":
    main()
