"""Numbered lists of choices, and what customers answer to them."""

import pytest

from shopwright.channels.port import Card, Choice, OutboundMessage
from shopwright.channels.text.choices import choice_blocks, understand
from shopwright.channels.text.dialects import PlainText

ASKED = OutboundMessage(
    "k1",
    choices=(Choice("Red", "colour:red"), Choice("Our page", url="https://shop.example"), Choice("Blue lamp", "b")),
    cards=(Card("Lamp", choices=(Choice("Buy", "buy:1"),)),),
    language="de",
)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("1", "colour:red"),
        ("2", "b"),
        (" 2. ", "b"),
        ("2)", "b"),
        ("(2)", "b"),
        ("#2", "b"),
        ("Nr. 2", "b"),
        ("option 2", "b"),
        ("2️⃣", "b"),
        ("２", "b"),
        ("3", "buy:1"),
        ("red", "colour:red"),
        ("RED!", "colour:red"),
        ("blue  lamp", "b"),
        ("colour:red", "colour:red"),
    ],
)
def test_a_number_or_the_words_of_a_choice_mean_it(said, value) -> None:
    chosen = understand(said, ASKED)

    assert chosen is not None
    assert chosen.value == value


@pytest.mark.parametrize(
    "said", ["", "0", "4", "12", "I would like 2 lamps", "2 or 3", "blue", "our page", "2024", "²²"]
)
def test_anything_else_is_a_message_like_others(said) -> None:
    assert understand(said, ASKED) is None


def test_a_title_wins_over_a_number() -> None:
    asked = OutboundMessage("k1", choices=(Choice("3", "three"), Choice("2", "two"), Choice("1", "one")))

    chosen = understand("1", asked)

    assert chosen is not None
    assert chosen.value == "one"


def test_the_numbers_that_are_shown_are_those_that_are_understood() -> None:
    shown = PlainText().write(list(choice_blocks(ASKED, ASKED.choices)))

    assert shown == "Bitte mit einer Nummer antworten:\n\n1. Red\n• Our page\n2. Blue lamp"
