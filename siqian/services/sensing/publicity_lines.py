"""Reads of publicity: what was ordered, how far it is in each grid. Values only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from siqian.kernel import store
from siqian.kernel.permits import Actor, NotFound, Thing, may
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from .models import Publicity, Record, Round
from .rules import publicity as rules


@dataclass(frozen=True)
class PublicityLine:
    """An order. through: of so many grids so many are through in time; missed: so many were not."""

    id: int
    title: str
    text: str
    photos: tuple[str, ...]
    path: str
    area: tuple[str, str]
    owner: tuple[str, str]
    until: date
    at: datetime
    withdrawn: datetime | None
    why: str
    through: int
    grids: int
    missed: int


@dataclass(frozen=True)
class GridLine:
    """How far one keeper is."""

    grid: tuple[str, str]
    post: tuple[str, str]
    done: int
    points: int
    ended: datetime | None
    missed: datetime | None


@dataclass(frozen=True)
class PublicityView:
    """done: houses with a record, of all points."""

    line: PublicityLine
    done: int
    points: int
    grids: tuple[GridLine, ...]
    verbs: tuple[str, ...]


def publicity_list(*, seen_by: Actor, page: int = 1, most: int = 30) -> list[PublicityLine]:
    """Orders of the actor's areas and of those that hold them, the newest first; one more than `most` when there is another page."""
    wanted = Q(pk__in=[])
    for area in (grant.area for grant in seen_by.grants if grant.role in rules.READERS and grant.area):
        codes = [code for code in area.split("/") if code]
        above = ["/" + "".join(f"{code}/" for code in codes[:count]) for count in range(1, len(codes) + 1)]
        wanted |= Q(path__startswith=area) | Q(path__in=above)
    rows = Publicity.objects.filter(wanted).order_by("-at", "-id")[(page - 1) * most : page * most + 1]
    return _lines(list(rows))


def publicity(number: int, *, seen_by: Actor) -> PublicityView:
    """One order with every grid, those that are behind first; NotFound when there is none or it is not for this actor."""
    row = Publicity.objects.filter(id=number).first()
    if row is None or not _may_read(seen_by, row.path):
        raise NotFound(rules.NO_PUBLICITY)
    (line,), grids = _lines([row]), _grids(row)
    thing = Thing("publicity", f"publicity:{row.id}", area=row.path)
    verbs = () if row.withdrawn or may(seen_by, "withdraw", thing) is not None else ("withdraw",)
    done, points = (sum(getattr(one, name) for one in grids) for name in ("done", "points"))
    return PublicityView(line, done, points, tuple(sorted(grids, key=_behind)), verbs)


def _behind(one: GridLine) -> tuple[float, list[int], str]:
    """Those with the least done first, and grids of a number by it: 2 before 13."""
    return one.done / one.points, [int(number) for number in re.findall(r"\d+", one.grid[0])], one.grid[0]


def _may_read(actor: Actor, path: str) -> bool:
    areas = [grant.area for grant in actor.grants if grant.role in rules.READERS and grant.area]
    return any(path.startswith(area) or area.startswith(path) for area in areas)


def _lines(orders: Sequence[Publicity]) -> list[PublicityLine]:
    """A fixed number of statements, and no row of a round: a whole district has thousands."""
    laid = Round.objects.filter(order__in=[row.id for row in orders]).order_by().values_list("order")
    counted = laid.annotate(grids=Count("id"), through=Count("ended"), missed=Count("missed"))
    counts = {order: (through, grids, missed) for order, grids, through, missed in counted}
    lines = []
    for row in orders:
        area = (places.both_names(row.path) or (("", ""),))[-1]
        what = (row.id, row.title, row.text, tuple(row.photos), row.path, area, people.post_line(row.post)[:2])
        lines.append(PublicityLine(*what, row.until, row.at, row.withdrawn, row.why, *counts.get(row.id, (0, 0, 0))))
    return lines


def _grids(order: Publicity) -> list[GridLine]:
    """How far it is in each grid, counted for everybody: whose house lacks it is no secret among those who put it up."""
    laid = list(Round.objects.filter(order=order).order_by("path", "id"))
    recorded: dict[int, set[str]] = {}
    with store.reading_all():
        for round_, point in Record.objects.filter(round__order=order).values_list("round_id", "point"):
            recorded.setdefault(round_ or 0, set()).add(point)
    grids = []
    for row in laid:
        done = len(recorded.get(row.id, set()) & {point["code"] for point in row.points})
        name, name_en, _path = people.post_line(row.post)
        grid = (places.both_names(row.path) or (("", ""),))[-1]
        grids.append(GridLine(grid, (name, name_en), done, len(row.points), row.ended, row.missed))
    return grids
