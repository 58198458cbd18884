import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwright.nlp.sentences import split_sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_abbreviations_decimals_and_initials_do_not_end_a_sentence() -> None:
    assert cut("Dr. J. Smith paid $4.95 for approx. 5 kg, e.g. nuts. See No. 5. Right?! Yes.") == [
        "Dr. J. Smith paid $4.95 for approx. 5 kg, e.g. nuts.",
        "See No. 5.",
        "Right?!",
        "Yes.",
    ]


def test_a_word_that_is_also_an_abbreviation_ends_a_sentence_unless_a_number_follows() -> None:
    assert cut("I said no. Then he left. Take no. 7.") == ["I said no.", "Then he left.", "Take no. 7."]


def test_german_dates_and_abbreviations_stay_whole() -> None:
    assert cut("Am 3. Mai kommt es. Das kostet z. B. 3,50 EUR inkl. MwSt. und Versand.") == [
        "Am 3. Mai kommt es.",
        "Das kostet z. B. 3,50 EUR inkl. MwSt. und Versand.",
    ]


def test_headings_list_items_and_table_rows_stand_alone() -> None:
    text = "# Returns\nText below.\n- one item\n- another item. With two.\n1. Open the box.\n"
    text += "| a | b |\n| c | d |"
    assert cut(text) == [
        "# Returns",
        "Text below.",
        "- one item",
        "- another item.",
        "With two.",
        "1. Open the box.",
        "| a | b |",
        "| c | d |",
    ]


def test_a_wrapped_line_goes_on_in_the_next() -> None:
    text = "This is a long line that was wrapped by the program of somebody\nand goes on here. Short.\n\nNew."
    assert len(cut(text)) == 3
    before_a_list = "What you need for a return, in the parcel that you send to us\n- the form\n- the shoes"
    assert len(cut(before_a_list)) == 3


def test_other_scripts_have_their_own_full_stops() -> None:
    assert cut("这是第一句。这是第二句！好吗？") == ["这是第一句。", "这是第二句！", "好吗？"]
    assert cut("यह पहला है। यह दूसरा है।") == ["यह पहला है।", "यह दूसरा है।"]
    assert cut("هل هذا متاح؟ نعم.") == ["هل هذا متاح؟", "نعم."]
    assert cut("Πού είναι; Εδώ.") == ["Πού είναι;", "Εδώ."]


def test_thai_is_cut_at_spaces_into_pieces_of_some_length() -> None:
    clause = "สินค้าจะจัดส่งภายในสามวันทำการหลังจากได้รับการชำระเงินเรียบร้อยแล้ว"
    pieces = cut(" ".join([clause] * 6))
    assert len(pieces) >= 3
    assert all(len(piece) >= 80 for piece in pieces[:-1])


def test_a_message_without_capitals_is_cut_too() -> None:
    assert cut("my order is late. where is it? thanks") == ["my order is late.", "where is it?", "thanks"]


@pytest.mark.parametrize("unit", ["a. ", "1.", "...", "|", "- ", "\n", "a; ", "ก ", '."', "( "])
def test_a_hostile_text_of_300_kilobytes_is_cut_all_the_same(unit: str) -> None:
    text = unit * (300_000 // len(unit)) + "x"
    assert split_sentences(text)[-1][1] == len(text)


@given(st.text(alphabet=st.sampled_from('aZ é.!?;:。।\n\t-1|#("ก中'), max_size=80))
def test_spans_are_in_order_and_hold_every_character_but_white_space(text: str) -> None:
    end = 0
    for start, stop in split_sentences(text):
        assert not text[end:start].strip()
        assert start < stop
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert not text[end:].strip()
