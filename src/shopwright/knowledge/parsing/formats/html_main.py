"""Which part of a page is its content: menus, banners, forms and scripts are cut away."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_NEVER = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "head",
        "link",
        "meta",
        "select",
        "textarea",
        "button",
        "datalist",
        "map",
    ]
)
_FRAME = frozenset({"nav", "footer", "aside", "form", "dialog", "menu"})
_ROLES = frozenset(
    {
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "complementary",
        "menu",
        "menubar",
    }
)
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookie|consent|gdpr|breadcrumbs?|sidebar|side-bar|navbar|navigation|nav|menu|topbar|masthead|"
    r"site-?(?:header|footer)|page-?footer|footer|social|share|sharing|newsletter|popup|modal|skip-?link|"
    r"advert(?:isement)?|ads?|promo-?banner|related-?(?:posts|articles)|pagination|pager|toc|tableofcontents)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_COOKIE_TEXT = re.compile(
    r"\b(?:we|this (?:web)?site|our (?:web)?site) uses? cookies\b|\baccept (?:all )?cookies\b", re.IGNORECASE
)


def main_content(root: "_Element") -> "_Element":
    """Cut the frame off a page, in place, and return the element that holds the content.

    When the careful cut leaves almost nothing, only scripts and the like are cut: a page whose text stands
    in a
    form or in something named "menu" must not come out empty.
    """
    from copy import deepcopy

    body = root.find(".//body")
    body = root if body is None else body
    _drop(body, lambda e: e.tag in _NEVER)
    full = _size(body)
    careful = deepcopy(body)
    _drop(careful, _is_frame)
    main = _main_element(careful)
    kept = _size(main)
    # links are what a frame is made of, so text inside links counts for little
    if kept >= 200 or kept >= 0.3 * full:
        return main
    return body


def _main_element(body: "_Element") -> "_Element":
    total = _size(body)
    candidates = [e for e in body.iter("main", "article", "div", "section") if _is_main(e)]
    for element in candidates:
        if _size(element) >= max(0.4 * total, 1):
            return element
    return body


def _is_main(element: "_Element") -> bool:
    if element.tag == "main" or element.get("role") == "main":
        return True
    return element.tag == "article" or (element.get("id") or "").lower() in (
        "main",
        "content",
        "main-content",
        "maincontent",
    )


def _is_frame(element: "_Element") -> bool:
    tag = element.tag
    if tag in ("html", "body", "main", "article"):
        return False
    if tag in _FRAME or element.get("role") in _ROLES:
        return not (tag in ("form", "aside") and _size(element) > 1500) and not _holds_main(element)
    if tag == "header":
        return (
            not _inside(element, ("main", "article", "section"))
            and not _holds_main(element)
            and element.find(".//h1") is None
        )
    if tag in ("table", "tr", "td", "th", "tbody", "thead", "li", "dl", "p", "a") or tag in (
        "h1",
        "h2",
        "h3",
    ):
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if names != " " and _NAMES.search(names):
        return not _holds_main(element) and (
            _links_mostly(element) or _COOKIE_TEXT.search(_text(element)) is not None or _small(element)
        )
    return tag in ("div", "section") and _size(element) < 600 and _COOKIE_TEXT.search(_text(element)) is not None


def _drop(body: "_Element", unwanted: "object") -> None:
    for element in list(body.iter()):
        if not isinstance(element.tag, str) or element is body:
            continue
        parent = element.getparent()
        if parent is None or not callable(unwanted) or not unwanted(element):
            continue
        # the text behind a cut element belongs to its parent
        tail = element.tail
        if tail:
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + tail
            else:
                parent.text = (parent.text or "") + tail
        parent.remove(element)


def _text(element: "_Element") -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def _size(element: "_Element") -> int:
    return len(_text(element))


def _small(element: "_Element") -> bool:
    return _size(element) < 300


def _links_mostly(element: "_Element") -> bool:
    linked = sum(_size(link) for link in element.iter("a", "button"))
    return linked * 2 > _size(element)


def _holds_main(element: "_Element") -> bool:
    return any(e is not element and (e.tag in ("main", "article") or e.get("role") == "main") for e in element.iter())


def _inside(element: "_Element", tags: tuple[str, ...]) -> bool:
    parent = element.getparent()
    while parent is not None:
        if parent.tag in tags:
            return True
        parent = parent.getparent()
    return False
