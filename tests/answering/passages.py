"""Passages of a made-up shop."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shopwright.knowledge.passages import Passage
from shopwright.nlp.sentences import split_sentences


def passage(text: str, title: str = "", *, language: str = "en", start: int = 0, **fields: object) -> Passage:
    made = Passage(
        chunk_id=uuid.uuid4(), document_id=uuid.uuid4(), document_version=1, title=title, heading="", url=None,
        page=None, anchor=None, kind="text", language=language, text=text, start=start, end=start + len(text),
        score=0.5, sentences=tuple(split_sentences(text)),
    )  # fmt: skip
    return replace(made, **fields)


def with_likeness(made: Passage, likeness: Sequence[float]) -> Passage:
    """Give each sentence a vector whose inner product with `QUESTION` is as wanted."""
    assert len(likeness) == len(made.sentences)
    rows = np.zeros((len(likeness), 1 + len(likeness)), np.float32)
    for i, value in enumerate(likeness):
        rows[i, 0], rows[i, 1 + i] = value, (1 - value**2) ** 0.5
    return replace(made, sentence_vectors=rows)


def question_vector(made: Passage) -> np.ndarray:
    assert made.sentence_vectors is not None
    vector = np.zeros(made.sentence_vectors.shape[1], np.float32)
    vector[0] = 1
    return vector


RETURNS = passage(
    "You can return unworn items within 30 days of delivery. Sale items cannot be returned, but they can be exchanged "
    "for another size. The return label costs EUR 2.90, which we deduct from your refund. We refund the purchase "
    "price within 5 working days.",
    "Returns",
)
SHIPPING = passage(
    "Standard delivery within Germany takes 2 to 3 working days and costs EUR 4.90. Express delivery costs EUR 12.50 "
    "and arrives on the next working day if you order before 2 pm. Orders over EUR 79 are delivered free of charge. "
    "We also ship to Austria and Switzerland; delivery there takes 4 to 6 working days. We do not deliver to PO boxes.",
    "Shipping",
)
STORE = passage(
    "The store at Karlstraße 12 is open Monday to Friday from 10:00 to 19:00 and Saturday from 10:00 to 16:00. It is "
    "closed on Sundays. Call us on +49 341 555 01 20 or write to leipzig@wanderkiste.example.",
    "Our store in Leipzig",
)
TENTS = passage(
    "| Article | SKU | Weight | Price |\n|---|---|---|---|\n| Lumo 2 tent | LU-2001 | 2.4 kg | €249.00 |\n"
    "| Lumo 3 tent | LU-3001 | 3.1 kg | €319.00 |",
    "Price list",
)
RUECKGABE = passage(
    "Sie können ungetragene Artikel innerhalb von 30 Tagen nach der Lieferung zurückgeben. Reduzierte Artikel sind vom "
    "Umtausch ausgeschlossen. Das Etikett kostet 2,90 €. Geschenkkarten werden nicht zurückgenommen.",
    "Rückgabe",
    language="de",
)
