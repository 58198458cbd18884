"""How well answers stay with their sources: deciding whether a passage answers, quoting the right sentence,
and finding made-up claims.

    python bench/grounding.py              # the table, and bench/results/grounding.json
    python bench/grounding.py --fit        # all languages, and the weights of answering/answerability.py
"""

import argparse
import asyncio
import json
import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grounding_claims import claims, help_pages, paragraphs, shop_cases, shop_documents
from grounding_data import LANGUAGES, QUICK, Question, clapnq, interval, xquad
from shopwright.answering.answerability import features_of, sentence_likeness, weights_for
from shopwright.answering.claim_terms import same_terms
from shopwright.answering.extractive import THRESHOLDS, compose
from shopwright.answering.sources import Source
from shopwright.knowledge.passages import Passage
from shopwright.nlp.embedding import LocalEmbedder

SPACED = ("de", "es", "ru", "tr", "ar", "zh")
ACROSS = ("de", "es", "ru", "zh", "ar")
COVERAGE_SHARE = 0.8
HERE = Path(__file__).parent
RESULTS = HERE / "results"
MODELS = Path.home() / ".cache" / "shopwright" / "models"
ROUNDS = 50
Array = NDArray[np.float64]


def features(question: Question, item: Passage) -> tuple[float, float]:
    source = Source(item)
    terms = frozenset(same_terms(question.text, source.language))
    found = features_of(source, terms, sentence_likeness(source, question.vector))
    return found.likeness, found.coverage


def balanced(scores: Array, truth: NDArray[np.bool_], threshold: float) -> float:
    return float(((scores[truth] >= threshold).mean() + (scores[~truth] < threshold).mean()) / 2)


def best_threshold(scores: Array, truth: NDArray[np.bool_]) -> float:
    return max(np.unique(scores), key=lambda threshold: balanced(scores, truth, threshold))


def bootstrap(scores: Array, truth: NDArray[np.bool_], threshold: float) -> list[float]:
    generator = np.random.default_rng(0)
    drawn = []
    for _ in range(1000):
        pick = generator.integers(0, len(truth), len(truth))
        drawn.append(balanced(scores[pick], truth[pick], threshold))
    return interval(drawn)


def fit(x: Array, truth: NDArray[np.bool_], weight: Array | None = None, ridge: float = 1.0) -> tuple[float, Array]:
    """Logistic regression by Newton's method, both classes weighing the same. Returns bias and weights."""
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    z = np.c_[np.ones(len(x)), (x - mean) / deviation]
    w = np.ones(len(x)) if weight is None else weight
    w = w * np.where(truth, 0.5 / (w * truth).sum(), 0.5 / (w * ~truth).sum()) * len(x)
    b = np.zeros(z.shape[1])
    penalty = np.eye(len(b)) * ridge
    penalty[0, 0] = 0
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ b))
        b -= np.linalg.solve(z.T @ ((w * p * (1 - p))[:, None] * z) + penalty, z.T @ (w * (p - truth)) + penalty @ b)
    scaled = b[1:] / deviation
    return float(b[0] - scaled @ mean), scaled


def hard_negatives(questions: Sequence[Question], items: Sequence[Passage]) -> tuple[Array, NDArray[np.bool_]]:
    """Features of each question with its own passage, and with the likest other one of the same article."""
    x, truth = [], []
    for question in questions:
        others = [item for item in items if item.title == question.passage.title and item != question.passage]
        others = others or [item for item in items if item != question.passage]
        likest = max(others, key=lambda item: _likeness(item, question))
        x += [features(question, question.passage), features(question, likest)]
        truth += [True, False]
    return np.array(x), np.array(truth)


def _likeness(item: Passage, question: Question) -> float:
    assert item.sentence_vectors is not None
    return float(item.sentence_vectors.mean(0) @ question.vector)


