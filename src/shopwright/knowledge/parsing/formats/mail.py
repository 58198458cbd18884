"""E-mail messages: a head with subject, sender and date, then the body; attachments are not opened."""

import re
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from shopwright.kit.sentences import sentence
from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.cleaning import one_line
from shopwright.knowledge.parsing.encoding import decode
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.formats.html import read_page
from shopwright.knowledge.parsing.formats.text import read_text

_QUOTE = re.compile(r"^\s*>+ ?", re.MULTILINE)
_WIDE = ("utf_16", "utf_32")


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:64]:
        # a message saved by an editor in UTF-16: the mail format itself knows only bytes
        data = decode(data).encode("utf-8", "replace")
    message = BytesParser(policy=policy.default).parsebytes(data.lstrip(b"\xef\xbb\xbf"))
    assert isinstance(message, EmailMessage)
    subject = _header(message, "subject")
    builder.title = subject or None
    head = [("Subject", subject), ("From", _header(message, "from")), ("Date", _date(message))]
    text = "\n".join(f"{name}: {value}" for name, value in head if value)
    before = len(builder.spans)
    builder.paragraph(text, keep_lines=True)
    spans = len(builder.spans)
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
        said = sentence("The message is encrypted. Decrypt it, save it as text or PDF, and upload that.")
        raise ParseFailed("encrypted", said)
    _write_body(message, builder)
    if len(builder.spans) == spans and before == spans:
        raise ParseFailed("no_text", sentence("The message has no text. Check that the right file was chosen."))


def _write_body(message: EmailMessage, builder: Builder) -> None:
    plain: list[str] = []
    pages: list[str] = []
    attachments = 0
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment" or part.get_filename() is not None
        if attached or kind not in ("text/plain", "text/html"):
            attachments += attached or not kind.startswith("text/")
            continue
        text = _content(part)
        (plain if kind == "text/plain" else pages).append(text)
    if any(text.strip() for text in plain):
        for text in plain:
            read_text(_QUOTE.sub("", text), builder, guess_headings=False)
    else:
        title = builder.title
        for page in pages:
            if page.strip():
                read_page(page, builder)
        builder.title = title
    if attachments:
        left = sentence("Attachments and pictures of the message ({count}) were not read. Upload them as files.")
        builder.warn(sentence(left, count=attachments))


def _content(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "surrogateescape")
    if not data.strip():
        return ""
    try:
        charset = part.get_content_charset()
    except (LookupError, ValueError):
        charset = None
    return decode(data, declared=charset)


def _header(message: EmailMessage, name: str) -> str:
    """A header as text; broken ones as far as they can be read."""
    try:
        value = message.get(name)
        return one_line(str(value)) if value is not None else ""
    except Exception:  # noqa: BLE001 - the standard parser raises many kinds on malformed headers
        raw = next((v for k, v in message.raw_items() if k.lower() == name), "")
        try:
            return one_line(str(make_header(decode_header(str(raw)))))
        except (ValueError, LookupError, UnicodeError):
            return one_line(str(raw))


def _date(message: EmailMessage) -> str:
    text = _header(message, "date")
    try:
        return parsedate_to_datetime(text).strftime("%Y-%m-%d %H:%M")
    except (ValueError, TypeError, IndexError, OverflowError):
        return text
