"""Citations point to exactly what they quote."""

import pytest
from tests.answering.passages import RETURNS, passage

from shopwright.answering.citations import CitationList

PAGE = passage(
    "One is here. Two is there. Three is far away.", "Guide", start=100, page=4, url="https://shop.example/g"
)


def span(text: str) -> tuple[int, int]:
    start = PAGE.text.index(text)
    return start, start + len(text)


def test_the_quote_is_the_document_from_start_to_end() -> None:
    document = "x" * 100 + PAGE.text
    citations = CitationList([PAGE])
    citations.cite(0, span("Two is there."))
    (citation,) = citations.citations()
    assert citation.quote == document[citation.start : citation.end] == "Two is there."


def test_numbers_are_given_in_order_of_first_use_and_kept() -> None:
    citations = CitationList([RETURNS, PAGE])
    assert [citations.cite(1, span("Three")), citations.cite(0, (0, 5)), citations.cite(1, span("Three"))] == [1, 2, 1]


def test_neighbours_share_a_number_and_their_quote() -> None:
    citations = CitationList([PAGE])
    assert citations.cite(0, span("One is here.")) == citations.cite(0, span("Two is there.")) == 1
    assert citations.citations()[0].quote == "One is here. Two is there."


def test_places_apart_have_numbers_of_their_own() -> None:
    citations = CitationList([PAGE])
    assert [citations.cite(0, span("One is here.")), citations.cite(0, span("Three is far away."))] == [1, 2]


@pytest.mark.parametrize("bad", [(5, 5), (-1, 3), (0, 999), (7, 3)])
def test_a_place_outside_its_passage_is_refused(bad: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no place"):
        CitationList([PAGE]).cite(0, bad)


@pytest.mark.parametrize(
    ("style", "marked", "footer"),
    [
        ("numbered", "It is. [1]", ""),
        ("inline", "It is. (Guide)", ""),
        ("footnotes", "It is.¹", "¹ Guide, p. 4 (https://shop.example/g)"),
        ("none", "It is.", ""),
    ],
)
def test_each_style_marks_in_its_own_way(style: str, marked: str, footer: str) -> None:
    citations = CitationList([PAGE], style)  # type: ignore[arg-type]
    number = citations.cite(0, span("One"))
    assert citations.mark("It is.", [number]) == marked
    assert citations.footer() == footer
