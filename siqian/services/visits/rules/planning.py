"""A plan by which everybody's building grid is reached within a year: whom nobody came to for longest first. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# On one visit so many building grids of one grid are walked, and nobody is sent out more often than once a day.
A_VISIT = 4


@dataclass(frozen=True)
class Stop:
    """Where somebody should go: building grids of one grid; last: when the longest forgotten of them was reached, None never."""

    grid: str
    cells: tuple[str, ...]
    last: date | None


@dataclass(frozen=True)
class Official:
    """Somebody who can be sent. taken: days on which they go somewhere already."""

    post: str
    path: str
    taken: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Proposed:
    post: str
    grid: str
    cells: tuple[str, ...]
    day: date


@dataclass(frozen=True)
class Plan:
    """visits in order of day; left: stops that found neither somebody nor a day."""

    visits: tuple[Proposed, ...]
    left: tuple[Stop, ...]


def stops(cells: Mapping[str, date | None], coming: Collection[str], *, fresh: date) -> list[Stop]:
    """What has to be walked: building grids (path -> day last reached) that were not reached since `fresh` and that nobody comes to.

    Those of one grid go together, so many at a time; whom nobody came to for longest stands first.
    """
    due = [cell for cell, last in cells.items() if cell not in coming and (last is None or last < fresh)]
    grids: dict[str, list[str]] = {}
    for cell in sorted(due, key=lambda cell: (cells[cell] or date.min, cell)):
        grids.setdefault(cell.rstrip("/").rpartition("/")[0] + "/", []).append(cell)
    found = [
        Stop(grid, tuple(part), min(cells[cell] or date.min for cell in part))
        for grid, waiting in grids.items()
        for part in (waiting[at : at + A_VISIT] for at in range(0, len(waiting), A_VISIT))
    ]
    never_first = sorted(found, key=lambda stop: (stop.last, stop.cells))
    return [Stop(stop.grid, stop.cells, None if stop.last == date.min else stop.last) for stop in never_first]


def plan(waiting: Sequence[Stop], officials: Sequence[Official], days: Sequence[date]) -> Plan:
    """Who goes where on which day. Everybody takes as many as the others do, the nearest post first among those that took as few;
    each one's visits lie evenly over the days.
    """
    given: dict[str, list[Stop]] = {official.post: [] for official in officials}
    free = {official.post: [day for day in days if day not in official.taken] for official in officials}
    left = []
    for stop in waiting:
        able = [one for one in officials if stop.grid.startswith(one.path) and len(given[one.post]) < len(free[one.post])]
        if not able:
            left.append(stop)
            continue
        taker = min(able, key=lambda one: (len(given[one.post]), -len(one.path), one.post))
        given[taker.post].append(stop)
    visits = [
        Proposed(post, stop.grid, stop.cells, free[post][at * len(free[post]) // len(own)])
        for post, own in given.items()
        for at, stop in enumerate(own)
    ]
    return Plan(tuple(sorted(visits, key=lambda visit: (visit.day, visit.post))), tuple(left))


def days(since: date, until: date, works) -> list[date]:  # type: ignore[no-untyped-def]
    """The working days from one day to another, both included; works: whether a day is one."""
    return [day for at in range((until - since).days + 1) if works(day := since + timedelta(days=at))]
