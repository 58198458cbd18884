"""robots.txt as RFC 9309 reads it: which paths a site lets programs fetch, how fast, and where its sitemaps are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from shopwright.knowledge.crawling.addresses import matches, normalize

MAX_BYTES = 500 * 1024  # what the RFC asks to read at least
MAX_RULES = 500
MAX_PATTERN = 1_000  # as long as the longest address
MAX_SITEMAPS = 50


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for us: `(allowed, pattern)`, the wish for a pause, and the sitemaps."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay_seconds: float = 0.0
    sitemaps: tuple[str, ...] = ()

    def allows(self, address: str) -> bool:
        """Whether we may fetch an address: the longest pattern that fits decides, of two equal ones the kind one."""
        parts = urlsplit(address)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if path == "/robots.txt":
            return True
        best, allowed = -1, True
        for allow, pattern in self.rules:
            longer = len(pattern) > best or (len(pattern) == best and allow)
            if longer and _fits(pattern, path):
                best, allowed = len(pattern), allow
        return allowed


ALLOW_ALL = Robots()
ALLOW_NOTHING = Robots(rules=((False, "/"),))


def _fits(pattern: str, path: str) -> bool:
    return matches(pattern[:-1], path) if pattern.endswith("$") else matches(pattern + "*", path)


def parse_robots(text: str, product: str) -> Robots:
    """Read a robots.txt for one robot, named by its product token in lower case, such as `shopwrightbot`."""
    groups: list[tuple[list[str], list[tuple[bool, str]], list[float]]] = []
    sitemaps: list[str] = []
    open_names = False
    for line in text.removeprefix("\ufeff").splitlines():
        name, _, rest = line.partition("#")[0].partition(":")
        field, value = name.strip().lower(), rest.strip()
        if field == "user-agent":
            if not open_names:
                groups.append(([], [], []))
            groups[-1][0].append(value.split("/", 1)[0].strip().lower())
            open_names = True
        elif field == "sitemap" and len(sitemaps) < MAX_SITEMAPS:
            address = normalize(value)
            sitemaps += [address] if address else []
        elif groups and field in {"allow", "disallow"}:
            open_names = False
            if value.startswith(("/", "*")) and len(value) <= MAX_PATTERN and len(groups[-1][1]) < MAX_RULES:
                groups[-1][1].append((field == "allow", _spelt(value)))
        elif groups and field == "crawl-delay":
            open_names = False
            groups[-1][2].extend(_seconds(value))
    chosen = [g for g in groups if product in g[0]] or [g for g in groups if "*" in g[0]]
    rules = tuple(rule for _, group, _ in chosen for rule in group)
    return Robots(rules, max((d for _, _, delays in chosen for d in delays), default=0.0), tuple(sitemaps))


def _spelt(pattern: str) -> str:
    """A pattern with its escapes written as in addresses."""
    end = "$" if pattern.endswith("$") else ""
    pieces = pattern.removesuffix("$").split("*")
    return "*".join(_piece(piece) for piece in pieces) + end


def _piece(piece: str) -> str:
    if "%" not in piece and piece.isascii():
        return piece
    from urllib.parse import quote, unquote

    return quote(unquote(piece), safe="/:@!$&'()*+,;=-._~?%#")


def _seconds(value: str) -> Sequence[float]:
    return [float(value)] if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value) else []
