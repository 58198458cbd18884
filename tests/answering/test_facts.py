"""Hard facts: found however they are written, and compared by value."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopwright.answering.facts import facts_in, missing_facts


def values(text: str, kind: str, language: str | None = None) -> list[set[str]]:
    return [set(fact.values) for fact in facts_in(text, language) if fact.kind == kind]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,000 pieces", "1000"), ("1.000 Stück", "1000"), ("1 000 pièces", "1000"), ("1'000 Teile", "1000"),
        ("1000 Teile", "1000"), ("12.5 points", "12.5"), ("12,50 Punkte", "12.5"), ("1,234.50 points", "1234.5"),
        ("1.234,50 Punkte", "1234.5"), ("2.5 million visitors", "2500000"), ("007 agents", "7"),
        ("only three colours", "3"), ("1.000.000 Teile", "1000000"),
    ],
)  # fmt: skip
def test_a_number_is_read_in_every_european_writing(written: str, value: str) -> None:
    (found,) = values(written, "number")
    assert value in found


@pytest.mark.parametrize(
    "written", ["EUR 4,90", "4.90 EUR", "€4.90", "4,90 €", "€ 4.90", "4,90 Euro", "4.9 euros", "EUR 4.90"]
)
def test_one_price_is_equal_in_all_its_writings(written: str) -> None:
    assert missing_facts(f"It costs {written}.", "Price: 4.90 EUR per parcel") == []
    assert missing_facts("It costs €4.90.", f"Price: {written} per parcel") == []
    assert missing_facts(f"It costs {written}.", "Price: 5.90 EUR per parcel")


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("in 14 days", "within two weeks"),
        ("24 December 2026", "until 24.12.2026"),
        ("December 24", "2026-12-24"),
        ("24 December", "on 12/24/2026"),
        ("at 6 pm", "closes at 18:00"),
        ("at 6:30 p.m.", "bis 18:30 Uhr"),
        ("on Tuesday", "Mon–Fri 10:00–18:00"),
        ("on Sunday", "open daily"),
        ("3 days", "takes 3-5 days"),
        ("15 %", "15 percent off"),
        ("SKU ab-1234", "article AB 1234"),
        ("+49 40 123456-0", "Tel. 040 1234560"),
        ("shop.example/returns", "see https://www.shop.example/returns."),
        ("size XXL", "sizes S to XXL"),
        ("the 3rd time", "the third time"),
        ("Price 12 EUR", "Price (EUR): 12.00"),
        ("480 g", "Weight (g): 480"),
        ("2, 5 or 7 days", "2 days, 5 days or 7 days"),
        ("fünf Werktage", "5 Werktage"),
        ("in 2026", "on 5 May 2026"),
        ("5 March 2026", "Season 2026\n5 March: start"),
        ("15 December", "from 15 to 24 December"),
        ("am 15. Dezember", "vom 15. bis 24. Dezember 2026"),
        ("−5 °C", "comfort -5 °C"),
    ],
)
def test_a_fact_is_found_in_another_form(answer: str, source: str) -> None:
    assert missing_facts(answer, source) == []


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("30 days", "30 weeks"),
        ("5 days", "5 working days"),
        ("5 EUR", "5 USD"),
        ("4.90 EUR", "49.0 EUR"),
        ("1,299 EUR", "1,399 EUR"),
        ("$3,000", "$5,000, Daily 3"),
        ("24 December", "24 November, 30 December"),
        ("24 December 2027", "24 December 2026"),
        ("3 February", "on 8 February, three channels"),
        ("5 March 2026", "Season 2026\n5 March 2027: start"),
        ("6 pm", "6 am"),
        ("9 pm", "opens at 9:00"),
        ("on Sunday", "Monday to Saturday"),
        ("15 %", "15 days"),
        ("AB-1235", "AB-1234"),
        ("+49 40 1234561", "+49 40 1234560"),
        ("help@shop.example", "info@shop.example"),
        ("shop.example/returns", "shop.example/shipping"),
        ("5 °C", "-5 °C"),
        ("seven pieces", "on 5.7.2026"),
        ("2.5 kg", "2.5 g"),
        ("size XXL", "size XL"),
        ("It costs 3 EUR.", "It costs 5 EUR for each of 3 parcels."),
        ("in 3 days", "in 5 days, with 3 parcels"),
    ],
)
def test_a_fact_that_the_source_does_not_state_is_missing(answer: str, source: str) -> None:
    assert missing_facts(answer, source)


def test_citation_markers_and_list_numbers_are_no_facts() -> None:
    assert facts_in("1. Open the app [1]\n2. Print the label [2][3]\n3) Done ²") == []


def test_the_words_of_one_language_are_no_numbers_in_another() -> None:
    assert values("Once you order, it is due.", "number", "en") == []
    assert values("once artículos", "number", "es") == [{"11"}]
    assert values("due articoli", "number", "it") == [{"2"}]


def test_a_month_that_is_also_a_word_needs_a_reason_to_be_a_month() -> None:
    assert facts_in("You may march on.") == []
    assert values("closed in May", "date") == [{"?-5-?"}]


def test_offsets_are_those_of_the_text() -> None:
    text = "Ab 79,00 € liefern wir bis 24.12. frei, Tel. 040 123456."
    assert [text[fact.start : fact.end] for fact in facts_in(text, "de")] == ["79,00 €", "24.12.", "040 123456"]


@given(st.text(alphabet="0123456789 .,:-/€%+()[]aehmpLx\n", max_size=60))
@settings(max_examples=200, deadline=None)
def test_every_text_states_its_own_facts(text: str) -> None:
    facts = facts_in(text)
    assert all(text[fact.start : fact.end] == fact.text for fact in facts)
    assert [fact for fact in missing_facts(text, text) if fact.kind != "number"] == []


@pytest.mark.parametrize("piece", ["111 ", "+49", "0-", "a.", "1,", "EUR ", "Mon to ", "two ", "1 - ", "[1,", "a@"])
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    began = time.process_time()
    facts_in((piece * 2000)[:4000] + " 5 € May 2 two")
    assert time.process_time() - began < 2
