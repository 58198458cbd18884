"""Tables become records that can be understood without the table."""

import pytest

from shopwright.knowledge.parsing.tables import bold_header, read_table


def rows_of(grid, **options):
    return [text for kind, text in read_table(grid, **options).lines if kind == "row"]


def test_a_row_repeats_the_headers_and_leaves_empty_cells_out():
    grid = [["SKU", "Name", "Price"], ["A-1", "Mug", "12.50"], ["A-2", "", "9.00"]]

    assert rows_of(grid, data_file=True) == ["SKU: A-1; Name: Mug; Price: 12.50", "SKU: A-2; Price: 9.00"]


def test_title_rows_above_the_header_are_set_apart():
    table = read_table([["Price list 2026", "", ""], ["Item", "Size", "EUR"], ["Shirt", "M", "20"]])

    assert table.titles == ["Price list 2026"]
    assert [text for _, text in table.lines] == ["Item: Shirt; Size: M; EUR: 20"]


def test_a_title_merged_over_the_whole_width_is_set_apart_even_when_marked_as_header():
    grid = [["Spring prices", "", ""], ["Item", "Size", "EUR"], ["Shirt", "M", "20"]]

    table = read_table(grid, merges=[(0, 0, 0, 2)], header_rows=2)

    assert table.titles == ["Spring prices"]
    assert table.headers == ["Item", "Size", "EUR"]


def test_a_header_merged_over_columns_goes_before_each_name_under_it():
    grid = [["Item", "Price", ""], ["", "EUR", "USD"], ["Mug", "12", "14"]]

    assert rows_of(grid, merges=[(0, 1, 0, 2), (0, 0, 1, 0)]) == ["Item: Mug; Price EUR: 12; Price USD: 14"]


def test_a_two_line_header_without_merges_does_not_shift_columns():
    grid = [
        ["Item", "Price", "", "Stock", ""],
        ["", "EUR", "USD", "Berlin", "Paris"],
        ["Mug", "12", "14", "", "3"],
    ]

    assert rows_of(grid, data_file=True) == ["Item: Mug; Price EUR: 12; Price USD: 14; Stock Paris: 3"]


def test_a_row_of_units_belongs_to_the_header():
    grid = [["Item", "Weight", "Price"], ["", "kg", "(EUR)"], ["Anvil", "80", "300"]]

    assert rows_of(grid, data_file=True) == ["Item: Anvil; Weight kg: 80; Price (EUR): 300"]


def test_a_cell_merged_downwards_is_said_on_every_row():
    grid = [["Zone", "Method", "Days"], ["EU", "Standard", "3"], ["", "Express", "1"]]

    assert rows_of(grid, merges=[(1, 0, 2, 0)]) == [
        "Zone: EU; Method: Standard; Days: 3",
        "Zone: EU; Method: Express; Days: 1",
    ]


def test_an_empty_column_keeps_the_others_in_place():
    grid = [["A", "", "C"], ["1", "", "3"], ["4", "", "6"]]

    assert rows_of(grid, header_rows=1) == ["A: 1; C: 3", "A: 4; C: 6"]


def test_two_columns_without_header_read_as_properties():
    assert rows_of([["Weight", "2 kg"], ["Colour", "red"], ["Washable", "yes"]]) == [
        "Weight: 2 kg",
        "Colour: red",
        "Washable: yes",
    ]


@pytest.mark.parametrize("heading", ["Delivery time", "Column 2", "Price 2026"])
def test_two_columns_with_figures_under_a_name_have_a_header(heading):
    grid = [["Country", heading], ["Germany", "2-3 days"], ["France", "3-5 days"]]

    assert rows_of(grid) == [
        f"Country: Germany; {heading}: 2-3 days",
        f"Country: France; {heading}: 3-5 days",
    ]


def test_header_rows_of_labels_are_labels():
    grid = [["Material", "Cotton"], ["Care", "Wash cold"]]

    assert rows_of(grid, row_headers=True) == ["Material: Cotton", "Care: Wash cold"]


def test_a_header_repeated_inside_the_table_is_dropped():
    grid = [["Item", "EUR"], ["Mug", "12"], ["Item", "EUR"], ["Pot", "30"]]

    assert rows_of(grid, data_file=True) == ["Item: Mug; EUR: 12", "Item: Pot; EUR: 30"]


def test_a_group_row_merged_over_the_table_becomes_a_heading():
    grid = [["Item", "EUR"], ["Shoes", ""], ["Boot", "90"], ["Clog", "40"]]

    table = read_table(grid, merges=[(1, 0, 1, 1)], header_rows=1)

    assert table.lines[0] == ("section", "Shoes")


def test_line_ends_inside_cells_become_spaces():
    assert rows_of([["A\nB", "C"], ["one\ntwo", "3"]], header_rows=1) == ["A B: one two; C: 3"]


def test_a_table_that_is_only_a_header_is_not_lost():
    assert read_table([["A", "B"]], header_rows=1).lines == [("note", "A; B")]


def test_every_cell_of_any_grid_is_in_the_result():
    grid = [["a", "b"], ["c"], [], ["", "d", "e"], ["f", "", ""]]
    table = read_table(grid)

    said = " ".join([*table.titles, *(text for _, text in table.lines)])
    assert all(value in said for value in "abcdef")


def test_bold_type_shows_where_the_header_is():
    grid = [["Plan", "Price"], ["Basic", "free"]]

    assert bold_header(grid, [[True, True], [False, False]]) == "row"
    assert bold_header(grid, [[True, False], [True, False]]) == "column"
    assert bold_header(grid, [[False, False], [False, False]]) is None
