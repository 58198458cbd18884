"""Ways to make a true sentence false, for measuring how many of them the checker finds."""

import random
import re
from collections.abc import Sequence

from shopwright.answering.facts import Fact, facts_in, states
from shopwright.answering.names import names_in
from shopwright.nlp.stopwords import STOPWORDS

_VERB = r"\b(is|are|was|were|can|could|will|would|has|have|had|does|do|did|may|must|should)"
VERBS = re.compile(
    _VERB + r"\b(?! not|n't|(?: \S+)? (?:no|not|never|any|none|only)\b)",
    re.IGNORECASE,
)
NEGATED = re.compile(_VERB + r"(?:n't| not)\b|\bcannot\b")
SPELLED = ["seven", "nine", "eleven", "four"]
INVENTED = (
    "It also comes with a free lifetime warranty.",
    "Customers receive a full refund at any time.",
    "There is no extra charge for this.",
    "This is available worldwide without restrictions.",
    "You can also pay with Klarna or Bitcoin.",
    "The support team answers within a few minutes.",
    "Students get a discount on every order.",
    "This applies to all products without exception.",
    "The offer has since been extended by the company.",
    "It was later sold to a group of investors.",
    "Members may bring a friend for free.",
    "A paper form must be sent to the head office first.",
)
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def numbers(sentence: str, source: str, rng: random.Random) -> str | None:
    """Change a number, a percentage or a quantity."""
    return _change(sentence, source, rng, {"number", "percent", "quantity"})


def prices(sentence: str, source: str, rng: random.Random) -> str | None:
    return _change(sentence, source, rng, {"money"})


def dates(sentence: str, source: str, rng: random.Random) -> str | None:
    """Change the day, the month or the year of a date, or a time or a weekday."""
    return _change(sentence, source, rng, {"date", "time"})


def _change(sentence: str, source: str, rng: random.Random, kinds: set[str]) -> str | None:
    facts = [fact for fact in facts_in(sentence) if fact.kind in kinds]
    rng.shuffle(facts)
    for fact in facts:
        for _ in range(5):
            changed = sentence[: fact.start] + _other(fact, rng) + sentence[fact.end :]
            if changed != sentence and not _same_facts(changed, sentence) and not _unchanged_in(changed, fact, source):
                return changed
    return None


def _other(fact: Fact, rng: random.Random) -> str:
    months = [month for month in MONTHS if month in fact.text]
    if months and rng.random() < 0.3:
        return fact.text.replace(months[0], rng.choice([month for month in MONTHS if month != months[0]]))
    places = [match.start() for match in re.finditer(r"\d", fact.text)]
    if not places:
        return rng.choice(SPELLED) if fact.kind in {"number", "quantity"} else fact.text
    at = rng.choice(places)
    digit = rng.choice([d for d in "123456789" if d != fact.text[at]])
    return fact.text[:at] + digit + fact.text[at + 1 :]


def _same_facts(one: str, other: str) -> bool:
    return [fact.values for fact in facts_in(one)] == [fact.values for fact in facts_in(other)]


def _unchanged_in(changed: str, fact: Fact, source: str) -> bool:
    """The new value happens to stand in the source as well: that is another test, `other_number`."""
    here = [found for found in facts_in(changed) if found.start <= fact.start < found.end]
    stated = facts_in(source)
    return any(states(other, found) for other in stated for found in here)


def negation(sentence: str) -> str | None:
    """Put a "not" in, or take it out."""
    found = NEGATED.search(sentence)
    if found:
        plain = "can" if found.group().lower() == "cannot" else found.group(1)
        return sentence[: found.start()] + plain + sentence[found.end() :]
    verbs = list(VERBS.finditer(sentence))
    if not verbs:
        return None
    verb = verbs[0]
    return f"{sentence[: verb.end()]} not{sentence[verb.end() :]}"


def name(sentence: str, source: str, rng: random.Random, others: Sequence[str]) -> str | None:
    """Put a name of another text in the place of one of this sentence."""
    inside = [word for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", sentence) if names_in(f"so {word}", "en")]
    if not inside:
        return None
    new = [other for other in others if other.lower() not in source.lower()]
    return sentence.replace(rng.choice(inside), rng.choice(new), 1) if new else None


def invented(rng: random.Random) -> str:
    return rng.choice(INVENTED)


def noun(sentence: str, source: str, rng: random.Random, others: Sequence[str]) -> str | None:
    """Put a noun of another text in the place of one of this sentence."""
    inside = [word for word in re.findall(r"(?<= )[a-z]{5,}s\b", sentence) if word not in STOPWORDS["en"]]
    new = [other for other in others if other not in source]
    return sentence.replace(rng.choice(inside), new[0], 1) if inside and new else None


def other_number(sentence: str, passage: str, rng: random.Random) -> str | None:
    """Put another fact of the same kind from the same passage in the place of one of this sentence."""
    kinds = {"number", "quantity", "money", "percent", "date"}
    mine = [fact for fact in facts_in(sentence) if fact.kind in kinds]
    pairs = [
        (fact, other)
        for fact in mine
        for other in facts_in(passage)
        if other.kind == fact.kind
        and other.unit == fact.unit
        and other.text != fact.text
        and not any(other.values & known.values for known in mine)
    ]
    if not pairs:
        return None
    fact, other = rng.choice(pairs)
    return sentence[: fact.start] + other.text + sentence[fact.end :]


def is_english(changed: str | None, sentence: str) -> bool:
    """Say whether an English word was put into a sentence of another language: it is no number there."""
    words = [*SPELLED, " not"]
    return changed is not None and any(changed.count(word) > sentence.count(word) for word in words)
