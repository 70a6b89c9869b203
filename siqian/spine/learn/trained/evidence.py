"""Which words of a message made a class likely: the n-grams' own parts of the margin, laid back over the characters. Pure NumPy."""

import numpy as np
from numpy.typing import NDArray

from ..words import fold
from .classifier import Model
from .grams import BITS, LONGEST, hashed

SHARE = 0.45  # of the strongest character: what weighs less is not shown
MOST = 3  # stretches that are shown; more would mark everything and show nothing
GAP = 1  # characters between two stretches that are read as one


def spans(model: Model, text: str, label: str, *, most: int = MOST) -> list[tuple[int, int]]:
    """The stretches of `text`, end not included, that speak most for `label`, in their order; none where nothing does."""
    folded, places = fold(text)
    if not folded or label not in model.labels:
        return []
    weight = _by_character(model, folded, model.labels.index(label))
    top = float(weight.max(initial=0))
    if top <= 0:
        return []
    stretches = _stretches(np.flatnonzero(weight >= SHARE * top))
    best = sorted(stretches, key=lambda stretch: -float(weight[stretch[0] : stretch[1]].sum()))[:most]
    return sorted((start, end) if places is None else (places[start], places[end - 1] + 1) for start, end in best)


def _by_character(model: Model, text: str, at: int) -> NDArray[np.float64]:
    """What each character lends the class: an n-gram's part is shared by its characters."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    lent = np.zeros(len(letters) + 1)
    for size in range(1, min(LONGEST, len(letters)) + 1):
        columns = (hashed(letters, size, 0) >> np.uint64(64 - BITS)).astype(np.int64) + (1 << BITS)
        spots = np.minimum(np.searchsorted(model.columns, columns), len(model.columns) - 1)
        known = model.columns[spots] == columns
        part = np.where(known, model.worth[spots] * model.weights[spots, at].astype(np.float32), 0) / size
        lent[: len(part)] += part
        # What begins here ends `size` characters on: sums of differences spread each part over its characters.
        lent[size : size + len(part)] -= part
    return np.cumsum(lent)[:-1]


def _stretches(marked: NDArray[np.int64]) -> list[tuple[int, int]]:
    parts = np.split(marked, np.flatnonzero(np.diff(marked) > GAP + 1) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts if len(part)]
