"""Facts in columns: each a rank among its cuts, bit by bit in planes of 64 people a word; households added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .form import Fault, Faulty
from .plan import Axis, Given, Plan, Program

Bits = NDArray[np.uint64]
WORD = 64


@dataclass(frozen=True)
class Column:
    """kind: int, float, day (days since 1970), text (numbers of `words`). known: where there is a value; None: everywhere."""

    kind: str
    values: NDArray[Any]
    known: NDArray[np.bool_] | None = None
    words: tuple[str | None, ...] = ()


Columns = Mapping[str, Column]


def kinds(columns: Columns) -> dict[str, str]:
    return {name: column.kind for name, column in columns.items()}


def words_of(rows: int) -> int:
    return -(-rows // WORD)


def planes(made: Plan, columns: Columns, rows: int) -> Bits:
    """Every fact that the plan looks at, [plane, word]; what lies behind the last row is unknown."""
    found = np.zeros((sum(axis.planes for axis in made.axes.values()), words_of(rows)), dtype=np.uint64)
    for axis in made.axes.values():
        lay_planes(axis, ranks(axis, columns[axis.fact]), found)
    return found


def ranks(axis: Axis, column: Column) -> NDArray[Any]:
    """0 where unknown, else one more than the number of cuts at or below."""
    dtype = np.uint8 if len(axis.cuts) < 254 else np.uint32
    if column.kind == "text":
        by_word = np.array([_text_rank(axis, word) for word in column.words] + [0], dtype=dtype)
        found = by_word[np.where(column.known, column.values, len(column.words)) if column.known is not None else column.values]
    else:
        found = (np.searchsorted(_cuts(axis), column.values, side="right") + 1).astype(dtype)
        if column.kind == "float":
            found[np.isnan(column.values)] = 0
    if column.known is not None:
        found[~column.known] = 0
    return found


def _cuts(axis: Axis) -> NDArray[Any]:
    if axis.kind == "float":
        return np.array(axis.cuts, dtype=np.float64)
    least, most = -(2**63), 2**63 - 1
    return np.array([min(max(cut, least), most) for cut in axis.cuts], dtype=np.int64)


def _text_rank(axis: Axis, word: str | None) -> int:
    if word is None:
        return 0
    from bisect import bisect_left, bisect_right

    at = bisect_left(axis.mentions, word)
    point = 2 * at + (1 if at < len(axis.mentions) and axis.mentions[at] == word else 0)
    return bisect_right(axis.cuts, point) + 1


def lay_planes(axis: Axis, found: NDArray[Any], into: Bits) -> None:
    for plane in range(axis.planes):
        into[axis.first_plane + plane] = packed((found >> plane) & 1, into.shape[1])


def packed(flags: NDArray[Any], words: int) -> Bits:
    """Flags as bits, the first row in the lowest."""
    bits = np.packbits(flags.astype(np.uint8, copy=False), bitorder="little")
    found = np.zeros(words * 8, dtype=np.uint8)
    found[: len(bits)] = bits
    return found.view("<u8").astype(np.uint64, copy=False)


def flags(bits: Bits, rows: int) -> NDArray[np.bool_]:
    return np.unpackbits(bits.view(np.uint8), count=rows, bitorder="little").view(np.bool_)


@dataclass
class Totals:
    """What is known of one condition on households, home by home: the least, and how many more could be (or are unknown)."""

    given: Given
    homes: int
    least: NDArray[Any] = field(init=False)
    unknown: NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        # A count fits into half of what a sum of money needs; over millions of homes that is felt.
        self.least = np.zeros(self.homes, dtype=np.int32 if self.given.node.count is not None else np.int64)
        self.unknown = np.zeros(self.homes, dtype=np.int32)

    def count(self, true: NDArray[np.bool_], possible: NDArray[np.bool_], home: NDArray[Any]) -> None:
        self.least += np.bincount(home[true], minlength=self.homes).astype(np.int32)
        self.unknown += np.bincount(home[possible & ~true], minlength=self.homes).astype(np.int32)

    def add(self, column: Column | None, home: NDArray[Any]) -> None:
        """column: None when there is no such fact, which then is unknown of everybody."""
        if column is None:
            self.unknown += np.bincount(home, minlength=self.homes).astype(np.int32)
            return
        if column.kind in ("text", "day"):
            node = self.given.node
            raise Faulty([Fault(node.total, node.place, f"情况{node.total}不是数，加不起来")])
        known = column.known if column.known is not None else np.ones(len(column.values), dtype=bool)
        if column.kind == "float":
            known = known & ~np.isnan(column.values)
            self.least = self.least.astype(np.float64, copy=False)
        np.add.at(self.least, home[known], column.values[known])
        self.unknown += np.bincount(home[~known], minlength=self.homes).astype(np.int32)

    def states(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(TRUE, POSSIBLE) by home."""
        node, value = self.given.node, self.given.value
        counted = node.count is not None
        most = self.least + self.unknown if counted else self.least
        unbounded = np.zeros(self.homes, dtype=bool) if counted else self.unknown > 0
        if node.op == "known":
            same = (self.least == most) & ~unbounded
            return same, same
        if value is None:
            return np.zeros(self.homes, dtype=bool), np.ones(self.homes, dtype=bool)
        return spans(node.op, self.least, most, unbounded, value)


