"""Choices where a platform has no buttons, or not enough: a numbered list, and what an answer to it means."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from shopwright.channels.port import Choice, OutboundMessage
from shopwright.channels.text.blocks import Block, Span
from shopwright.channels.text.phrases import phrases

_NUMBER: Final = re.compile(r"(?:\w{1,10}[. ]{1,2}|[#(\[])?(\d{1,3})[.)\]:]?")
_NOT_WORDS: Final = re.compile(r"[^\w]+")


def choice_value(choice: Choice) -> str:
    """What comes back when it is chosen."""
    return choice.value or choice.title


def numbered(message: OutboundMessage) -> list[tuple[int, Choice]]:
    """The choices that can be answered, with their numbers: the message's own first, then those of its cards."""
    offered = [*message.choices, *(choice for card in message.cards for choice in card.choices)]
    return list(enumerate((choice for choice in offered if not choice.url), start=1))


def understand(text: str, message: OutboundMessage) -> Choice | None:
    """The choice of `message` that a customer's "2", "No. 2", "2)" or title means, or None.

    A title wins over a number, so that "2" can be a title itself.
    """
    offered, said = numbered(message), _folded(text)
    for _, choice in offered:
        if said and said in (_folded(choice.title), _folded(choice_value(choice))):
            return choice
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).replace("\u20e3", "").replace("\ufe0f", "").strip())
    number = int(found.group(1)) if found else 0
    return next((choice for n, choice in offered if n == number), None)


def choice_blocks(message: OutboundMessage, choices: tuple[Choice, ...], *, asked: bool = True) -> Iterator[Block]:
    """Choices as a list: what can be answered has its number, what opens a page is a link."""
    numbers = {id(choice): number for number, choice in numbered(message)}
    if asked and any(not choice.url for choice in choices):
        yield Block("text", (Span(phrases(message.language).choose),))
    for choice in choices:
        marker = "•" if choice.url else f"{numbers[id(choice)]}."
        about = (Span(f" – {choice.description}"),) if choice.description else ()
        yield Block("item", (Span(choice.title, link=choice.url), *about), marker=marker, depth=1)


def _folded(text: str) -> str:
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
