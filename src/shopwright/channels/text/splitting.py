"""Long answers in parts that a platform takes: cut between blocks, else at sentence ends, else between words."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final, Literal

from shopwright.channels.text.blocks import Block
from shopwright.channels.text.dialects import PlainText

Unit = Literal["characters", "utf16", "bytes"]

_SENTENCE_END: Final = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]|\n")
_WORD_END: Final = re.compile(r"(?=\s)")
_JOINER: Final = "\u200d"


def size(text: str, unit: Unit) -> int:
    """How long a text is, as a platform counts it."""
    if unit == "utf16":
        return len(text) + sum(char > "\uffff" for char in text)
    return len(text.encode()) if unit == "bytes" else len(text)


def split(blocks: Iterable[Block], dialect: PlainText, limit: int, unit: Unit = "characters") -> list[str]:
    """The blocks as texts of at most `limit` units each. Every word is in one of them, in order."""

    def length(part: list[Block]) -> int:
        return size(dialect.write(part), unit)

    parts: list[list[Block]] = [[]]
    for block in map(dialect.prepare, blocks):
        rest = block
        while length([*parts[-1], rest]) > limit:
            if length([rest]) <= limit:
                parts.append(_taken_along(parts[-1]))
                if length([*parts[-1], rest]) > limit:
                    parts.append([])
                continue
            if length(parts[-1]) > limit // 2:
                parts.append([])
            head, rest = _cut(rest, lambda head: length([*parts[-1], head]) <= limit)
            if head.spans:
                parts[-1].append(head)
            parts.append([])
        parts[-1].append(rest)
    return [text for part in parts if part and (text := dialect.write(part)).strip()]


def _taken_along(part: list[Block]) -> list[Block]:
    """A heading at the end of a part goes to the next one."""
    return [part.pop()] if len(part) > 1 and part[-1].kind == "heading" else []


def _cut(block: Block, fits: Callable[[Block], bool]) -> tuple[Block, Block]:
    text = block.text
    low, high = 0, len(text)
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(block.cut(middle)[0]) else (low, middle)
    longest = max(low, 1)
    for end in (_SENTENCE_END, _WORD_END):
        places = [found.end() for found in end.finditer(text, 0, longest + 1) if longest // 3 < found.end() <= longest]
        while places:
            at = places.pop()
            if fits(block.cut(at)[0]):
                return block.cut(at)
    while longest > 1 and (_belongs_to_the_one_before(text, longest) or not fits(block.cut(longest)[0])):
        longest -= 1
    return block.cut(longest or 1)


def _belongs_to_the_one_before(text: str, at: int) -> bool:
    return bool(unicodedata.combining(text[at])) or _JOINER in text[at - 1 : at + 1] or "\ufe00" <= text[at] <= "\ufe0f"
