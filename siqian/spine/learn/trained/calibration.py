"""Margins become probabilities that mean what they say, and a threshold above which a machine may decide. Pure NumPy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .grams import Floats

SURE = 0.95  # of what is above the threshold so much was right
STEPS = 400


@dataclass(frozen=True, slots=True)
class Scale:
    """p = softmax(steep x margin + lean), steep one number for all classes, lean one for each."""

    steep: float
    lean: Floats

    def probabilities(self, margins: Floats) -> Floats:
        """rows x classes, each row of sum 1."""
        return soft(self.steep * margins + self.lean)


def fitted(margins: Floats, labels: NDArray[np.int64]) -> Scale:
    """The scale under which the labels are likeliest, from margins of rows that the machine was not trained on."""
    steep, lean = 2.0, np.zeros(margins.shape[1])
    told = np.zeros_like(margins)
    told[np.arange(len(labels)), labels] = 1
    for step in range(STEPS):
        wrong = soft((steep * margins + lean).astype(np.float32)) - told
        rate = 2.0 / (1 + step / 100)
        steep -= rate * float((wrong * margins).sum() / len(labels))
        # A faint pull to no lean at all: a class of three messages proves nothing about itself.
        lean -= rate * (wrong.sum(0) / len(labels) + lean / max(len(labels), 1))
    return Scale(max(float(steep), 0.1), lean.astype(np.float32))


def threshold(sure: Floats, right: NDArray[np.bool_], *, wanted: float = SURE) -> float:
    """The least probability such that of all answers at least as sure `wanted` were right; above 1 where there is none."""
    order = np.argsort(-sure, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # Equal probabilities stand or fall together.
    last = np.append(sure[order][1:] != sure[order][:-1], True) if len(order) else np.zeros(0, bool)
    good = np.flatnonzero((share >= wanted) & last)
    return float(sure[order][good[-1]]) if len(good) else 1.01


def error(sure: Floats, right: NDArray[np.bool_], *, bins: int = 15) -> float:
    """Expected calibration error: how far sureness and being right lie apart, over bins of as many answers each."""
    order = np.argsort(sure, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(abs(sure[part].mean() - right[part].mean()) * len(part) for part in parts) / max(len(sure), 1))


def soft(raised: Floats) -> Floats:
    """Each row as parts of 1."""
    powers = np.exp(raised - raised.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
