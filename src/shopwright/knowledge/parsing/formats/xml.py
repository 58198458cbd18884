"""XML of any kind: repeated elements become rows, texts become paragraphs."""

from typing import TYPE_CHECKING, Any

from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.encoding import decode
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.formats.records import write_value
from shopwright.knowledge.parsing.xmltree import local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_TEXT_LIKE = frozenset({"p", "para", "paragraph", "title", "head", "heading", "text"})


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    root = _root(data)
    if _is_prose(root):
        _write_prose(root, builder, 1)
    else:
        write_value(_value(root, builder.limits.max_depth), builder)


def _root(data: bytes) -> "_Element":
    try:
        return parse_xml(data)
    except ParseFailed as failure:
        if failure.code != "broken":
            raise
        # a wrong declaration of encoding is the usual reason, and a tree that can be mended is better than
        # none
        text = decode(data)
        if text.startswith("<?xml"):
            text = text[text.index("?>") + 2 :] if "?>" in text else text
        return parse_xml(text.encode("utf-8", "replace"), recover=True)


def _is_prose(root: "_Element") -> bool:
    """Text beside elements, or elements named as paragraphs, make a document; the rest is data."""
    mixed = total = 0
    for element in root.iter():
        total += 1
        name = local(element).lower()
        mixed += name in ("p", "para") or (len(element) > 0 and bool((element.text or "").strip()))
    return mixed * 10 > total


def _write_prose(element: "_Element", builder: Builder, level: int) -> None:
    if level > builder.limits.max_depth:
        raise ParseFailed("too_deep")
    for part in element:
        name = local(part).lower()
        text = "".join(str(piece) for piece in part.itertext())
        if name in ("title", "head", "heading"):
            builder.heading(text, min(level, 6))
        elif name in _TEXT_LIKE or len(part) == 0 or (part.text or "").strip():
            builder.paragraph(text)
        else:
            _write_prose(part, builder, level + 1)


def _value(element: "_Element", depth: int) -> Any:
    if depth <= 0:
        raise ParseFailed("too_deep")
    members: dict[str, Any] = {str(k).rsplit("}", 1)[-1]: str(v) for k, v in element.attrib.items()}
    text = " ".join((element.text or "").split())
    if not len(element):
        if not members:
            return text
        return {**members, "text": text} if text else members
    for part in element:
        name = local(part)
        if not name:
            continue
        value = _value(part, depth - 1)
        if name in members:
            before = members[name]
            members[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            members[name] = value
    if text:
        members["text"] = text
    if len(members) == 1:
        only = next(iter(members.values()))
        if isinstance(only, list):
            return only
    return members
