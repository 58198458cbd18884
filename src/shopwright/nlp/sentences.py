"""Cut a text into sentences, keeping where each one stands."""

import re
from collections.abc import Iterator

_ALWAYS_SHORT = """
    mr mrs ms dr prof jr st vs etc e.g i.e eg ie approx inc ltd dept est ext cf
    z.b d.h u.a o.ä bzw usw str ggf inkl exkl zzgl evtl mwst sog vgl
    mme mlle p.ex env sra srta ud uds ej pág núm dott ing avv pag ecc bijv enz o.a т.е т.п г ул руб им стр
"""
# These are words as well: "Take no. 5", but "I said no. Then".
_SHORT_BEFORE_A_NUMBER = """
    no nos nr n° fig min max tel vol al art p pp abs ca mar jan feb apr jun jul aug sep sept oct okt nov dec
    dez
"""
_MONTHS = "jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec|ene|abr|ago|dic|fév|avr|juin|août|déc"
# A dot after one of these, in lower case, does not end a sentence.
ALWAYS_SHORT = frozenset(_ALWAYS_SHORT.split())
SHORT_BEFORE_A_NUMBER = frozenset(_SHORT_BEFORE_A_NUMBER.split())
# Under this length a line ends where its writer ended it; a longer one may be wrapped.
WRAPPED_LINE_CHARACTERS = 50
# Thai has no full stop; a space often ends a clause. Pieces are joined to about this length.
THAI_PIECE_CHARACTERS = 80

# How far the rules look back and ahead. Without a bound a hostile text of 300 kB took minutes.
_WINDOW = 40

_ITEM = re.compile(r"\s*(?:[-*+•–·▪●◦‣]\s|\(?\d{1,3}[.)]\s|\(?[a-zA-Z][.)]\s|#{1,6}\s|\||>)")
_NUMBERED = re.compile(r"\s*\(?(?:\d{1,3}|[a-zA-Z])[.)]?$")
_END = re.compile(
    r"""(?P<wide>[。！？｡．]+[」』”’）)"']*|[।॥]+)|(?P<dots>[.!?…؟۔;]{1,20})(?P<close>["'”’»)\]]{0,5})(?=\s|$)"""
)
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘«]+$")
_MONTH = re.compile(rf"\s+(?:{_MONTHS})", re.IGNORECASE)
_THAI = re.compile(r"[\u0e00-\u0e7f]")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return `(start, end)` of every sentence, in order, without the white space around it.

    The spans do not overlap and hold every character that is not white space. Headings, list
    items and table rows are sentences of their own.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _lines(text):
        for first, last in _sentences(text, start, end):
            spans.extend(_thai_pieces(text, first, last))
    return spans


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Give runs of lines that belong together."""
    start = 0
    position = 0
    lines = text.splitlines(keepends=True)
    for i, line in enumerate(lines):
        position += len(line)
        following = lines[i + 1] if i + 1 < len(lines) else ""
        written = line.strip()
        goes_on = (
            len(written) >= WRAPPED_LINE_CHARACTERS
            and bool(following.strip())
            and not _ITEM.match(following)
            and not written.startswith(("|", "#"))
        )
        # An item may be wrapped too; its next line is indented.
        if not goes_on:
            yield start, position
            start = position


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for match in _END.finditer(text, start, end):
        if match["dots"] and not _ends(text, first, match, end):
            continue
        yield from _trimmed(text, first, match.end())
        first = match.end()
    yield from _trimmed(text, first, end)


def _ends(text: str, first: int, match: re.Match[str], end: int) -> bool:
    """Say whether these marks end a sentence."""
    dots = match["dots"]
    if dots == ";":
        # The Greek question mark looks like a semicolon.
        return "\u0370" <= text[max(first, match.start() - 1) : match.start()] <= "\u03ff"
    if dots != ".":
        return True
    before = text[max(first, match.start() - _WINDOW) : match.start()]
    after = text[match.end() : min(end, match.end() + _WINDOW)]
    if match.start() - first < _WINDOW and _NUMBERED.match(before):
        return False
    word = _LAST_WORD.search(before)
    last = word.group().lower() if word else ""
    following = after.lstrip()[:1]
    if last in ALWAYS_SHORT or (len(last) == 1 and last.isalpha() and last != "i"):
        return not following
    if last in SHORT_BEFORE_A_NUMBER and following.isdigit():
        return False
    if re.fullmatch(r"\d{1,2}", last) and _MONTH.match(after):
        return False
    if not following.islower() or "\n" in after[: after.index(following)]:
        return True
    # A message typed without capitals has sentences too; three letters may be "ff." or "it".
    return len(last) > 3 or last.isdigit()


def _thai_pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if end - start <= 2 * THAI_PIECE_CHARACTERS or len(_THAI.findall(piece)) < len(piece) / 2:
        yield start, end
        return
    first = start
    for match in re.finditer(r"\s+", piece):
        here = start + match.start()
        if here - first >= THAI_PIECE_CHARACTERS and end - here >= THAI_PIECE_CHARACTERS / 2:
            yield first, here
            first = start + match.end()
    yield first, end


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
