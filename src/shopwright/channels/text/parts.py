"""A whole message as the parts of text that say it."""

from collections.abc import Iterator

from shopwright.channels.port import Attachment, Card, Choice, Limits, OutboundMessage
from shopwright.channels.text.blocks import Block, Span, parse_markdown
from shopwright.channels.text.choices import choice_blocks
from shopwright.channels.text.dialects import PlainText
from shopwright.channels.text.phrases import phrases
from shopwright.channels.text.splitting import split


def blocks_of(
    message: OutboundMessage,
    *,
    choices: tuple[Choice, ...] = (),
    cards: tuple[Card, ...] = (),
    links: tuple[Attachment, ...] = (),
) -> Iterator[Block]:
    """The text, what of the rest the platform cannot show otherwise, and the sources at the end."""
    yield from parse_markdown(message.text)
    for card in cards:
        yield from card_blocks(card)
        yield from choice_blocks(message, card.choices, asked=False)
    for file in links:
        yield Block("item", (Span(file.name or file.url, link=file.url),), marker="•", depth=1)
    yield from choice_blocks(message, choices)
    yield from source_blocks(message)


def card_blocks(card: Card, *, pictured: bool = False) -> Iterator[Block]:
    """A card as text. `pictured`: its picture is shown beside it."""
    yield Block("text", (Span(card.title, bold=True, link=card.url),))
    if card.subtitle:
        yield Block("text", (Span(card.subtitle),), tight=True)
    if card.image_url and not pictured:
        yield Block("text", (Span(card.image_url, link=card.image_url),), tight=True)


def source_blocks(message: OutboundMessage) -> Iterator[Block]:
    if message.sources:
        yield Block("text", (Span(f"{phrases(message.language).sources}:", bold=True),))
    for number, source in enumerate(message.sources):
        line = (Span(source.title or source.url, link=source.url),)
        yield Block("item", line, marker=f"[{source.number}]", depth=1, tight=number == 0)


def write_parts(
    message: OutboundMessage,
    dialect: PlainText,
    limits: Limits,
    *,
    choices: tuple[Choice, ...] = (),
    cards: tuple[Card, ...] = (),
    links: tuple[Attachment, ...] = (),
    characters: int | None = None,
) -> list[str]:
    """The parts of a message in a dialect, each within the platform's limit (or `characters`)."""
    blocks = blocks_of(message, choices=choices, cards=cards, links=links)
    return split(blocks, dialect, characters or limits.text_characters, limits.counted_in)
