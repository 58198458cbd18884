"""Bytes to text, whatever encoding they came in."""

import codecs
import re
from functools import lru_cache

from shopwright.knowledge.parsing.errors import ParseFailed

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,80}?encoding\s*=\s*["']|<meta[^>]{0,200}?charset\s*=\s*["']?)([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_SAMPLE_BYTES = 64 * 1024
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, *, declared: str | None = None) -> str:
    """Decode text: byte-order mark, UTF-8, what the file declares, UTF-16 without mark, then by detection.

    Raises:
        ParseFailed: `broken` when the bytes are not text.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, errors="replace")
    wide = _wide_without_bom(data)
    if wide:
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # one broken byte does not make a UTF-8 file Windows-1252
        if error.start > 0 and _mostly_utf8(data):
            return data.decode("utf-8", errors="replace")
    for label in (declared, _declared(data)):
        codec = _known(label)
        if codec:
            return data.decode(codec, errors="replace")
    return _detect(data)


def looks_like_text(data: bytes) -> bool:
    """Whether the first kilobytes can be text in some encoding."""
    sample = data[:8192]
    if any(sample.startswith(bom) for bom, _ in _BOMS) or _wide_without_bom(sample):
        return True
    if b"\x00" in sample:
        # a stray NUL happens in exports; many mean a binary file
        return sample.count(b"\x00") * 100 < len(sample) and _looks_printable(sample)
    return _looks_printable(sample)


def _looks_printable(sample: bytes) -> bool:
    controls = len(_CONTROLS.findall(sample.decode("latin-1")))
    return controls * 20 <= len(sample)


def _wide_without_bom(data: bytes) -> str | None:
    """UTF-16 or UTF-32 of mostly Latin text shows as regular NULs."""
    sample = data[:4096]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    sample = sample[: len(sample) // 4 * 4]
    quarter = len(sample) // 4 or 1
    nuls = [sample[offset::4].count(0) / quarter for offset in range(4)]
    if nuls[0] < 0.2 and min(nuls[1:]) > 0.8:
        return "utf-32-le"
    if nuls[3] < 0.2 and min(nuls[:3]) > 0.8:
        return "utf-32-be"
    if max(nuls[0], nuls[2]) < 0.2 and min(nuls[1], nuls[3]) > 0.6:
        return "utf-16-le"
    if max(nuls[1], nuls[3]) < 0.2 and min(nuls[0], nuls[2]) > 0.6:
        return "utf-16-be"
    return None


def _mostly_utf8(data: bytes) -> bool:
    text = data[:_SAMPLE_BYTES].decode("utf-8", errors="replace")
    good = sum(1 for char in text if char > "\x7f" and char != "\ufffd")
    return good > 20 * text.count("\ufffd")


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:4096])
    return found.group(1).decode("ascii") if found else None


@lru_cache(maxsize=64)
def _known(name: str | None) -> str | None:
    """The codec of a declared name, if Python has it and it is one for text."""
    if not name:
        return None
    # HTML says that these labels mean the Windows code page; -i and -e mark the direction of Hebrew
    name = re.sub(r"-[ie]$", "", name.strip().lower())
    name = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}.get(name, name)
    try:
        codec = codecs.lookup(name)
        codec.decode(b"a", "replace")
    except (LookupError, ValueError):
        return None
    # UTF-8 has failed already, and a wide encoding cannot declare itself in ASCII
    return None if codec.name.startswith("utf") or not getattr(codec, "_is_text_encoding", True) else codec.name


def _detect(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    if best is None:
        if not looks_like_text(data):
            raise ParseFailed("broken")
        return data.decode("cp1252", errors="replace")
    name = best.encoding
    # short Western texts are often taken for an exotic code page; prefer the usual one where it fits
    western = {
        "cp1250",
        "cp1252",
        "latin_1",
        "iso8859_15",
        "cp437",
        "cp850",
        "cp858",
        "mac_roman",
        "cp775",
        "cp1257",
    }
    if name in western or len(data) < 64:
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            pass
    return data.decode(name, errors="replace")
