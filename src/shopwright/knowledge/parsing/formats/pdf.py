"""PDF: text in reading order with page numbers, tables as records, running headers and footers left out."""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from shopwright.kit.sentences import sentence
from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.formats.pdf_layout import PageText, read_page
from shopwright.knowledge.parsing.formats.pdf_writer import write_pages
from shopwright.knowledge.parsing.formats.text import read_text

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF

_CID = re.compile(r"\(cid:\d+\)")
_UNREADABLE = "\ufffd"
UNREADABLE = sentence(
    "Some text is set in a font that does not say which letters it shows; it is shown as \ufffd or left out."
)
PICTURES = sentence(
    "{found} of {count} pages hold no text ({numbers}). If they are pictures of text, run text recognition (OCR) on "
    "the file and upload it again."
)
_PROGRAM_TITLE = re.compile(
    r"^(?:microsoft \w+ - )|\.(?:docx?|pptx?|xlsx?|indd|qxd|pdf|tex|dvi|odt|rtf)$|^untitled", re.IGNORECASE
)


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    # junk before the header shifts every offset in the file
    data = data[data.index(b"%PDF-") :]
    pages: list[PageText] = []
    try:
        with _open(data, builder) as pdf:
            builder.title = _title(pdf.metadata)
            pages = list(_read_pages(pdf, builder))
    except (ParseFailed, MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 - the other library may well read what this one trips over
        _read_simply(data, builder)
        return
    if not any(page.lines or page.tables for page in pages):
        raise ParseFailed("no_text")
    builder.pages = len(pages)
    _warn_of_pictures([page.number for page in pages if not page.lines and not page.tables], len(pages), builder)
    write_pages(pages, builder)
    builder.page = None


def _open(data: bytes, builder: Builder) -> "PDF":
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        pdf = pdfplumber.open(io.BytesIO(data), unicode_norm="NFC")
        count = len(pdf.pages)
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise ParseFailed("encrypted") from error
        raise
    if count > builder.limits.max_pages:
        raise ParseFailed("too_many_pages")
    return pdf


def _read_pages(pdf: "PDF", builder: Builder) -> Iterator[PageText]:
    size = 0
    unreadable = 0
    for number, page in enumerate(pdf.pages, start=1):
        text = read_page(page, number)
        page.close()
        unreadable += _mark_unreadable(text)
        size += sum(len(line.text) for line in text.lines)
        if size > builder.limits.max_text_chars:
            raise ParseFailed("too_large")
        yield text
    if unreadable:
        builder.warn(UNREADABLE)


def _mark_unreadable(page: PageText) -> int:
    """Put a sign where a font does not say which letter it shows, and count the places.

    A sign and not nothing: without its minus "-0.9" would read "0.9".
    """
    count = 0
    for line in page.lines:
        if "(cid:" in line.text:
            count += 1
            line.text = _CID.sub(_UNREADABLE, line.text)
    page.lines = [line for line in page.lines if line.text.count(_UNREADABLE) * 3 <= len(line.text)]
    for _, table in page.tables:
        if any("(cid:" in cell for row in table.rows for cell in row):
            count += 1
            table.rows = [[_CID.sub(_UNREADABLE, cell) for cell in row] for row in table.rows]
    return count


def _read_simply(data: bytes, builder: Builder) -> None:
    """The plain text of each page by pypdf, for files whose structure is damaged."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ParseFailed("encrypted")
        count = len(reader.pages)
        if count > builder.limits.max_pages:
            raise ParseFailed("too_many_pages")
        for number, page in enumerate(reader.pages, start=1):
            builder.page = number
            with suppress(ValueError, KeyError, TypeError, AttributeError, IndexError):
                read_text(page.extract_text(), builder, guess_headings=False)
    except FileNotDecryptedError as error:
        raise ParseFailed("encrypted") from error
    except PyPdfError as error:
        raise ParseFailed("broken") from error
    builder.pages = count
    builder.page = None
    if not builder.empty:
        builder.warn(sentence("The file is damaged; its text was read without layout, so tables may be jumbled."))


def _title(metadata: dict[str, Any]) -> str | None:
    title = metadata.get("Title")
    if not isinstance(title, str) or not title.strip() or _PROGRAM_TITLE.search(title.strip()):
        return None
    return title if sum(char.isalnum() for char in title) * 2 > len(title) else None


def _warn_of_pictures(numbers: list[int], count: int, builder: Builder) -> None:
    if not numbers:
        return
    shown = ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")
    builder.warn(sentence(PICTURES, found=len(numbers), count=count, numbers=shown))
