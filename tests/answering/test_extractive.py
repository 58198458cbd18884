"""The composer answers with the passages' own words, or says that they do not answer."""

import pytest
from tests.answering.passages import RETURNS, RUECKGABE, SHIPPING, TENTS, passage, question_vector, with_likeness

from shopwright.answering.claims import ClaimChecker
from shopwright.answering.extractive import Composition, compose, readable
from shopwright.knowledge.passages import Passage

LIKE_LABEL = with_likeness(RETURNS, [0.3, 0.2, 0.9, 0.3])
LIKE_NOTHING = with_likeness(RETURNS, [0.1, 0.1, 0.1, 0.1])


def ask(question: str, made: Passage, **options: object) -> Composition:
    return compose(question, question_vector(made), [made], **options)  # type: ignore[arg-type]


def test_the_best_sentence_is_quoted_word_for_word_with_its_place() -> None:
    made = ask("How much is the return label?", LIKE_LABEL, response_format="concise")
    assert made.answered
    assert made.text == "The return label costs EUR 2.90, which we deduct from your refund. [1]"
    (citation,) = made.citations
    assert citation.quote == RETURNS.text[citation.start : citation.end] == made.sentences[0].text


def test_passages_that_do_not_answer_make_it_decline() -> None:
    made = ask("Who won the world cup?", LIKE_NOTHING)
    assert not made.answered
    assert made.text == "I could not find an answer to that in the documents I have."
    assert ask("Wer hat gewonnen?", LIKE_NOTHING, language="de").text.startswith("Dazu habe ich")


def test_confidence_grows_with_likeness() -> None:
    likenesses = [[value] * 4 for value in (0.1, 0.3, 0.5, 0.7)]
    found = [ask("What about labels?", with_likeness(RETURNS, row)).confidence for row in likenesses]
    assert found == sorted(found)
    assert found[0] < 0.2
    assert found[-1] > 0.8


def test_strictness_moves_the_threshold() -> None:
    levels = ("strict", "moderate", "lenient")
    for likeness in (0.3, 0.35, 0.4, 0.45, 0.5):
        made = with_likeness(RETURNS, [likeness, 0, 0, 0])
        answered = [ask("What about labels?", made, strictness=level).answered for level in levels]
        assert answered == sorted(answered)


def test_a_place_the_passages_do_not_know_is_named() -> None:
    made = with_likeness(SHIPPING, [0.6, 0.3, 0.3, 0.9, 0.3])
    asked = ask("Do you ship to Austria?", made)
    assert asked.missing == ()
    foreign = ask("Do you ship to japan?", made, strictness="lenient")
    assert foreign.missing == ("japan",)
    assert foreign.confidence < 0.7 < asked.confidence
    assert "does not mention japan" in foreign.text


def test_the_shops_own_name_is_not_missing() -> None:
    assert ask("Is the label from Wanderkiste free?", LIKE_LABEL, known_names=["Wanderkiste"]).missing == ()


def test_formats_have_their_shape() -> None:
    made = with_likeness(SHIPPING, [0.9, 0.85, 0.1, 0.1, 0.1])
    detailed = ask("What does delivery cost?", made)
    assert detailed.text.startswith("Here is what “Shipping” says:\n\nStandard delivery within Germany")
    assert len(detailed.sentences) == 2
    bullets = ask("What does delivery cost?", made, response_format="bullet_points").text.splitlines()
    assert [line[:2] for line in bullets] == ["- ", "- "]
    assert len(ask("What does delivery cost?", made, response_format="concise").sentences) == 1


def test_neighbouring_sentences_share_one_marker() -> None:
    made = with_likeness(SHIPPING, [0.9, 0.85, 0.1, 0.1, 0.1])
    assert ask("What does delivery cost?", made).text.count("[1]") == 1


def test_a_row_of_a_table_is_answered_readably_and_quoted_exactly() -> None:
    made = with_likeness(TENTS, [0.2, 0.1, 0.9, 0.5])
    answer = ask("What does the Lumo 2 tent cost?", made, response_format="concise")
    assert answer.text.startswith("**Lumo 2 tent** · ")
    assert answer.text.endswith("€249.00 [1]")
    assert answer.citations[0].quote == "| Lumo 2 tent | LU-2001 | 2.4 kg | €249.00 |"


def test_a_heading_is_never_the_answer() -> None:
    made = passage("# Return label\n\nIt costs EUR 2.90 and is in the parcel.", "Returns")
    liked = with_likeness(made, [0.95, 0.6])
    assert ask("return label", liked, response_format="concise").sentences[0].text.startswith("It costs")


def test_the_same_sentence_of_two_passages_is_said_once() -> None:
    one, other = (with_likeness(passage(RETURNS.text, title), [0.3, 0.2, 0.9, 0.3]) for title in ("A", "B"))
    made = compose("How much is the return label?", question_vector(one), [one, other])
    assert made.text.count("EUR 2.90") == 1


def test_words_alone_do_where_there_are_no_vectors() -> None:
    made = compose("What does the return label cost?", None, [SHIPPING, RETURNS])
    assert "EUR 2.90" in made.text
    assert compose("Was kostet das Etikett?", None, [RUECKGABE], language="de").answered
    assert not compose("Who is the king of Norway?", None, [SHIPPING, RETURNS]).answered


def test_no_passages_is_no_answer() -> None:
    made = compose("Anything?", None, [])
    assert not made.answered
    assert made.confidence == 0


def test_an_unknown_language_is_answered_in_english_words() -> None:
    assert "Here is what" in ask("How much is the return label?", LIKE_LABEL, language="en").text
    assert not ask("???", LIKE_NOTHING, language="xx").answered


@pytest.mark.parametrize("question", ["How much is the return label?", "Can I return sale items?"])
def test_what_the_composer_says_passes_its_own_check(question: str) -> None:
    made = ask(question, LIKE_LABEL, strictness="lenient")
    checker = ClaimChecker([LIKE_LABEL])
    assert all(checker.check(sentence.text).kind == "supported" for sentence in made.sentences)


def test_readable_takes_off_signs_and_keeps_words() -> None:
    assert readable("- **Blue**  is\nnice") == "**Blue** is nice"
    assert readable("| a | b |") == "a · b"
