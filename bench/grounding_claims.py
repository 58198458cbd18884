"""How many true sentences the checker keeps, and how many corrupted ones it catches."""

import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

import grounding_corruptions as corrupt
from grounding_data import Question, embedded, interval, passage, queries, rows, withheld
from shopwright.answering.claims import ClaimChecker
from shopwright.knowledge.passages import Passage
from shopwright.nlp.embedding import LocalEmbedder
from shopwright.nlp.sentences import split_sentences

HERE = Path(__file__).parent
DEMO = HERE.parent / "examples" / "demo-shop" / "documents"
TRUE = "true sentence"


class Claims:
    """Keeps count of true sentences kept and corrupted ones caught."""

    def __init__(self) -> None:
        self.caught: dict[str, list[bool]] = defaultdict(list)
        self.why: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.times: list[float] = []

    def put(self, checker: ClaimChecker, made: Sequence[tuple[str, str | None]]) -> None:
        for kind, text in made:
            if text is None:
                continue
            began = time.perf_counter()
            verdict = checker.check(text, cited=[0])
            self.times.append((time.perf_counter() - began) * 1e3)
            self.caught[kind].append(withheld(verdict))
            self.why[kind][verdict.reason or verdict.kind] += 1

    def table(self) -> dict[str, dict[str, object]]:
        rng = random.Random(0)
        table: dict[str, dict[str, object]] = {}
        for kind, caught in self.caught.items():
            values = [not value for value in caught] if kind == TRUE else caught
            drawn = [statistics.mean(rng.choices(values, k=len(values))) for _ in range(300)]
            table[f"kept: {kind}" if kind == TRUE else f"caught: {kind}"] = {
                "rate": round(statistics.mean(values), 3),
                "95%": interval(drawn),
                "of": len(values),
                "found as": ", ".join(f"{reason} {count}" for reason, count in self.why[kind].items()),
            }
        median, p95 = np.quantile(self.times, [0.5, 0.95])
        table["milliseconds a check"] = {"median": round(float(median), 2), "p95": round(float(p95), 2)}
        return table


def hard_facts(sentence: str, source: str, own: str, rng: random.Random) -> list[tuple[str, str | None]]:
    return [
        ("number changed", corrupt.numbers(sentence, source, rng)),
        ("price changed", corrupt.prices(sentence, source, rng)),
        ("date or time changed", corrupt.dates(sentence, source, rng)),
        ("number of the same passage", corrupt.other_number(sentence, own, rng)),
        ("negation flipped", corrupt.negation(sentence)),
    ]


def foreign(passages: Sequence[Passage], source: str, rng: random.Random) -> list[tuple[str, str | None]]:
    made: list[tuple[str, str | None]] = []
    for item in rng.sample(passages, 3):
        first, last = rng.choice(item.sentences)
        text = item.text[first:last]
        if len(text) > 50 and text not in source:
            made.append(("sentence of another passage", text))
    return made


