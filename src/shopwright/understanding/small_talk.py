"""Greetings, thanks and goodbyes: answered at once, without a search."""

from functools import cache

from shopwright.understanding.text import plain
from shopwright.understanding.texts import load

MOST_CHARACTERS = 60
# Vowel signs and tone marks of Indic and Thai script are no letters, but belong to words.
_MARKS = ("\u0300", "\u0f00")


def small_talk(text: str, language: str | None) -> str | None:
    """Return a short reply when the whole message is a greeting, thanks, a goodbye or "are you a bot?".

    The reply is in the message's own language: "merci" is answered in French, although a detector can tell
    little by one word. `language` decides where a word is at home in several.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    kinds = _kinds().get(_bare(text))
    if not kinds:
        return None
    spoken = language if language in kinds else next(iter(kinds))
    reply: str = load("small_talk")["replies"][spoken][kinds[spoken]]
    return reply


@cache
def _kinds() -> dict[str, dict[str, str]]:
    """Message -> language -> kind of small talk."""
    kinds: dict[str, dict[str, str]] = {}
    for kind, languages in load("small_talk")["messages"].items():
        for language, messages in languages.items():
            for message in messages.split("|"):
                kinds.setdefault(message, {}).setdefault(language, kind)
    return kinds


def _bare(text: str) -> str:
    """The message without punctuation and emoji."""
    kept = (c if c.isalnum() or c in "'- " or _MARKS[0] <= c <= _MARKS[1] else " " for c in plain(text))
    return " ".join("".join(kept).split())
