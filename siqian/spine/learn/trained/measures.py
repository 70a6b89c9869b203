"""How good answers were. Pure NumPy."""

import numpy as np
from numpy.typing import NDArray

from .calibration import threshold
from .grams import Floats

Whole = NDArray[np.int64]


def f1(true: Whole, told: Whole, classes: int) -> NDArray[np.float64]:
    """F1 of each class; 0 where a class was neither told nor there."""
    hit = np.bincount(true[true == told], minlength=classes)
    both = np.bincount(true, minlength=classes) + np.bincount(told, minlength=classes)
    return 2 * hit / np.maximum(both, 1)


def coverage(sure: Floats, right: NDArray[np.bool_], wanted: float) -> float:
    """The largest share of answers, the surest first, of which `wanted` are right."""
    return float((sure >= threshold(sure, right, wanted=wanted)).mean()) if len(sure) else 0.0


def b_cubed(true: Whole, told: Whole) -> tuple[float, float, float]:
    """(precision, recall, F) of a grouping against another, each thing counted alike (Bagga and Baldwin, 1998)."""
    _, one = np.unique(true, return_inverse=True)
    _, other = np.unique(told, return_inverse=True)
    _, back, together = np.unique(one * (other.max() + 1) + other, return_inverse=True, return_counts=True)
    shared = together[back]
    precision = float((shared / np.bincount(other)[other]).mean())
    recall = float((shared / np.bincount(one)[one]).mean())
    return precision, recall, 2 * precision * recall / (precision + recall)
