"""Sentences are let through when a passage says them, and only then."""

import numpy as np
import pytest
from tests.answering.passages import RETURNS, RUECKGABE, SHIPPING, STORE, TENTS, passage, question_vector, with_likeness

from shopwright.answering.claims import ClaimChecker, check_sentence

ALL = (RETURNS, SHIPPING, STORE, TENTS)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("You can return unworn items within 30 days of delivery [1].", "You can return unworn items"),
        ("Yes, unworn items can be returned within 30 days after delivery. [1]", "You can return unworn items"),
        ("No, sale items can't be returned [1].", "Sale items cannot"),
        ("The return label costs €2.90, and it is deducted from your refund [1].", "The return label"),
        ("**Standard delivery** within Germany costs EUR 4.90 [2].", "Standard delivery"),
        ("- Express delivery: EUR 12.50, on the next working day if you order before 2 pm [2]", "Express delivery"),
        ("Delivery is free of charge for orders over €79 [2].", "Orders over"),
        ("Express costs EUR 12.50, while standard costs EUR 4.90 [2].", "Standard delivery"),
        ("Unfortunately, we do not deliver to PO boxes [2].", "We do not deliver"),
        ("It is open Monday to Friday from 10 am to 7 pm [3].", "The store at"),
        ("The store is closed on Sundays [3].", "It is closed"),
        ("You can call us on +49 341 5550120 [3].", "Call us"),
        ("The Lumo 3 tent (SKU LU-3001) costs EUR 319 [4].", "| Lumo 3"),
    ],
)
def test_what_a_passage_says_is_supported_and_the_place_is_named(sentence: str, said: str) -> None:
    verdict = check_sentence(sentence, ALL)
    assert verdict.kind == "supported"
    assert verdict.passage is not None
    assert verdict.span is not None
    start, end = verdict.span
    assert said in ALL[verdict.passage].text[start:end]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("You can return unworn items within 60 days of delivery [1].", "fact"),
        ("You can return unworn items within 30 weeks of delivery [1].", "fact"),
        ("We refund the purchase price within 5 days [1].", "fact"),
        ("Standard delivery within Germany costs EUR 5.90 [2].", "fact"),
        ("It is open on Saturday from 10:00 to 17:00 [3].", "fact"),
        ("Call us on +49 341 555 01 21 [3].", "fact"),
        ("Sale items can be returned [1].", "negation"),
        ("Sale items can be returned within 30 days of delivery [1].", "negation"),
        ("We deliver to PO boxes [2].", "negation"),
        ("You cannot return unworn items within 30 days of delivery [1].", "negation"),
        ("We also ship to Japan and Switzerland [2].", "name"),
        ("Our store in Dresden is open Monday to Friday [3].", "name"),
        ("All unworn items can be returned within 30 days of delivery [1].", "strong_word"),
        ("Orders under EUR 79 are delivered free of charge [2].", "opposite"),
        ("Express delivery arrives on the next working day if you order after 2 pm [2].", "opposite"),
        ("The store is open on Sundays [3].", "fact"),
        ("You can return worn items within 30 days of delivery [1].", "opposite"),
        ("You can exchange unworn tents within 30 days of delivery [1].", "swapped"),
        ("Express delivery costs EUR 4.90 [2].", "misplaced"),
        ("Standard delivery costs EUR 12.50 [2].", "misplaced"),
        ("Delivery to Austria takes 2 to 3 working days [2].", "misplaced"),
        ("On Saturday it is open from 10:00 to 19:00 [3].", "misplaced"),
        ("The Lumo 2 tent costs €319.00 [4].", "misplaced"),
        ("Gift cards are valid in the whole group.", "wording"),
        ("Yes.", "bare_answer"),
    ],
)
def test_what_no_passage_says_is_not_supported_for_a_reason(sentence: str, reason: str) -> None:
    verdict = check_sentence(sentence, ALL)
    assert verdict.kind == "unsupported"
    # A swapped fact may be found missing from its place before it is found standing at another.
    assert verdict.reason in ({"misplaced", "fact"} if reason == "misplaced" else {reason})


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Hello! I'm happy to help."),
        ("en", "Is there anything else I can help you with?"),
        ("en", "Which size are you looking for?"),
        ("en", "I'm sorry, I couldn't find any information about that."),
        ("en", "Here is what I found:"),
        ("de", "Guten Tag! Gerne helfe ich Ihnen weiter."),
        ("fr", "Bonjour, voici la réponse à votre question :"),
        ("es", "¡Hola! ¿En qué puedo ayudarle?"),
        ("en", "---"),
    ],
)
def test_a_sentence_that_only_talks_needs_no_support(language: str, sentence: str) -> None:
    assert check_sentence(sentence, ALL, language=language).kind == "no_claim"


