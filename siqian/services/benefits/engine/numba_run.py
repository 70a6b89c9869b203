"""The same program carried out by Numba: sixteen words at a time, so that every register stays in the nearest cache.

Compiled once for all policies: what changes with a policy is numbers.
"""

import numpy as np
from numba import njit, prange

from .columns import Bits
from .plan import AND, GE, GIVEN, NOT, ONES, OR, OUT_POSSIBLE, OUT_TRUE, XOR, Program

LANES = 16


def run(program: Program, planes: Bits, given: Bits) -> tuple[Bits, Bits]:
    """(TRUE, POSSIBLE) of every output, [output, word]."""
    words = planes.shape[1] if planes.size else given.shape[2]
    true, possible = (np.zeros((program.outputs, words), dtype=np.uint64) for _ in range(2))
    if words and program.steps:
        steps = np.array(program.steps, dtype=np.int64)
        _all(steps, max(1, program.registers), _filled(planes, words), _filled(given, words, 3), true, possible)
    return true, possible


def _filled(bits: Bits, words: int, dimensions: int = 2) -> Bits:
    """Numba wants an array even where there is nothing to read."""
    return bits if bits.size else np.zeros((1,) * (dimensions - 1) + (words,), dtype=np.uint64)


@njit(parallel=True, nogil=True, cache=True)
def _all(steps, registers, planes, given, true, possible):  # type: ignore[no-untyped-def]
    words = true.shape[1]
    threads = min(64, (words + LANES - 1) // LANES)
    for thread in prange(threads):
        held = np.empty((registers, LANES), dtype=np.uint64)
        for block in range(thread, (words + LANES - 1) // LANES, threads):
            _block(steps, planes, given, true, possible, held, block * LANES, min(LANES, words - block * LANES))


@njit(nogil=True, cache=True, inline="never")
def _block(steps, planes, given, true, possible, held, start, wide):  # type: ignore[no-untyped-def]
    full = np.uint64(0xFFFFFFFFFFFFFFFF)
    for number in range(steps.shape[0]):
        op, to, a, b, c = steps[number, 0], steps[number, 1], steps[number, 2], steps[number, 3], steps[number, 4]
        if op == GE:
            for lane in range(wide):
                held[to, lane] = full
            for bit in range(c):
                if (b >> bit) & 1:
                    for lane in range(wide):
                        held[to, lane] &= planes[a + bit, start + lane]
                else:
                    for lane in range(wide):
                        held[to, lane] |= planes[a + bit, start + lane]
        elif op == AND:
            for lane in range(LANES):
                held[to, lane] = held[a, lane] & held[b, lane]
        elif op == OR:
            for lane in range(LANES):
                held[to, lane] = held[a, lane] | held[b, lane]
        elif op == XOR:
            for lane in range(LANES):
                held[to, lane] = held[a, lane] ^ held[b, lane]
        elif op == NOT:
            for lane in range(LANES):
                held[to, lane] = ~held[a, lane]
        elif op == OUT_TRUE:
            for lane in range(wide):
                true[to, start + lane] = held[a, lane]
        elif op == OUT_POSSIBLE:
            for lane in range(wide):
                possible[to, start + lane] = held[a, lane]
        elif op == GIVEN:
            for lane in range(wide):
                held[to, lane] = given[a, b, start + lane]
        else:
            for lane in range(LANES):
                held[to, lane] = full if op == ONES else np.uint64(0)
