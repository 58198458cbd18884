"""What an owner means by a topic's name: topics of the catalogue, or one of which only the name is known."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from shopwright.nlp.embedding import Embedder
from shopwright.understanding.reference import NAMES_LANGUAGE, Reference, Vectors
from shopwright.understanding.text import plain

# Between "Rechnungen" and "Rechnung" or "payment" and "paying" lie 0.6 to 0.9; unrelated names stay below
# 0.5.
SAME_NAME = 0.62
# Forbidding what a shop is for needs a name that says just that.
SAME_SHOP_NAME = 0.8
# A name may come close to several topics; all that are nearly as close are meant.
NEARLY = 0.06
MOST_TOPICS = 4

_SEPARATORS = re.compile(r"\s*(?:[,;/&+|]|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\boder\b|\bor\b)\s*")
# Words that say nothing about a topic: "questions about returns".
_FILLERS = {
    "question", "questions", "issue", "issues", "topic", "topics", "about", "related", "information", "info",
    "advice", "matter", "matters", "enquiry", "enquiries", "inquiry", "inquiries", "request", "requests",
    "problem", "problems", "policy", "policies", "frage", "fragen", "zu", "zum", "zur", "thema", "themen",
    "sur", "preguntas", "sobre", "domande", "su",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """One of the owner's topics. With no `topics`, the name itself is all there is."""

    name: str
    topics: tuple[str, ...]


async def meanings(names: Sequence[str], ref: Reference, embedder: Embedder, *, forbidden: bool) -> list[Meaning]:
    """Say what each name stands for: by its letters when the catalogue knows them, else by its vector.

    An allowed name with several parts ("payment, gift cards and bonsai care") is taken apart, so that the
    parts the catalogue knows are not lost for the one it does not; the result then has more items than
    `names`. A forbidden name is never taken apart, for half of it may be innocent.

    Some names are two things: "personal information" forbidden is other people's, allowed it is the
    customer's own. `forbidden` settles it.
    """
    parts: list[tuple[str, str]] = []
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        whole = _by_letters(name, ref, forbidden=forbidden)
        pieces = [] if whole or forbidden else [p for p in _SEPARATORS.split(plain(name)) if p]
        for piece in pieces if len(pieces) > 1 else [name]:
            parts.append((name, piece))
            found[piece] = whole or _by_letters(piece, ref, forbidden=forbidden)
    unknown = [piece for piece, topics in found.items() if not topics]
    if unknown:
        likeness = await embedder.embed_queries(unknown, NAMES_LANGUAGE) @ ref.name_vectors.T
        found |= {piece: _by_vector(likeness[i], ref, forbidden=forbidden) for i, piece in enumerate(unknown)}
    return [Meaning(name if found[piece] else piece, found[piece]) for name, piece in parts]


def _by_letters(name: str, ref: Reference, *, forbidden: bool) -> tuple[str, ...]:
    whole = plain(name)
    parts = [part for part in _SEPARATORS.split(whole) if part]
    trimmed = [" ".join(word for word in part.split() if word not in _FILLERS) for part in parts]
    for candidates in ([whole], parts, [part for part in trimmed if part]):
        matches = [_exact(candidate, ref, forbidden=forbidden) for candidate in candidates]
        # Of "shipping and bonsai care" both halves matter, so half a match is none.
        if matches and all(matches):
            return _unique(topic for match in matches for topic in match)
    return ()


def _exact(name: str, ref: Reference, *, forbidden: bool) -> tuple[str, ...]:
    hits = ref.by_letters.get(name, ())
    wanted = [topics for topics in hits if ref.is_shop(topics) != forbidden]
    return _unique(topic for topics in wanted or hits for topic in topics)


def _by_vector(likeness: Vectors, ref: Reference, *, forbidden: bool) -> tuple[str, ...]:
    best = float(likeness.max())
    if best < SAME_NAME:
        return ()
    near = [int(i) for i in np.argsort(-likeness)[:MOST_TOPICS] if likeness[i] >= best - NEARLY]
    if forbidden:
        # "competitor prices" is close to "prices" too, and must not silence them.
        near = [i for i in near if not ref.is_shop(ref.named[i]) or likeness[i] >= SAME_SHOP_NAME]
    return _unique(topic for i in near for topic in ref.named[i])


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
