"""Near-duplicates among many texts: who has sent the same thing again, perhaps with a word changed. Pure NumPy.

MinHash over n-grams (Broder 1997), banded: two texts are compared where a band of their signatures is equal.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .grams import Rows, counted

BANDS, DEEP = 16, 4  # half of all pairs with 0.5 of their n-grams in common share a band, 98 of 100 of those with 0.7
ALIKE = 0.5  # share of equal signature places from which two texts count as one message sent twice


def groups(texts: Sequence[str], *, alike: float = ALIKE) -> NDArray[np.int32]:
    """The number of its group for each text; texts of one group are alike, one by one or in a chain. An empty text is alone."""
    signs = signatures(counted(texts, salt=3))
    parent = np.arange(len(texts), dtype=np.int32)
    empty = np.fromiter((not text.strip() for text in texts), bool, len(texts))
    for band in range(BANDS):
        part = signs[:, band * DEEP : (band + 1) * DEEP]
        order = np.lexsort(part.T)
        same = np.flatnonzero((part[order[1:]] == part[order[:-1]]).all(1))
        for one, other in zip(order[same].tolist(), order[same + 1].tolist(), strict=True):
            if not (empty[one] or empty[other]) and (signs[one] == signs[other]).mean() >= alike:
                a, b = _root(parent, one), _root(parent, other)
                parent[max(a, b)] = min(a, b)
    return np.array([_root(parent, at) for at in range(len(texts))], np.int32)


def parts(found: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """The part, 0 to count - 1, in which each text is tested: all of a group in one, as many groups in each."""
    return (np.unique(found, return_inverse=True)[1] % count).astype(np.int64)


def signatures(rows: Rows) -> NDArray[np.uint64]:
    """rows x (BANDS * DEEP): the least of each hash over a row's columns."""
    found = np.zeros((len(rows), BANDS * DEEP), np.uint64)
    filled = np.flatnonzero(np.diff(rows.starts))
    columns = rows.columns.astype(np.uint64)
    for at in range(BANDS * DEEP):
        mixed = (columns + np.uint64(at * 0x9E3779B1 + 1)) * np.uint64(0xD6E8FEB86659FD93)
        mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
        if len(filled):
            found[filled, at] = np.minimum.reduceat(mixed, rows.starts[filled])
    return found


def _root(parent: NDArray[np.int32], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = int(parent[at])
    return at
