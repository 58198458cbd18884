"""Product cards show what stands in the cited record, and nothing else."""

from uuid import UUID

import pytest

from shopwright.answering.citations import Citation
from shopwright.answering.products import Product, product_blocks, product_of
from shopwright.knowledge.passages import Passage

ROW = (
    "sku: Q-1; name: Ridge Boots; description: For scree; with a rim: wide; price: 89.95; was_price: 119.95;"
    " currency: EUR; image_url: https://img.shop.example/b.png; url: https://shop.example/b"
)
ID = UUID("018f0000-0000-7000-8000-000000000001")


def passage(text: str, kind: str = "row") -> Passage:
    return Passage(ID, ID, 1, "Products", "", None, None, None, kind, "en", text, 100, 100 + len(text), 1.0)


def citation(number: int, at: Passage, quote: str) -> Citation:
    start = at.start + at.text.index(quote)
    return Citation(number, 0, ID, ID, 1, "Products", "", None, None, None, quote, start, start + len(quote))


def test_a_row_with_a_name_and_a_price_is_a_card() -> None:
    assert product_of(ROW, 2) == Product(
        "Ridge Boots", "89.95", "119.95", "EUR", "https://img.shop.example/b.png", "https://shop.example/b", 2
    )


@pytest.mark.parametrize(
    ("record", "price", "currency"),
    [
        ("Leistung: Inspektion; Preis in EUR: 49,00", "49,00", "EUR"),
        ("Service: Basic check; Price EUR: 49,00; Unit: bike", "49,00", "EUR"),
        ("Product: Tent; Price (£): 249", "249", "£"),
        ("Product: Tent; Price: £249.00; Currency: EUR", "£249.00", None),
        ("title: Tent; sale_price: 199.00 CHF; price: 249.00 CHF", "199.00 CHF", None),
    ],
)
def test_prices_and_currencies_are_found_under_the_headers_shops_use(
    record: str, price: str, currency: str | None
) -> None:
    card = product_of(record, 1)
    assert card is not None
    assert (card.price, card.currency) == (price, currency)
    assert card.price in record
    assert card.currency is None or card.currency in record


@pytest.mark.parametrize(
    "record",
    [
        "name: Ridge Boots; stock: 4",
        "price: 89.95; stock: 4",
        "name: Ridge Boots; price: on request",
        "A sentence about boots: they cost 89.95.",
        "",
    ],
)
def test_what_names_no_thing_with_a_price_is_no_card(record: str) -> None:
    assert product_of(record, 1) is None


def test_pictures_come_by_https_and_links_lead_to_web_pages_only() -> None:
    card = product_of("name: X; price: 1; image: http://img.example/a.png; url: javascript:alert(1)", 1)
    assert card is not None
    assert (card.image_url, card.url) == (None, None)


def test_half_a_row_cited_shows_the_whole_rows_card_and_no_others() -> None:
    rows = passage("name: Ridge Boots; price: 89.95; url: https://shop.example/b\nname: Moor Tent; price: 249.00")
    cited = [citation(1, rows, "price: 89.95"), citation(2, rows, "url: https://shop.example/b")]
    blocks = product_blocks([rows], cited)
    assert [item["title"] for block in blocks for item in block["items"]] == ["Ridge Boots"]
    assert blocks[0]["items"][0]["citation"] == 1


def test_prose_that_looks_like_a_row_makes_no_card() -> None:
    prose = passage("name: Ridge Boots; price: 89.95", "prose")
    assert product_blocks([prose], [citation(1, prose, "price: 89.95")]) == []
