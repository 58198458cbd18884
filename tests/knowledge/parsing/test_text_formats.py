"""Plain text, Markdown, tables in text, JSON, HTML, mail, RTF and XML."""

import codecs
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopwright.knowledge.parsing import ParseFailed, extract, extract_text, sniff


def kinds(extraction):
    return [(span.kind, extraction.text[span.start : span.end]) for span in extraction.spans]


def rows(extraction):
    return [text for kind, text in kinds(extraction) if kind == "row"]


# --- plain text and Markdown


def test_markdown_is_read_to_plain_text_with_its_structure():
    extraction = extract_text(
        "# Returns\n\nSend it **back** within `30` days, see [the form](https://shop.example/form).\n\n"
        "1. Pack\n2. Ship\n   - by post\n\n> Keep the receipt.\n\n```\ncode  here\n```\n"
    )

    assert extraction.title == "Returns"
    assert kinds(extraction) == [
        ("heading", "Returns"),
        ("paragraph", "Send it back within 30 days, see the form (https://shop.example/form)."),
        ("list", "1. Pack"),
        ("list", "2. Ship"),
        ("list", "- by post"),
        ("paragraph", "Keep the receipt."),
        ("code", "code  here"),
    ]


def test_a_markdown_table_is_records():
    extraction = extract_text("| Size | Chest |\n|---|---|\n| M | 96 cm |\n| L | 102 cm |\n")

    assert rows(extraction) == ["Size: M; Chest: 96 cm", "Size: L; Chest: 102 cm"]


def test_front_matter_gives_the_title_and_is_no_text():
    extraction = extract_text("---\ntitle: Care guide\ntags: [wool]\n---\n\nWash cold.")

    assert (extraction.title, extraction.text) == ("Care guide", "Wash cold.")


def test_text_typed_plainly_keeps_stars_and_lines():
    extraction = extract_text("Shop *Nord*\nMain Street 1\n12345 Town", markdown=False)

    assert extraction.text == "Shop *Nord*\nMain Street 1\n12345 Town"


def test_lines_wrapped_for_width_are_joined():
    text = "We deliver to all countries of the European Union and to\nSwitzerland within five days."

    assert "\n" not in extract_text(text).text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.booleans())
def test_text_holds_nothing_a_database_refuses(text, markdown):
    try:
        extraction = extract_text(text, markdown=markdown)
    except ParseFailed:
        return

    assert not any(ord(char) < 32 and char not in "\n\t" for char in extraction.text)
    extraction.text.encode("utf-8")


def test_controls_and_lone_surrogates_are_removed():
    assert extract_text("a\x00b\ud800c\x1b[0m\u200bd\ufeff").text == "abc[0m\u200bd"


def test_an_empty_text_says_so():
    with pytest.raises(ParseFailed) as failed:
        extract_text(" \n\x00 ")

    assert failed.value.code == "empty"


def test_two_kilobytes_of_text_take_far_less_than_they_may():
    text = "Orders placed before noon leave our warehouse on the same day. " * 32
    extract_text(text)
    best = min(_seconds(text) for _ in range(20))

    # a guard against a mistake of orders of magnitude; the figure itself is measured by the bench
    assert best < 0.05


def _seconds(text):
    began = time.perf_counter()
    extract_text(text)
    return time.perf_counter() - began


@pytest.mark.parametrize(
    "encoded",
    [
        "Größe: 5 €".encode("cp1252"),
        "Größe: 5 €".encode(),
        codecs.BOM_UTF8 + "Größe: 5 €".encode(),
        "Größe: 5 €".encode("utf-16"),
        codecs.BOM_UTF16_BE + "Größe: 5 €".encode("utf-16-be"),
        ("Größe: 5 €" * 20).encode("utf-16-le"),
        "Größe: 5 €".encode("utf-32"),
    ],
)
def test_the_encoding_is_found(encoded):
    assert "Größe: 5 €" in extract(encoded, "a.txt").text


def test_one_bad_byte_does_not_change_the_encoding_of_the_rest():
    data = ("Größe und Länge für Füße. " * 20).encode() + b"\xff" + "Ä".encode()

    assert "Größe" in extract(data, "a.txt").text


# --- tables in text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    data = "\n".join(delimiter.join(row) for row in [["Item", "Size", "EUR"], ["Mug", "M", "12.50"], ["Pot", "L", "9"]])

    assert rows(extract(data.encode(), "a.csv")) == [
        "Item: Mug; Size: M; EUR: 12.50",
        "Item: Pot; Size: L; EUR: 9",
    ]


def test_quoted_cells_keep_delimiters_and_lose_line_ends():
    data = b'Name,Text\n"Mug, blue","two\nlines ""quoted"""\nPot,"x"\n'

    assert rows(extract(data, "a.csv")) == ['Name: Mug, blue; Text: two lines "quoted"', "Name: Pot; Text: x"]