def answerability(questions: list[Question], english: tuple[Array, NDArray[np.bool_]]) -> dict[str, object]:
    truth = np.array([bool(question.answer) for question in questions])
    x = np.array([features(question, question.passage) for question in questions])
    weights = weights_for("en", "en")
    shipped = np.array([weights.confidence(*row) for row in x])
    halves: dict[str, list[float]] = defaultdict(list)
    for round_ in range(ROUNDS):
        order = np.random.default_rng(round_).permutation(len(truth))
        one, other = order[: len(truth) // 2], order[len(truth) // 2 :]
        for train, test in ((one, other), (other, one)):
            halves["likeness alone"].append(
                balanced(x[test, 0], truth[test], best_threshold(x[train, 0], truth[train]))
            )
            bias, w = fit(*_mixed(x[train], truth[train], english))
            halves["fitted on the other half"].append(balanced(x[test] @ w + bias, truth[test], 0.0))
    pooled = np.array([_pooled(question, questions) for question in questions])
    return {
        "held-out half": {
            name: {"mean": round(statistics.mean(values), 3), "95%": interval(values)}
            for name, values in halves.items()
        },
        "shipped weights (all rows)": _rates(shipped, truth, THRESHOLDS["moderate"]),
        "strict": _rates(shipped, truth, THRESHOLDS["strict"]),
        "lenient": _rates(shipped, truth, THRESHOLDS["lenient"]),
        "shipped weights, best five of all passages": _rates(pooled, truth, THRESHOLDS["moderate"]),
    }


def _mixed(
    x: Array, truth: NDArray[np.bool_], other: tuple[Array, NDArray[np.bool_]], share: float = 0.3
) -> tuple[Array, NDArray[np.bool_], Array]:
    weight = np.r_[np.ones(len(x)), np.full(len(other[0]), share * len(x) / len(other[0]))]
    return np.vstack([x, other[0]]), np.r_[truth, other[1]], weight


def _pooled(question: Question, questions: Sequence[Question]) -> float:
    """The confidence over the five passages of the whole set that are likest to the question."""
    items = list({item.passage.chunk_id: item.passage for item in questions}.values())
    items.sort(key=lambda item: -_likeness(item, question))
    weights = weights_for("en", "en")
    return max(weights.confidence(*features(question, item)) for item in items[:5])


def _rates(scores: Array, truth: NDArray[np.bool_], threshold: float) -> dict[str, object]:
    return {
        "balanced": round(balanced(scores, truth, threshold), 3),
        "95%": bootstrap(scores, truth, threshold),
        "answered of answerable": round(float((scores[truth] >= threshold).mean()), 3),
        "declined of unanswerable": round(float((scores[~truth] < threshold).mean()), 3),
    }


def quoting(questions: Sequence[Question]) -> dict[str, float]:
    """Of the answerable questions: does the first quoted sentence answer, does any, are quotes exact?"""
    first, any_, exact, count = [], [], [], []
    for question in questions:
        if not question.gold:
            continue
        made = compose(question.text, question.vector, [question.passage], language=question.language)
        spans = question.passage.sentences
        concise = compose(
            question.text,
            question.vector,
            [question.passage],
            language=question.language,
            response_format="concise",
        )
        first.append(spans.index(concise.sentences[0].span) in question.gold)
        any_.append(any(spans.index(sentence.span) in question.gold for sentence in made.sentences))
        exact.append(
            all(question.passage.text[citation.start : citation.end] == citation.quote for citation in made.citations)
        )
        count.append(len(made.sentences))
    return {
        "best sentence answers": round(statistics.mean(first), 3),
        "an answering sentence is quoted": round(statistics.mean(any_), 3),
        "sentences": round(statistics.mean(count), 2),
        "quotes exact": round(statistics.mean(exact), 3),
        "questions": len(first),
    }


async def run(languages: Sequence[str], *, fitting: bool) -> dict[str, object]:
    embedder = LocalEmbedder(MODELS)
    await embedder.load()
    questions = await clapnq(embedder)
    sets = {language: await xquad(language, embedder) for language in languages}
    english = hard_negatives(*sets["en"])
    results: dict[str, object] = {
        "answerable or not (ClapNQ)": answerability(questions, english),
        "quoting": {"clapnq": quoting(questions)}
        | {f"xquad {language}": quoting(asked) for language, (asked, _) in sets.items()},
        "answerable or not (XQuAD, likest other paragraph)": {
            language: _xquad_rates(language, *hard_negatives(asked, items)) for language, (asked, items) in sets.items()
        },
        "claims (ClapNQ answers)": claims(questions),
        "claims (the demo shop's sentences)": shop_documents(),
        "claims (doc2dial's sentences)": help_pages(),
        "claims (XQuAD's German sentences)": paragraphs("de"),
        "claims (XQuAD's Spanish sentences)": paragraphs("es"),
        "claims (shop answers written for this bench)": await shop_cases(embedder),
    }
    if fitting:
        results["fit (bias, likeness, coverage)"] = fitted(questions, sets, english)
    embedder.close()
    return results


def fitted(
    questions: Sequence[Question],
    sets: dict[str, tuple[list[Question], list[Passage]]],
    english: tuple[Array, NDArray[np.bool_]],
) -> dict[str, list[float]]:
    """The weights of answering/answerability.py."""

    def pooled(languages: Sequence[str], mix: Callable[[Array], Array]) -> tuple[float, Array]:
        made = [hard_negatives(*sets[language]) for language in languages]
        return fit(mix(np.vstack([x for x, _ in made])), np.concatenate([truth for _, truth in made]))

    truth = np.array([bool(question.answer) for question in questions])
    x = np.array([features(question, question.passage) for question in questions])
    bias, w = fit(*_mixed(x, truth, english))
    # One number for both features: fitted apart, XQuAD's questions, which repeat their paragraph's words,
    # make the likeness worth nothing.
    others, o = pooled(SPACED, lambda x: x[:, :1] + COVERAGE_SHARE * x[:, 1:])
    thai, t = pooled(["th"], lambda x: x)
    alone, a = pooled(["hi", "el"], lambda x: x[:, 1:])
    made = [hard_negatives(_against_english(sets[language][0], sets["en"]), sets["en"][1]) for language in ACROSS]
    across, c = fit(np.vstack([x[:, :1] for x, _ in made]), np.concatenate([y for _, y in made]))
    rows = {
        "ENGLISH": [bias, *w],
        "OTHERS": [others, o[0], COVERAGE_SHARE * o[0]],
        "THAI": [thai, *t],
        "WORDS_ALONE": [alone, 0.0, a[0]],
        "ACROSS": [across, c[0], 0.0],
    }
    return {name: [round(float(value), 2) for value in values] for name, values in rows.items()}


def _against_english(questions: Sequence[Question], english: tuple[list[Question], list[Passage]]) -> list[Question]:
    """The same questions in another language, asked of the English paragraphs."""
    return [
        replace(question, passage=original.passage) for question, original in zip(questions, english[0], strict=True)
    ]


def _xquad_rates(language: str, x: Array, truth: NDArray[np.bool_]) -> float:
    weights = weights_for(language, language)
    scores = np.array([weights.confidence(*row) for row in x])
    return round(balanced(scores, truth, THRESHOLDS["moderate"]), 3)


def show(results: object, indent: str = "", print_: Callable[[str], None] = print) -> None:
    assert isinstance(results, dict)
    for name, value in results.items():
        if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
            print_(f"{indent}{name}")
            show(value, f"{indent}  ", print_)
        elif isinstance(value, dict):
            parts = "  ".join(f"{key} {inner}" for key, inner in value.items())
            print_(f"{indent}{name:<32} {parts}")
        else:
            print_(f"{indent}{name:<32} {value}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="print weights fitted on the data")
    arguments = parser.parse_args()
    results = asyncio.run(run(LANGUAGES if arguments.fit else QUICK, fitting=arguments.fit))
    show(results)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "grounding.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
