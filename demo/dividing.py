"""Divides a set of building grids into connected parts, and a sum into whole shares. Pure but for its dice."""

import math
from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np

TRIES = 40


def shares(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Whole numbers that add up to the total, near the weights, none below the least."""
    spare = total - least * len(weights)
    exact = [spare * weight / sum(weights) for weight in weights]
    given = [math.floor(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda at: (given[at] - exact[at], at))
    for at in order[: spare - sum(given)]:
        given[at] += 1
    return [least + share for share in given]


def parts(
    cells: Sequence[int], count: int, beside: Sequence[set[int]], seeds: Any, chance: Random, *, least: int = 1, uneven: float = 0.2
) -> list[list[int]]:
    """So many connected parts of a connected set, each of at least so many; across the longer side, never quite in half."""
    if count == 1:
        return [sorted(cells)]
    few = count // 2
    for attempt in range(TRIES):
        aim = len(cells) * few / count * chance.uniform(1 - uneven, 1 + uneven)
        aim = min(max(round(aim), few * least), len(cells) - (count - few) * least)
        one, other = _halves(_along(cells, seeds, chance, attempt), aim, beside)
        if len(one) >= few * least and len(other) >= (count - few) * least:
            return [
                part
                for half, share in ((one, few), (other, count - few))
                for part in parts(sorted(half), share, beside, seeds, chance, least=least, uneven=uneven)
            ]
    raise ValueError(f"no way to divide {len(cells)} building grids into {count} parts of {least}; take another seed")


def pieces(cells: Sequence[int], beside: Sequence[set[int]]) -> list[list[int]]:
    """The connected pieces of a set, the largest first."""
    left, found = set(cells), []
    for cell in cells:
        if cell in left:
            found.append(sorted(_piece(cell, left, beside)))
            left.difference_update(found[-1])
    return sorted(found, key=lambda piece: (-len(piece), piece))


def _along(cells: Sequence[int], seeds: Any, chance: Random, attempt: int) -> list[int]:
    """The cells in order along their longer side; every failed attempt turns further away from it."""
    at = seeds[list(cells)]
    offset = at - at.mean(axis=0)
    axis = np.linalg.eigh(offset.T @ offset)[1][:, -1]
    turn = chance.uniform(-0.3, 0.3) + 0.35 * attempt
    east = axis[0] * math.cos(turn) - axis[1] * math.sin(turn)
    north = axis[0] * math.sin(turn) + axis[1] * math.cos(turn)
    return [cells[place] for place in np.argsort(offset @ np.array([east, north]), kind="stable").tolist()]


def _halves(ordered: Sequence[int], aim: int, beside: Sequence[set[int]]) -> tuple[set[int], set[int]]:
    """The first so many and the rest; whatever is cut off from its half goes over to the other, which it must touch."""
    one, other = set(ordered[:aim]), set(ordered[aim:])
    for half, opposite in ((one, other), (other, one)):
        for piece in pieces(sorted(half), beside)[1:]:
            half.difference_update(piece)
            opposite.update(piece)
    return one, other


def _piece(start: int, within: set[int], beside: Sequence[set[int]]) -> set[int]:
    found, edge = {start}, [start]
    while edge:
        for cell in beside[edge.pop()]:
            if cell in within and cell not in found:
                found.add(cell)
                edge.append(cell)
    return found