@pytest.mark.parametrize(
    "sentence",
    [
        "Of course you can.",
        "We can do this for you.",
        "Did you know that we offer free gift wrapping?",
        "Would you like our free gift?",
        "Sorry, we could not find it, but we ship to Norway.",
        "Your order was shipped yesterday.",
    ],
)
def test_a_claim_in_the_clothes_of_small_talk_is_still_a_claim(sentence: str) -> None:
    assert check_sentence(sentence, ALL).kind == "unsupported"


def test_a_decline_may_name_what_was_asked_and_nothing_else() -> None:
    checker = ClaimChecker(ALL, question="Do you ship to Japan?")
    assert checker.check("I could not find anything about Japan.").kind == "no_claim"
    assert checker.check("I could not find anything about Brazil.").kind == "unsupported"


def test_a_wrong_marker_is_corrected_to_the_passage_that_says_it() -> None:
    assert check_sentence("The return label costs EUR 2.90 [2].", ALL).passage == 0


def test_a_marker_without_a_passage_is_ignored() -> None:
    assert check_sentence("The return label costs EUR 2.90 [17].", ALL).passage == 0


def test_a_passage_that_contradicts_is_not_outvoted_by_another() -> None:
    other = passage("Sale items can be returned.", "An old note")
    assert check_sentence("Sale items can be returned [1].", (RETURNS, other)).kind == "unsupported"
    assert check_sentence("Sale items can be returned [2].", (RETURNS, other)).passage == 1


def test_a_heading_states_nothing() -> None:
    made = passage("## Orders by telephone\n\nWe do not take orders by telephone.", "Ordering")
    assert check_sentence("We take orders by telephone.", [made]).kind == "unsupported"
    assert check_sentence("We do not take orders by telephone.", [made]).kind == "supported"


def test_a_question_as_heading_does_not_answer_itself() -> None:
    made = passage("## Can I order by telephone?\n\nWe are sorry, there is no such service.", "Ordering")
    assert check_sentence("You can order by telephone.", [made]).kind == "unsupported"


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Ungetragene Artikel können Sie innerhalb von dreißig Tagen nach der Lieferung zurückgeben.", "supported"),
        ("Nein, reduzierte Artikel sind vom Umtausch ausgeschlossen.", "supported"),
        ("Reduzierte Artikel können Sie umtauschen.", "unsupported"),
        ("Geschenkkarten werden zurückgenommen.", "unsupported"),
        ("Das Etikett ist kostenlos.", "unsupported"),
        ("Das Etikett kostet 2,95 €.", "unsupported"),
    ],
)
def test_german_is_checked_like_english(sentence: str, kind: str) -> None:
    assert check_sentence(sentence, [RUECKGABE]).kind == kind


def test_the_meaning_decides_only_where_the_words_leave_it_open() -> None:
    made = with_likeness(RETURNS, [0.1, 0.1, 0.1, 0.9])
    sentence = "You can expect that we refund the purchase price within 5 working days."
    checker = ClaimChecker([made])
    undecided = checker.check(sentence)
    assert undecided.kind == "unsupported"
    assert undecided.undecided
    assert checker.check(sentence, vector=question_vector(made)).kind == "supported"
    assert checker.check(sentence, vector=-question_vector(made)).kind == "unsupported"


def test_no_likeness_makes_up_for_a_wrong_number() -> None:
    made = with_likeness(RETURNS, [0.1, 0.1, 0.1, 0.9])
    sentence = "You can expect that we refund the purchase price within 6 working days."
    assert ClaimChecker([made]).check(sentence, vector=question_vector(made)).kind == "unsupported"


def test_a_passage_in_another_language_is_compared_by_meaning_facts_and_negation() -> None:
    made = with_likeness(RETURNS, [0.1, 0.9, 0.1, 0.1])
    checker = ClaimChecker([made], language="de")
    vector = question_vector(made)
    negated = "Reduzierte Artikel können nicht zurückgegeben werden."
    assert checker.check(negated).undecided
    assert checker.check(negated, vector=vector).kind == "supported"
    assert checker.check("Reduzierte Artikel können zurückgegeben werden.", vector=vector).kind == "unsupported"
    assert checker.check("Das dauert 14 Tage.", vector=vector).kind == "unsupported"


def test_nothing_is_supported_without_passages() -> None:
    assert check_sentence("The label costs EUR 2.90 [1].", []).kind == "unsupported"
    assert check_sentence("Hello, how can I help?", []).kind == "no_claim"


def test_a_likeness_of_another_model_is_not_used() -> None:
    vector = np.ones(3, np.float32)
    sentence = "You can expect that we refund the purchase price within 5 working days."
    assert ClaimChecker([RETURNS]).check(sentence, vector=vector).kind == "unsupported"