def test_decimal_commas_do_not_part_cells():
    assert rows(extract(b"Item;Price\nMug;12,50\nPot;9,00\n", "a.csv"))[0] == "Item: Mug; Price: 12,50"


def test_a_quote_that_is_never_closed_costs_nothing():
    data = b'Name,Inch\nTV,55"\nRadio,"3\n' + b"".join(b"Item %d,%d\n" % (n, n) for n in range(300))
    extraction = extract(data, "a.csv")

    assert "Name: Item 299; Inch: 299" in rows(extraction)
    assert extraction.warnings


def test_the_title_of_a_csv_table_goes_with_its_rows():
    extraction = extract(b"Summer prices,,\nItem,Size,EUR\nMug,M,12\nPot,L,9\n", "a.csv")

    assert kinds(extraction)[0] == ("heading", "Summer prices")
    assert rows(extraction) == ["Item: Mug; Size: M; EUR: 12", "Item: Pot; Size: L; EUR: 9"]


# --- JSON


def test_a_list_of_objects_is_rows():
    data = b'[{"sku": "A1", "price": 12.0, "tags": ["new", "sale"], "size": {"eu": 42}, "none": null}]'

    assert rows(extract(data, "a.json")) == ["sku: A1; price: 12; tags: new, sale; size.eu: 42"]


def test_a_list_inside_an_object_gets_its_name_as_heading():
    data = b'{"shop": "Nord", "stores": [{"city": "Bonn", "open": "9-18"}, {"city": "Kiel", "open": "10-19"}]}'
    extraction = extract(data, "a.json")

    assert kinds(extraction) == [
        ("row", "shop: Nord"),
        ("heading", "stores"),
        ("row", "city: Bonn; open: 9-18"),
        ("row", "city: Kiel; open: 10-19"),
    ]


def test_json_lines_leave_out_what_cannot_be_read():
    extraction = extract(b'{"a": 1}\n{"a": 2}\nnot json\n{"a": 3}\n', "a.jsonl")

    assert rows(extraction) == ["a: 1", "a: 2", "a: 3"]
    assert extraction.warnings


def test_broken_json_says_where():
    with pytest.raises(ParseFailed) as failed:
        extract(b'{"a": 1,\n "b": }', "a.json")

    assert failed.value.code == "broken"
    assert "line 2" in failed.value.message


# --- HTML

PAGE = b"""<!doctype html><html><head><title>Delivery | Shop</title><script>var x = "secret()";</script>
<style>p{}</style></head><body>
<header><a href=/>Home</a></header><nav><ul><li><a href=/a>Shoes</a></li></ul></nav>
<div class="cookie-banner">We use cookies. <button>Accept all</button></div>
<main><h1 id="delivery">Delivery</h1><p>We deliver <b>fast</b>.<br>Every day.</p>
<h2><a name="costs"></a>Costs</h2>
<table><thead><tr><th>Zone</th><th colspan=2>Price</th></tr><tr><th></th><th>EUR</th><th>USD</th></tr></thead>
<tr><td rowspan=2>EU</td><td>5</td><td>6</td></tr><tr><td>7</td><td>8</td></tr></table>
<ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul>
<details><summary>Do you ship abroad?</summary><p>Yes, to <a href="/c">40 countries</a>.</p></details>
<dl><dt>Express</dt><dd>Next day</dd></dl>
<form><input name=q><label>Search</label></form></main>
<footer>Imprint and privacy</footer></body></html>"""


def test_a_page_gives_its_main_content_and_no_frame():
    extraction = extract(PAGE, "a.html")

    assert extraction.title == "Delivery | Shop"
    for word in ("secret", "Home", "Shoes", "cookies", "Accept", "Search", "Imprint"):
        assert word not in extraction.text
    assert kinds(extraction) == [
        ("heading", "Delivery"),
        ("paragraph", "We deliver fast.\nEvery day."),
        ("heading", "Costs"),
        ("row", "Zone: EU; Price EUR: 5; Price USD: 6"),
        ("row", "Zone: EU; Price EUR: 7; Price USD: 8"),
        ("list", "- One"),
        ("list", "- Inner"),
        ("list", "- Two"),
        ("heading", "Do you ship abroad?"),
        ("paragraph", "Yes, to 40 countries."),
        ("paragraph", "Express\nNext day"),
    ]
    assert [span.anchor for span in extraction.spans if span.kind == "heading"][:2] == ["delivery", "costs"]


def test_a_page_without_main_part_is_not_lost():
    data = (
        b"<html><body><form class=menu><p>" + b"Our opening hours are nine to six. " * 5 + b"</p></form></body></html>"
    )

    assert "opening hours" in extract(data, "a.html").text


