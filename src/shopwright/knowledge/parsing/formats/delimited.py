"""CSV, TSV and other tables in plain text; the delimiter is found, not assumed."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from shopwright.kit.sentences import sentence
from shopwright.knowledge.parsing.builder import Builder
from shopwright.knowledge.parsing.cleaning import clean
from shopwright.knowledge.parsing.encoding import decode
from shopwright.knowledge.parsing.errors import ParseFailed

# no sign at all: cleaned text does not hold it
_NO_DELIMITER = "\x1f"
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARS = 64 * 1024
_LONGEST_CELL = 1_000_000
# a quoted cell with more lines than this is a quote that was never closed
_MOST_LINES_IN_CELL = 200


def read(data: bytes, filename: str, builder: Builder) -> None:
    _ = filename
    text = clean(decode(data))
    text = _named_delimiter(text)
    delimiter = find_delimiter(text)
    rows = _rows(text, delimiter, quoted=True)
    if any(cell.count("\n") > _MOST_LINES_IN_CELL for row in rows for cell in row):
        rows = _rows(text, delimiter, quoted=False)
        builder.warn(
            sentence("A quotation mark in the file is never closed; quotation marks were read as ordinary text.")
        )
    builder.table(rows, data_file=True)


def find_delimiter(text: str) -> str:
    """The sign that cuts most lines into the same number (two or more) of cells.

    Where most lines are one cell under every sign, the file is a list: then no delimiter at all.
    """
    sample = text[:_SAMPLE_CHARS]
    if len(text) > _SAMPLE_CHARS and "\n" in sample:
        sample = sample[: sample.rindex("\n")]
    best, best_score = ",", 0.0
    single = 1.0
    for delimiter in _DELIMITERS:
        widths = Counter(len(row) for row in islice(_reader(sample, delimiter, quoted=True), 200) if any(row))
        if not widths:
            continue
        width, count = max(((w, n) for w, n in widths.items() if w > 1), key=lambda item: item[1], default=(1, 0))
        single = min(single, widths[1] / widths.total())
        score = count / widths.total() + min(width, 20) * 0.001
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return _NO_DELIMITER if single > best_score else best


def _named_delimiter(text: str) -> str:
    """Excel's first line `sep=;` is for Excel, not for the reader."""
    first, _, rest = text.partition("\n")
    return rest if first.strip().lower().startswith("sep=") and len(first.strip()) <= 6 else text


def _rows(text: str, delimiter: str, *, quoted: bool) -> list[list[str]]:
    try:
        return list(_reader(text, delimiter, quoted=quoted))
    except csv.Error as error:
        raise ParseFailed(
            "too_large",
            sentence(
                "A cell or line of the table is too long to read. "
                "Check that the file is a table with one record a line."
            ),
        ) from error


def _reader(text: str, delimiter: str, *, quoted: bool) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        skipinitialspace=True,
    )