def claims(questions: Sequence[Question], seed: int = 3) -> dict[str, dict[str, object]]:
    """The sentences of the answers people wrote for ClapNQ: abstractive, over several sentences."""
    rng = random.Random(seed)
    answered = [question for question in questions if question.answer]
    texts = [question.passage.text for question in answered]
    names = [word for text in texts for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", text)]
    nouns = [word for text in texts for word in re.findall(r"(?<=[a-z] )[a-z]{5,}s\b", text)]
    count = Claims()
    for k, question in enumerate(answered):
        passages = [answered[(k + step) % len(answered)].passage for step in (0, 17, 31)]
        source = " ".join(item.text for item in passages)
        checker = ClaimChecker(passages, question=question.text)
        others = [item.passage for item in answered if item.passage not in passages]
        for start, end in split_sentences(question.answer):
            sentence = " ".join(question.answer[start:end].split())
            if len(sentence) < 15:
                continue
            count.put(checker, [(TRUE, sentence)])
            count.put(checker, hard_facts(sentence, source, question.passage.text, rng))
            swapped = [
                ("name swapped", corrupt.name(sentence, source, rng, rng.sample(names, 20))),
                ("noun swapped", corrupt.noun(sentence, source, rng, rng.sample(nouns, 20))),
                ("invented sentence", corrupt.invented(rng)),
            ]
            count.put(checker, swapped + foreign(others, source, rng))
    return count.table()


def shop_documents() -> dict[str, dict[str, object]]:
    """The sentences of the demo shop's documents: many prices, dates and conditions."""
    pieces = []
    for path in sorted(DEMO.glob("*.md")) + sorted(DEMO.glob("*.txt")):
        text = path.read_text()
        title = text.strip().splitlines()[0].strip("# ")
        piece = ""
        for paragraph in [*text.split("\n\n"), None]:
            if paragraph is None or len(piece) + len(paragraph) > 800:
                pieces += [passage(title, piece)] if piece.strip() else []
                piece = ""
            piece += f"{paragraph}\n\n" if paragraph else ""
    return documents(pieces, "en")


def help_pages() -> dict[str, dict[str, object]]:
    """150 passages of doc2dial's government help pages."""
    found = [row for row in rows("retrieval/doc2dial/passages.jsonl.gz") if len(row["text"]) > 300]
    random.Random(1).shuffle(found)
    return documents([passage(row["title"], row["text"]) for row in found[:150]], "en")


def paragraphs(language: str) -> dict[str, dict[str, object]]:
    """The paragraphs of XQuAD in a language."""
    found = rows(f"retrieval/xquad/{language}_corpus.jsonl.gz")
    return documents([passage(row["title"], row["text"], language) for row in found], language)


def documents(pieces: Sequence[Passage], language: str, seed: int = 5) -> dict[str, dict[str, object]]:
    """Word for word sentences, and the same made false."""
    rng = random.Random(seed)
    count = Claims()
    for k, own in enumerate(pieces):
        passages = [own, pieces[(k + 3) % len(pieces)], pieces[(k + 11) % len(pieces)]]
        source = " ".join(item.text for item in passages)
        checker = ClaimChecker(passages, language=language)
        others = [item for item in pieces if item.title != own.title]
        for start, end in own.sentences:
            sentence = " ".join(own.text[start:end].split())
            # headings and questions state nothing
            if len(sentence) < 25 or sentence[-1] not in ".!|":
                continue
            made = hard_facts(sentence, source, own.text, rng)
            if language != "en":
                made = [(kind, text) for kind, text in made if not corrupt.is_english(text, sentence)]
            count.put(checker, [(TRUE, sentence), *made, *foreign(others, source, rng)])
    return count.table()


async def shop_cases(embedder: LocalEmbedder) -> dict[str, object]:
    data = yaml.safe_load((HERE / "data" / "grounding_shop.yaml").read_text())
    written = [passage(row["title"], row["text"], row["language"]) for row in data["passages"].values()]
    by_key = dict(zip(data["passages"], await embedded(written, embedder), strict=True))
    cases = [(*row, True) for row in data["said"]] + [(*row, False) for row in data["not_said"]]
    found: dict[str, object] = {}
    for with_meaning in (False, True):
        right: dict[bool, list[bool]] = {True: [], False: []}
        wrong = []
        for language, used, sentence, is_true in cases:
            checker = ClaimChecker([by_key[key] for key in used], language=language)
            verdict = checker.check(sentence)
            if verdict.undecided and with_meaning:
                vector = (await queries([sentence], language, embedder))[0]
                verdict = checker.check(sentence, vector=vector)
            right[is_true].append(withheld(verdict) != is_true)
            if not right[is_true][-1]:
                wrong.append(f"{verdict.reason or 'supported'}: {sentence}")
        found["with meaning" if with_meaning else "words alone"] = {
            "true kept": f"{sum(right[True])}/{len(right[True])}",
            "false caught": f"{sum(right[False])}/{len(right[False])}",
            "wrong": wrong,
        }
    return found
