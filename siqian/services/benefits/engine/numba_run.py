"""The same program carried out by Numba: sixteen words at a time, so that every register stays in the nearest cache.

Compiled once for all policies: what changes with a policy is numbers.
"""

import numpy as np
from numba import njit, prange
from numba.cpython.unsafe.numbers import trailing_zeros
from numpy.typing import NDArray

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


def compiled(program: Program) -> tuple[NDArray[np.int64], Program]:
    """A program as the numbers that the kernel reads, for whoever asks it of one person after another."""
    return np.array(program.steps, dtype=np.int64), program


def again(made: tuple[NDArray[np.int64], Program], planes: Bits, given: Bits) -> tuple[Bits, Bits]:
    """(TRUE, POSSIBLE) for a few words at once, on this thread alone."""
    steps, program = made
    words = planes.shape[1]
    true, possible = np.zeros((program.outputs, words), dtype=np.uint64), np.zeros((program.outputs, words), dtype=np.uint64)
    held = np.empty((max(1, program.registers), LANES), dtype=np.uint64)
    for start in range(0, words, LANES):
        wide = min(LANES, words - start)
        _block(steps, _filled(planes, words), _filled(given, words, 3), true, possible, held, start, wide)
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


def extracted(true: Bits, possible: Bits) -> tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.bool_]]:
    """Every pair that is true or unknown: (rows, numbers of policies, whether true), policy by policy."""
    starts = np.zeros(true.shape[0] + 1, dtype=np.int64)
    _counted(possible, starts)
    np.cumsum(starts, out=starts)
    rows, numbers = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1], dtype=np.int16)
    sure = np.empty(starts[-1], dtype=np.bool_)
    _extract(true, possible, starts, rows, numbers, sure)
    return rows, numbers, sure


@njit(parallel=True, nogil=True, cache=True)
def _counted(possible, starts):  # type: ignore[no-untyped-def]
    for policy in prange(possible.shape[0]):
        found = 0
        for word in range(possible.shape[1]):
            bits = possible[policy, word]
            # Ones in a word, added up in halves.
            bits = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
            bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
            bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
            found += np.int64((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))  # type: ignore[assignment]
        starts[policy + 1] = found


@njit(parallel=True, nogil=True, cache=True)
def _extract(true, possible, starts, rows, numbers, sure):  # type: ignore[no-untyped-def]
    for policy in prange(possible.shape[0]):
        at = starts[policy]
        for word in range(possible.shape[1]):
            bits, held = possible[policy, word], true[policy, word]
            while bits != np.uint64(0):
                lane = trailing_zeros(bits)  # type: ignore
                rows[at] = word * 64 + lane
                numbers[at] = policy
                sure[at] = (held >> np.uint64(lane)) & np.uint64(1)
                at += 1
                bits &= bits - np.uint64(1)
