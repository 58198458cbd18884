"""The small shop in `tests/knowledge/site`, served as it lies there, with one page that moved."""

from pathlib import Path

from tests.knowledge.crawling.conftest import LocalSite, answer

ROOT = Path(__file__).parents[1] / "site"
KINDS = {".html": "text/html", ".txt": "text/plain", ".xml": "application/xml", ".pdf": "application/pdf"}


def fill(site: LocalSite) -> None:
    for file in ROOT.rglob("*"):
        if not file.is_file():
            continue
        path = "/" + file.relative_to(ROOT).as_posix()
        body = file.read_bytes().replace(b"@SITE@", site.url.encode())
        site.pages[path.removesuffix("index.html")] = answer(body, KINDS[file.suffix])
    for sort in ("price", "name", "new"):
        listing = (ROOT / "products/index.html").read_bytes()
        site.pages[f"/products/?sort={sort}"] = answer(listing.replace(b"By name", b"In the order of names"))
    site.pages["/old-returns.html"] = answer(status="301 Moved Permanently", location="/help/returns.html")
