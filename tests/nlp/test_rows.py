"""Rows of written tables are read with the names of their columns."""

from shopwright.nlp.rows import cells, headed_rows, spoken


def test_a_row_below_a_header_is_read_with_its_columns() -> None:
    table = ["| Country | Price |", "|---|---|", "| Austria | €9.90 |", "| Norway | |"]
    rows, headers = headed_rows(["Prices.", *table, "That is all.", "| a | b |"])
    assert [spoken(row) for row in rows.values()] == ["Country: Austria; Price: €9.90", "Country: Norway"]
    assert sorted(rows) == [3, 4]
    assert headers == {1, 2}


def test_a_bar_inside_a_cell_does_not_end_it() -> None:
    assert cells(r"| a \| b | c |") == ["a | b", "c"]


def test_a_row_with_more_cells_than_columns_is_left_as_it_is() -> None:
    rows, _ = headed_rows(["| a |", "|---|", "| 1 | 2 |"])
    assert rows == {}


def test_a_column_without_a_name_is_only_its_cell() -> None:
    rows, _ = headed_rows(["| | Mon |", "|---|---|", "| Berlin | 10-19 |"])
    assert spoken(rows[2]) == "Berlin; Mon: 10-19"
