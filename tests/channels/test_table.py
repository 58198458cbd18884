"""The table of the reference says what the adapters declare."""

from tools.channel_table import PAGE, page


def test_the_table_of_channels_is_what_the_adapters_declare() -> None:
    assert PAGE.read_text() == page(), "run python tools/channel_table.py"
