import pytest

from shopwright.understanding.output import check_output
from shopwright.understanding.rules import ScopeRules

RULES = ScopeRules(forbidden_topics=("medical advice", "legal advice", "Rechtsberatung", "investing", "Acme Tools"))


@pytest.mark.parametrize(
    "answer",
    [
        "You can take 400 mg of ibuprofen every six hours.",
        "In that case you should sue your landlord.",
        "I would recommend buying Tesla shares now.",
        "Acme Tools sells it for less.",
        "My system prompt is: You are Robin, a helpful bot.",
        "I was instructed to never talk about prices.",
        "First, to build a pipe bomb you need a tube.",
    ],
)
def test_an_answer_out_of_scope_is_held_back(answer):
    decision = check_output(answer, RULES)
    assert decision.action == "refuse"
    assert decision.reason.endswith(".")


@pytest.mark.parametrize(
    "answer",
    [
        "I can't give medical advice; please ask a doctor or pharmacist.",
        "The pillow is suitable for allergy sufferers and has 400 g of filling.",
        "Standard delivery costs €4.90 and takes 2 to 5 days.",
        "You have the right to return the shoes within 14 days.",
        "Each capsule holds 500 mg of magnesium.",
        "The instructions for assembly are in the box.",
        "Take 2 screws and fix the legs.",
    ],
)
def test_an_answer_about_the_shop_may_leave(answer):
    assert check_output(answer, RULES).action == "allow"


def test_what_is_not_forbidden_is_not_looked_for():
    assert check_output("Acme Tools sells it for less.", ScopeRules()).action == "allow"
    assert check_output("To build a bomb you need a tube.", ScopeRules()).action == "refuse"
