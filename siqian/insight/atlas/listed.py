"""Areas one by one, for programs: who is on duty in each now, and how much is open there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.permits import Actor
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from . import manned
from .rules import above, worst

PAGE = 100
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class AreaLine:
    """An area with its duty: the step, of a block by its grids; keepers: the cards of its grid."""

    code: str
    name: str
    name_en: str
    path: str
    lon: float
    lat: float
    duty: str
    grids: dict[str, int]
    keepers: list[people.Card]
    open: int
    late: int


def areas(
    level: str, *, within: str = "/", box: Box | None = None, page: int = 1, seen_by: Actor, at: datetime
) -> tuple[int, list[AreaLine]]:
    """(how many in all, one page in order of code) of the areas of a level; box: west, south, east, north, into which they reach."""
    every = [spot for spot in places.spots(level).values() if spot.path.startswith(within) and (box is None or _meets(spot, box))]
    shown = sorted(every, key=lambda spot: spot.code)[PAGE * (page - 1) : PAGE * page]
    there = manned.sitting(within if above(within, "grid") == "" else above(within, "grid"), at)
    below: dict[str, list[str]] = defaultdict(list)
    for path, (step, _cards) in there.items():
        below[above(path, "block")].append(step)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in matters.open_by_area(seen_by=seen_by, at=at, within=within):
        both = counts[above(row.path, level)]
        both[0], both[1] = both[0] + row.count, both[1] + row.late
    return len(every), [_line(spot, level, there, below, counts.get(spot.path, [0, 0])) for spot in shown]


def _line(
    spot: places.Spot, level: str, there: dict[str, tuple[str, list[people.Card]]], below: dict[str, list[str]], counts: list[int]
) -> AreaLine:
    step, cards = there.get(above(spot.path, "grid"), ("none", []))
    steps = below.get(spot.path, []) if level == "block" else [step]
    duty, tally = worst(steps) if level == "block" else step, {one: steps.count(one) for one in dict.fromkeys(steps)}
    return AreaLine(spot.code, spot.name, spot.name_en, spot.path, spot.lon, spot.lat, duty, tally, cards, *counts)


def _meets(spot: places.Spot, box: Box) -> bool:
    west, south, east, north = box
    return spot.west <= east and spot.east >= west and spot.south <= north and spot.north >= south
