"""The result of a parser as bytes: eight bytes of length, a mark, and JSON."""

import struct
from collections.abc import Callable
from typing import Any, TypeVar, get_args

import orjson

from shopwright.knowledge.parsing.errors import MESSAGES, ParseFailed
from shopwright.knowledge.parsing.types import Extraction, Limits, Span, SpanKind

Result = TypeVar("Result")
_LENGTH = struct.Struct("<Q")
_DONE, _FAILED = b"+", b"-"
_KINDS = frozenset(get_args(SpanKind))


def pack_value(value: dict[str, Any]) -> bytes:
    return _frame(_DONE, value)


def extraction_value(extraction: Extraction) -> dict[str, Any]:
    spans = [(s.start, s.end, s.kind, s.level, s.page, s.anchor) for s in extraction.spans]
    return {
        "text": extraction.text,
        "spans": spans,
        "title": extraction.title,
        "media_type": extraction.media_type,
        "pages": extraction.pages,
        "warnings": extraction.warnings,
    }


def pack_failure(failure: ParseFailed) -> bytes:
    return _frame(_FAILED, {"code": failure.code, "message": failure.message, "retryable": failure.retryable})


def largest_result(limits: Limits) -> int:
    """Bytes that a lawful result can have at most."""
    return limits.max_text_chars * 6 + limits.max_spans * 200 + 1_000_000


def unpack(data: bytes, read: Callable[[dict[str, Any]], Result]) -> Result:
    """What a child wrote, as `read` makes it of the JSON value.

    The child has read a hostile file, so nothing it says is believed unseen: `read` raises `ValueError`,
    `KeyError` or `TypeError` for what is no lawful result.

    Raises:
        ParseFailed: the child's own failure, or `crashed` when the bytes are no lawful result.
    """
    if len(data) < _LENGTH.size + 1 or _LENGTH.unpack_from(data)[0] != len(data) - _LENGTH.size:
        raise ParseFailed("crashed")
    mark, body = data[_LENGTH.size : _LENGTH.size + 1], data[_LENGTH.size + 1 :]
    try:
        value = orjson.loads(body)
        if mark == _FAILED:
            code = value["code"]
            failure = ParseFailed(code if code in MESSAGES else "crashed", str(value["message"])[:1000])
            failure.retryable = bool(value["retryable"])
        else:
            return read(value)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParseFailed("crashed") from error
    raise failure


def read_extraction(value: dict[str, Any]) -> Extraction:
    text = value["text"]
    position = 0
    spans = []
    for start, end, kind, level, page, anchor in value["spans"]:
        if not position <= start < end <= len(text) or kind not in _KINDS:
            raise ValueError("span out of order")
        position = end
        spans.append(Span(start, end, kind, level, page, anchor))
    if "\x00" in text:
        raise ValueError("NUL in text")
    return Extraction(text, spans, value["title"], value["media_type"], value["pages"], value["warnings"])


def _frame(mark: bytes, body: dict[str, Any]) -> bytes:
    packed = orjson.dumps(body)
    return _LENGTH.pack(len(packed) + 1) + mark + packed
