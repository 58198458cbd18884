"""What a picture, sound or film is, seen in its first bytes. What is not known here is never shown."""

from typing import Final

UNKNOWN: Final = "application/octet-stream"
_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"%PDF-", "application/pdf"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_ISO_AUDIO: Final = frozenset({b"M4A ", b"M4B "})


def media_type_of(data: bytes) -> str:
    """The kind of some bytes, `application/octet-stream` when it is none of those that are known."""
    head = data[:16]
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:12] in _ISO_AUDIO else "video/mp4"
    return next((kind for beginning, kind in _BEGINNINGS if head.startswith(beginning)), UNKNOWN)
