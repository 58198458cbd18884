"""DOCX, XLSX, PPTX, OpenDocument and EPUB, made by the usual libraries or by hand."""

import datetime as dt
import io

import pytest

from shopwright.knowledge.parsing import ParseFailed, extract
from shopwright.knowledge.parsing.sniffing import DOCX, EPUB, ODS, ODT, PPTX, XLSX


def kinds(extraction):
    return [(span.kind, extraction.text[span.start : span.end]) for span in extraction.spans]


def rows(extraction):
    return [text for kind, text in kinds(extraction) if kind == "row"]


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


# --- DOCX


def test_a_docx_gives_headings_lists_and_tables():
    from docx import Document

    document = Document()
    document.core_properties.title = "Returns policy"
    document.add_heading("Returns", level=1)
    document.add_paragraph("Within 30 days.")
    document.add_paragraph("Pack it", style="List Bullet")
    document.add_paragraph("Send it", style="List Bullet")
    document.add_heading("Costs", level=2)
    table = document.add_table(rows=4, cols=3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Price"
    table.cell(0, 0).text = "Zone"
    for column, text in enumerate(["", "EUR", "USD"]):
        table.cell(1, column).text = text
    table.cell(2, 0).merge(table.cell(3, 0)).text = "EU"
    for row, values in ((2, ("5", "6")), (3, ("7", "8"))):
        for column, text in enumerate(values, start=1):
            table.cell(row, column).text = text
    extraction = extract(saved(document), "a.docx")

    assert (extraction.media_type, extraction.title) == (DOCX, "Returns policy")
    assert kinds(extraction) == [
        ("heading", "Returns"),
        ("paragraph", "Within 30 days."),
        ("list", "- Pack it"),
        ("list", "- Send it"),
        ("heading", "Costs"),
        ("row", "Zone: EU; Price EUR: 5; Price USD: 6"),
        ("row", "Zone: EU; Price EUR: 7; Price USD: 8"),
    ]
    assert [span.level for span in extraction.spans if span.kind == "heading"] == [1, 2]


def test_bold_labels_of_a_docx_table_are_labels():
    from docx import Document

    document = Document()
    table = document.add_table(rows=2, cols=2)
    for row, (label, value) in enumerate([("Material", "Cotton"), ("Origin", "Portugal")]):
        table.cell(row, 0).paragraphs[0].add_run(label).bold = True
        table.cell(row, 1).text = value

    assert rows(extract(saved(document), "a.docx")) == ["Material: Cotton", "Origin: Portugal"]


def test_deleted_text_and_field_codes_of_a_docx_are_not_read(make_zip):
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>Now </w:t></w:r>'
        "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
        "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r></w:p></w:body></w:document>"
    )

    assert extract(make_zip(**{"word/document.xml": body}), "a.docx").text == "Now new"


def test_pages_of_a_docx_are_those_that_were_laid_out(make_zip):
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>One</w:t></w:r></w:p>'
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Two</w:t></w:r></w:p></w:body></w:document>"
    )
    extraction = extract(make_zip(**{"word/document.xml": body}), "a.docx")

    assert [span.page for span in extraction.spans] == [1, 2]
    assert extraction.pages == 2


# --- XLSX


def workbook(*sheets):
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, lines in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return book


def test_a_price_list_keeps_its_values_as_they_are_shown():
    book = workbook(("Prices", [["SKU", "Price", "Rate", "Since", "Stock", "Time"]]))
    sheet = book.active
    sheet.append(["A-1", 12.5, 0.19, dt.date(2026, 3, 1), 12.0, dt.time(9, 30)])
    sheet["B2"].number_format = '#,##0.00 "€"'
    sheet["C2"].number_format = "0%"
    sheet["D2"].number_format = "dd.mm.yyyy"
    sheet["F2"].number_format = "h:mm"

    assert rows(extract(saved(book), "a.xlsx")) == [
        "SKU: A-1; Price: 12.50 €; Rate: 19%; Since: 2026-03-01; Stock: 12; Time: 09:30"
    ]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (1234.5, "#,##0.00", "1234.50"),
        (-3, "[$$-409]#,##0.00;-[$$-409]#,##0.00", "-$3.00"),
        (49.9, "_-* #,##0.00 [$€-407]_-", "49.90 €"),
        (7, "00000", "00007"),
        (0.125, "0.0%", "12.5%"),
        (45000.75, "yyyy-mm-dd hh:mm", "2023-03-15 18:00"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (2026, "0", "2026"),
    ],
)
def test_a_number_is_shown_by_its_format(value, code, shown):
    book = workbook(("S", [["Name", "Value"], ["x", value]]))
    book.active["B2"].number_format = code

    assert rows(extract(saved(book), "a.xlsx")) == [f"Name: x; Value: {shown}"]


def test_titles_merged_headers_and_empty_columns_of_a_sheet_do_not_shift_values():
    book = workbook(
        (
            "List",
            [
                ["Autumn prices"],
                [],
                ["Item", None, "Price", None],
                [None, None, "EUR", "USD"],
                ["Mug", None, 12, 14],
                ["Pot", None, 30, None],
            ],
        )
    )
    for merged in ("A1:D1", "C3:D3", "A3:A4"):
        book.active.merge_cells(merged)
    extraction = extract(saved(book), "a.xlsx")

    assert kinds(extraction)[0] == ("heading", "Autumn prices")
    assert rows(extraction) == ["Item: Mug; Price EUR: 12; Price USD: 14", "Item: Pot; Price EUR: 30"]


