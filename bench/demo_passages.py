"""The demo shop's documents as passages, and its questions, for bench/retrieval.py.

Cut in the simplest way that keeps headings and table rows, so that ranking is measured and not parsing.
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from shopwright.nlp.sentences import split_sentences

SHOP = Path(__file__).parent.parent / "examples" / "demo-shop"
PASSAGE_CHARACTERS = 1000


def passages() -> list[dict[str, Any]]:
    """Return dictionaries with `id`, `document` (file name), `titles` and `text`."""
    found = []
    for path in [*sorted((SHOP / "documents").iterdir()), SHOP / "products.csv"]:
        blocks = list(READERS[path.suffix](path))
        title = next((heading for heading, _ in blocks if heading), path.stem.replace("-", " "))
        for heading, text in _sections(blocks, whole=path.suffix not in {".csv", ".xlsx"}):
            found.append(
                {
                    "id": f"{path.name}#{len(found)}",
                    "document": path.name,
                    "titles": list(dict.fromkeys(t for t in (title, heading) if t)),
                    "text": text,
                }
            )
    return found


def questions() -> list[dict[str, Any]]:
    return yaml.safe_load((SHOP / "questions.yaml").read_text())["questions"]


def holds(passage: dict[str, Any], question: dict[str, Any]) -> bool:
    """Say whether the passage holds a piece of the question's evidence (all cells of a row)."""
    documents = question.get("documents") or [question.get("document")]
    if passage["document"] not in documents:
        return False
    text = _bare(passage["text"])
    return any(all(_bare(cell) in text for cell in piece.split(" | ")) for piece in question.get("evidence") or [])


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _sections(blocks: list[tuple[str, str]], *, whole: bool) -> Iterator[tuple[str, str]]:
    heading, lines = "", []

    def cut() -> Iterator[tuple[str, str]]:
        piece = ""
        for line in lines:
            for start, end in split_sentences(line) if len(line) > PASSAGE_CHARACTERS else [(0, len(line))]:
                if piece and len(piece) + end - start > PASSAGE_CHARACTERS:
                    yield heading, piece
                    piece = ""
                piece = f"{piece}\n{line[start:end]}".strip()
        if piece:
            yield heading, piece

    for own, text in blocks:
        if own != heading or not whole:
            yield from cut()
            heading, lines = own, []
        if text.strip():
            lines.append(text.strip())
    yield from cut()


def _markdown(path: Path) -> Iterator[tuple[str, str]]:
    heading = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()
        elif not re.fullmatch(r"[\s|:-]*", line):
            yield heading, line


def _text(path: Path) -> Iterator[tuple[str, str]]:
    heading = ""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.strip().splitlines() if not re.fullmatch(r"[=\-~*\s]*", line)]
        if len(lines) == 1 and len(lines[0]) < 70 and not lines[0].endswith("."):
            heading = lines[0].strip()
        elif lines:
            yield heading, "\n".join(lines)


def _html(path: Path) -> Iterator[tuple[str, str]]:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(path.read_bytes(), "lxml")
    heading = ""
    for tag in (soup.body or soup).find_all(["h1", "h2", "h3", "h4", "p", "li", "tr", "dt", "dd"]):
        text = " | ".join(tag.get_text(" ", strip=True).split("\n")) if tag.name != "tr" else ""
        if tag.name == "tr":
            text = " | ".join(cell.get_text(" ", strip=True) for cell in tag.find_all(["td", "th"]))
        if tag.name.startswith("h"):
            heading = text
        else:
            yield heading, text


def _docx(path: Path) -> Iterator[tuple[str, str]]:
    import docx
    from docx.table import Table

    heading = ""
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield heading, " | ".join(cell.text for cell in row.cells)
        elif block.style is not None and block.style.name.startswith(("Heading", "Title")):
            heading = block.text
        else:
            yield heading, block.text


def _pdf(path: Path) -> Iterator[tuple[str, str]]:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            yield "", page.extract_text() or ""


def _csv(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    for row in csv.DictReader(text.splitlines(), dialect=csv.Sniffer().sniff(text[:2000])):
        yield "", " | ".join(f"{name}: {value}" for name, value in row.items() if value)


def _xlsx(path: Path) -> Iterator[tuple[str, str]]:
    import openpyxl

    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        for row in sheet.iter_rows(values_only=True):
            cells = [str(cell) for cell in row if cell is not None]
            if cells:
                yield "", " | ".join(cells)


def _json(path: Path) -> Iterator[tuple[str, str]]:
    data = json.loads(path.read_text(encoding="utf-8"))
    rows = data if isinstance(data, list) else next((v for v in data.values() if isinstance(v, list)), [data])
    for row in rows:
        yield "", json.dumps(row, ensure_ascii=False)


READERS = {
    ".md": _markdown,
    ".txt": _text,
    ".html": _html,
    ".docx": _docx,
    ".pdf": _pdf,
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".json": _json,
}
