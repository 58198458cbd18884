"""Whether a customer wants a person instead of the bot. The expressions are in `texts/human.yaml`."""

import re
from functools import cache

from shopwright.understanding.patterns import Pattern, compile_any
from shopwright.understanding.text import count_words, plain
from shopwright.understanding.texts import load

# Longer messages that mention an agent tell a story about one.
MOST_WORDS = 40


def wants_human(text: str, language: str | None) -> bool:
    """Whether the customer asks for a person: "can I talk to someone", "Mitarbeiter bitte", "转人工".

    The wish is looked for in the message's language and in English, whose words are used everywhere.
    `language` None looks in all languages.
    """
    message, known = plain(text), _wishes()
    if count_words(message) > MOST_WORDS:
        return False
    languages = known if language is None else {code for code in (language, "en") if code in known}
    return any(known[code].search(message) for code in languages) and not _others().search(message)


def accepts(text: str, language: str) -> bool:
    """Whether a message is nothing but a yes, in the language of what was offered or in English."""
    words = " ".join(re.sub(r"[^\w' ]", " ", plain(text)).split())
    known = load("human")["accepting"]
    return any(words in known.get(code, "").split("|") for code in (language, "en")) and bool(words)


@cache
def _wishes() -> dict[str, Pattern]:
    data = load("human")
    return {code: compile_any(some, {"person": data["person"]}) for code, some in data["patterns"].items()}


@cache
def _others() -> Pattern:
    return compile_any(load("human")["not"])
