"""What a crawler must know of a web page: where it leads, what it calls itself, and whether its text can be read."""

import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from shopwright.knowledge.parsing.encoding import decode
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.types import Limits

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_LINKS = 1_000
MAX_LINK = 2_000
SKETCH = 64
_SHINGLE_WORDS = 4
_LITTLE_TEXT_WORDS = 25
_LOGIN_WORDS = 150
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_ROBOTS = frozenset({"robots", "shopwrightbot"})
_TITLE_JOINTS = re.compile(r"\s+[|–—·»:-]\s+")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What was read from one page."""

    title: str
    canonical: str | None
    links: list[str]
    noindex: bool
    nofollow: bool
    text_hash: str
    """Of the readable text alone: dates and keys in the frame of a page do not change it."""
    sketch: list[int]
    """A sample of the text's word groups; how much two samples share tells how alike two texts are."""
    words: int
    needs_browser: bool
    asks_to_sign_in: bool
    refresh: str | None
    """Where the page sends its reader by itself."""


def read_page_facts(value: dict[str, Any]) -> PageFacts:
    """The facts a child wrote, checked.

    Raises:
        ValueError: they are no lawful ones.
    """
    facts = PageFacts(**value)
    texts = [facts.title, facts.text_hash, *facts.links]
    texts += [text for text in (facts.canonical, facts.refresh) if text is not None]
    lawful = (
        all(isinstance(text, str) and len(text) <= MAX_LINK and "\x00" not in text for text in texts)
        and len(facts.links) <= MAX_LINKS
        and len(facts.sketch) <= SKETCH
        and all(isinstance(number, int) and 0 <= number < 1 << 32 for number in (*facts.sketch, facts.words))
    )
    if not lawful:
        raise ValueError("no lawful facts of a page")
    return facts


def page_work(data: bytes, argument: str, limits: Limits) -> dict[str, Any]:
    """Read a page; the argument is its address."""
    from shopwright.knowledge.parsing.formats.html import parse

    address, page = argument, decode(data)
    root = parse(page)
    base = next((e.get("href") for e in root.iter("base") if e.get("href")), None)
    base = (_join(address, base) if base else None) or address
    noindex, nofollow = _directives(root)
    title = _title(root)
    links = [] if nofollow else _links(root, base)
    canonical = next(
        (e.get("href") for e in root.iter("link") if "canonical" in (e.get("rel") or "").lower().split()), None
    )
    has_programs = next(root.iter("script"), None) is not None
    asks_to_sign_in = any((e.get("type") or "").lower() == "password" for e in root.iter("input"))
    refresh = _refresh(root)
    text = _text(page, limits)
    words = _WORD.findall(text.lower())
    return {
        "title": title,
        "canonical": _join(base, canonical) if canonical else None,
        "links": links,
        "noindex": noindex,
        "nofollow": nofollow,
        "text_hash": hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest(),
        "sketch": _sketch(words),
        "words": len(words),
        "needs_browser": has_programs and len(words) < _LITTLE_TEXT_WORDS,
        "asks_to_sign_in": asks_to_sign_in and len(words) < _LOGIN_WORDS,
        "refresh": _join(base, refresh) if refresh else None,
    }


def _text(page: str, limits: Limits) -> str:
    from shopwright.knowledge.parsing.builder import Builder
    from shopwright.knowledge.parsing.formats.html import read_page

    builder = Builder(limits)
    try:
        read_page(page, builder)
        return builder.build("text/html").text
    except ParseFailed as failure:
        if failure.code in {"no_text", "empty"}:
            return ""
        raise


def _join(base: str, address: str) -> str | None:
    try:
        joined = urljoin(base, address.strip())
    except ValueError:
        return None
    return joined if len(joined) <= MAX_LINK and "\x00" not in joined else None


def _links(root: "_Element", base: str) -> list[str]:
    found: dict[str, None] = {}
    for element in root.iter("a", "area", "iframe", "frame"):
        href = element.get("href") or element.get("src")
        if not href or href.startswith("#") or "nofollow" in (element.get("rel") or "").lower().split():
            continue
        joined = _join(base, href)
        if joined and joined.startswith("http"):
            found[joined.partition("#")[0]] = None
            if len(found) == MAX_LINKS:
                break
    return list(found)


def _directives(root: "_Element") -> tuple[bool, bool]:
    words: set[str] = set()
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() in _ROBOTS:
            words |= set(re.split(r"[\s,]+", (meta.get("content") or "").lower()))
    return bool(words & {"noindex", "none"}), bool(words & {"nofollow", "none"})


def _refresh(root: "_Element") -> str | None:
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh":
            found = re.search(r"url\s*=\s*['\"]?([^'\"\s]+)", meta.get("content") or "", re.IGNORECASE)
            return found[1] if found else None
    return None


def _title(root: "_Element") -> str:
    """The first heading where it is a part of the page's title, which often also names the shop; else the title."""
    element = root.find(".//title")
    title = _spoken(element) if element is not None else ""
    headings = [text for text in (_spoken(h) for h in root.iter("h1")) if text]
    if headings and (not title or headings[0].lower() in title.lower()):
        return headings[0][:300]
    return (_TITLE_JOINTS.split(title)[0] or title)[:300] if headings else title[:300]


def _spoken(element: "_Element") -> str:
    return _SPACES.sub(" ", "".join(str(text) for text in element.itertext())).strip()


def _sketch(words: list[str]) -> list[int]:
    """The smallest hashes of all groups of neighbouring words."""
    groups = {
        zlib.crc32(" ".join(words[at : at + _SHINGLE_WORDS]).encode("utf-8", "replace"))
        for at in range(max(0, len(words) - _SHINGLE_WORDS + 1))
    }
    return sorted(groups)[:SKETCH]


def likeness(first: list[int], second: list[int]) -> float:
    """How much of two texts is the same, 0 to 1, told from their sketches."""
    union = sorted({*first, *second})[:SKETCH]
    both = set(first) & set(second)
    return sum(1 for value in union if value in both) / len(union) if union else 0.0
