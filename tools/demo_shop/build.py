"""Writes the demo shop's PDF, DOCX, XLSX, CSV and JSON files from the fact sheet and the sources beside it.

Run from the root of the repository:  python -m tools.demo_shop.build [FOLDER]
Markdown, HTML and plain text documents are not generated; they are edited where they lie.
"""

import sys
from pathlib import Path
from typing import Any

import yaml
from tools.demo_shop.blocks import read_source
from tools.demo_shop.catalogue import load_products
from tools.demo_shop.office import write_docx
from tools.demo_shop.pdf_file import write_pdf
from tools.demo_shop.tables import rental_rows, write_price_list, write_products, write_stock, write_stores

HERE = Path(__file__).parent
SHOP = HERE.parent.parent / "examples" / "demo-shop"


def load_facts() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load((HERE / "facts.yaml").read_text(encoding="utf-8"))
    return facts


def build(folder: Path) -> list[Path]:
    """Write every generated file below `folder` and return the paths."""
    facts, products = load_facts(), load_products()
    documents = folder / "documents"
    documents.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted((HERE / "sources").glob("*.md")):
        target = documents / source.stem
        text = read_source(source, {"rental": rental_rows(facts)})
        (write_pdf if target.suffix == ".pdf" else write_docx)(text, target)
        written.append(target)
    write_products(products, folder / "products.csv")
    write_price_list(facts, documents / "price-list-services.csv")
    write_stock(products, documents / "stock-by-size.xlsx")
    write_stores(facts, documents / "stores.json")
    written += [folder / "products.csv"]
    written += [documents / name for name in ("price-list-services.csv", "stock-by-size.xlsx", "stores.json")]
    return written


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else SHOP):
        print(f"{path.stat().st_size:>8,} bytes  {path.name}")
