import numpy as np
import pytest

from shopwright.nlp.query import HISTORY_MESSAGES, Said, plan_query

TALK = [
    Said("user", "How much is delivery to Germany?"),
    Said("assistant", "Delivery within Germany costs 4.90."),
]


def test_a_follow_up_is_searched_with_the_words_of_what_came_before() -> None:
    plan = plan_query("And to Canada?", TALK, "en")

    assert plan.terms["canada"] == 1
    assert 0 < plan.terms["deliveri"] < 1
    assert plan.texts[0] == "And to Canada?"
    assert plan.texts[1] == TALK[1].content


def test_what_lies_further_back_and_what_the_bot_said_count_for_less() -> None:
    history = [Said("user", "alpha"), Said("user", "beta"), Said("assistant", "gamma")]
    plan = plan_query("yes", history, "en")

    assert plan.terms["beta"] > plan.terms["alpha"]
    assert plan.terms["beta"] > plan.terms["gamma"]


def test_a_question_that_stands_for_itself_leans_less_on_the_history() -> None:
    short = plan_query("And to Canada?", TALK, "en")
    full = plan_query("What warranty do waterproof trail running shoes have after washing?", TALK, "en")

    assert full.terms["germani"] < short.terms["germani"] / 2
    assert sum(full.text_weights[1:]) < sum(short.text_weights[1:]) / 2


def test_pairs_of_characters_do_not_make_a_chinese_message_look_long() -> None:
    chinese = plan_query("加拿大呢", [Said("user", "配送到德国多少钱")], "zh")
    assert chinese.text_weights[1] > 0.4


def test_only_the_latest_messages_count_and_system_messages_never() -> None:
    history = [Said("system", "secret"), *(Said("user", f"word{i}") for i in range(20))]
    plan = plan_query("yes", history, "en")

    assert len(plan.texts) == 1 + HISTORY_MESSAGES
    assert "secret" not in plan.terms
    assert "word19" in plan.terms
    assert "word3" not in plan.terms


def test_the_blend_points_to_both_and_keeps_the_length_of_the_message() -> None:
    plan = plan_query("And to Canada?", TALK, "en")
    rows = np.eye(3, 4, dtype=np.float32) * 1.2
    vector = plan.vector(rows)

    assert np.linalg.norm(vector) == pytest.approx(1.2, rel=1e-5)
    assert vector[0] > vector[1] > 0


def test_without_history_the_vector_is_the_row_of_the_message() -> None:
    plan = plan_query("Where is my order?", [], "en")
    row = np.array([[0.6, 0.8]], np.float32)
    np.testing.assert_allclose(plan.vector(row), row[0], rtol=1e-6)
