import pytest
from tests.understanding.foreign_words import WISHES

from shopwright.engine import replies
from shopwright.understanding.human import wants_human


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("can I talk to a real person?", "en"),
        ("agent", "en"),
        ("is there anyone I can talk to", "en"),
        ("please call me back", "en"),
        *WISHES,
    ],
)
def test_the_wish_for_a_person_is_understood(text, language):
    assert wants_human(text, language)
    assert wants_human(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "are you a human or a bot?",
        "how many people fit in the tent",
        "does the sofa seat three persons",
        "can I contact the courier",
        "the agent at the parcel shop refused my box",
        "what is your email address",
        "I want to talk about my order",
    ],
)
def test_people_in_a_message_are_not_yet_a_wish(text):
    assert not wants_human(text, "en")


def test_a_long_story_about_an_agent_is_no_wish():
    assert not wants_human("yesterday I did talk to an agent " + "and then nothing happened " * 20, "en")


def test_every_quick_reply_for_a_person_is_understood_as_that_wish() -> None:
    for language in replies.TEXTS:
        assert wants_human(replies.ask_for_person(language), language), language
        offer = replies.declined(language, "escalate_to_human", None, ())
        assert replies.language_of_offer(offer) == language
