"""Texts as counted n-grams of characters, hashed: many texts at once, no dictionary to keep. Pure NumPy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..words import fold

BITS = 20  # a million buckets: of the n-grams of 6,000 messages one in five shares its bucket, nearly always with a rare one
LONGEST = 3  # characters of the longest n-gram; four gained nothing on real messages
_STOP = np.uint32(0x110000)  # beyond every code point: no n-gram crosses from one text into the next
_MIX = tuple(np.uint64(prime) for prime in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93))
Floats = NDArray[np.float32]
Indices = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows, one a text: `starts` (rows + 1) into `columns` and `values`; columns of a row ascend and are there once."""

    starts: NDArray[np.int64]
    columns: Indices
    values: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of_row(self) -> Indices:
        """The row of each value."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))

    def take(self, rows: NDArray[np.int64]) -> "Rows":
        """These rows alone, in this order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        spots = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return Rows(starts, self.columns[spots], self.values[spots])


def counted(texts: Sequence[str], *, salt: int = 0, shortest: int = 1, longest: int = LONGEST, bits: int = BITS) -> Rows:
    """How often each n-gram stands in each text, folded to half width and small letters. salt: another field, other buckets."""
    letters, owners = _letters(texts)
    codes = [hashed(letters, size, salt) for size in range(shortest, longest + 1)]
    whole = [_inside(letters, size) for size in range(shortest, longest + 1)]
    keys = np.concatenate(
        [
            (owners[: len(code)][ok].astype(np.uint64) << np.uint64(bits)) | (code[ok] >> np.uint64(64 - bits))
            for code, ok in zip(codes, whole, strict=True)
        ]
    )
    keys.sort()
    first = np.concatenate(([True], keys[1:] != keys[:-1])) if len(keys) else np.zeros(0, bool)
    spots = np.flatnonzero(first)
    counts = np.diff(np.append(spots, len(keys)))
    once = keys[spots]
    starts = np.searchsorted(once, np.arange(len(texts) + 1, dtype=np.uint64) << np.uint64(bits))
    columns = (once & np.uint64((1 << bits) - 1)).astype(np.int32)
    return Rows(starts.astype(np.int64), columns, counts.astype(np.float32))


def _letters(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Indices]:
    """All texts as one row of code points with a stop after each, and the text to which each belongs."""
    folded = [fold(text)[0] for text in texts]
    lengths = np.fromiter((len(text) + 1 for text in folded), np.int64, len(folded))
    joined = "\U0010ffff".join(folded) + "\U0010ffff" if folded else ""
    letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    letters[np.cumsum(lengths) - 1] = _STOP
    return letters, np.repeat(np.arange(len(folded), dtype=np.int32), lengths)


def hashed(letters: NDArray[np.uint32], size: int, salt: int) -> NDArray[np.uint64]:
    """The code of the n-gram of this size that begins at each letter; its highest bits are its bucket."""
    wide = letters.astype(np.uint64)
    code = np.full(max(len(letters) - size + 1, 0), np.uint64(salt * 7919 + size), np.uint64)
    for at in range(size):
        code = (code ^ wide[at : at + len(code)]) * _MIX[at]
        code ^= code >> np.uint64(29)
    return code * _MIX[3]


def _inside(letters: NDArray[np.uint32], size: int) -> NDArray[np.bool_]:
    stop = letters == _STOP
    count = max(len(letters) - size + 1, 0)
    ok = np.ones(count, bool)
    for at in range(size):
        ok &= ~stop[at : at + count]
    return ok
