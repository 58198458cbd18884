"""What the Office formats share: properties and relationships."""

from shopwright.knowledge.parsing.archives import Archive, resolve
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.xmltree import attribute, local, parse_xml

# what programs write when nobody gave a title
_NO_TITLES = ("powerpoint presentation", "presentation", "untitled", "document", "word document", "slide 1")


def core_title(archive: Archive) -> str | None:
    """The title in the document's properties, if somebody wrote one."""
    try:
        data = archive.find("docProps/core.xml")
        root = parse_xml(data) if data is not None else None
    except ParseFailed:
        return None
    for element in root if root is not None else ():
        if local(element) == "title" and (element.text or "").strip():
            title = (element.text or "").strip()
            return title if title.lower() not in _NO_TITLES else None
    return None


def relationships(archive: Archive, name: str) -> dict[str, tuple[str, str]]:
    """Id of each relationship of a member -> last word of its type, and the member it points to."""
    folder, _, file = name.rpartition("/")
    data = archive.find(f"{folder}/_rels/{file}.rels")
    found: dict[str, tuple[str, str]] = {}
    for element in parse_xml(data) if data is not None else ():
        target = attribute(element, "Target")
        if target and attribute(element, "TargetMode") != "External":
            kind = (attribute(element, "Type") or "").rsplit("/", 1)[-1]
            found[attribute(element, "Id") or ""] = (kind, resolve(name, target))
    return found
