"""The articles of the demo shop: `products.txt` holds families, this module expands them to articles.

Prices are EUR including 19 % VAT, weights grams. Stock is made up from a hash of the SKU, so that
every build is the same.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
URL = "https://quillmoor.example/p/"

CODES = {
    "Jackets": "JK", "Fleece and midlayers": "FL", "Base layers": "BL", "Trousers": "TR", "Footwear": "FW",
    "Socks and accessories": "AC", "Backpacks": "BP", "Tents": "TN", "Sleeping": "SL", "Camp kitchen": "CK",
    "Lights and navigation": "LN", "Poles": "PO", "Bikes": "BI", "E-bikes": "EB", "Bike clothing": "BC",
    "Helmets": "HE", "Bike bags": "BB", "Child transport": "CT",
    "Bike lights and locks": "LL", "Bike parts": "PT",
    "Tyres and tubes": "TY", "Tools": "TO", "Care products": "CA", "Roof boxes": "RB",
}  # fmt: skip

PEOPLE = {"M": "Men's", "W": "Women's", "K": "Kids'"}

# How a size system reads for each group of people; "" is for everyone.
SIZES = {
    ("A", "M"): "S, M, L, XL, XXL", ("A", "W"): "XS, S, M, L, XL", ("A", "K"): "116, 128, 140, 152, 164",
    ("K", "K"): "92, 104, 116, 128, 140", ("SK", "K"): "26, 28, 30, 32, 34",
    ("SO", ""): "36-38, 39-41, 42-44, 45-47",
    ("S", "M"): "41, 42, 43, 44, 45, 46, 47", ("S", "W"): "36, 37, 38, 39, 40, 41, 42",
    ("S", ""): "37, 38, 39, 40, 41, 42, 43, 44, 45, 46", ("G", ""): "7, 8, 9, 10, 11",
    ("H", ""): "S 51-55 cm, M 55-59 cm, L 58-62 cm", ("HK", ""): "XS 46-51 cm, S 50-55 cm",
}  # fmt: skip

# A woman's or child's size weighs and costs less than a man's.
WEIGHT_FACTOR = {"M": 1.0, "W": 0.88, "K": 0.6, "": 1.0}


@dataclass(frozen=True, slots=True)
class Product:
    sku: str
    name: str
    category: str
    description: str
    price: str
    was_price: str
    currency: str
    sizes: str
    colours: str
    material: str
    weight_g: int
    stock: int
    url: str


FIELDS = tuple(Product.__dataclass_fields__)


def slug(name: str) -> str:
    """Return the name as it stands in a web address: small ASCII letters, digits and single hyphens."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.lower().replace("'", "")).strip("-")


def stock_of(key: str) -> int:
    """Return a made-up stock level of 0 to 90 pieces; about one in seventeen is sold out."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
    return 0 if number % 17 == 0 else number // 17 % 90 + 1


def sale_price(price: float, percent: int) -> float:
    """Return the reduced price, rounded to end in .95 (or to whole EUR 9 above 500)."""
    reduced = price * (100 - percent) / 100
    return round(reduced / 10) * 10 - 1 if reduced > 500 else round(reduced) - 0.05


def _variants(spec: str, price: str, weight: str) -> list[tuple[str, str, float, int]]:
    """Return (label, people, price, weight) of each article of a family."""
    if spec == "-":
        return [("", "", float(price), int(weight))]
    if re.fullmatch("[MWK]+", spec):
        return [("", who, float(price), round(int(weight) * WEIGHT_FACTOR[who] / 5) * 5) for who in spec]
    variants = []
    for part in spec.split(";"):
        label, _, figures = part.strip().partition("=")
        one_price, _, one_weight = figures.partition("/")
        variants.append((label, "", float(one_price), int(one_weight)))
    return variants


def _family(line: str, numbers: dict[str, int]) -> list[Product]:
    category, name, spec, price, sale, sizes, colours, material, weight, text = [f.strip() for f in line.split("|")]
    products = []
    for label, who, regular, grams in _variants(spec, price, weight):
        full = f"{PEOPLE[who]} {name}" if who else f"{name} {label}".strip()
        # Children's sizes of a family that grown-ups wear too are cheaper.
        regular_price = regular - 80 if who == "K" and len(spec) > 1 else regular
        numbers[category] = numbers.get(category, 1000) + 1
        sku = f"QM-{CODES[category]}-{numbers[category]}"
        products.append(
            Product(
                sku=sku,
                name=full,
                category=category,
                description=text,
                price=f"{sale_price(regular_price, int(sale)) if sale else regular_price:.2f}",
                was_price=f"{regular_price:.2f}" if sale else "",
                currency="EUR",
                sizes=SIZES.get((sizes, who), sizes),
                colours="" if colours == "-" else colours,
                material="" if material == "-" else material,
                weight_g=grams,
                stock=stock_of(sku),
                url=URL + slug(full),
            )
        )
    return products


def load_products() -> list[Product]:
    """Return every article in the order of `products.txt`.

    Raises:
        ValueError: a line has not ten fields, or two articles share a name.
    """
    numbers: dict[str, int] = {}
    products: list[Product] = []
    for line in (HERE / "products.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            products += _family(line, numbers)
    names = [product.name for product in products]
    if len(set(names)) != len(names):
        raise ValueError(f"articles share a name: {sorted({n for n in names if names.count(n) > 1})}")
    return products
