"""Sentences leave the stream as soon as they are complete, whatever the pieces they came in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwright.answering.marks import without_markers
from shopwright.answering.stream import SentenceStream, StreamedSentence

ANSWER = (
    "Hi! Here is what I found:\n\n- **Standard:** EUR 4.90 [1].\n- Express, e.g. for gifts. [2][1] It closes on 24. "
    "Dezember. \n\n## More\n1. Open the app\n2. Pay 1.50 EUR"
)


def cut(text: str, size: int) -> list[StreamedSentence]:
    stream = SentenceStream()
    found = [sentence for i in range(0, len(text), size) for sentence in stream.feed(text[i : i + size])]
    return found + stream.close()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 1000])
def test_the_size_of_the_pieces_makes_no_difference(size: int) -> None:
    assert [(sentence.text, sentence.cited) for sentence in cut(ANSWER, size)] == [
        ("Hi!", ()),
        ("Here is what I found:", ()),
        ("**Standard:** EUR 4.90.", (1,)),
        ("Express, e.g. for gifts.", (2, 1)),
        ("It closes on 24. Dezember.", ()),
        ("More", ()),
        ("Open the app", ()),
        ("Pay 1.50 EUR", ()),
    ]


def test_signs_of_lists_and_headings_stand_in_the_lead() -> None:
    leads = [sentence.lead for sentence in cut(ANSWER, 4)]
    assert leads == ["", " ", "\n\n- ", "\n- ", " ", " \n\n## ", "\n1. ", "\n2. "]


def test_a_sentence_leaves_when_the_next_one_begins() -> None:
    stream = SentenceStream()
    assert stream.feed("It costs EUR 4.90.") == []
    assert stream.feed(" [1]") == []
    assert [sentence.text for sentence in stream.feed(" It takes")] == ["It costs EUR 4.90."]


def test_a_line_leaves_when_it_ends() -> None:
    stream = SentenceStream()
    assert [sentence.text for sentence in stream.feed("- Blue\n")] == ["Blue"]


def test_a_marker_in_two_pieces_stays_with_its_sentence() -> None:
    stream = SentenceStream()
    assert stream.feed("It is blue. [") == []
    assert stream.feed("1") == []
    (sentence,) = stream.feed("] Next one")
    assert sentence.cited == (1,)


def test_an_answer_without_an_end_is_cut_after_a_while() -> None:
    stream = SentenceStream()
    assert any(stream.feed("word ") for _ in range(1000))


@given(st.text(alphabet="Ab1. [],\n-#*!é。", max_size=80), st.integers(1, 9))
def test_nothing_is_lost_but_markers(text: str, size: int) -> None:
    found = cut(text, size)
    whole = without_markers(text)
    assert "".join(f"{sentence.lead}{sentence.text}" for sentence in found).split() == whole.split()
