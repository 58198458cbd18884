"""Comparing a message with example messages."""

import numpy as np
from numpy.typing import NDArray

Likeness = NDArray[np.float32]
Rows = NDArray[np.intp]

# Neighbours that vote. One may be a chance likeness; eight of a topic with twenty examples are too far away.
NEIGHBOURS = 4


def nearest(likeness: Likeness, rows: Rows, neighbours: int = NEIGHBOURS) -> float:
    """Mean likeness of the nearest examples among `rows`; -1 without any."""
    if not len(rows):
        return -1.0
    chosen = likeness[rows]
    if len(chosen) > neighbours:
        chosen = np.partition(chosen, len(chosen) - neighbours)[-neighbours:]
    return float(chosen.mean())


def margin(
    likeness: NDArray[np.float32],
    rows: NDArray[np.intp],
    others: NDArray[np.intp],
    neighbours: int = NEIGHBOURS,
) -> float:
    """How much nearer the examples in `rows` are than those in `others`."""
    return nearest(likeness, rows, neighbours) - nearest(likeness, others, neighbours)
