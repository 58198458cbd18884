"""What every provider's embeddings must be before they are believed."""

import math
from typing import Any

from shopwright.kit.sentences import sentence
from shopwright.llm.port import ProviderDown


def checked_vectors(vectors: list[Any], count: int) -> list[list[float]]:
    """Return the vectors if there is one of finite numbers for each text.

    Raises:
        ProviderDown: there is not.
    """
    if len(vectors) != count:
        raise ProviderDown(sentence("{found} embeddings for {count} texts", found=len(vectors), count=count))
    for vector in vectors:
        if not isinstance(vector, list) or not vector or not all(_is_number(value) for value in vector):
            raise ProviderDown(sentence("an embedding is not a list of numbers"))
    return vectors


def same_size(vectors: list[list[float]]) -> list[list[float]]:
    """Return the vectors if all have one size.

    Raises:
        ProviderDown: they have not, and could not be compared.
    """
    if len({len(vector) for vector in vectors}) > 1:
        raise ProviderDown(sentence("the embeddings differ in size"))
    return vectors


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
