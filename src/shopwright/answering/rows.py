"""Rows of tables and price lists: which of their fields answer, and how they are shown."""

import re
from collections.abc import Collection

from shopwright.answering.asked import AMOUNT, COUNT, Ask, all_terms
from shopwright.answering.claim_terms import same_terms
from shopwright.answering.coverage import Vocabulary
from shopwright.answering.detail_words import DETAILS
from shopwright.answering.details import cell_holds, details_of_column, names_detail
from shopwright.answering.sources import Fields

# The column that names what the row is about.
NAMES = frozenset(
    [
        "name",
        "title",
        "product",
        "article",
        "item",
        "service",
        "model",
        "job",
        "produkt",
        "artikel",
        "modell",
        "leistung",
        "bezeichnung",
        "nom",
        "nombre",
        "nome",
    ]
)
# They say what a number of another column is: a price's currency, and the unit of anything.
CURRENCIES = frozenset(["currency", "währung", "devise", "moneda", "valuta"])
UNITS = frozenset(["unit", "einheit", "unité", "unidad", "unità"])
FOR_MACHINES = frozenset({"id", "url", "link", "image", "image_url", "image url", "handle", "slug"})
NUMBERING = frozenset(["sku", "code", "nr", "no", "number", "ean", "gtin", "artikelnummer", "nummer"])
# A row with this many columns is shown in parts where some of them answer.
LONG_ROW = 4
# A cell of this many characters is a text, and what it says counts like its column's name.
TEXT_CHARACTERS = 30
# A word of a column's name that was not asked about, and what a text must say beyond a name.
UNASKED, IN_TEXT = 0.3, 1.0


def naming_field(fields: Fields) -> int:
    """Return the position of the field that names what the row is about: by its column, else the first that may be."""
    for i, (key, _) in enumerate(fields):
        if key.lower() in NAMES:
            return i
    return next((i for i, (key, _) in enumerate(fields) if key.lower() not in NUMBERING | FOR_MACHINES), 0)


def fields_for(
    ask: Ask, asked: frozenset[str], fields: Fields, language: str, vocabulary: Vocabulary
) -> tuple[int, ...]:
    """Return the fields of a row that answer: those named by the detail asked, or whose value is one.

    `asked` are all terms of the question, also the empty ones. Of several fields those named most alike are taken.
    """
    name = naming_field(fields)
    named_terms = frozenset(same_terms(fields[name][1], language))
    asked = frozenset(term for term in asked if not vocabulary.says(named_terms, term))
    if ask.kind in DETAILS:
        found = [i for i, (key, _) in enumerate(fields) if ask.kind in details_of_column(key, language)]
        named = bool(found)
        found += [
            i
            for i, (key, cell) in enumerate(fields)
            if i != name and i not in found and _is_value(ask.kind, key, cell, language, named=named)
        ]
    elif ask.kind in {COUNT, AMOUNT}:
        found = [i for i, (key, cell) in enumerate(fields) if _counts(ask, key, cell, language, vocabulary)]
    else:
        found = [i for i, (key, _) in enumerate(fields) if i != name and key.lower() not in FOR_MACHINES]
    spelled = all_terms(ask.spelled, language)
    alike = {i: _alike(asked, spelled, fields[i], language, vocabulary, texts=bool(ask.kind)) for i in found}
    best = max(alike.values(), default=0.0)
    return tuple(
        i for i in found if alike[i] == best and (ask.kind in DETAILS or ask.kind in {COUNT, AMOUNT} or best > 0)
    )


def _alike(
    asked: frozenset[str],
    spelled: Collection[str],
    field: tuple[str, str],
    language: str,
    vocabulary: Vocabulary,
    *,
    texts: bool,
) -> float:
    """How much of the question a field says: its column, or the text in it, less what was not asked."""
    column = frozenset(same_terms(spoken_name(field[0]), language))
    said = {term for term in asked if vocabulary.says(column, term)}
    likeness = len(said) - UNASKED * max(0, len(column) - len(said))
    if texts and len(field[1]) > TEXT_CHARACTERS:
        text = frozenset(same_terms(field[1], language))
        likeness = max(likeness, sum(vocabulary.says(text, term) for term in asked) - IN_TEXT)
    return likeness + sum(vocabulary.says(column, term) for term in spelled)


def _is_value(kind: str, key: str, cell: str, language: str, *, named: bool) -> bool:
    """Say whether a cell holds a value of a detail and its column names no other.

    Where a column is `named` for the detail, only a text that names it as well counts beside it.
    """
    if named and (
        len(cell) <= TEXT_CHARACTERS or not names_detail(kind, frozenset(same_terms(cell, language)), language)
    ):
        return False
    return not details_of_column(key, language) - {kind} and cell_holds(kind, cell, language)


def _counts(ask: Ask, key: str, cell: str, language: str, vocabulary: Vocabulary) -> bool:
    said = frozenset(same_terms(f"{spoken_name(key)} {cell}", language))
    return any(map(str.isdigit, cell)) and all(vocabulary.says(said, term) for term in ask.nouns)


def without_texts(fields: Fields) -> str:
    """Return what a row says in its columns and short cells; a text speaks of other things as well."""
    return " ".join(f"{spoken_name(key)} {cell}" if len(cell) <= TEXT_CHARACTERS else key for key, cell in fields)


def shown_fields(fields: Fields, answering: Collection[int], language: str) -> Fields:
    """Of a long row its name and the fields that answer, with the unit of a bare number; all of it when none does."""
    if len(fields) < LONG_ROW or not answering:
        return fields
    name = naming_field(fields)
    bare = [fields[i][0] for i in answering if re.fullmatch(r"[\d.,\s]+", fields[i][1])]
    units = UNITS if bare else frozenset[str]()
    if any("price" in details_of_column(key, language) for key in bare):
        units |= CURRENCIES
    return tuple(field for i, field in enumerate(fields) if i in answering or i == name or field[0].lower() in units)


def readable_fields(fields: Fields) -> str:
    """Put the name of a row first and leave out what is for machines."""
    named = next((i for i, (key, _) in enumerate(fields) if key.lower() in NAMES), None)
    rest = " · ".join(
        f"{spoken_name(key)}: {cell}" if key else cell
        for i, (key, cell) in enumerate(fields)
        if i != named and key.lower() not in FOR_MACHINES
    )
    if named is None:
        return rest
    name = f"**{fields[named][1]}**"
    return f"{name} · {rest}" if rest else name


def spoken_name(key: str) -> str:
    """`opening_hours.Monday` as people write it."""
    return re.sub(r"[._]+", " ", key).strip() if re.fullmatch(r"\w+(?:\.\w+)*", key) else key
