"""How many text messages a text is: 160 signs of the GSM alphabet, or 70 as soon as one sign is not in it."""

from dataclasses import dataclass
from typing import Final, Literal

# 3GPP TS 23.038, the default alphabet and its extension (whose signs count twice).
_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Segments:
    encoding: Literal["gsm7", "ucs2"]
    count: int


def segments(text: str) -> Segments:
    """The encoding and number of text messages that a text is sent in."""
    if all(char in _BASIC or char in _EXTENDED for char in text):
        units = [2 if char in _EXTENDED else 1 for char in text]
        return Segments("gsm7", _filled(units, whole=160, each=153))
    units = [2 if char > "\uffff" else 1 for char in text]
    return Segments("ucs2", _filled(units, whole=70, each=67))


def _filled(units: list[int], *, whole: int, each: int) -> int:
    """Messages that signs of these lengths fill; a sign of two units is not torn."""
    if sum(units) <= whole:
        return 1 if units else 0
    count, used = 1, 0
    for unit in units:
        if used + unit > each:
            count, used = count + 1, 0
        used += unit
    return count
