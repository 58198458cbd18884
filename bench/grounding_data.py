"""Public data for `grounding.py`, as questions with passages whose sentences are embedded."""

import gzip
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import numpy as np

from shopwright.answering.evidence import Verdict
from shopwright.knowledge.passages import Passage
from shopwright.nlp.embedding import LocalEmbedder, Vectors
from shopwright.nlp.sentences import split_sentences

DATA = Path(os.environ.get("SHOPWRIGHT_BENCH_DATA", Path(__file__).parents[2] / "shared" / "data"))
SPACE = UUID("6f1d3f50-0000-4000-8000-000000000000")
LANGUAGES = ("en", "de", "es", "ru", "zh", "tr", "ar", "hi", "th", "el", "ro", "vi")
QUICK = ("en", "de", "es", "zh")


@dataclass
class Question:
    text: str
    language: str
    passage: Passage
    vector: Vectors
    # positions of the passage's sentences that answer; none when it does not
    gold: frozenset[int] = frozenset()
    answer: str = ""
    whole: Vectors = field(default_factory=lambda: np.zeros(0, np.float32))


def rows(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / name, "rt") as lines:
        return [json.loads(line) for line in lines]


def passage(title: str, text: str, language: str = "en") -> Passage:
    key = uuid5(SPACE, f"{language}\n{title}\n{text}")
    spans = tuple(split_sentences(text))
    return Passage(key, key, 1, title, "", None, None, None, "text", language, text, 0, len(text), 0.0, spans)


async def embedded(passages: Sequence[Passage], embedder: LocalEmbedder) -> list[Passage]:
    texts = [item.text[start:end] for item in passages for start, end in item.sentences]
    vectors = await embedder.embed_passages(texts)
    done, at = [], 0
    for item in passages:
        done.append(replace(item, sentence_vectors=vectors[at : at + len(item.sentences)]))
        at += len(item.sentences)
    return done


async def queries(texts: Sequence[str], language: str, embedder: LocalEmbedder) -> list[Vectors]:
    vectors: list[Vectors] = []
    for at in range(0, len(texts), 64):
        vectors.extend(await embedder.embed_queries(texts[at : at + 64], language))
    return vectors


def overlapping(item: Passage, start: int, end: int) -> set[int]:
    return {i for i, (first, last) in enumerate(item.sentences) if first < end and start < last}


async def clapnq(embedder: LocalEmbedder) -> list[Question]:
    found = rows("grounding/clapnq_dev.jsonl.gz")
    passages = await embedded([passage(row["title"], row["passage"]) for row in found], embedder)
    vectors = await queries([row["question"] for row in found], "en", embedder)
    questions = []
    for row, item, vector in zip(found, passages, vectors, strict=True):
        gold: set[int] = set()
        for sentence in (row["selected_sentences"] or []) if row["answerable"] else []:
            at = item.text.find(sentence)
            if at >= 0:
                gold |= overlapping(item, at, at + len(sentence))
        questions.append(Question(row["question"], "en", item, vector, frozenset(gold), row["answer"] or ""))
    return questions


async def xquad(language: str, embedder: LocalEmbedder) -> tuple[list[Question], list[Passage]]:
    """Return the questions, and all passages."""
    corpus = rows(f"retrieval/xquad/{language}_corpus.jsonl.gz")
    items = await embedded([passage(row["title"], row["text"], language) for row in corpus], embedder)
    by_id = {row["doc_id"]: item for row, item in zip(corpus, items, strict=True)}
    asked = rows(f"retrieval/xquad/{language}_queries.jsonl.gz")
    vectors = await queries([row["text"] for row in asked], language, embedder)
    questions = []
    for row, vector in zip(asked, vectors, strict=True):
        item = by_id[row["doc_id"]]
        start = row["answer_start"]
        gold = overlapping(item, start, start + len(row["answer"]))
        questions.append(Question(row["text"], language, item, vector, frozenset(gold), row["answer"]))
    return questions, items


def withheld(verdict: Verdict) -> bool:
    return verdict.kind == "unsupported"


def interval(values: Sequence[float]) -> list[float]:
    return [round(float(np.quantile(values, q)), 3) for q in (0.025, 0.975)]
