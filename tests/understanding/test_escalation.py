import pytest
from tests.understanding.conftest import TRIGGERS

from shopwright.understanding.escalation import escalation, prepare
from shopwright.understanding.reference import reference


@pytest.fixture
def set_off(embedder, model_dir):
    async def find(text, triggers=TRIGGERS, language="en"):
        prepared = await prepare(triggers, await reference(embedder, model_dir), embedder)
        [vector] = await embedder.embed_queries([text], language)
        return escalation(text, vector, prepared, language)

    return find


@pytest.mark.parametrize(
    ("text", "language", "trigger"),
    [
        ("why was my card charged twice? I want that money back from my bank", "en", "billing_dispute"),
        ("ihr habt mir den Betrag doppelt berechnet", "de", "billing_dispute"),
        ("I reset it three times and updated it, and it still crashes", "en", "complex_technical_issue"),
    ],
)
async def test_triggers_that_ship_are_understood(set_off, text, language, trigger):
    assert await set_off(text, language=language) == trigger


@pytest.mark.parametrize(
    "text",
    ["how do I reset the speaker", "can I get an invoice", "which payment methods do you take", "it doesn't turn on"],
)
async def test_everyday_questions_set_nothing_off(set_off, text):
    assert await set_off(text) is None


async def test_the_name_is_given_as_the_owner_wrote_it(set_off):
    assert await set_off("you will hear from my lawyer", ["Legal Threat"]) == "Legal Threat"


async def test_a_trigger_that_is_not_set_does_nothing(set_off):
    assert await set_off("you will hear from my lawyer", []) is None
    assert await set_off("you will hear from my lawyer") is None


async def test_triggers_that_are_not_set_do_not_compete(set_off):
    text = "somebody ordered with my account and my card was charged, I dispute this"
    assert await set_off(text, ["billing_dispute", "fraud_report"]) == "fraud_report"
    assert await set_off(text, ["billing_dispute"]) == "billing_dispute"


async def test_an_unknown_name_is_looked_for_as_words(set_off):
    assert await set_off("I need a quote for the wedding package", ["wedding_package"]) == "wedding_package"
    assert await set_off("where is my parcel", ["wedding_package"]) is None


async def test_the_wish_for_a_person_may_be_a_trigger(set_off):
    assert await set_off("let me talk to a real person", ["human_request"]) == "human_request"
