import pytest

from shopwright.nlp.bm25 import TERM_IDS, passage_terms, passage_weights, query_weights, rarity, term_id


def score(query: dict[str, float], passage: dict[str, float]) -> float:
    return sum(weight * passage.get(term, 0) for term, weight in query.items())


def test_the_inner_product_lies_between_nothing_found_and_everything_found() -> None:
    stored = passage_weights(passage_terms("Standard delivery costs 4.90.", "en", ["Shipping"]))
    asked = query_weights({"deliveri": 1, "cost": 1}, {"deliveri": 3, "cost": 5}, 100)

    assert 0 < score(asked, stored) < 1
    assert score(asked, passage_weights(passage_terms("Care of down jackets", "en"))) == 0


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    asked = query_weights({"rare": 1, "common": 1}, {"rare": 1, "common": 90}, 100)
    assert asked["rare"] > 5 * asked["common"]
    assert rarity(100, 100) > 0


def test_a_term_that_stands_nowhere_lowers_the_score_of_everything() -> None:
    known = query_weights({"deliveri": 1}, {"deliveri": 3}, 100)
    half_known = query_weights({"deliveri": 1, "japan": 1}, {"deliveri": 3}, 100)

    assert "japan" not in half_known
    assert half_known["deliveri"] < known["deliveri"] / 2


def test_a_long_passage_needs_more_occurrences() -> None:
    short = passage_weights({"word": 1, "other": 20})
    long = passage_weights({"word": 1, "other": 400})
    assert short["word"] > long["word"]


def test_titles_count_twice_and_an_empty_question_asks_nothing() -> None:
    assert passage_terms("x", "en", ["Shipping"])["ship"] == 2
    assert query_weights({}, {}, 0) == {}


def test_the_position_of_a_term_never_changes() -> None:
    # Stored in every index: another number here means that every dataset must be indexed again.
    assert term_id("ship") == 525184651
    assert all(1 <= term_id(str(i)) <= TERM_IDS for i in range(1000))


@pytest.mark.parametrize("text", ["", "?!", "the of and"])
def test_a_text_without_terms_stores_nothing(text: str) -> None:
    assert passage_weights(passage_terms(text, "en")) == {}
