"""Which messages a new one is like: an index over hashed n-grams that grows one message at a time. Pure NumPy.

The same likeness as the nightly average-link takes (`learn`'s `alike`): the cosine of rare n-grams, title and whole text counted
alike. What is rare is known from what is held by now, so that a message asks for its own n-grams only.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siqian.spine.learn.queries import alike, grams

from .same import BESIDE, FAINT

# Whenever there are so many more messages, what is rare is reckoned anew for all.
GROWN = 1.05


class Index:
    """Messages by id; those of one id are held once."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self._places: dict[int, int] = {}
        self._fields = (_Field(**alike.TITLE), _Field(**alike.WHOLE))

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, id_: int) -> bool:
        return id_ in self._places

    def add(self, ids: Sequence[int], titles: Sequence[str], bodies: Sequence[str]) -> None:
        """Hold these, too. Many at once cost a few microseconds each."""
        new = []
        for at, id_ in enumerate(ids):
            if id_ not in self._places:
                self._places[id_] = len(self.ids)
                self.ids.append(id_)
                new.append(at)
        for field, texts in zip(self._fields, _texts(titles, bodies), strict=True):
            field.add([texts[at] for at in new])

    def near(self, title: str, body: str) -> list[tuple[int, float]]:
        """(id, how alike from 0 to 1) of every message that is not quite unlike this one, the likest first."""
        both = np.zeros(len(self.ids))
        for field, texts in zip(self._fields, _texts([title], [body]), strict=True):
            both += field.near(texts[0])
        found = np.flatnonzero(both / 2 >= FAINT)
        order = found[np.argsort(-both[found], kind="stable")]
        return [(self.ids[at], float(both[at]) / 2) for at in order.tolist()]


class _Field:
    """One field of all messages: for every n-gram a chain of those that hold it, the newest first."""

    def __init__(self, *, shortest: int, longest: int) -> None:
        self._sizes = {"shortest": shortest, "longest": longest}
        self._head = np.full(1 << alike.BITS, -1, np.int32)
        self._often = np.zeros(1 << alike.BITS, np.int32)
        self._owners, self._worths = np.zeros(64, np.int32), np.zeros(64, np.float32)
        self._next, self._grams = np.zeros(64, np.int32), np.zeros(64, np.int32)
        self._held = 0
        self._lengths = np.zeros(64)  # squares of each message's worth, of n-grams that another holds as well
        self._count = self._weighed = 0
        self._last: tuple[str, grams.Rows] = ("", grams.counted([], **self._sizes, bits=alike.BITS))

    def add(self, texts: Sequence[str]) -> None:
        if not texts:
            return
        rows = self._counted(texts[0]) if len(texts) == 1 else grams.counted(texts, **self._sizes, bits=alike.BITS)
        self._lengths = _room(self._lengths, self._count + len(rows))
        self._keep(rows)
        self._count += len(rows)
        if len(texts) > 1 or self._count > GROWN * self._weighed:
            self._weigh_all()
        else:
            self._weigh_last(rows)

    def near(self, text: str) -> NDArray[np.float64]:
        """The cosine of every message with this text."""
        rows = self._counted(text)
        worth = 1 + np.log(rows.values.astype(np.float64))
        often = self._often[rows.columns]
        rare = _rare(often, self._count + 1)
        own = float(np.sum((worth * rare) ** 2))
        if own <= 0:
            return np.zeros(self._count)
        spots, of_gram = self._chains(rows.columns, often)
        owners, worths = self._owners[spots], self._worths[spots].astype(np.float64)
        shared = np.bincount(owners, worths * worth[of_gram] * rare[of_gram] ** 2, self._count)
        # Whoever held an n-gram alone would hold it no more alone.
        first = (often == 1)[of_gram]
        grown = np.bincount(owners[first], (worths[first] * rare[of_gram[first]]) ** 2, self._count)
        return shared / np.sqrt(np.maximum(self._lengths[: self._count] + grown, 1e-12) * own)

    def _chains(self, columns: NDArray[np.int32], often: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(where it is kept, which of these n-grams) of whoever holds one; an n-gram of many makes no pairs, it proves little of each."""
        of_gram = np.flatnonzero((often > 0) & (often < alike.OFTEN))
        at = self._head[columns[of_gram]]
        found: list[NDArray[Any]] = [np.zeros(0, np.int64)]
        whose: list[NDArray[Any]] = [np.zeros(0, np.int64)]
        while len(at):
            found.append(at)
            whose.append(of_gram)
            at = self._next[at]
            more = at >= 0
            at, of_gram = at[more], of_gram[more]
        return np.concatenate(found), np.concatenate(whose)

    def _keep(self, rows: grams.Rows) -> None:
        """Put each n-gram before those that are in its chain already."""
        order = np.argsort(rows.columns, kind="stable")
        columns, owners = rows.columns[order], rows.of_row()[order] + self._count
        spots = np.arange(self._held, self._held + len(columns), dtype=np.int32)
        self._held += len(columns)
        self._owners, self._worths = _room(self._owners, self._held), _room(self._worths, self._held)
        self._next, self._grams = _room(self._next, self._held), _room(self._grams, self._held)
        self._owners[spots], self._worths[spots], self._grams[spots] = owners, 1 + np.log(rows.values[order]), columns
        same = np.concatenate(([False], columns[1:] == columns[:-1]))
        self._next[spots] = np.where(same, spots - 1, self._head[columns])
        # Of several the last is written, and the last is the newest.
        self._head[columns] = spots
        once, counts = np.unique(columns, return_counts=True)
        self._often[once] += counts.astype(np.int32)

    def _weigh_last(self, rows: grams.Rows) -> None:
        often = self._often[rows.columns]
        rare = _rare(often - 1, self._count)
        self._lengths[self._count - 1] = np.sum(((1 + np.log(rows.values.astype(np.float64))) * rare) ** 2)
        # Whoever held an n-gram alone holds it no more alone: from now on it counts in both.
        second = often == 2
        spots = self._next[self._head[rows.columns[second]]]
        np.add.at(self._lengths, self._owners[spots], (self._worths[spots] * rare[second]) ** 2)

    def _weigh_all(self) -> None:
        held = self._grams[: self._held]
        rare = _rare(self._often[held] - 1, self._count)
        squares = (self._worths[: self._held] * rare) ** 2
        self._lengths[: self._count] = np.bincount(self._owners[: self._held], squares, self._count)
        self._weighed = self._count

    def _counted(self, text: str) -> grams.Rows:
        if self._last[0] != text:
            self._last = (text, grams.counted([text], **self._sizes, bits=alike.BITS))
        return self._last[1]


def _rare(others: NDArray[np.int32], count: int) -> NDArray[np.float64]:
    """By how many others hold an n-gram; what nobody else holds proves nothing."""
    return np.where(others > 0, np.log((count + BESIDE) / (others + 1.0)), 0.0)


def _room(held: NDArray[Any], wanted: int) -> NDArray[Any]:
    """The same with room for so many, doubled when it is full."""
    if wanted <= len(held):
        return held
    grown = np.zeros(max(wanted, 2 * len(held)), held.dtype)
    grown[: len(held)] = held
    return grown


def _texts(titles: Sequence[str], bodies: Sequence[str]) -> tuple[list[str], list[str]]:
    return list(titles), [f"{title}。{body}" for title, body in zip(titles, bodies, strict=True)]