def test_answers_hidden_until_a_click_are_content():
    data = b"<html><body><h2>By invoice?</h2><div hidden style='display:none'>Yes, within 14 days.</div>"

    assert "Yes, within 14 days." in extract(data, "faq.html").text


def test_a_table_that_arranges_a_page_is_read_as_text():
    inner = b"<table><tr><td>Weight</td><td>2 kg</td></tr><tr><td>Colour</td><td>red</td></tr></table>"
    page = b"<html><body><table><tr><td>" + inner + b"</td><td><p>Text</p></td></tr></table>"

    assert kinds(extract(page, "a.html")) == [
        ("row", "Weight: 2 kg"),
        ("row", "Colour: red"),
        ("paragraph", "Text"),
    ]


def test_bold_cells_of_a_page_are_headers():
    cells = b"<tr><td><b>Plan</b></td><td><b>Terms</b></td></tr><tr><td>Basic</td><td>free</td></tr>"

    assert rows(extract(b"<html><body><table>" + cells + b"</table>", "a.html")) == ["Plan: Basic; Terms: free"]


def test_nothing_is_fetched_from_a_page():
    data = b'<html><body><p>Hi<img src="http://127.0.0.1:1/x"><iframe src="http://127.0.0.1:1/"></iframe></p></body></html>'

    assert extract(data, "a.html").text == "Hi"


# --- mail, RTF, XML


def test_a_message_gives_head_and_plain_text():
    data = (
        b"From: Nord Shop <help@nord.example>\r\nTo: a@b.example\r\nSubject: =?utf-8?q?R=C3=BCckgabe?=\r\n"
        b"Date: Mon, 02 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain; '
        b"charset=utf-8\r\n\r\n"
        b"30 days.\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>HTML</p>\r\n--x\r\nContent-Type: "
        b"application/pdf\r\n"
        b'Content-Disposition: attachment; filename="a.pdf"\r\n\r\n%PDF\r\n--x--\r\n'
    )
    extraction = extract(data, "mail.eml")

    assert extraction.title == "Rückgabe"
    assert extraction.text.startswith("Subject: Rückgabe\nFrom: Nord Shop <help@nord.example>\nDate: 2026-11-02 10:00")
    assert extraction.text.endswith("30 days.")
    assert extraction.warnings


def test_rtf_gives_text_and_tables():
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\plain Gr\'f6\u223?e\par "
        rb"\trowd\intbl Item\cell Price\cell\row\trowd\intbl Mug\cell 12 EUR\cell\row"
        rb"\pard End\par}"  # codespell:ignore pard
    )

    assert kinds(extract(data, "a.rtf")) == [
        ("paragraph", "Größe"),
        ("row", "Item: Mug; Price: 12 EUR"),
        ("paragraph", "End"),
    ]


def test_xml_records_are_rows():
    items = b'<item id="1"><name>Mug</name></item><item id="2"><name>Pot</name></item>'
    data = b'<?xml version="1.0"?><items>' + items + b"</items>"

    assert rows(extract(data, "a.xml")) == ["id: 1; name: Mug", "id: 2; name: Pot"]


# --- types


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"%PDF-1.4\n", "a.txt", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "a.pdf", "image/png"),
        (b"<!DOCTYPE html><p>x", "a.csv", "text/html"),
        (b"# A\n\n<div>x</div>", "a.md", "text/markdown"),
        (b'{"a": 1}', "a.txt", "application/json"),
        (b'{"a": 1}\n{"a": 2}', "a.txt", "application/x-ndjson"),
        (b"a,b,c\n1,2,3\n4,5,6\n7,8,9\n", "export", "text/csv"),
        (b"Dear all,\n\nwe write, as promised, today.", "a.txt", "text/plain"),
        (b"Dear all", "a.csv", "text/csv"),
        (b"From: a@b.c\nDate: x\nSubject: y\n\nz", "a.txt", "message/rfc822"),
        (b"{\\rtf1 x}", "a.doc", "text/rtf"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "a.docx",
            "application/msword",
        ),
        (bytes(range(256)) * 8, "a.txt", "application/octet-stream"),
        (b"Plain", "../../etc/passwd.md", "text/markdown"),
    ],
)
def test_the_type_comes_from_the_content(data, name, expected):
    assert sniff(data, name) == expected


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["a.txt", "a.csv", "a.html", "a.json", "a.eml", "a.md", "a.pdf", "x"]),
)
def test_any_bytes_end_as_text_or_as_a_reason(data, name):
    try:
        text = extract(data, name).text
    except ParseFailed as failed:
        text = failed.message

    assert text.strip()
