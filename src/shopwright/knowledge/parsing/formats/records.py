"""JSON and JSON Lines: objects as `path: value` lines, lists of objects as rows."""

from typing import Any

import orjson

from shopwright.kit.sentences import sentence
from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.encoding import decode
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.tables import record

# an object up to this size is one thing with properties; a larger one is a collection of texts
_ONE_RECORD_CHARS = 800


def read(data: bytes, filename: str, builder: Builder) -> None:
    """One JSON value."""
    _ = filename
    text = decode(data).lstrip("\ufeff")
    try:
        value = orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError as error:
        if "depth limit" in str(error):
            raise ParseFailed("too_deep") from error
        raise ParseFailed(
            "broken",
            sentence(
                "The file is not valid JSON: line {line}, column {column} cannot be read. "
                "Export it again, or correct that place.",
                line=error.lineno,
                column=error.colno,
            ),
        ) from error
    write_value(value, builder)


def read_lines(data: bytes, filename: str, builder: Builder) -> None:
    """One JSON value a line; lines that cannot be read are left out with a warning."""
    _ = filename
    bad = 0
    values = []
    for line in decode(data).lstrip("\ufeff").split("\n"):
        if not line.strip():
            continue
        try:
            values.append(orjson.loads(line.encode("utf-8", "replace")))
        except orjson.JSONDecodeError:
            bad += 1
    if not values:
        said = sentence("No line of the file is valid JSON. Export it again as JSON or JSON Lines.")
        raise ParseFailed("broken", said)
    if bad:
        builder.warn(sentence("{count} lines that are not valid JSON were left out.", count=bad))
    write_value(values, builder)


def write_value(value: Any, builder: Builder, *, level: int = 1) -> None:
    """Write a JSON-like value; also used for XML read into the same shape."""
    if isinstance(value, dict):
        _write_object(value, builder, level)
    elif isinstance(value, list):
        builder.gap()
        for item in value:
            if isinstance(item, list):
                builder.row("; ".join(_scalar(cell) for cell in item if not isinstance(cell, dict | list)))
                for cell in item:
                    if isinstance(cell, dict | list):
                        _check_depth(level, builder)
                        write_value(cell, builder, level=level + 1)
            elif isinstance(item, dict):
                builder.row(record(_flat(item, "", builder.limits.max_depth)))
            else:
                builder.row(_scalar(item))
    else:
        builder.paragraph(_scalar(value), keep_lines=True)


def _write_object(value: dict[str, Any], builder: Builder, level: int) -> None:
    """Simple members first, one line each; then a heading for each member that holds a list of objects."""
    _check_depth(level, builder)
    builder.gap()
    large = [(key, member) for key, member in value.items() if _is_section(member)]
    small = {key: member for key, member in value.items() if not _is_section(member)}
    pairs = _flat(small, "", builder.limits.max_depth)
    if sum(len(path) + len(text) + 4 for path, text in pairs) <= _ONE_RECORD_CHARS:
        builder.row(record(pairs))
    else:
        for pair in pairs:
            builder.row(record([pair]))
    for key, member in large:
        builder.heading(key, level)
        write_value(member, builder, level=level + 1)


def _is_section(member: Any) -> bool:
    if isinstance(member, list):
        return any(isinstance(item, dict | list) for item in member)
    return isinstance(member, dict) and any(_is_section(inner) for inner in member.values())


def _check_depth(level: int, builder: Builder) -> None:
    if level > builder.limits.max_depth:
        raise ParseFailed("too_deep")


def _flat(value: dict[str, Any], prefix: str, depth: int) -> list[tuple[str, str]]:
    """Paths and texts of an object's members; a list of objects inside is written in brackets."""
    if depth <= 0:
        raise ParseFailed("too_deep")
    pairs: list[tuple[str, str]] = []
    for key, member in value.items():
        path = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(member, dict):
            pairs += _flat(member, path, depth - 1)
        elif isinstance(member, list):
            pairs.append((path, _list_text(member, depth - 1)))
        else:
            pairs.append((path, _scalar(member)))
    return pairs


def _list_text(items: list[Any], depth: int) -> str:
    if depth <= 0:
        raise ParseFailed("too_deep")
    parts = []
    for item in items:
        if isinstance(item, dict):
            inner = record(_flat(item, "", depth - 1))
            parts.append(f"({inner})" if inner else "")
        elif isinstance(item, list):
            parts.append(_list_text(item, depth - 1))
        else:
            parts.append(_scalar(item))
    return ", ".join(filter(None, parts))


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
