"""What a question asks for: the kind of answer, what of, and under which conditions."""

import pytest

from shopwright.answering.asked import Ask, understand


def ask(question: str, language: str = "en") -> Ask:
    (only,) = understand(question, language).asks
    return only


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How long do I have to return something?", "duration"),
        ("How heavy is the tent?", "weight"),
        ("What does the label cost?", "price"),
        ("how much is delivery", "price"),
        ("From which order value is delivery free?", "price"),
        ("Until what time must I order?", "time"),
        ("Which brand of brakes is on it?", "brand"),
        ("What's the phone number of the shop?", "phone"),
        ("Who is the manager of the store?", "head"),
        ("How many employees work there?", "staff"),
        ("How many litres does the porch hold?", "volume"),
        ("What is the name of your bank?", "name"),
        ("Which parcel company do you use?", "carrier"),
        ("How many points do I need?", "count"),
        ("Can I pay with a cheque?", "yes_no"),
        ("What is the Trail Test?", ""),
    ],
)
def test_the_kind_of_answer_is_read_from_an_english_question(question: str, kind: str) -> None:
    assert ask(question).kind == kind


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("Wie lange kann ich etwas zurückgeben?", "de", "duration"),
        ("Wie hoch sind die Versandkosten?", "de", "price"),
        ("Welche Marke haben die Bremsen?", "de", "brand"),
        ("Wer ist der Filialleiter?", "de", "head"),
        ("Wie viele Mitarbeiter hat der Laden?", "de", "staff"),
        ("Wann schließen Sie?", "de", "opening"),
        ("Wann kommt mein Paket?", "de", "when"),
        ("Liefern Sie am Samstag?", "de", "yes_no"),
        ("Combien coûte la livraison ?", "fr", "price"),
        ("¿Cuánto tiempo es válida?", "es", "duration"),
        ("Quanto costa la spedizione?", "it", "price"),
        ("Wat kost de verzending?", "nl", "price"),
    ],
)
def test_other_languages_are_read_too(question: str, language: str, kind: str) -> None:
    assert ask(question, language).kind == kind


def test_languages_without_forms_ask_for_nothing_in_particular() -> None:
    assert understand("送料はいくらですか", "ja").asks == ()


def test_nouns_that_are_no_known_detail_say_what_is_asked() -> None:
    assert ask("Which thread count has the liner?").nouns == ("thread", "count")
    assert ask("How high is the UV protection factor of the tent?").spelled == "UV protection factor"
    assert ask("Where are the jackets sewn?").verb == ("sewn",)


def test_a_compound_is_the_detail_at_its_end_of_what_stands_before_it() -> None:
    asked = ask("Wie hoch sind die Versandkosten nach Österreich?", "de")
    assert asked.kind == "price"
    assert asked.nouns == ask("Wie hoch ist der Versandpreis?", "de").nouns != ()


def test_two_questions_in_one_sentence_are_two_asks() -> None:
    kinds = [each.kind for each in understand("What does a new sole cost and how long does it take?", "en").asks]
    assert kinds == ["price", "duration"]


def test_a_follow_up_asks_for_what_was_asked_before_of_another_place() -> None:
    asked = understand("How much is delivery to Germany? And to Zürich?", "en")
    assert [each.kind for each in asked.asks] == ["price"]
    assert asked.places == {"ch:zürich"}


def test_years_models_counts_and_order_numbers_are_conditions() -> None:
    assert understand("When does the sale 2028 begin?", "en").years == ("2028",)
    assert understand("What does a battery for the Pixel 8 cost?", "en").models == (("Pixel", "8"),)
    assert understand("Is the Pixel 8 9 cm wide?", "en").models == (("Pixel", "8"),)
    assert understand("How much is the tent for 6 persons?", "en").counts == (("person", "6"),)
    assert understand("Where is my order 48213?", "en").numbers == ("48213",)
    assert understand("What are the hours on Monday at 9:30?", "en").models == ()


def test_places_are_the_same_in_every_language() -> None:
    english, german = (understand(f"{place}?", "en").places for place in ("Switzerland", "Schweiz"))
    assert english == german == {"ch"}
