"""One margin a class by a linear machine with squared hinge loss, all classes together. Pure NumPy.

Truncated Newton steps with conjugate gradients in the primal (Keerthi and DeCoste, JMLR 2005; Lin, Weng, Keerthi, JMLR 2008):
each class is a problem of its own, and all share every walk over the rows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .grams import Floats, Rows

OUTER, INNER = 12, 10
ENOUGH = 0.02  # of the first gradient: below this another step changed no answer on real messages
BLOCK = 1 << 18  # values walked over at once: their products stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Walk:
    """The same values by row and by column, so that both products run over memory in order."""

    rows: Rows
    width: int
    order: NDArray[np.int64]
    owner: NDArray[np.int32]
    columns: NDArray[np.int32]
    starts: NDArray[np.int64]
    values: Floats

    @classmethod
    def over(cls, rows: Rows, width: int) -> "Walk":
        order = np.argsort(rows.columns, kind="stable")
        columns = rows.columns[order]
        starts = np.flatnonzero(np.concatenate(([True], columns[1:] != columns[:-1]))[: len(columns)])
        return cls(rows, width, order, rows.of_row()[order], columns[starts], starts, rows.values[order])

    def forward(self, weights: Floats) -> Floats:
        """rows x classes."""
        return times(self.rows, weights)

    def back(self, signal: Floats) -> Floats:
        """width x classes: what each column gathers from all rows."""
        gathered = np.zeros((self.width, signal.shape[1]), np.float32)
        ends = np.append(self.starts[1:], len(self.values))
        at = 0
        while at < len(self.starts):
            until = max(int(np.searchsorted(self.starts, self.starts[at] + BLOCK)), at + 1)
            low, high = self.starts[at], ends[until - 1]
            part = signal[self.owner[low:high]]
            part *= self.values[low:high, None]
            gathered[self.columns[at:until]] = np.add.reduceat(part, self.starts[at:until] - low, axis=0)
            at = until
        return gathered


def times(rows: Rows, weights: Floats | NDArray[np.float16]) -> Floats:
    """rows x classes: the sum of each row's values times the weights of their columns."""
    found = np.zeros((len(rows), weights.shape[1]), np.float32)
    at = 0
    while at < len(rows):
        until = max(int(np.searchsorted(rows.starts, rows.starts[at] + BLOCK)) - 1, at + 1)
        low, high = rows.starts[at], rows.starts[until]
        part = np.multiply(weights[rows.columns[low:high]], rows.values[low:high, None], dtype=np.float32)
        filled = np.flatnonzero(np.diff(rows.starts[at : until + 1]))
        if len(filled):
            found[at + filled] = np.add.reduceat(part, rows.starts[at + filled] - low, axis=0)
        at = until
    return found


def fit(rows: Rows, width: int, signs: Floats, *, cost: float = 1.0) -> Floats:
    """Weights, width x classes. signs: rows x classes, 1 where the row is of the class and -1 where it is not."""
    walk = Walk.over(rows, width)
    weights = np.zeros((width, signs.shape[1]), np.float32)
    margin = np.zeros_like(signs)
    first: NDArray[np.float32] | None = None
    for _ in range(OUTER):
        slack = np.maximum(1 - signs * margin, 0)
        slope = weights - 2 * cost * walk.back(signs * slack)
        size = np.sqrt(np.einsum("ij,ij->j", slope, slope))
        first = size if first is None else first
        if (size <= ENOUGH * first).all():
            break
        step = _newton(walk, slope, (slack > 0).astype(np.float32), cost)
        ahead = walk.forward(step)
        length = _length(weights, step, signs, margin, ahead, cost)
        weights += length * step
        margin += length * ahead
    return weights


def _newton(walk: Walk, slope: Floats, active: Floats, cost: float) -> Floats:
    """The step that solves (I + 2 cost X' active X) step = -slope well enough, by conjugate gradients, each class on its own."""
    step = np.zeros_like(slope)
    left = -slope
    way = left.copy()
    size = np.einsum("ij,ij->j", left, left)
    enough = 0.05 * size
    for _ in range(INNER):
        bent = way + 2 * cost * walk.back(active * walk.forward(way))
        alpha = np.where(size > enough, size / np.maximum(np.einsum("ij,ij->j", way, bent), 1e-30), 0).astype(np.float32)
        step += alpha * way
        left -= alpha * bent
        fresh = np.einsum("ij,ij->j", left, left)
        if (fresh <= enough).all():
            break
        way = left + (fresh / np.maximum(size, 1e-30)).astype(np.float32) * way
        size = fresh
    return step


def _length(weights: Floats, step: Floats, signs: Floats, margin: Floats, ahead: Floats, cost: float) -> Floats:
    """How far along the step each class goes: the whole of it, or the first half, quarter ... that lowers the loss."""
    inner, own = np.einsum("ij,ij->j", weights, step), np.einsum("ij,ij->j", step, step)
    now = cost * (np.maximum(1 - signs * margin, 0) ** 2).sum(0)
    length = np.ones(weights.shape[1], np.float32)
    for _ in range(8):
        then = cost * (np.maximum(1 - signs * (margin + length * ahead), 0) ** 2).sum(0)
        worse = then + length * inner + length**2 * own / 2 > now
        if not worse.any():
            break
        length[worse] /= 2
    return length
