"""What to search for when a customer says something: the message, in the light of what was said before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shopwright.nlp.lexical import analyze, is_dense

HISTORY_MESSAGES = 6
HISTORY_CHARACTERS = 300
# Each message back counts for less, and what the bot said counts for less than what the customer said.
DECAY = 0.7
SAID_BY_BOT_TERMS = 0.5
SAID_BY_BOT_VECTOR = 0.7
# A message of this many content terms gets half of its history, "yes" gets all of it. Without this rule a new
# question after a long talk about something else was answered from the old topic (see decision 0007).
SELF_CONTAINED_TERMS = 3

CUSTOMER_ROLES = frozenset({"user", "customer", "contact"})
SILENT_ROLES = frozenset({"system", "tool", "developer"})


class Said(NamedTuple):
    """One earlier message. `role` is `user` for the customer; the bot and operators are anything else."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """What the query side computes once, before it asks the database."""

    language: str
    # term -> weight, before document frequencies: `bm25.query_weights` takes it from here
    terms: dict[str, float]
    # to be embedded in one batch by `Embedder.embed_queries`; the message first, then back in time
    texts: tuple[str, ...]
    text_weights: tuple[float, ...]

    def vector(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Blend the embedded texts, shape `(len(texts), d)`, into the vector to search with, shape `(d,)`.

        The sum has the length of the message's own row, so scores stay comparable.
        """
        blend = np.asarray(self.text_weights, np.float32) @ rows
        length = float(np.linalg.norm(blend))
        return blend * np.float32(np.linalg.norm(rows[0]) / length) if length else rows[0]


def plan_query(message: str, history: Sequence[Said], language: str) -> QueryPlan:
    """Weigh the message and up to six messages before it.

    A follow-up such as "and to Canada?" is searched with the words and the meaning of what came
    before; a question that stands for itself hardly is.

    Args:
        message: what the customer just said.
        history: earlier messages, oldest first, without `message`.
        language: the one the searched passages were cut with, as a rule that of the message.
    """
    own = analyze(message, language)
    terms: dict[str, float] = dict(Counter(own))
    share = SELF_CONTAINED_TERMS / (SELF_CONTAINED_TERMS + _content(own))
    texts, weights = [message], [1.0]
    heard = [said for said in history if said.role not in SILENT_ROLES and said.content.strip()]
    for said in reversed(heard[-HISTORY_MESSAGES:]):
        share *= DECAY
        by_customer = said.role in CUSTOMER_ROLES
        content = said.content[:HISTORY_CHARACTERS]
        for term in dict.fromkeys(analyze(content, language)):
            terms[term] = terms.get(term, 0.0) + share * (1 if by_customer else SAID_BY_BOT_TERMS)
        texts.append(content)
        weights.append(share * (1 if by_customer else SAID_BY_BOT_VECTOR))
    return QueryPlan(language, terms, tuple(texts), tuple(weights))


def _content(terms: Sequence[str]) -> float:
    """Count distinct terms; two pairs of characters make about one word."""
    return sum(0.5 if is_dense(term) else 1.0 for term in set(terms))
