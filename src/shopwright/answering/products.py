"""From a cited record of a price list to a product card. A card shows only what stands in that record."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from shopwright.answering.citations import Citation
from shopwright.knowledge.passages import Passage

MAX_PRODUCTS = 10
MAX_VALUE = 300
# Headers as shops write them, without signs and currencies; the first that a record has counts.
NAMES = (
    "name", "title", "product", "product name", "article", "article name", "service", "item",
    "produkt", "produktname", "artikel", "artikelname", "bezeichnung", "titel", "leistung",
)  # fmt: skip
PRICES = ("sale price", "price", "unit price", "retail price", "angebotspreis", "preis", "einzelpreis", "verkaufspreis")
WAS_PRICES = (
    "was price", "old price", "regular price", "list price", "compare at price", "rrp", "msrp", "before",
    "statt", "statt preis", "alter preis", "uvp", "streichpreis",
)  # fmt: skip
CURRENCIES = ("currency", "währung", "waehrung")
IMAGES = ("image", "image url", "image link", "picture", "picture url", "photo", "photo url", "bild", "bild url")
LINKS = ("url", "link", "product url", "product link", "page", "address", "produkt url", "adresse")
_PAIR = re.compile(r"([^\s:;][^:;]{0,60}):\s(.*)", re.DOTALL)
_CURRENCY = re.compile(r"\b(EUR|USD|GBP|CHF|PLN|SEK|DKK|NOK|CZK|HUF|JPY|CAD|AUD)\b|[€$£¥]", re.IGNORECASE)
_AMOUNT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Product:
    """A product card; prices are written as in the record, and `currency` is set where they do not name it."""

    title: str
    price: str
    was_price: str | None
    currency: str | None
    image_url: str | None
    url: str | None
    citation: int


def product_of(record: str, citation: int) -> Product | None:
    """The card of a record `Header: value; Header: value`, or None when it names no thing with a price."""
    cells, currencies = _cells(record)
    title, price = _first(cells, NAMES), _first(cells, PRICES)
    if title is None or price is None or not _AMOUNT.search(price):
        return None
    was = _first(cells, WAS_PRICES)
    named = _first(cells, CURRENCIES) or currencies.get(_key_of(cells, PRICES))
    return Product(
        title=title,
        price=price,
        was_price=was if was and _AMOUNT.search(was) and was != price else None,
        currency=None if _CURRENCY.search(price) else named,
        image_url=_address(_first(cells, IMAGES), {"https"}),
        url=_address(_first(cells, LINKS), {"https", "http"}),
        citation=citation,
    )


def product_blocks(passages: Sequence[Passage], citations: Iterable[Citation]) -> list[dict[str, Any]]:
    """One block of product cards for the cited rows, or none."""
    found: dict[tuple[str, str | None], Product] = {}
    for citation in citations:
        passage = passages[citation.passage]
        if passage.kind != "row":
            continue
        for line in _lines(passage.text, citation.start - passage.start, citation.end - passage.start):
            product = product_of(line, citation.number)
            if product is not None:
                found.setdefault((product.title, product.url), product)
    items = [asdict(product) for product in list(found.values())[:MAX_PRODUCTS]]
    return [{"type": "products", "items": items}] if items else []


def _lines(text: str, start: int, end: int) -> list[str]:
    """The whole lines that a span touches: a quoted half of a row speaks of the row."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return text[first : len(text) if last < 0 else last].split("\n")


def _cells(record: str) -> tuple[dict[str, str], dict[str, str]]:
    """Values by plain header, and the currency that stands in a header."""
    cells: dict[str, str] = {}
    currencies: dict[str, str] = {}
    key = ""
    for piece in record.split("; "):
        pair = _PAIR.fullmatch(piece)
        if pair is None:
            if key:  # the value itself holds a semicolon
                cells[key] = f"{cells[key]}; {piece}"
            continue
        header, value = pair[1], pair[2].strip()
        plain = _plain(header)
        if not value or plain in cells:
            key = ""
            continue
        key = plain
        cells[key] = value
        if currency := _CURRENCY.search(header):
            currencies[key] = currency[0].upper()
    return cells, currencies


def _plain(header: str) -> str:
    words = re.sub(r"[_()\[\]/-]", " ", _CURRENCY.sub(" ", header)).lower().split()
    return " ".join(words[:-1] if len(words) > 1 and words[-1] == "in" else words)


def _key_of(cells: dict[str, str], names: Sequence[str]) -> str:
    return next((name for name in names if name in cells), "")


def _first(cells: dict[str, str], names: Sequence[str]) -> str | None:
    value = cells.get(_key_of(cells, names))
    return value if value and len(value) <= MAX_VALUE else None


def _address(value: str | None, schemes: set[str]) -> str | None:
    if value is None or any(c.isspace() for c in value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in schemes and parts.netloc else None
