"""Small files that a customer may send: a picture, a voice note, a document. Made here, so they are nobody's."""

import base64
import struct
import zlib
from typing import Final


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(side: int = 64) -> bytes:
    """A square of two colours."""
    rows = b"".join(
        b"\0" + b"".join(b"\x2f\x6f\xed" if (x // 16 + y // 16) % 2 else b"\xf4\xf6\xfb" for x in range(side))
        for y in range(side)
    )
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


PICTURE: Final = _png()
PICTURE_SIDE: Final = 64
# One page of an Ogg stream with the head of an Opus track: as much as a reader needs to know what it is.
VOICE: Final = base64.b64decode("T2dnUwACAAAAAAAAAAABAAAAAAAAAAAAAAABE09wdXNIZWFkAQEAAIC7AAAAAAA=")
DOCUMENT: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
