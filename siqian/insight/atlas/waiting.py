"""What is open, by area and one by one, as its reader may see it."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.permits import Actor
from siqian.spine.matters import queries as matters
from siqian.town.places import queries as places

from .rules import GROUPS, ORDER, Ask, Shade, above

# More than this are drawn by area instead of one by one; so many stand in the list beside.
MOST_POINTS, MOST_LINES = 1500, 60


@dataclass(frozen=True)
class Mark:
    """A spot on the map that stands for open matters: one with its number, or all of an area with its code."""

    lon: float
    lat: float
    count: int
    group: str
    late: int
    number: str = ""
    code: str = ""


@dataclass(frozen=True)
class Waiting:
    """shades: areas of the level with their counts; unplaced: how many lie in no area of it; lines: the first of them."""

    shades: list[Shade]
    marks: list[Mark]
    lines: list[matters.OpenPoint]
    count: int
    people: int
    late: int
    unplaced: int


def waiting(ask: Ask, *, seen_by: Actor, at: datetime) -> Waiting:
    """Open matters below a path: counted by area, and marked."""
    rows = matters.open_by_area(seen_by=seen_by, at=at, within=ask.within)
    count = sum(row.count for row in rows)
    lines = matters.open_points(seen_by=seen_by, at=at, within=ask.within, most=MOST_POINTS if count <= MOST_POINTS else MOST_LINES)
    shades = _shades(ask, rows)
    marks = _one_by_one(lines) if count <= MOST_POINTS else _by_area(rows, "grid")
    placed = sum(row.count for row in rows if above(row.path, ask.level))
    people, late = sum(row.people for row in rows), sum(row.late for row in rows)
    return Waiting(shades, marks, lines[:MOST_LINES], count, people, late, count - placed)


def _shades(ask: Ask, rows: list[matters.OpenHere]) -> list[Shade]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if path := above(row.path, ask.level):
            counts[path] += Counter({GROUPS[row.state]: row.count, "late": row.late})
    shades = []
    for spot in places.spots(ask.level).values():
        if spot.path.startswith(ask.within):
            here = counts.get(spot.path, Counter())
            every = sum(here[group] for group in ORDER)
            cells = (*(str(here[group]) for group in ORDER), str(here["late"]))
            shades.append(Shade(*spot[:4], "some" if every else "0", cells, (-here["late"], -every), here["late"]))
    return shades


def _one_by_one(lines: list[matters.OpenPoint]) -> list[Mark]:
    marks = []
    for line in lines:
        where = (line.lon, line.lat) if line.lon is not None and line.lat is not None else _spot_of(line.path)
        if where:
            marks.append(Mark(*where, 1, GROUPS[line.state], int(line.late), number=line.number))
    return marks


def _by_area(rows: list[matters.OpenHere], level: str) -> list[Mark]:
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if path := above(row.path, level):
            counts[path, GROUPS[row.state]] += Counter(all=row.count, late=row.late)
    spots = {spot.path: spot for spot in places.spots(level).values()}
    return [
        Mark(spots[path].lon, spots[path].lat, here["all"], group, here["late"], code=spots[path].code)
        for (path, group), here in sorted(counts.items())
        if path in spots
    ]


def _spot_of(path: str) -> tuple[float, float] | None:
    """Where a matter is drawn of which only the area is known; nowhere above a community."""
    for level in ("cell", "grid", "block", "community"):
        if there := above(path, level):
            spot = places.spots(level).get(there.rstrip("/").rpartition("/")[2])
            return (spot.lon, spot.lat) if spot else None
    return None
