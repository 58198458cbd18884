"""The scope's check of what the bot is about to say: by its words, for the checks of facts come elsewhere."""

from functools import cache

from shopwright.understanding.catalogue import load as load_catalogue
from shopwright.understanding.patterns import Pattern, compile_any
from shopwright.understanding.rules import Decision, ScopeRules
from shopwright.understanding.text import mentions, plain
from shopwright.understanding.texts import load

LEAK = "The answer tells of the bot's own instructions."
DANGEROUS = "The answer explains something dangerous ({})."
ADVICE = "The answer gives what the forbidden topic '{}' is about."
NAMED = "The answer mentions the forbidden topic '{}'."


def check_output(answer: str, rules: ScopeRules) -> Decision:
    """Decide whether an answer may leave. About 0.1 ms; in every strictness.

    It looks for the bot's instructions, for directions to do harm, for the advice of forbidden topics that
    the catalogue knows ("take 400 mg", "you should sue"), and for the very words of those that it does not
    know, such as a competitor's name.
    """
    text = plain(answer)
    leak, danger, advice = _patterns()
    if leak.search(text):
        return Decision("refuse", LEAK, None, 1.0)
    for topic, pattern in danger.items():
        if pattern.search(text):
            return Decision("refuse", DANGEROUS.format(_titles()[topic]), _titles()[topic], 1.0)
    for name in rules.forbidden_topics:
        topics = _known().get(plain(name), ())
        if any(topic in advice and advice[topic].search(text) for topic in topics):
            return Decision("refuse", ADVICE.format(name), name, 1.0)
        if not topics and mentions(text, plain(name)):
            return Decision("refuse", NAMED.format(name), name, 1.0)
    return Decision("allow", "Nothing in the answer is out of scope.")


@cache
def _patterns() -> tuple[Pattern, dict[str, Pattern], dict[str, Pattern]]:
    data = load("output")
    return (
        compile_any(data["leak"]),
        {topic: compile_any(some) for topic, some in data["danger"].items()},
        {topic: compile_any(some) for topic, some in data["advice"].items()},
    )


@cache
def _titles() -> dict[str, str]:
    return {topic.id: topic.title for topic in load_catalogue().topics}


@cache
def _known() -> dict[str, tuple[str, ...]]:
    """Name in plain letters -> the topics it stands for."""
    known: dict[str, tuple[str, ...]] = {}
    for group in load_catalogue().groups:
        for name in group.names:
            known[plain(name)] = group.topics
    for topic in load_catalogue().topics:
        for name in (topic.title, *topic.names):
            # "personal information" forbidden is other people's: what is no shop topic wins.
            if plain(name) not in known or topic.kind != "shop":
                known[plain(name)] = (topic.id,)
    return known
