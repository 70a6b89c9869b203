"""A program carried out by NumPy, a stretch of words at a time: what is there without any extra."""

import numpy as np

from .columns import Bits
from .plan import AND, GE, GIVEN, NOT, ONES, OR, OUT_POSSIBLE, OUT_TRUE, XOR, Program

# So many words a stretch that the registers of a large program stay in the processor's cache.
STRETCH = 512
FULL = np.uint64(0xFFFFFFFFFFFFFFFF)


def run(program: Program, planes: Bits, given: Bits) -> tuple[Bits, Bits]:
    """(TRUE, POSSIBLE) of every output, [output, word]."""
    words = planes.shape[1] if planes.size else given.shape[2]
    true, possible = (np.zeros((program.outputs, words), dtype=np.uint64) for _ in range(2))
    registers = np.zeros((program.registers, min(STRETCH, words or 1)), dtype=np.uint64)
    for start in range(0, words, STRETCH):
        end = min(start + STRETCH, words)
        _stretch(
            program, planes[:, start:end], given[:, :, start:end], registers[:, : end - start], true[:, start:end], possible[:, start:end]
        )
    return true, possible


def _stretch(program: Program, planes: Bits, given: Bits, registers: Bits, true: Bits, possible: Bits) -> None:
    for op, to, a, b, c in program.steps:
        if op == GE:
            _at_least(planes[a : a + c], b, registers[to])
        elif op == AND:
            np.bitwise_and(registers[a], registers[b], out=registers[to])
        elif op == OR:
            np.bitwise_or(registers[a], registers[b], out=registers[to])
        elif op == XOR:
            np.bitwise_xor(registers[a], registers[b], out=registers[to])
        elif op == NOT:
            np.invert(registers[a], out=registers[to])
        elif op == OUT_TRUE:
            true[to] = registers[a]
        elif op == OUT_POSSIBLE:
            possible[to] = registers[a]
        elif op == GIVEN:
            registers[to] = given[a, b]
        else:
            registers[to] = FULL if op == ONES else 0


def _at_least(planes: Bits, rank: int, to: Bits) -> None:
    """Where the number that stands in the planes is at least the rank."""
    to[:] = FULL
    for bit, plane in enumerate(planes):
        (np.bitwise_and if (rank >> bit) & 1 else np.bitwise_or)(to, plane, out=to)
