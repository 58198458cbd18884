"""Text made safe and even: no control characters, one kind of line end, no stray white space."""

import re
import unicodedata

# NUL, controls but \n and \t, lone surrogates, byte-order marks, soft hyphens, noncharacters
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\u00ad\u2060\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_RUNS = re.compile(r"[^\S\n]+")
_LINE_EDGES = re.compile(r"[^\S\n]*\n[^\S\n]*")
_BLANK_LINES = re.compile(r"\n{3,}")
_ANY_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    r"""Drop what no reader sees and no database takes; keep \\n, \\t and everything visible."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _UNWANTED.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _SPACES.sub(" ", text))
    return text


def one_line(text: str) -> str:
    """All white space, line ends included, as single spaces; the text is cleaned."""
    return _ANY_SPACE.sub(" ", clean(text)).strip()


def tidy_lines(text: str) -> str:
    """Lines kept; spaces at their edges and runs of spaces inside them gone; at most one blank line."""
    text = _RUNS.sub(" ", clean(text))
    return _BLANK_LINES.sub("\n\n", _LINE_EDGES.sub("\n", text)).strip()


def slug(text: str) -> str:
    """A heading as the `#fragment` that Markdown renderers give it."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text.strip().lower()))
