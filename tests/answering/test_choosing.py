"""An answer must hold what was asked for: the detail, of the thing, under the conditions. Otherwise it is declined."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from tests.answering.passages import passage, question_vector, with_likeness

from shopwright.answering.coverage import Vocabulary
from shopwright.answering.extractive import Composition, compose
from shopwright.answering.fact_extraction import facts_in
from shopwright.answering.ranges import contradicts, lies_within
from shopwright.knowledge.passages import Passage


def rows(text: str, title: str) -> Passage:
    """Rows as they are stored: each line is a sentence."""
    made = passage(text, title, kind="row")
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        spans.append((start, start + len(line.rstrip())))
        start += len(line)
    return replace(made, sentences=tuple(spans))


TENT = rows(
    "sku: T-1; name: Lumo Tent 2 persons; description: Free-standing tent with a large porch and aluminium poles.; "
    "price: 249.00; currency: EUR; colours: moss, sand; weight_g: 2400; stock: 0",
    "Products",
)
RATES = rows(
    "Term: 6 months; Interest: 0 %\nTerm: 12 months; Interest: 7.9 %\nTerm: 24 months; Interest: 9.9 %",
    "Instalments",
)
SALES = passage("Summer sale: from the last Monday in July for four weeks. It is announced by e-mail.", "Sales")
STAFF = passage("The Cologne store has one floor and six parking spaces. It opens at 10:00.", "Cologne")


def ask(question: str, *made: Passage, likeness: float = 0.7, **options: object) -> Composition:
    liked = [with_likeness(each, [likeness] * len(each.sentences)) for each in made]
    widest = max(liked, key=lambda each: len(each.sentences))
    vector = question_vector(widest)
    padded = [_padded(each, len(vector)) for each in liked]
    return compose(question, vector, padded, **options)  # type: ignore[arg-type]


def _padded(made: Passage, width: int) -> Passage:
    vectors = made.sentence_vectors
    assert vectors is not None
    return replace(made, sentence_vectors=np.pad(vectors, ((0, 0), (0, width - vectors.shape[1]))))


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("How heavy is the Lumo Tent?", "weight g: 2400"),
        ("What colours does the Lumo Tent come in?", "colours: moss, sand"),
        ("How much is the Lumo Tent?", "price: 249.00 · currency: EUR"),
        ("Is the Lumo Tent in stock?", "stock: 0"),
        ("What is the interest for 12 months?", "Interest: 7.9 %"),
    ],
)
def test_of_a_row_the_field_that_was_asked_for_is_said(question: str, shown: str) -> None:
    made = ask(question, TENT, RATES)
    assert made.answered
    assert made.text.count(" · ") <= 2
    assert shown in made.text


@pytest.mark.parametrize(
    "question",
    [
        "Which brand is the Lumo Tent?",
        "How wide is the Lumo Tent?",
        "How many litres does the porch of the Lumo Tent hold?",
        "Who designed the Lumo Tent?",
        "Which thread count has the Lumo Tent?",
        "Does the Lumo Tent come in purple?",
        "Where is the Lumo Tent sewn?",
        "How much is the Lumo Tent 6 persons?",
        "What is the interest for 36 months?",
        "Who is the manager of the Cologne store?",
        "How many employees has the Cologne store?",
        "What is the fax number of the Cologne store?",
    ],
)
def test_a_detail_that_is_not_there_is_declined(question: str) -> None:
    assert not ask(question, TENT, RATES, STAFF).answered


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("Welche Farbe hat das Zelt?", True),
        ("Wie schwer ist das Zelt?", True),
        ("Welche Marke hat das Zelt?", False),
        ("Wie breit ist das Zelt?", False),
    ],
)
def test_the_details_of_a_foreign_document_are_found_by_their_names(question: str, *, answered: bool) -> None:
    assert ask(question, TENT, language="de").answered is answered


def test_another_year_is_declined_with_the_rule_that_is_known() -> None:
    made = ask("When does the summer sale 2031 begin?", SALES)
    assert not made.answered
    assert made.missing == ("2031",)
    assert made.note == "Please note: what I found does not mention 2031."
    assert "from the last Monday in July" in made.nearby
    assert [citation.quote for citation in made.citations] == [sentence.text for sentence in made.sentences]


def test_a_row_for_another_term_is_not_passed_off_as_the_answer() -> None:
    made = ask("What is the interest for 36 months?", RATES)
    assert made.missing == ("36 months",)
    assert "36" not in made.nearby


def test_a_decline_without_anything_near_cites_nothing() -> None:
    made = ask("Which brand is the Lumo Tent?", TENT)
    assert made.text.endswith("in the documents I have. Please note: what I found does not mention brand.")
    assert made.citations == ()
    assert made.nearby == ""


def test_the_general_rule_comes_before_the_special_one() -> None:
    general = passage("You can return most articles within 30 days.", "Returns")
    special = passage("Parts can be returned within 14 days.", "Spare parts for bicycles")
    made = ask("How long do I have to return something?", special, general, response_format="concise")
    assert made.text == "You can return most articles within 30 days. [1]"


def test_sentences_of_several_documents_are_told_apart() -> None:
    one = passage("Delivery takes 1 to 3 working days.", "Germany")
    other = passage("Delivery takes 5 to 9 working days.", "United Kingdom")
    text = ask("How long does delivery take?", one, other).text
    assert "**Germany**: Delivery takes 1 to 3 working days. [1]" in text
    assert "**United Kingdom**: Delivery takes 5 to 9 working days. [2]" in text


def test_an_item_of_a_list_is_said_with_its_heading() -> None:
    made = passage("What cannot be returned\n\n- opened gas cartridges\n- rope cut to length", "Returns")
    text = ask("Can I return opened gas cartridges?", made, response_format="concise").text
    assert text == "What cannot be returned: opened gas cartridges [1]"


def test_a_question_of_the_document_is_not_its_answer() -> None:
    made = passage("Forgot the password?\n\nChoose “New password” on the first page.", "Account")
    assert ask("I forgot the password?", made, response_format="concise").text.startswith("Choose “New password”")


def test_a_place_that_only_other_places_are_named_beside_is_declined() -> None:
    shipping = passage(
        "Standard delivery to Austria costs EUR 7.90. Standard delivery to Poland costs EUR 9.90.", "Shipping"
    )
    assert "7.90" in ask("What does delivery to Wien cost?", shipping).text
    assert not ask("What does delivery to Brazil cost?", shipping).answered


def words_of(*terms: str, language: str = "de") -> tuple[Vocabulary, frozenset[str]]:
    said = frozenset(terms)
    return Vocabulary(said, language), said


def test_compounds_and_relatives_say_a_word() -> None:
    vocabulary, said = words_of("akkutausch", "platin", "reparatur", "regist")
    assert vocabulary.says(said, "akku")
    assert vocabulary.says(said, "platinreparatur")
    assert vocabulary.says(said, "registri")
    assert not vocabulary.says(said, "farb")
    assert not vocabulary.says(frozenset(), "akku")


def test_what_a_thing_is_one_of_says_it() -> None:
    vocabulary, said = words_of("cryptocurr", language="en")
    assert vocabulary.says(said, "bitcoin")
    assert not vocabulary.says(said, "paypal")


@pytest.mark.parametrize(
    ("asked", "cell", "inside"),
    [
        ("60 cm", "up to 80 cm", True),
        ("60 cm", "over 80 cm", False),
        ("174 cm", "168-177 cm", True),
        ("24 months", "24 months", True),
        ("36 months", "24 months", False),
        ("90 cm", "80 cm and more", True),
        ("3 kg", "up to 80 cm", None),
    ],
)
def test_a_quantity_lies_in_a_range_or_contradicts_it(asked: str, cell: str, *, inside: bool | None) -> None:
    (fact,) = facts_in(asked, "en")
    assert contradicts(fact, [cell]) is (inside is False)
    assert lies_within(fact, cell) is (inside is True and asked != cell)


def cells_of(texts: Sequence[str]) -> list[str]:
    return [text.partition(": ")[2] for text in texts]


def test_one_field_in_the_range_is_enough() -> None:
    (fact,) = facts_in("174 cm", "en")
    assert not contradicts(fact, cells_of(["Body height: 168-177 cm", "Inseam: 77-83 cm"]))
