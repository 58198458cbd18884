import pytest

from shopwright.understanding.small_talk import small_talk
from shopwright.understanding.texts import load


@pytest.mark.parametrize(
    ("text", "language", "begins"),
    [
        ("Hi!", "en", "Hello!"),
        ("Hello 👋", "en", "Hello!"),
        ("Vielen Dank!!", "de", "Gern"),
        ("merci :)", "en", "Avec plaisir"),
        ("hola", "es", "¡Hola!"),
        ("はい、ありがとうございます", "ja", None),
        ("ありがとうございます", "ja", "どう"),
        ("are you a bot?", "en", "Yes, I'm a bot"),
        ("नमस्ते", "hi", "नमस्ते"),
    ],
)
def test_small_talk_gets_a_reply_in_its_language(text, language, begins):
    reply = small_talk(text, language)
    assert reply is None if begins is None else (reply or "").startswith(begins)


@pytest.mark.parametrize("text", ["hi, where is my order", "thanks but it is broken", "bye 2 get 1 free?", "", "?!"])
def test_a_question_is_not_small_talk(text):
    assert small_talk(text, "en") is None


def test_every_language_with_messages_has_every_reply():
    data = load("small_talk")
    kinds = set(data["messages"])
    for kind, languages in data["messages"].items():
        for language in languages:
            assert kind in data["replies"][language]
    assert all(set(replies) == kinds for replies in data["replies"].values())
