"""XML read without entities, document types or the network."""

import re
from typing import TYPE_CHECKING

from shopwright.knowledge.parsing.errors import ParseFailed

if TYPE_CHECKING:
    from lxml.etree import _Element

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_ENTITY_WIDE = "<!ENTITY".encode("utf-16-le"), "<!ENTITY".encode("utf-16-be")


def parse_xml(data: bytes, *, recover: bool = False) -> "_Element":
    """The root element.

    Files that define entities are refused: no office program writes them, and they are how a small file
    becomes a huge one or reads others.

    Raises:
        ParseFailed: `unsafe` for entity definitions, `broken` for what is no XML.
    """
    from lxml import etree

    if _ENTITY.search(data) or any(wide in data for wide in _ENTITY_WIDE):
        raise ParseFailed("unsafe")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, recover=recover,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ParseFailed("broken") from error
    if root is None:
        raise ParseFailed("broken")
    return root


def local(element: "_Element") -> str:
    """An element's name without its namespace; empty for what is not an element."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def attribute(element: "_Element", name: str) -> str | None:
    """An attribute by its name without namespace."""
    value = element.get(name)
    if value is not None:
        return value
    suffix = "}" + name
    for key, found in element.attrib.items():
        if str(key).endswith(suffix):
            return str(found)
    return None


def child(element: "_Element", *path: str) -> "_Element | None":
    """The first child with a local name, then its child, and so on."""
    current: _Element | None = element
    for name in path:
        if current is None:
            return None
        current = next((e for e in current if local(e) == name), None)
    return current
