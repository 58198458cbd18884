"""The questions and passages that bench/retrieval.py asks: public sets, and the demo shop's own."""

import gzip
import json
import os
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import demo_passages
from shopwright.nlp.query import Said

DATA = Path(os.environ.get("SHOPWRIGHT_BENCH_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
LANGUAGES = ["en", "es", "de", "el", "ru", "tr", "ar", "vi", "th", "zh", "hi", "ro"]
CROSSING = ["es", "de", "zh", "ar", "th"]


@dataclass(frozen=True)
class Passage:
    id: str
    title: str
    text: str
    parent: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    id: str
    text: str
    language: str
    relevant: frozenset[str]
    # questions of one dialogue or paragraph are not independent: intervals are over clusters
    cluster: str
    history: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Set:
    name: str
    language: str
    passages: list[Passage]
    questions: list[Question] = field(repr=False)


def read(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def doc2dial() -> Set:
    relevant = defaultdict(set)
    for row in read("retrieval/doc2dial/passage_qrels.jsonl.gz"):
        relevant[row["query_id"]].add(row["doc_id"])
    passages = [
        Passage(row["doc_id"], row["title"], row["text"], row["parent"])
        for row in read("retrieval/doc2dial/passages.jsonl.gz")
    ]
    questions = [
        Question(
            row["query_id"],
            row["text"],
            "en",
            frozenset(relevant[row["query_id"]]),
            row["query_id"].rsplit("_", 1)[0],
            tuple(Said(turn["role"], turn["text"]) for turn in row["history"]),
        )
        for row in read("retrieval/doc2dial/queries.jsonl.gz")
    ]
    return Set("doc2dial", "en", passages, questions)


def doc2dial_domain(domain: str) -> Set:
    both = doc2dial()
    ids = {row["query_id"] for row in read("retrieval/doc2dial/queries.jsonl.gz") if row["domain"] == domain}
    return replace(both, name=f"doc2dial-{domain}", questions=[q for q in both.questions if q.id in ids])


def first_turns() -> Set:
    both = doc2dial()
    return replace(both, name="doc2dial-first", questions=[q for q in both.questions if not q.history])


def topic_shift() -> Set:
    """First questions of a dialogue, each after six messages about another document."""
    both = doc2dial()
    document = {row["query_id"]: row["doc_id"] for row in read("retrieval/doc2dial/queries.jsonl.gz")}
    talks = [q for q in both.questions if 4 <= len(q.history) <= 8]
    rng = random.Random(1)
    shifted = []
    for question in first_turns().questions:
        others = [talk for talk in talks if document[talk.id] != document[question.id]]
        shifted.append(replace(question, history=rng.choice(others).history[:6]))
    return Set("doc2dial-shift", "en", both.passages, shifted)


def xquad(language: str, asked_in: str | None = None) -> Set:
    asked_in = asked_in or language
    relevant = {row["query_id"]: row["doc_id"] for row in read("retrieval/xquad/qrels.jsonl.gz")}
    passages = [
        Passage(row["doc_id"], row["title"], row["text"], row["title"])
        for row in read(f"retrieval/xquad/{language}_corpus.jsonl.gz")
    ]
    questions = [
        Question(row["query_id"], row["text"], asked_in, frozenset([relevant[row["query_id"]]]), row["doc_id"])
        for row in read(f"retrieval/xquad/{asked_in}_queries.jsonl.gz")
    ]
    return Set(
        f"xquad-{asked_in}" + (f"-to-{language}" if asked_in != language else ""),
        language,
        passages,
        questions,
    )


def clapnq() -> Set:
    rows = read("grounding/clapnq_dev.jsonl.gz")
    passages = [Passage(row["id"], row["title"], row["passage"], row["id"]) for row in rows]
    questions = [
        Question(row["id"], row["question"], "en", frozenset([row["id"]]), row["id"])
        for row in rows
        if row["answerable"]
    ]
    return Set("clapnq", "en", passages, questions)


def mixed() -> Set:
    """One collection of help pages in many parts and of single passages about anything."""
    parts = [doc2dial(), xquad("en"), clapnq()]
    rng = random.Random(1)
    questions = [q for part in parts for q in rng.sample(part.questions, min(400, len(part.questions)))]
    return Set("mixed", "en", [p for part in parts for p in part.passages], questions)


def demo_shop(*kinds: str) -> Set:
    """The demo shop's own documents: headings, tables, 300 products; a few questions of each kind."""
    rows = demo_passages.passages()
    passages = [
        Passage(row["id"], row["titles"][0], row["text"], row["document"], tuple(row["titles"][1:])) for row in rows
    ]
    questions = [
        Question(
            asked["id"],
            asked["question"],
            asked["language"],
            frozenset(row["id"] for row in rows if demo_passages.holds(row, asked)),
            asked["id"],
            tuple(Said(said["role"], said["content"]) for said in asked.get("history", ())),
        )
        for asked in demo_passages.questions()
        if asked["kind"] in kinds
    ]
    return Set("demo", "en", passages, questions)


def unanswerable() -> Set:
    """Questions of XQuAD asked of the help pages of doc2dial; nothing is right."""
    asked = [replace(q, relevant=frozenset()) for q in xquad("en").questions]
    return Set("unanswerable", "en", doc2dial().passages, asked)


SETS: dict[str, Callable[[], Set]] = {
    "doc2dial": doc2dial,
    "doc2dial-ssa": lambda: doc2dial_domain("ssa"),
    "doc2dial-studentaid": lambda: doc2dial_domain("studentaid"),
    "doc2dial-first": first_turns,
    "doc2dial-shift": topic_shift,
    "clapnq": clapnq,
    "mixed": mixed,
    "demo-plain": lambda: demo_shop("plain"),
    "demo-follow-up": lambda: demo_shop("follow_up"),
    "demo-foreign": lambda: demo_shop("foreign"),
    **{f"xquad-{language}": lambda language=language: xquad(language) for language in LANGUAGES},
    **{f"xquad-{asked}-to-en": lambda asked=asked: xquad("en", asked) for asked in ("es", "de", "zh", "ar", "th")},
}
