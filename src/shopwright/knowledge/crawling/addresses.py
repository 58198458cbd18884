"""Addresses of pages: one spelling for each page, and which of them belong to the site."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

MAX_ADDRESS = 1_000
_DEFAULT_PORTS = {"http": 80, "https": 443}
# They say who is looking or where from, and never which page it is.
_VISIT_PARAMETERS = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|_hs(?:enc|mi)|hsctatracking|"
    r"phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|sessid|sid|cfid|cftoken|zenid|oscsid|xtcsid)",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_KEPT_IN_PATH = "/:@!$&'()*+,;=-._~"
_UNSTORABLE = re.compile(r"[\x00-\x20\x7f]")
# Names of files that hold no text for a bot; anything else is judged by what the server says it is.
_NO_TEXT = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svgz?|ico|bmp|tiff?|css|m?js|map|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov|avi|mkv|webm|"
    r"wav|ogg|flac|zip|gz|tgz|bz2|xz|7z|rar|tar|exe|msi|dmg|iso|apk|deb|rpm|bin)$",
    re.IGNORECASE,
)


def normalize(address: str, base: str = "") -> str | None:
    """The one spelling of a web address, or None for what is none (`mailto:`, `javascript:`, broken ones).

    Host in lower case, default port and fragment gone, dots in the path resolved, escapes written one way,
    parameters in order and without those that only tell visits apart.
    """
    try:
        joined = urljoin(base, address.strip()) if base else address.strip()
        parts = urlsplit(joined)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").lower()
        host = host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or parts.username or parts.password:
        return None
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{host}:{port}"
    clean = urlunsplit((parts.scheme, netloc, _path(parts.path), _query(parts.query), ""))
    return None if _UNSTORABLE.search(clean) else clean


def _path(path: str) -> str:
    kept: list[str] = []
    segments = _SESSION_IN_PATH.sub("", path).split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(_escape(segment))
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return re.sub(r"/{2,}", "/", "/" + "/".join(kept))


def _escape(text: str) -> str:
    """Escapes of letters written out, all others in capitals; a slash inside a segment stays escaped."""
    plain = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    parts = re.split(r"(%2[Ff]|%25)", plain)
    return "".join(p.upper() if i % 2 else quote(unquote(p, errors="surrogateescape"), safe=_KEPT_IN_PATH,
                   errors="surrogateescape") for i, p in enumerate(parts))  # fmt: skip


def _query(query: str) -> str:
    if not query:
        return ""
    if "=" not in query:
        return _escape(query)
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=40, errors="surrogateescape")
    except ValueError:  # more parameters than any page needs: left as it is, and refused as a trap
        return _escape(query)
    kept = sorted((name, value) for name, value in pairs if not _VISIT_PARAMETERS.fullmatch(name))
    return urlencode(kept, errors="surrogateescape")


def holds_no_text(address: str) -> bool:
    return _NO_TEXT.search(urlsplit(address).path) is not None


def is_home(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in {"", "/"} and not parts.query


@dataclass(frozen=True, slots=True)
class Site:
    """One host, with and without `www.`, by http and https alike; another port is another site."""

    host: str
    port: int | None

    @classmethod
    def of(cls, address: str) -> "Site":
        parts = urlsplit(address)
        return cls((parts.hostname or "").removeprefix("www."), parts.port)

    def holds(self, address: str) -> bool:
        return Site.of(address) == self


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern with `*` for anything fits the whole text; takes linear time, whatever the pattern."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    if not text.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - at >= len(rest[-1]) and text.endswith(rest[-1])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the owner wants read, as patterns of paths (`/help/*`); nothing to include means all."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def holds(self, address: str) -> bool:
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if any(matches(pattern, path) for pattern in self.exclude):
            return False
        return not self.include or any(matches(pattern, path) for pattern in self.include)
