"""The console: the web application at `/`, built beforehand and sent as files.

Each page of the console has an address of its own, so every GET of a page that no route knows gets `index.html`.
"""

import re
import secrets
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

BUILT = Path(__file__).resolve().parent.parent / "web" / "console"
NONCE = "__CSP_NONCE__"
# Paths of the API and of the widget: what is missing there is missing, for a browser too.
_NOT_PAGES = re.compile(r"/(v1|admin|api|health|metrics|docs|openapi\.json|widget(\.js)?|chat|icons|assets)(/|$)")
_FILE = re.compile(r"/(assets/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*\.(js|css|svg|png|webp|json|webmanifest)")
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_IMMUTABLE = "public, max-age=31536000, immutable"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:;"
    " connect-src 'self'; font-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Shopwright</title>
<h1>The console is not built yet</h1>
<p>The API works; the pages for people are missing. Run <code>make web</code>, then load this page again.</p>
<p><a href="/docs">Description of the API</a></p></html>
"""


class Console:
    """What answers where no route does."""

    def __init__(self, otherwise: ASGIApp, folder: Path = BUILT) -> None:
        self._otherwise, self._folder = otherwise, folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(scope) if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} else None
        await (answer or self._otherwise)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        path, headers = str(scope["path"]), Headers(scope=scope)
        if _FILE.fullmatch(path):
            file = self._folder / path[1:]
            if file.is_file():
                return _file(file, headers, immutable=path.startswith("/assets/"))
        if _NOT_PAGES.match(path) or "text/html" not in headers.get("accept", ""):
            return None
        return self._page()

    def _page(self) -> Response:
        try:
            page = (self._folder / "index.html").read_text()
        except FileNotFoundError:
            return HTMLResponse(_NOT_BUILT, 503, {"cache-control": "no-store"})
        nonce = secrets.token_urlsafe(16)
        policy = _POLICY.format(nonce=nonce)
        return HTMLResponse(
            page.replace(NONCE, nonce), headers={"cache-control": "no-cache", "content-security-policy": policy}
        )


def _file(file: Path, headers: Headers, *, immutable: bool) -> Response:
    """The file in the smallest form that the browser reads."""
    accepted = headers.get("accept-encoding", "")
    out = {"vary": "accept-encoding", "cache-control": _IMMUTABLE if immutable else "public, max-age=3600"}
    kind = _MEDIA_TYPES.get(file.suffix, "application/octet-stream")
    for name, suffix in _ENCODINGS:
        packed = file.with_name(file.name + suffix)
        if name in accepted and packed.is_file():
            return FileResponse(packed, headers={**out, "content-encoding": name}, media_type=kind)
    return FileResponse(file, headers=out, media_type=kind)


_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
