import pytest

from shopwright.understanding.refusals import care_message, default_refusal, refusal_text
from shopwright.understanding.rules import Decision
from shopwright.understanding.texts import load

LANGUAGES = sorted(load("refusals")["refusals"])


def test_there_are_enough_languages():
    assert len(LANGUAGES) >= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_names_the_bot_and_what_it_helps_with(language):
    with_topics = default_refusal(language, "Robin", ["shipping", "returns"])
    assert "Robin" in with_topics
    assert "shipping, returns" in with_topics
    without = default_refusal(language, "Robin")
    assert "Robin" in without
    assert "{" not in with_topics + without


def test_an_unknown_language_gets_english():
    assert default_refusal("tlh", "Robin") == default_refusal("en", "Robin") == default_refusal(None, "Robin")


def test_only_some_topics_are_named():
    assert "five" not in default_refusal("en", "Robin", ["one", "two", "three", "four", "five"])


def test_an_owners_words_are_never_read_as_a_format():
    text = default_refusal("en", "{topics}{0}", ["{bot}", "%s"])
    assert "{topics}{0}" in text
    assert "{bot}, %s" in text


def test_the_owners_message_replaces_the_default():
    refusal = Decision("refuse", "off topic")
    assert refusal_text(refusal, "Nope.", "de", "Robin") == "Nope."
    assert refusal_text(refusal, None, "de", "Robin") == default_refusal("de", "Robin")


def test_somebody_in_despair_never_reads_a_sales_text():
    decision = Decision("refuse", "dangerous", signals={"self_harm": 1.0})
    assert refusal_text(decision, "Nope.", "fr", "Robin") == care_message("fr")
