"""How alike messages are: the cosine of rare n-grams, the title's and the whole text's counted alike. Pure NumPy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .grams import Floats, Rows, counted

OFTEN = 60  # an n-gram of more messages makes no pairs: it would make thousands and prove little of each
BITS = 22


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two messages each (one < other) and how alike they are, 0 to 1."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    alike: Floats


@dataclass(frozen=True, slots=True)
class Field:
    """One field of all messages: rows of length 1, the columns that are there, how rare each is."""

    rows: Rows
    rare: Floats  # by column; 0 where a column is in one message alone, or in all

    @classmethod
    def of(cls, texts: Sequence[str], *, shortest: int, longest: int) -> "Field":
        rows = counted(texts, shortest=shortest, longest=longest, bits=BITS)
        often = np.bincount(rows.columns, minlength=1 << BITS)
        rare = np.where(often >= 2, np.log(max(len(texts), 1) / np.maximum(often, 1)), 0).astype(np.float32)
        return cls(weighed(rows, rare), rare)

    def to(self, text: str, *, shortest: int, longest: int) -> Floats:
        """How alike each message is to this text."""
        own = weighed(counted([text], shortest=shortest, longest=longest, bits=BITS), self.rare)
        worth = np.zeros(1 << BITS, np.float32)
        worth[own.columns] = own.values
        return np.bincount(self.rows.of_row(), self.rows.values * worth[self.rows.columns], len(self.rows)).astype(np.float32)


TITLE, WHOLE = {"shortest": 2, "longest": 3}, {"shortest": 3, "longest": 4}


def fields(titles: Sequence[str], bodies: Sequence[str]) -> tuple[Field, Field]:
    """Title and whole text of all messages."""
    whole = [f"{title}。{body}" for title, body in zip(titles, bodies, strict=True)]
    return Field.of(titles, **TITLE), Field.of(whole, **WHOLE)


def pairs(titles: Sequence[str], bodies: Sequence[str], *, least: float) -> Pairs:
    """All pairs that are at least so alike."""
    count = max(len(titles), 1)
    keys, values = zip(*(_shared(field.rows, count) for field in fields(titles, bodies)), strict=True)
    once, back = np.unique(np.concatenate(keys), return_inverse=True)
    total = np.bincount(back, np.concatenate(values), len(once)) / 2
    near = total >= least
    return Pairs(once[near] // count, once[near] % count, total[near].astype(np.float32))


def weighed(rows: Rows, rare: Floats) -> Rows:
    """Known columns alone, each by how often and how rare it is, each row of length 1."""
    worth = rare[rows.columns]
    known = worth > 0
    owner = rows.of_row()[known]
    values = (1 + np.log(rows.values[known])) * worth[known]
    length = np.sqrt(np.bincount(owner, values.astype(np.float64) ** 2, len(rows)))
    starts = np.concatenate(([0], np.cumsum(known)))[rows.starts]
    return Rows(starts, rows.columns[known], (values / np.maximum(length, 1e-12)[owner]).astype(np.float32))


def _shared(rows: Rows, count: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """What each pair shares in columns that few messages have: (one * count + other, sum of products)."""
    order = np.argsort(rows.columns, kind="stable")
    owner, values = rows.of_row()[order].astype(np.int64), rows.values[order]
    _, starts, often = np.unique(rows.columns[order], return_index=True, return_counts=True)
    found: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    sums: list[NDArray[np.float64]] = [np.zeros(0)]
    for size in range(2, OFTEN + 1):
        first = starts[often == size]
        if not len(first):
            continue
        spots = first[:, None] + np.arange(size)
        who, worth = owner[spots], values[spots]
        left, right = np.triu_indices(size, 1)
        # Owners ascend within a column: the first of each pair is the lower.
        keys = (who[:, left] * count + who[:, right]).ravel()
        once, back = np.unique(keys, return_inverse=True)
        found.append(once)
        sums.append(np.bincount(back, (worth[:, left] * worth[:, right]).ravel(), len(once)).astype(np.float64))
    return np.concatenate(found), np.concatenate(sums)
