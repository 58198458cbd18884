"""EPUB: the chapters in reading order, each read as a page."""

from shopwright.kit.sentences import sentence
from shopwright.knowledge.parsing.archives import Archive, resolve
from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.encoding import decode
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.formats.html import read_page
from shopwright.knowledge.parsing.xmltree import attribute, local, parse_xml

_CONTAINER = "META-INF/container.xml"


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    archive = Archive(data, builder.limits)
    if archive.has("META-INF/encryption.xml") and b"EncryptedData" in archive.read("META-INF/encryption.xml"):
        builder.warn(sentence("Parts of the book are encrypted; what could not be read was left out."))
    container = parse_xml(archive.read(_CONTAINER))
    package = next((attribute(e, "full-path") for e in container.iter() if local(e) == "rootfile"), None)
    if not package:
        raise ParseFailed("broken")
    builder.title, chapters = _contents(archive, package)
    title = builder.title
    for member in chapters:
        try:
            read_page(decode(archive.read(member)), builder)
        except ParseFailed as failure:
            if failure.code != "no_text":
                raise
    builder.title = title or builder.title


def _contents(archive: Archive, package: str) -> tuple[str | None, list[str]]:
    """The title and the members to read, in order; the table of contents is not one of them."""
    title: str | None = None
    items: dict[str, tuple[str, str]] = {}
    spine: list[str] = []
    for element in parse_xml(archive.read(package), recover=True).iter():
        name = local(element)
        if name == "title" and title is None:
            title = element.text
        elif name == "item":
            items[element.get("id") or ""] = (element.get("href") or "", element.get("properties") or "")
        elif name == "itemref" and element.get("linear") != "no":
            spine.append(element.get("idref") or "")
    found = [items.get(reference, ("", "")) for reference in spine]
    members = [resolve(package, _unquoted(address)) for address, properties in found if "nav" not in properties.split()]
    return title, [member for member in members if archive.has(member)]


def _unquoted(address: str) -> str:
    from urllib.parse import unquote

    return unquote(address.split("#", 1)[0])
