"""What a file is, by its content; its name only settles which kind of plain text it is."""

import re

from shopwright.knowledge.parsing.encoding import decode, looks_like_text
from shopwright.knowledge.parsing.errors import ParseFailed

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
DOCX = OOXML + "wordprocessingml.document"
XLSX = OOXML + "spreadsheetml.sheet"
PPTX = OOXML + "presentationml.presentation"
ODT, ODS, ODP = ODF + "text", ODF + "spreadsheet", ODF + "presentation"
EPUB = "application/epub+zip"
OLE = "application/x-ole-storage"
OLE_ENCRYPTED = "application/x-ole-storage; encrypted"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "text/rtf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"%!PS", "application/postscript"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-executable"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"-----BEGIN PKCS7", "application/pkcs7-signature"),
    (b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
)
_BINARY_ONLY = {b"BM", b"MZ", b"ID3", b"GIF8", b"II*\x00", b"MM\x00*"}

_BY_NAME = {
    "txt": "text/plain",
    "text": "text/plain",
    "log": "text/plain",
    "md": "text/markdown",
    "markdown": "text/markdown",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "tab": "text/tab-separated-values",
    "rst": "text/x-rst",
    "org": "text/x-org",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "eml": "message/rfc822",
    "htm": "text/html",
    "html": "text/html",
    "xhtml": "text/html",
    "xml": "application/xml",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "ndjson": "application/x-ndjson",
}
_MEMBERS = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("ppt/presentation.xml", PPTX),
    ("META-INF/container.xml", EPUB),
)
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_HTML_TAG = re.compile(
    r"</?(?:p|div|span|table|tr|td|ul|ol|li|h[1-6]|br|a|b|strong|em|img|section)\b[^<>]*>", re.IGNORECASE
)
_MAIL_HEADER = re.compile(
    r"^(From|To|Subject|Date|Received|Return-Path|MIME-Version|Message-ID|Delivered-To|Content-Type|Cc|Reply-To|"
    r"DKIM-Signature|X-[A-Za-z-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_MAIL_FIRST = re.compile(r"(?:From \S+ .*\n)?[!-9;-~]+:[ \t]?")
_MARKDOWN = re.compile(
    r"^#{1,6} \S|^```|^\|.+\|[ \t]*\n\|[ :|-]+\|[ \t]*$|\[[^\]\n]+\]\([^)\s]+\)|^[-*+] \[[ x]\] "
    r"|\*\*\S[^*\n]*\S\*\*",
    re.MULTILINE,
)


def sniff(data: bytes, filename: str) -> str:
    """The media type of a file.

    Args:
        data: the whole file.
        filename: used for its extension, and only among kinds of text that look alike.

    Raises:
        ParseFailed: `empty` for a file without content.
    """
    if not data.strip(b"\x00 \t\r\n\x0b\x0c\xef\xbb\xbf"):
        raise ParseFailed("empty")
    head = data[:1024]
    if b"%PDF-" in head and (head.lstrip().startswith(b"%PDF-") or not looks_like_text(data)):
        return "application/pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(data)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(data)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in (b"heic", b"mif1", b"heix", b"avif") else "video/mp4"
    for magic, media_type in _MAGIC:
        if head.startswith(magic) and not (magic in _BINARY_ONLY and looks_like_text(data)):
            return media_type
    if not looks_like_text(data):
        return "application/octet-stream"
    return sniff_text(decode(data), filename)


def extension(filename: str) -> str:
    """The extension of the last part of a name, lower case, without dot; a path in the name is ignored."""
    name = re.split(r"[/\\]", filename)[-1]
    return name.rsplit(".", 1)[-1].lower()[:16] if "." in name else ""


def sniff_text(text: str, filename: str) -> str:
    """The kind of a decoded text file."""
    head = text[:65536].lstrip("\ufeff \t\r\n")
    named = _BY_NAME.get(extension(filename), "")
    if named in ("text/x-rst", "text/x-org"):
        return named
    if head.startswith("<"):
        return _sniff_markup(head, named)
    if (named == "message/rfc822" and _MAIL_FIRST.match(head)) or _is_mail(head):
        return "message/rfc822"
    kind = _sniff_json(text, named) if head[:1] in ("{", "[") else None
    if kind is not None:
        return kind
    tags = len(_HTML_TAG.findall(head))
    if named == "text/html" and tags:
        return named
    if named in ("text/markdown", "text/csv", "text/tab-separated-values", "application/yaml"):
        return named
    if tags >= 5 and _HTML.search(head[:2048]):
        return "text/html"
    if _is_table(head):
        return "text/csv"
    return "text/markdown" if len(_MARKDOWN.findall(head)) >= 2 else "text/plain"


def _sniff_markup(head: str, named: str) -> str:
    if _HTML.match(head) or (named != "text/markdown" and _HTML.search(head[:4096])):
        return "text/html"
    if named == "text/markdown":
        return named
    if head.startswith("<?xml") or named == "application/xml":
        return "text/html" if "xhtml" in head[:512] else "application/xml"
    if len(_HTML_TAG.findall(head)) >= 2:
        return "text/html"
    return named or ("application/xml" if re.match(r"<[A-Za-z_][\w:.-]*[^<>]*>", head) else "text/plain")


def _sniff_zip(data: bytes) -> str:
    import io
    import zipfile

    declared = ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ParseFailed("broken") from error
    for kind in (ODT, ODS, ODP, EPUB):
        if declared.startswith(kind):  # templates and masters, which read alike, have longer names
            return kind
    for member, media_type in _MEMBERS:
        if member in names:
            return media_type
    for folder, media_type in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
        if "[Content_Types].xml" in names and any(name.startswith(folder) for name in names):
            return media_type
    return "application/zip"


def _sniff_ole(data: bytes) -> str:
    # names of streams stand in the directory as UTF-16
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return OLE_ENCRYPTED
    for stream, media_type in (
        ("WordDocument", "application/msword"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("__substg1.0_", "application/vnd.ms-outlook"),
        ("Workbook", "application/vnd.ms-excel"),
        ("Book", "application/vnd.ms-excel"),
    ):
        if has(stream):
            return media_type
    return OLE


def _sniff_json(text: str, named: str) -> str | None:
    import orjson

    lines = [line for line in text[:200_000].split("\n") if line.strip()]
    first = lines[0] if lines else ""
    try:
        orjson.loads(first)
    except ValueError:
        first_parses = False
    else:
        first_parses = len(lines) > 1
    if first_parses and lines[1].lstrip()[:1] in ("{", "["):
        return "application/x-ndjson"
    if named in ("application/json", "application/x-ndjson"):
        return named
    if text.rstrip()[-1:] in ("}", "]"):
        try:
            orjson.loads(text)
        except ValueError:
            return None
        return "application/json"
    return None


def _is_mail(head: str) -> bool:
    if not _MAIL_FIRST.match(head):
        return False
    block = re.split(r"\r?\n\r?\n", head, maxsplit=1)[0][:16384]
    found = {name.lower() for name in _MAIL_HEADER.findall(block)}
    if {"mime-version", "content-type"} <= found and "boundary=" in block:
        return True
    return len(found) >= 3 and bool(found & {"mime-version", "message-id", "received", "date"}) and "from" in found


def _is_table(head: str) -> bool:
    """Whether unnamed text is clearly a table: at least three columns, the same number on every line."""
    lines = [line for line in head.split("\n")[:50] if line.strip()]
    if len(lines) < 3:
        return False
    for delimiter in "\t;,|":
        counts = {line.count(delimiter) for line in lines[:-1]}
        if len(counts) == 1 and counts.pop() >= 2 and max(map(len, lines)) < 1000:
            cells = [cell for line in lines[:-1] for cell in line.split(delimiter)]
            return sum(len(cell) for cell in cells) / len(cells) < 40
    return False
