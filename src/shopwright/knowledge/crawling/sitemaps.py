"""Sitemaps: lists of a site's pages.

Read with a pattern, not an XML parser: broken ones are common, and entities are not wanted.
"""

import html
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from shopwright.knowledge.crawling.addresses import normalize

MAX_UNPACKED_BYTES = 12_000_000
MAX_ENTRIES = 50_000  # the most that a lawful sitemap holds
# Takes linear time on any text: nothing that follows can send it back.
_LOCATION = re.compile(r"<(?:\w{1,20}:)?loc\s{0,9}>\s{0,99}(?:<!\[CDATA\[)?([^<]{1,2100})", re.IGNORECASE)
_INDEX = re.compile(r"<(?:\w{1,20}:)?sitemapindex[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one file names: pages, or other sitemaps. `more` says that it names more than were taken."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    more: bool = False


def parse_sitemap(data: bytes, limit: int) -> Sitemap:
    """Read a sitemap, an index of sitemaps, or a plain list of addresses, packed or not; never raises."""
    data, cut = unpack(data)
    text = data.decode("utf-8", "replace")
    found: dict[str, None] = {}
    for raw in islice(_locations(text), MAX_ENTRIES):
        address = normalize(html.unescape(raw))
        if address is None:
            continue
        if len(found) == limit:
            cut = True
            break
        found[address] = None
    if _INDEX.search(text[:2_000]):
        return Sitemap(sitemaps=tuple(found), more=cut)
    return Sitemap(pages=tuple(found), more=cut)


def _locations(text: str) -> Iterator[str]:
    if "<" in text:
        return (match[1].strip().removesuffix("]]>").strip() for match in _LOCATION.finditer(text))
    return (line.strip() for line in text.splitlines() if line.startswith("http"))


def unpack(data: bytes, limit: int = MAX_UNPACKED_BYTES) -> tuple[bytes, bool]:
    """The content of a packed file, up to a limit, and whether there was more; other bytes as they are."""
    if not data.startswith(b"\x1f\x8b"):
        return data[:limit], len(data) > limit
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(data, limit)
    except zlib.error:
        return b"", False
    return out, bool(unpacker.unconsumed_tail)
