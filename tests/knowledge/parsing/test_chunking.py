"""Passages hold all of the text, once, and are cut where a reader would cut."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shopwright.knowledge.parsing import Extraction, Span, chunk, chunk_context, extract, extract_text
from shopwright.knowledge.parsing.builder import Builder

SENTENCE = "Orders placed before noon leave our warehouse on the same day. "
pieces = st.text(alphabet=st.sampled_from(list("ab1 ,.;!?。 ก่อนข 字\n-…é")), min_size=1, max_size=400)
blocks = st.lists(st.tuples(st.sampled_from(["h1", "h2", "h4", "p", "li", "row", "code"]), pieces), max_size=25)


def build(parts) -> Extraction | None:
    builder = Builder()
    for kind, text in parts:
        if kind.startswith("h"):
            builder.heading(text, int(kind[1]))
        else:
            {"p": builder.paragraph, "li": builder.item, "row": builder.row, "code": builder.code}[kind](text)
    return None if builder.empty else builder.build("text/plain")


def texts(extraction: Extraction, **options) -> list[str]:
    return [extraction.text[c.start : c.end] for c in chunk(extraction, **options)]


@settings(max_examples=300, deadline=None)
@given(blocks, st.integers(20, 300), st.booleans())
def test_every_visible_character_is_in_exactly_one_chunk(parts, target, data_file):
    extraction = build(parts)
    if extraction is None:
        return
    if data_file:
        extraction = Extraction(extraction.text, extraction.spans, None, "text/csv", None)
    chunks = chunk(extraction, target_chars=target, max_chars=target * 2)

    position = 0
    for one in chunks:
        assert not extraction.text[position : one.start].strip()
        assert position <= one.start < one.end
        assert one.end - one.start <= target * 2
        assert extraction.text[one.start : one.end].strip() == extraction.text[one.start : one.end]
        position = one.end
    assert not extraction.text[position:].strip()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="abcdefgh0123456789", min_size=1, max_size=30), min_size=1, max_size=80))
def test_no_word_is_cut(words):
    extraction = extract_text(" ".join(words), markdown=False)

    found = " ".join(texts(extraction, target_chars=60, max_chars=80)).split()

    assert found == extraction.text.split()


def test_spans_that_leave_gaps_lose_nothing():
    text = "before\n\nheading\n\nafter"
    extraction = Extraction(text, [Span(8, 15, "heading", 1)], None, "text/plain", None)

    assert "".join(texts(extraction)).replace("\n", "") == "beforeheadingafter"


def test_sections_of_the_first_levels_are_kept_apart():
    extraction = extract_text(f"# Shipping\n\n{SENTENCE * 4}\n\n# Returns\n\n{SENTENCE * 4}")

    assert [text.split("\n")[0] for text in texts(extraction)] == ["Shipping", "Returns"]


def test_a_tiny_section_joins_its_neighbour():
    extraction = extract_text("## Phone\n\n030 123\n\n## Mail\n\nhelp@shop.example")

    assert len(chunk(extraction)) == 1


def test_a_heading_is_never_alone_when_text_follows_it():
    extraction = extract_text(f"# A\n\n## B\n\n### C\n\n{SENTENCE * 30}")

    first, *rest = chunk(extraction)
    assert extraction.text[first.start : first.end].startswith("A\n\nB\n\nC\n\nOrders")
    assert rest
    assert rest[0].heading_path == ("A", "B", "C")


def test_long_paragraphs_are_cut_at_ends_of_sentences():
    extraction = extract_text(SENTENCE * 40)

    assert all(text.endswith(".") for text in texts(extraction))


def test_sentences_are_found_in_chinese_and_thai():
    chinese = extract_text("我们的商店提供免费送货服务。" * 100)
    thai = extract_text("ร้านของเราจัดส่งสินค้าฟรี " * 80)

    assert all(text.endswith("。") for text in texts(chinese))
    assert all(text.endswith("ฟรี") for text in texts(thai))


def test_an_abbreviation_does_not_end_a_sentence():
    extraction = extract_text("Accessories, e.g. laces and insoles, are sold apart from the shoes. " * 30)

    assert not any(text.endswith("e.g.") for text in texts(extraction, target_chars=90, max_chars=100))


def test_a_number_with_spaces_is_not_cut():
    extraction = extract_text("price 12 345 678 " * 60)

    found = texts(extraction, target_chars=50, max_chars=60)
    assert len(found) > 5
    assert not any(char.isdigit() for text in found for char in text.replace("12 345 678", ""))


def test_each_row_of_a_data_file_is_a_chunk():
    data = "SKU,Name,Price\n" + "".join(f"A-{n},Mug {n},{n}.50\n" for n in range(20))
    extraction = extract(data.encode(), "prices.csv")

    found = chunk(extraction)
    assert len(found) == 20
    assert {one.kind for one in found} == {"row"}
    assert texts(extraction)[7] == "SKU: A-7; Name: Mug 7; Price: 7.50"


def test_rows_of_a_table_in_prose_share_a_chunk_and_keep_their_headers():
    rows = "".join(f"| Zone {n} | {n} days |\n" for n in range(1, 6))
    extraction = extract_text(f"# Delivery\n\n{SENTENCE}\n\n| Zone | Time |\n|---|---|\n{rows}")

    (only,) = texts(extraction)
    assert "Zone: Zone 3; Time: 3 days\nZone: Zone 4; Time: 4 days" in only


def test_the_rest_of_a_long_record_says_whose_it_is():
    data = f"Name,Description,Care\nWool coat,{SENTENCE * 30},Dry clean only\nHat,Short,None\n"
    extraction = extract(data.encode(), "products.csv")

    first, second, *_ = chunk(extraction)
    assert extraction.text[first.start : first.end].startswith("Name: Wool coat")
    assert second.heading_path[-1] == "Name: Wool coat"


def test_the_context_names_title_and_headings_once():
    extraction = extract_text(f"# Returns\n\n## Canada\n\n{SENTENCE * 30}")

    last = chunk(extraction)[-1]
    assert chunk_context(last, "Returns") == "Returns > Canada"
    assert chunk_context(last, None) == "Returns > Canada"


def test_chunks_point_to_page_and_anchor():
    extraction = extract_text("# Opening hours {#hours}\n\nMonday to Friday, nine to six.")

    (only,) = chunk(extraction)
    assert (only.anchor, only.page) == ("hours", None)
