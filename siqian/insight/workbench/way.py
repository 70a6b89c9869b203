"""In which order a worker walks: what would be late otherwise first, the rest by the nearest next stop, with crossings undone. Pure.

`static/workbench/way.js` is the same rule for the telephone, which sorts by a position that never leaves it; a journey compares the two.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# 4.2 km an hour, and what a stop takes.
METRES_A_MINUTE, MINUTES_A_STOP = 70.0, 8.0


@dataclass(frozen=True)
class Stop:
    """A place to go to. due: minutes from now until the first thing there falls due; None when nothing does."""

    key: str
    lon: float
    lat: float
    due: float | None = None


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Straight-line metres between two near positions (lon, lat); on foot it is about a third more."""
    north, east = (b[1] - a[1]) * 111_320, (b[0] - a[0]) * 111_320 * math.cos(math.radians(a[1]))
    return math.hypot(north, east)


def order(start: tuple[float, float], stops: Sequence[Stop]) -> list[Stop]:
    """The walk: a stop that one would reach too late is moved to the front, by due time, until nothing is late that need not be."""
    first: list[Stop] = []
    rest = list(stops)
    while True:
        here = _at(first[-1]) if first else start
        walk = [*first, *_walked(here, rest)]
        late = _late(start, walk, {stop.key for stop in first})
        if late is None:
            return walk
        first = sorted([*first, late], key=lambda stop: (stop.due or 0.0, stop.key))
        rest = [stop for stop in rest if stop.key != late.key]


def _late(start: tuple[float, float], walk: Sequence[Stop], moved: set[str]) -> Stop | None:
    """The first stop that would be reached after its time and could come earlier."""
    here, minutes = start, 0.0
    for stop in walk:
        minutes += metres(here, _at(stop)) / METRES_A_MINUTE
        if stop.due is not None and minutes > stop.due and stop.key not in moved:
            return stop
        here, minutes = _at(stop), minutes + MINUTES_A_STOP
    return None


def _walked(here: tuple[float, float], stops: Sequence[Stop]) -> list[Stop]:
    """The nearest next, then every stretch turned round that makes the way shorter so."""
    left, walk = sorted(stops, key=lambda stop: stop.key), []
    at = here
    while left:
        following = min(left, key=lambda stop: (metres(at, _at(stop)), stop.key))
        left.remove(following)
        walk.append(following)
        at = _at(following)
    better = True
    while better:
        better = False
        for i in range(len(walk) - 1):
            for j in range(i + 1, len(walk)):
                if _saves(here, walk, i, j):
                    walk[i : j + 1] = walk[i : j + 1][::-1]
                    better = True
    return walk


def _saves(here: tuple[float, float], walk: Sequence[Stop], i: int, j: int) -> bool:
    before = _at(walk[i - 1]) if i else here
    now, turned = metres(before, _at(walk[i])), metres(before, _at(walk[j]))
    if j + 1 < len(walk):
        after = _at(walk[j + 1])
        now, turned = now + metres(_at(walk[j]), after), turned + metres(_at(walk[i]), after)
    return turned < now - 0.01


def _at(stop: Stop) -> tuple[float, float]:
    return stop.lon, stop.lat
