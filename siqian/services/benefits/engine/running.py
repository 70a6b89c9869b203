"""A whole table matched: bits of every policy, pairs of person and policy with their amounts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import columns as cols, kleene, numpy_run
from .columns import Bits, Columns
from .form import Amount, Policy, is_number
from .plan import Plan, Program

Run = Callable[[Program, Bits, Bits], tuple[Bits, Bits]]
# The largest product that 64 bits hold, with room for the rounding.
ROOM = 2**61
MANY = 500_000


@dataclass(frozen=True)
class Pairs:
    """One policy's people. rows: whose row; true: else unknown; amounts: fen; known: where there is an amount."""

    policy: Policy
    rows: NDArray[np.int64]
    true: NDArray[np.bool_]
    amounts: NDArray[np.int64]
    known: NDArray[np.bool_]


def run_for(rows: int) -> Run:
    """NumPy's where Numba would take longer to wake up than to reckon."""
    return best_run() if rows >= MANY else numpy_run.run


@cache
def best_run() -> Run:
    """Numba's, where the extra `benefits` is there; else NumPy's. The same bits either way."""
    try:
        from . import numba_run
    except ImportError:
        return numpy_run.run
    return numba_run.run


def bits_of(made: Plan, columns: Columns, rows: int, home: Any = None, homes: int = 0, run: Run = numpy_run.run) -> tuple[Bits, Bits]:
    """(TRUE, POSSIBLE) of every policy, [policy, word]. home: each row's household by number; None: everybody lives alone."""
    planes = cols.planes(made, columns, rows)
    given = cols.given_bits(made, columns, planes, home, homes, rows, run)
    return main_bits(made, planes, given, rows, run)


def main_bits(made: Plan, planes: Bits, given: Bits, rows: int, run: Run) -> tuple[Bits, Bits]:
    assert made.main is not None
    # A plan without any column still has as many words as there are rows.
    wide = planes if planes.size else np.zeros((1, cols.words_of(rows)), dtype=np.uint64)
    true, possible = run(made.main, wide, given)
    cols.mask_tail(true, rows)
    cols.mask_tail(possible, rows)
    return true, possible


def pairs(made: Plan, columns: Columns, bits: tuple[Bits, Bits], rows: int) -> Iterator[Pairs]:
    """Of each policy those for whom it is true or unknown, by row."""
    for number, policy in enumerate(made.policies):
        possible = cols.flags(bits[1][number], rows)
        found = np.flatnonzero(possible)
        true = cols.flags(bits[0][number], rows)[found]
        yield Pairs(policy, found, true, *amounts(policy.amount, made, columns, found))


def amounts(amount: Amount | None, made: Plan, columns: Columns, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Whole fen for these rows, and where there is one."""
    nothing = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=bool)
    if amount is None or (amount.fact and amount.fact not in columns):
        return nothing
    if not amount.fact:
        fen = kleene.amount_of(amount, {}, made.parameters)
        return nothing if fen is None else (np.full(len(rows), fen, dtype=np.int64), np.ones(len(rows), dtype=bool))
    column = columns[amount.fact]
    values, known = column.values[rows], column.known[rows] if column.known is not None else np.ones(len(rows), dtype=bool)
    if column.kind == "int" and (fitting := _whole(amount, values)) is not None:
        return np.where(known, fitting, 0), known
    return _one_by_one(amount, column.kind, values, known)


def _whole(amount: Amount, values: NDArray[Any]) -> NDArray[np.int64] | None:
    """Exact in 64 bits, or None where that is too narrow."""
    steps = amount.brackets or ((0, amount.rate),)
    common = int(np.lcm.reduce([rate[1] for _, rate in steps])) if steps else 1
    rates = [rate[0] * (common // rate[1]) for _, rate in steps]
    largest = int(np.abs(values).max(initial=0)) + max((abs(above) for above, _ in steps), default=0)
    if 2 * largest * max((abs(rate) for rate in rates), default=0) * max(1, len(rates)) + common >= ROOM:
        return None
    wide = values.astype(np.int64)
    total = wide * rates[0] if amount.kind == "rate" else np.zeros(len(values), dtype=np.int64)
    for at, (above, _) in enumerate(amount.brackets):
        upper = amount.brackets[at + 1][0] if at + 1 < len(amount.brackets) else None
        total += np.maximum((wide if upper is None else np.minimum(wide, upper)) - above, 0) * rates[at]
    return (2 * total + common) // (2 * common)


def _one_by_one(amount: Amount, kind: str, values: NDArray[Any], known: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    found = np.zeros(len(values), dtype=np.int64)
    good = known.copy()
    for at, value in enumerate(values.tolist()):
        if good[at] and kind in ("int", "float") and is_number(value):
            found[at] = kleene.half_up(kleene.scaled(amount, kleene.exact(value)))
        else:
            good[at] = False
    return found, good
