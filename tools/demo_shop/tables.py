"""The data files of the demo shop: products, service prices, stock by store, stores."""

import csv
import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

from tools.demo_shop.catalogue import FIELDS, Product, stock_of
from tools.demo_shop.office import Sheet, write_xlsx

HERE = Path(__file__).parent
STORES = ("Hamburg", "Berlin", "Cologne", "Frankfurt", "Munich")
# Families whose stock is listed size by size.
STOCKED = (
    "Men's Skerry 3L Rain Jacket", "Women's Skerry 3L Rain Jacket", "Men's Hollow Down Jacket",
    "Women's Hollow Down Jacket", "Men's Heather Merino 150 T-Shirt", "Women's Heather Merino 150 T-Shirt",
    "Men's Ridgeway Trekking Trousers", "Women's Ridgeway Trekking Trousers", "Kids' Puddle Rain Jacket",
)  # fmt: skip
BOOTS = (
    "Men's Garrow Mid Hiking Boot", "Women's Garrow Mid Hiking Boot", "Men's Garrow High Trekking Boot",
    "Women's Pebble Low Hiking Shoe", "Men's Fleet Trail Running Shoe", "Women's Fleet Trail Running Shoe",
)  # fmt: skip


def write_products(products: list[Product], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows(astuple(product) for product in products)


def look_up(facts: dict[str, Any], name: str) -> Any:
    """Return the fact at a dotted name such as `shipping.uk.price`."""
    value: Any = facts
    for key in name.split("."):
        value = value[key]
    return value


def euro(price: float) -> str:
    """Return 4.9 as "4,90"."""
    return f"{price:.2f}".replace(".", ",")


def write_price_list(facts: dict[str, Any], path: Path) -> None:
    """Write the prices of services as a CSV with semicolons and decimal commas, as a German till exports it.

    `services.csv` beside this file names the fact that is the price; rental prices come from the fact sheet.
    """
    rows: list[list[str]] = []
    with (HERE / "services.csv").open(encoding="utf-8", newline="") as source:
        for code, category, service, fact, unit, where, note in list(csv.reader(source))[1:]:
            rows.append([code, category, service, euro(float(look_up(facts, fact))), unit, where, note])
    for number, (name, day, weekend, week, deposit, where) in enumerate(facts["rental"]["items"], start=1):
        for suffix, unit, price in (("a", "day", day), ("b", "weekend", weekend), ("c", "week", week)):
            code, note = f"L-{number:02}{suffix}", f"deposit EUR {deposit}"
            rows.append([code, "Rental", f"{name}, {unit}", euro(price), unit, where, note])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(["Code", "Category", "Service", "Price EUR", "Unit", "Stores", "Note"])
        writer.writerows(rows)


def _stock_rows(products: list[Product], names: tuple[str, ...]) -> list[list[str | int | float]]:
    by_name = {product.name: product for product in products}
    rows: list[list[str | int | float]] = []
    for name in names:
        product = by_name[name]
        sizes = product.sizes.split(", ")
        weights = [stock_of(f"{product.sku}/{size}/warehouse") for size in sizes]
        left = product.stock
        for number, size in enumerate(sizes):
            # The sizes in the warehouse add up to the stock in products.csv; stores hold pieces of their own.
            last = number == len(sizes) - 1
            warehouse = left if last else min(left, product.stock * weights[number] // (sum(weights) or 1))
            left -= warehouse
            stores = [stock_of(f"{product.sku}/{size}/{store}") % 6 for store in STORES]
            rows.append([product.sku, name, size, float(product.price), warehouse, *stores])
    return rows


def write_stock(products: list[Product], path: Path) -> None:
    """Write stock by size and store: a title line and a header of two lines with merged cells."""
    header = [
        ["Article number", "Article", "Size", "Price", "Pieces in stock", "", "", "", "", ""],
        ["", "", "", "", "Warehouse", *STORES],
    ]
    merged = ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:J3")
    widths = (15, 38, 10, 12, 12, 11, 11, 11, 11, 11)
    title = "Stock by size and store, Monday, 16 November 2026, 8:00"
    sheets = [
        Sheet("Clothing", title, header, _stock_rows(products, STOCKED), merged, widths),
        Sheet("Footwear", title, header, _stock_rows(products, BOOTS), merged, widths),
    ]
    write_xlsx(sheets, path)


def write_stores(facts: dict[str, Any], path: Path) -> None:
    stores = [
        {
            "id": store["id"],
            "name": store["name"],
            "address": {key: store[key] for key in ("street", "postcode", "city")} | {"country": "Germany"},
            "phone": store["phone"],
            "opening_hours": store["hours"],
            "workshop_hours": store["workshop"] or "no workshop in this store",
            "services": store["services"],
            "access_and_parking": store["access"],
        }
        for store in facts["stores"]
    ]
    note = (
        "Closed on Sundays and on public holidays of the federal state; days that differ are in 'Opening "
        "hours on holidays and special days'. There are no Quillmoor stores outside Germany."
    )
    text = json.dumps({"note": note, "stores": stores}, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def rental_rows(facts: dict[str, Any]) -> str:
    """Return the rental table's body in the markup of `sources`."""
    return "\n".join(
        f"| {name} | €{day} | €{weekend} | €{week} | €{deposit} | {where} |"
        for name, day, weekend, week, deposit, where in facts["rental"]["items"]
    )
