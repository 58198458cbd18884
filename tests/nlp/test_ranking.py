import pytest

from shopwright.nlp.ranking import Candidate, fuse


def test_scores_lie_between_0_and_1_in_the_order_given() -> None:
    scores = fuse([Candidate("a", 0.1, 0.2), Candidate("b", 0.6, 0.7), Candidate("c", 0, -0.1)])

    assert all(0 < score < 1 for score in scores)
    assert scores[1] > scores[0] > scores[2]
    assert scores[1] > 0.5 > scores[2]


def test_neighbours_that_speak_of_the_same_things_lift_a_passage() -> None:
    alone, among = fuse([Candidate("alone", 0.3, 0.4), Candidate("book", 0.3, 0.4), Candidate("book", 0.5, 0.1)])[:2]
    assert among > alone


def test_a_document_of_many_rows_is_not_pulled_down_by_the_rows_that_do_not_fit() -> None:
    rows = [Candidate("list", 0.4, 0.4), *(Candidate("list", 0.4, 0.1) for _ in range(2))]
    few = fuse(rows)[0]
    many = fuse([*rows, *(Candidate("list", 0.0, 0.0) for _ in range(40))])[0]
    assert many == pytest.approx(few)


def test_a_fitting_sentence_lifts_its_passage() -> None:
    without, fits = fuse([Candidate("a", 0.3, 0.4, 0.2), Candidate("b", 0.3, 0.4, 0.8)])
    assert fits > without


def test_meaning_decides_alone_across_languages_and_hardly_counts_where_it_is_not_understood() -> None:
    crossing = fuse([Candidate("a", 0.0, 0.4, same_language=False)])[0]
    within = fuse([Candidate("a", 0.0, 0.4)])[0]
    assert crossing > within

    unknown = fuse([Candidate("a", 0.4, 0.1), Candidate("b", 0.2, 0.6)], understood=False)
    assert unknown[0] > unknown[1]


def test_no_candidate_gives_no_score() -> None:
    assert fuse([]) == []