Flags = NDArray[np.bool_]


def spans(op: str, least: NDArray[Any], most: NDArray[Any], unbounded: Flags, value: Any) -> tuple[Flags, Flags]:
    """`kleene.compare_span` for many: (TRUE, POSSIBLE)."""
    if op in ("!=", "not_in"):
        true, possible = spans("=" if op == "!=" else "in", least, most, unbounded, value)
        return ~possible, ~true
    if op in ("=", "in"):
        inside = [(least <= one) & (unbounded | (most >= one)) for one in sorted(set(value if op == "in" else (value,)))]
        whole = [these for these, one in zip(inside, sorted(set(value if op == "in" else (value,))), strict=True) if one == int(one)]
        possible = np.any(inside, axis=0) if inside else np.zeros(len(least), dtype=bool)
        held = np.sum(whole, axis=0) if whole else np.zeros(len(least), dtype=np.int64)
        return possible & ~unbounded & ((least == most) | (held == most - least + 1)), possible
    if op == "between":
        low, high = value
        true = (low <= least) & (most <= high) & ~unbounded
        return true, (least <= high) & (unbounded | (most >= low)) & (low <= high)
    if op in (">", ">="):
        above = np.greater if op == ">" else np.greater_equal
        return above(least, value), unbounded | above(most, value)
    below = np.less if op == "<" else np.less_equal
    return below(most, value) & ~unbounded, below(least, value)


def homes_of(codes: Sequence[Any]) -> tuple[NDArray[np.int64], int]:
    """A number for each household, and how many there are; whoever has none is a household alone."""
    numbers: dict[Any, int] = {}
    found = [numbers.setdefault((False, code) if code is not None else (True, at), len(numbers)) for at, code in enumerate(codes)]
    return np.array(found, dtype=np.int64), len(numbers)


def given_bits(made: Plan, columns: Columns, bits: Bits, home: NDArray[Any] | None, homes: int, rows: int, run: Any) -> Bits:
    """Conditions on households for a whole table, [condition, TRUE or POSSIBLE, word]."""
    found = np.zeros((len(made.givens), 2, words_of(rows)), dtype=np.uint64)
    if home is None:
        home, homes = np.arange(rows), rows
    for level, program in made.levels:
        outputs = run(program, bits, found) if program.outputs else None
        at = 0
        for given in level:
            totals = Totals(given, homes)
            if given.node.count is not None and outputs is not None:
                totals.count(flags(outputs[0][at], rows), flags(outputs[1][at], rows), home)
                at += 1
            else:
                totals.add(columns.get(given.node.total), home)
            for which, states in enumerate(totals.states()):
                found[given.number, which] = packed(states[home], found.shape[2])
    return found


def mask_tail(bits: Bits, rows: int) -> None:
    """Nobody stands behind the last row."""
    if rows % WORD and bits.shape[-1]:
        bits[..., -1] &= np.uint64((1 << (rows % WORD)) - 1)


__all__ = ["Bits", "Column", "Columns", "Program", "Totals", "flags", "given_bits", "homes_of", "kinds", "mask_tail", "planes", "spans"]
