"""Where a long text may be cut: at ends of sentences, then of clauses, then between words."""

import re
import unicodedata

# An end of sentence followed by space. Abbreviations and initials before a dot are sorted out in `_real_end`.
_WESTERN = re.compile(r"[.!?…؟।॥][\"'”’»)\]]*(?=\s)")
_EASTERN = re.compile(r"[。！？｡][」』”’）)]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|approx|incl|excl|max|min|no|nr|vs|fig|art|mr|mrs|ms|dr|prof|st|tel|bzw|z\.b|ca|ggf|"
    r"inkl|zzgl|u\.a|p\.ej|sr|sra|p\.ex|m|mme|n\.b|[a-z])\.$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;:,،、，；：](?=\s|[^\x00-\x7f])|\s[–—-](?=\s)")
_SPACE = re.compile(r"\s")
_THOUSANDS = re.compile(r"\d{3}(?!\d)")


def pieces(text: str, start: int, end: int, max_chars: int) -> list[tuple[int, int]]:
    """Cut `text[start:end]` into parts of at most `max_chars`, about equally long.

    White space at the cuts is in no part. Inside a word or number it cuts only when one token alone is
    longer than `max_chars`; scripts written without spaces may be cut between characters.
    """
    parts: list[tuple[int, int]] = []
    while start < end:
        left = end - start
        if left <= max_chars:
            parts.append((start, end))
            break
        # equal parts rather than full ones and a rest
        ideal = start + -(-left // -(-left // max_chars))
        cut = _cut(text, start, ideal, min(start + max_chars, end))
        stop = cut
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop > start:
            parts.append((start, stop))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    return parts


def _cut(text: str, start: int, ideal: int, latest: int) -> int:
    """The best offset to cut at, in (start, latest]; near `ideal` if several are equally good."""
    earliest = start + (latest - start) // 3
    for ends in (_sentence_ends, _clause_ends, _word_ends):
        found = ends(text, earliest, latest)
        if found:
            return min(found, key=lambda offset: abs(offset - ideal))
    found = _word_ends(text, start + 1, earliest) or _unspaced_ends(text, earliest, latest)
    if found:
        return min(found, key=lambda offset: abs(offset - ideal))
    while latest > start + 1 and unicodedata.combining(text[latest]):
        latest -= 1
    return latest


def _sentence_ends(text: str, low: int, high: int) -> list[int]:
    # the look-ahead needs one character behind the window
    found = [m.end() for m in _WESTERN.finditer(text, low, high + 1) if m.end() <= high]
    found = [offset for offset in found if _real_end(text, low, offset)]
    found += [m.end() for m in _EASTERN.finditer(text, low, high)]
    found += [m.start() for m in re.compile("\n").finditer(text, low, high)]
    if not found:
        # Thai puts a space where others put a full stop
        found = [m.start() for m in re.compile("(?<=[\u0e00-\u0e7f]) (?=[\u0e00-\u0e7f])").finditer(text, low, high)]
    return [offset for offset in found if offset > low]


def _real_end(text: str, low: int, offset: int) -> bool:
    return not _ABBREVIATION.search(text[max(low - 12, offset - 12, 0) : offset])


def _clause_ends(text: str, low: int, high: int) -> list[int]:
    return [m.end() for m in _CLAUSE.finditer(text, low, high + 1) if low < m.end() <= high]


def _word_ends(text: str, low: int, high: int) -> list[int]:
    found = [m.start() for m in _SPACE.finditer(text, low, min(high + 1, len(text)))]
    found = [at for at in found if low < at <= high]
    # "1 000" and "12 345 678" are one number; where there is nothing but figures any space has to do
    return [at for at in found if not _in_number(text, at)] or found


def _in_number(text: str, at: int) -> bool:
    return text[at - 1].isdigit() and _THOUSANDS.match(text, at + 1) is not None


def _unspaced_ends(text: str, low: int, high: int) -> list[int]:
    """Offsets between two characters of a script that is written without spaces."""
    return [
        at for at in range(low + 1, min(high, len(text) - 1) + 1) if _unspaced(text[at - 1]) and _unspaced(text[at])
    ]


def _unspaced(char: str) -> bool:
    # Thai to Khmer: vowel signs and tone marks must stay with their consonant, so only before a consonant
    point = ord(char)
    return (
        0x3040 <= point <= 0x30FF
        or 0x3400 <= point <= 0x9FFF
        or 0xAC00 <= point <= 0xD7AF
        or (0x0E01 <= point <= 0x0E2E)
        or (0x1780 <= point <= 0x17A2)
        or 0x20000 <= point <= 0x3FFFF
    )