def test_each_sheet_is_named_and_hidden_ones_are_left_out():
    book = workbook(
        ("Shoes", [["Item", "EUR"], ["Boot", 90]]),
        ("Secret", [["Item", "EUR"], ["Cost", 1]]),
        ("Hats", [["Item", "EUR"], ["Cap", 20]]),
    )
    book["Secret"].sheet_state = "hidden"
    extraction = extract(saved(book), "a.xlsx")

    assert extraction.media_type == XLSX
    assert kinds(extraction) == [
        ("heading", "Shoes"),
        ("row", "Item: Boot; EUR: 90"),
        ("heading", "Hats"),
        ("row", "Item: Cap; EUR: 20"),
    ]
    assert {span.anchor for span in extraction.spans} == {"Shoes", "Hats"}
    assert extraction.warnings


def test_two_tables_on_a_sheet_have_their_own_headers():
    lines = [["Item", "EUR"], ["Mug", 12], [], ["City", "Opens", "Closes"], ["Bonn", "9:00", "18:00"]]

    assert rows(extract(saved(workbook(("S", lines))), "a.xlsx")) == [
        "Item: Mug; EUR: 12",
        "City: Bonn; Opens: 9:00; Closes: 18:00",
    ]


def test_an_empty_row_inside_a_long_list_does_not_lose_the_header():
    lines = [["Item", "EUR"], ["Mug", 12], ["Pot", 30], [], ["Pan", 40]]

    assert rows(extract(saved(workbook(("S", lines))), "a.xlsx"))[-1] == "Item: Pan; EUR: 40"


def test_a_large_sheet_is_read_whole():
    lines = [["SKU", "Name", "EUR"], *([f"A-{n}", f"Mug {n}", n] for n in range(5000))]
    found = rows(extract(saved(workbook(("S", lines))), "a.xlsx"))

    assert len(found) == 5000
    assert found[4321] == "SKU: A-4321; Name: Mug 4321; EUR: 4321"


# --- PPTX


def test_slides_give_titles_lists_tables_and_notes():
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Warranty"
    slide.placeholders[1].text = "Two years\nFree repair"
    slide.notes_slide.notes_text_frame.text = "Also abroad."
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Prices"
    box = Inches(1)
    table = second.shapes.add_table(2, 2, box, box, box, box).table
    for row, values in enumerate([("Item", "EUR"), ("Mug", "12")]):
        for column, text in enumerate(values):
            table.cell(row, column).text = text
    extraction = extract(saved(deck), "a.pptx")

    assert (extraction.media_type, extraction.pages) == (PPTX, 2)
    assert [(span.page, *pair) for span, pair in zip(extraction.spans, kinds(extraction), strict=True)] == [
        (1, "heading", "Warranty"),
        (1, "list", "- Two years"),
        (1, "list", "- Free repair"),
        (1, "paragraph", "Also abroad."),
        (2, "heading", "Prices"),
        (2, "row", "Item: Mug; EUR: 12"),
    ]


# --- OpenDocument and EPUB

ODF_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def odf(make_zip, kind: str, body: str) -> bytes:
    content = f"<office:document-content {ODF_SPACES}><office:body>{body}</office:body></office:document-content>"
    return make_zip(mimetype=kind, **{"content.xml": content})


def cell(text: str, extra: str = "") -> str:
    return f"<table:table-cell {extra}><text:p>{text}</text:p></table:table-cell>"


def test_an_odt_gives_headings_lists_and_tables(make_zip):
    table = (
        "<table:table><table:table-header-rows><table:table-row>"
        + cell("Zone")
        + cell("Days")
        + "</table:table-row></table:table-header-rows><table:table-row>"
        + cell("EU")
        + cell("3")
        + "</table:table-row></table:table>"
    )
    body = (
        '<office:text><text:h text:outline-level="2">Delivery</text:h><text:p>We <text:span>ship</text:span>'
        "<text:line-break/>daily.</text:p><text:list><text:list-item><text:p>Fast</text:p></text:list-item>"
        f"</text:list>{table}</office:text>"
    )
    extraction = extract(odf(make_zip, ODT, body), "a.odt")

    assert kinds(extraction) == [
        ("heading", "Delivery"),
        ("paragraph", "We ship\ndaily."),
        ("list", "- Fast"),
        ("row", "Zone: EU; Days: 3"),
    ]


def test_a_million_repeated_empty_rows_cost_nothing(make_zip):
    empty = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    )
    line = "<table:table-row>{}{}</table:table-row>"
    body = (
        '<office:spreadsheet><table:table table:name="Prices">'
        + line.format(cell("Item"), cell("EUR"))
        + line.format(cell("Mug"), cell("12"))
        + empty
        + "</table:table></office:spreadsheet>"
    )
    extraction = extract(odf(make_zip, ODS, body), "a.ods")

    assert rows(extraction) == ["Item: Mug; EUR: 12"]
    assert extraction.spans[0].anchor == "Prices"


def test_chapters_of_a_book_come_in_reading_order(make_zip):
    package = (
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Care</dc:title></metadata><manifest>'
        '<item id="b" href="b.xhtml"/><item id="a" href="a%20a.xhtml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="in/p.opf"/></rootfiles></container>'
    data = make_zip(
        mimetype=EPUB,
        **{
            "META-INF/container.xml": container,
            "in/p.opf": package,
            "in/b.xhtml": "<html><body><h1>Second</h1><p>Two.</p></body></html>",
            "in/a a.xhtml": "<html><body><h1>First</h1><p>One.</p></body></html>",
        },
    )
    extraction = extract(data, "a.epub")

    assert extraction.title == "Care"
    assert [text for _, text in kinds(extraction)] == ["First", "One.", "Second", "Two."]


@pytest.mark.parametrize("name", ["word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"])
def test_a_damaged_office_file_says_so(make_zip, name):
    with pytest.raises(ParseFailed) as failed:
        extract(make_zip(**{name: "<broken"}), "a.docx")

    assert failed.value.code == "broken"
