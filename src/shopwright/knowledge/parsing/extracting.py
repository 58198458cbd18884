"""From bytes to an `Extraction`: finds the type and hands the file to its reader."""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shopwright.kit.sentences import sentence
from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.sniffing import (
    DOCX,
    EPUB,
    ODP,
    ODS,
    ODT,
    OLE,
    OLE_ENCRYPTED,
    PPTX,
    XLSX,
    sniff,
)
from shopwright.knowledge.parsing.types import DEFAULT_LIMITS, Extraction, Limits
from shopwright.knowledge.parsing.wire import extraction_value

Reader = Callable[[bytes, str, Builder], None]

# media type -> module under `formats` and function; imported when the first file of the type comes
READERS: dict[str, tuple[str, str]] = {
    "application/pdf": ("pdf", "read"),
    DOCX: ("docx", "read"),
    XLSX: ("xlsx", "read"),
    PPTX: ("pptx", "read"),
    ODT: ("opendocument", "read"),
    ODS: ("opendocument", "read"),
    ODP: ("opendocument", "read"),
    EPUB: ("epub", "read"),
    "message/rfc822": ("mail", "read"),
    "text/html": ("html", "read"),
    "text/markdown": ("markdown", "read"),
    "text/csv": ("delimited", "read"),
    "text/tab-separated-values": ("delimited", "read"),
    "application/json": ("records", "read"),
    "application/x-ndjson": ("records", "read_lines"),
    "application/xml": ("xml", "read"),
    "text/rtf": ("rtf", "read"),
    "text/plain": ("text", "read"),
    "text/x-rst": ("text", "read_rst"),
    "text/x-org": ("text", "read_org"),
    "application/yaml": ("text", "read_code"),
}


@dataclass(frozen=True, slots=True)
class _Refusal:
    code: str
    message: str | None = None


_REFUSED: dict[str, _Refusal] = {
    OLE_ENCRYPTED: _Refusal("encrypted"),
    OLE: _Refusal(
        "unsupported_type",
        sentence("This is a file of an old Office program. Save it as DOCX, XLSX, PPTX or PDF and upload that."),
    ),
    "application/msword": _Refusal(
        "unsupported_type",
        sentence("Old Word files (.doc) cannot be read. Open it, save it as DOCX or PDF, and upload that."),
    ),
    "application/vnd.ms-excel": _Refusal(
        "unsupported_type",
        sentence("Old Excel files (.xls) cannot be read. Open it, save it as XLSX or CSV, and upload that."),
    ),
    "application/vnd.ms-powerpoint": _Refusal(
        "unsupported_type",
        sentence("Old PowerPoint files (.ppt) cannot be read. Open it, save it as PPTX or PDF, and upload that."),
    ),
    "application/vnd.ms-outlook": _Refusal(
        "unsupported_type",
        sentence("Outlook messages (.msg) cannot be read. Save the message as EML or PDF and upload that."),
    ),
    "application/zip": _Refusal(
        "unsupported_type", sentence("Archives (ZIP) cannot be read. Unpack it and upload the documents inside.")
    ),
    "application/pkcs7-signature": _Refusal(
        "unsupported_type", sentence("This is a signature, not a document. Upload the document that was signed.")
    ),
    "application/pgp-encrypted": _Refusal(
        "encrypted", sentence("The file is encrypted. Decrypt it and upload the result.")
    ),
    "application/postscript": _Refusal(
        "unsupported_type", sentence("PostScript files cannot be read. Save the document as PDF and upload that.")
    ),
}
_ARCHIVES = ("application/gzip", "application/x-7z-compressed", "application/vnd.rar")


def extract(data: bytes, filename: str, limits: Limits = DEFAULT_LIMITS) -> Extraction:
    """Read a file in this process; for files from outside use `ParserPool`.

    Raises:
        ParseFailed: with the reason and what to do next; no other error leaves for a bad file.
    """
    if len(data) > limits.max_file_bytes:
        raise ParseFailed("too_large")
    media_type = sniff(data, filename)
    reader = find_reader(media_type)
    builder = Builder(limits)
    try:
        reader(data, filename, builder)
    except MemoryError:
        raise
    except RecursionError as error:
        raise ParseFailed("too_deep") from error
    except Exception as error:  # whatever a parser trips over in a bad file, it is the file that is bad
        if _out_of_memory(error):
            raise ParseFailed("too_much_memory") from error
        if isinstance(error, ParseFailed):
            raise
        raise ParseFailed("broken") from error
    return builder.build(media_type, pages=builder.pages)


def document_work(data: bytes, filename: str, limits: Limits) -> dict[str, Any]:
    return extraction_value(extract(data, filename, limits))


def _out_of_memory(error: BaseException) -> bool:
    """Whether a parser's error comes from the limit of memory; those written in C say so in their own
    errors.
    """
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return False
        if isinstance(seen, MemoryError) or (
            not isinstance(seen, ParseFailed) and re.search(r"\bmemory\b", str(seen)[:500], re.IGNORECASE)
        ):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def extract_text(text: str, *, markdown: bool = True) -> Extraction:
    """Read text that was typed or pasted; cheap enough for the caller's own process.

    Raises:
        ParseFailed: `empty` when nothing but white space is left.
    """
    from shopwright.knowledge.parsing.formats.markdown import read_markdown
    from shopwright.knowledge.parsing.formats.text import read_text

    builder = Builder()
    if markdown:
        read_markdown(text, builder)
    else:
        read_text(text, builder)
    if builder.empty:
        raise ParseFailed("empty", sentence("The text is empty. Write something and save it again."))
    return builder.build("text/markdown" if markdown else "text/plain")


def find_reader(media_type: str) -> Reader:
    """The function that reads a type.

    Raises:
        ParseFailed: the type cannot be read; the message says what to save it as.
    """
    if media_type not in READERS:
        raise _refusal(media_type)
    module, function = READERS[media_type]
    loaded = importlib.import_module(f"shopwright.knowledge.parsing.formats.{module}")
    reader: Reader = getattr(loaded, function)
    return reader


def _refusal(media_type: str) -> ParseFailed:
    if media_type in _REFUSED:
        refusal = _REFUSED[media_type]
        return ParseFailed(refusal.code, refusal.message)
    if media_type.startswith("image/"):
        return ParseFailed(
            "unsupported_type",
            sentence(
                "This is a picture. Run text recognition (OCR) on it, or write its content as text, and upload that."
            ),
        )
    if media_type.startswith(("audio/", "video/")):
        return ParseFailed(
            "unsupported_type", sentence("This is a recording. Write down what is said and upload it as text.")
        )
    if media_type in _ARCHIVES:
        return ParseFailed(
            "unsupported_type", sentence("Archives cannot be read. Unpack it and upload the documents inside.")
        )
    return ParseFailed("unsupported_type")
