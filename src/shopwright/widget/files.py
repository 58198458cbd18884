"""The built files of the widget: small, pre-compressed, read once."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import Response

from shopwright.kit.errors import AppError, NotFound

FOLDER = Path(__file__).resolve().parent.parent / "web" / "widget"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
CODINGS = (("br", ".br"), ("gzip", ".gz"))
FOREVER = "public, max-age=31536000, immutable"
SOON = "public, max-age=600, stale-while-revalidate=86400"
# Pages of any origin load these; none of them holds anything private.
OPEN = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "timing-allow-origin": "*",
    "vary": "accept-encoding",
}
_NAME = re.compile(r"[a-z0-9]+(?:[.-][A-Za-z0-9_]+)*\.(?:js|css|svg|png)")


class WidgetNotBuilt(AppError):
    """The widget is not built; run 'make web' and start again."""

    status, code = 503, "widget_not_built"


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    encoded: dict[str, bytes]
    etag: str
    media_type: str


class WidgetFiles:
    """Reads files of the folder by name and keeps them; a build makes a handful."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, int], File] = {}

    def get(self, name: str) -> File:
        """A file.

        Raises:
            NotFound: there is no such file.
            WidgetNotBuilt: there is none at all.
        """
        if _NAME.fullmatch(name) is None:
            raise NotFound(what="file")
        path = self._folder / name
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            if not (self._folder / "manifest.json").exists():
                raise WidgetNotBuilt from None
            raise NotFound(what="file") from None
        kept = self._kept.get((name, changed))
        if kept is None:
            kept = self._kept[name, changed] = _read(path)
        return kept

    def hashed(self, name: str) -> str:
        """The name a file was built under.

        Raises:
            WidgetNotBuilt: there is no build.
        """
        try:
            names = orjson.loads((self._folder / "manifest.json").read_bytes())
        except OSError:
            raise WidgetNotBuilt from None
        return str(names[name])

    def respond(self, name: str, request: Request, cache: str, headers: dict[str, str] | None = None) -> Response:
        """The file, packed as the caller understands it, or "not modified"."""
        file = self.get(name)
        answer = {**OPEN, "cache-control": cache, "etag": file.etag, **(headers or {})}
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=answer)
        accepted = {part.split(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
        for coding, content in file.encoded.items():
            if coding in accepted:
                answer["content-encoding"] = coding
                return Response(content, headers=answer, media_type=file.media_type)
        return Response(file.content, headers=answer, media_type=file.media_type)


def _read(path: Path) -> File:
    content = path.read_bytes()
    packed = {coding: path.with_name(path.name + ending) for coding, ending in CODINGS}
    return File(
        content,
        {coding: file.read_bytes() for coding, file in packed.items() if file.exists()},
        f'"{hashlib.sha256(content).hexdigest()[:20]}"',
        TYPES[path.suffix],
    )
