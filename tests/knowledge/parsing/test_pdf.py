"""PDF files made with reportlab: reading order, tables, furniture, pages."""

import pytest

from shopwright.knowledge.parsing import extract

LONG = "Our warehouse sends every order on the day it was placed if it arrives before noon. "


@pytest.fixture
def styles():
    from reportlab.lib.styles import getSampleStyleSheet

    return getSampleStyleSheet()


def kinds(extraction):
    return [(span.kind, extraction.text[span.start : span.end]) for span in extraction.spans]


def rows(extraction):
    return [text for kind, text in kinds(extraction) if kind == "row"]


def ruled(data, **options):
    from reportlab.lib import colors
    from reportlab.platypus import Table

    return Table(data, style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black), *options.pop("more", [])], **options)


def test_headings_paragraphs_and_pages(make_pdf, styles):
    from reportlab.platypus import PageBreak, Paragraph

    extraction = extract(
        make_pdf(
            [
                Paragraph("Delivery", styles["Title"]),
                Paragraph(LONG * 3, styles["Normal"]),
                PageBreak(),
                Paragraph("Returns", styles["Heading2"]),
                Paragraph("Within 30 days.", styles["Normal"]),
            ]
        ),
        "a.pdf",
    )

    assert kinds(extraction) == [
        ("heading", "Delivery"),
        ("paragraph", (LONG * 3).strip()),
        ("heading", "Returns"),
        ("paragraph", "Within 30 days."),
    ]
    assert [span.page for span in extraction.spans] == [1, 1, 2, 2]
    assert extraction.pages == 2


def test_a_ruled_table_is_records(make_pdf, styles):
    from reportlab.platypus import Paragraph

    table = ruled([["Size", "Chest", "Waist"], ["S", "88 cm", "74 cm"], ["M", "96 cm", ""]])
    extraction = extract(make_pdf([Paragraph("Sizes", styles["Heading1"]), table]), "a.pdf")

    assert rows(extraction) == ["Size: S; Chest: 88 cm; Waist: 74 cm", "Size: M; Chest: 96 cm"]


def test_merged_cells_of_a_ruled_table_are_filled(make_pdf):
    data = [["Zone", "Price", ""], ["", "EUR", "USD"], ["EU", "5", "6"], ["", "7", "8"]]
    spans = [("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 0), (0, 1)), ("SPAN", (0, 2), (0, 3))]
    extraction = extract(make_pdf([ruled(data, more=spans)]), "a.pdf")

    assert rows(extraction) == [
        "Zone: EU; Price EUR: 5; Price USD: 6",
        "Zone: EU; Price EUR: 7; Price USD: 8",
    ]


def test_a_table_that_goes_over_pages_keeps_its_headers(make_pdf):
    data = [["SKU", "Name", "EUR"], *([f"A-{n}", f"Mug {n}", f"{n}.50"] for n in range(80))]
    extraction = extract(make_pdf([ruled(data)]), "a.pdf")

    assert rows(extraction) == [f"SKU: A-{n}; Name: Mug {n}; EUR: {n}.50" for n in range(80)]
    assert extraction.pages > 1


def test_a_table_without_lines_is_found_by_its_columns(make_pdf, styles):
    from reportlab.platypus import Paragraph, Table

    data = [
        ["Item", "Size", "Price"],
        ["Mug", "M", "12.50"],
        ["Coffee pot", "L", "30.00"],
        ["Pan", "XL", "45.00"],
    ]
    table = Table(data, colWidths=[150, 80, 80])
    extraction = extract(make_pdf([Paragraph(LONG, styles["Normal"]), table]), "a.pdf")

    assert rows(extraction)[1] == "Item: Coffee pot; Size: L; Price: 30.00"


def test_columns_of_prose_are_read_one_after_the_other(make_pdf):
    left = [f"left column line {n} has several words" for n in range(20)]
    right = [f"right column line {n} has several words" for n in range(20)]

    def draw(canvas):
        canvas.setFont("Helvetica", 10)
        for n in range(20):
            canvas.drawString(60, 780 - n * 14, left[n])
            canvas.drawString(320, 780 - n * 14, right[n])

    text = extract(make_pdf(draw=draw), "a.pdf").text.replace("\n", " ")
    assert text.index("left column line 19") < text.index("right column line 0")


def test_running_headers_and_page_numbers_are_left_out(make_pdf, styles):
    from reportlab.platypus import PageBreak, Paragraph

    def edge(canvas, document):
        canvas.drawString(60, 815, "Nord Shop terms and conditions")
        canvas.drawString(280, 20, f"Page {document.page} of 4")

    story = []
    for name in ("Alpha", "Beta", "Gamma", "Delta"):
        story += [Paragraph(f"{name} chapter. {LONG}", styles["Normal"]), PageBreak()]
    text = extract(make_pdf(story, on_page=edge), "a.pdf").text

    assert "terms and conditions" not in text
    assert "Page" not in text
    assert "Gamma chapter" in text


def test_words_parted_at_line_ends_are_joined(make_pdf):
    def draw(canvas):
        canvas.setFont("Helvetica", 10)
        for n, line in enumerate(
            ["We take back every unused arti-", "cle, also by e-mail, within the", "well-known period."]
        ):
            canvas.drawString(60, 780 - n * 12, line)

    assert "unused article, also by e-mail, within the well-known" in extract(make_pdf(draw=draw), "a.pdf").text


def test_a_page_without_text_among_others_is_mentioned(make_pdf):
    def draw(canvas):
        canvas.drawString(60, 700, "First page")
        canvas.showPage()
        canvas.rect(0, 0, 100, 100)
        canvas.showPage()

    extraction = extract(make_pdf(draw=draw), "a.pdf")

    assert extraction.text == "First page"
    assert "1 of 2 pages" in extraction.warnings[0]


def test_bullets_are_list_items(make_pdf):
    def draw(canvas):
        canvas.setFont("Helvetica", 10)
        for n, line in enumerate(["You need:", "\u2022 the receipt", "\u2022 the box", "1. Pack it"]):
            canvas.drawString(60, 780 - n * 12, line)

    assert kinds(extract(make_pdf(draw=draw), "a.pdf")) == [
        ("paragraph", "You need:"),
        ("list", "- the receipt"),
        ("list", "- the box"),
        ("list", "1. Pack it"),
    ]


def test_letters_drawn_twice_are_read_once(make_pdf):
    def draw(canvas):
        for shift in (0, 0.4):
            canvas.drawString(60 + shift, 700, "Sale ends Sunday")

    assert extract(make_pdf(draw=draw), "a.pdf").text == "Sale ends Sunday"


def test_text_that_runs_up_the_margin_is_left_out(make_pdf):
    def draw(canvas):
        canvas.drawString(100, 700, "The text itself stands upright and is longer than the stamp.")
        canvas.rotate(90)
        canvas.drawString(100, -20, "Draft stamp")

    text = extract(make_pdf(draw=draw), "a.pdf").text
    assert text.startswith("The text itself")
    assert "stamp." in text
    assert "Draft" not in text
