"""A worker's day on one page: open matters, points of rounds and homes to look in on as stops of one walk. Read across, values only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from siqian.kernel import once
from siqian.kernel.clock import local
from siqian.kernel.permits import Actor
from siqian.services.care import queries as care
from siqian.services.sensing import queries as sensing
from siqian.spine.matters import queries as matters
from siqian.town.places import queries as places
from siqian.trades.tasks import queries as tasks

from . import way

MOST = 120


@dataclass(frozen=True)
class Errand:
    """An open matter at a stop: the clock that runs out first, the matter, whether it waits for a ruling on whose it is."""

    line: tasks.Line
    matter: matters.MatterLine
    returned: bool


@dataclass(frozen=True)
class Check:
    """A point of a round that has no record yet."""

    round: sensing.RoundLine
    point: sensing.PointLine


@dataclass(frozen=True)
class Ring:
    """An incident of sensors that is the worker's own: its clock and its number."""

    line: tasks.Line
    number: int


@dataclass(frozen=True)
class Stop:
    """A place of the walk. metres: from the stop before; rings: incidents of sensors that are the worker's own."""

    key: str
    words: str
    words_en: str
    lon: float
    lat: float
    errands: tuple[Errand, ...]
    checks: tuple[Check, ...]
    doors: tuple[care.Door, ...] = ()
    metres: int = 0
    rings: tuple[Ring, ...] = ()

    @property
    def due(self) -> datetime | None:
        owed = [errand.line.due for errand in self.errands if errand.line.group != "others"]
        return min([*owed, *(ring.line.due for ring in self.rings), *(door.due for door in self.doors)], default=None)


@dataclass(frozen=True)
class Trip:
    """start: the centre of the worker's grids, from which the walk is reckoned until the telephone says where it is.

    nowhere: matters whose house is not known yet. mine: what this account sent today, the newest first.
    """

    start: tuple[float, float] | None
    stops: tuple[Stop, ...]
    nowhere: tuple[Errand, ...]
    rounds: tuple[sensing.RoundLine, ...]
    records: tuple[sensing.RecordLine, ...]
    sent: tuple[once.Kept, ...]
    houses: tuple[places.BuildingLine, ...]


def of(*, seen_by: Actor, at: datetime) -> Trip:
    """The day of whoever keeps a grid."""
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    errands, spots = _errands(seen_by, at)
    rounds = sensing.rounds(midnight.date(), seen_by=seen_by)
    stops: dict[str, Stop] = {}
    for errand in errands:
        if errand.matter.id in spots:
            lon, lat, building = spots[errand.matter.id]
            stop = _at(stops, building, errand.line.place, "", lon, lat)
            stops[stop.key] = replace(stop, errands=(*stop.errands, errand))
    for ring, spot in _rings(seen_by, at):
        stop = _at(stops, spot.building, spot.place, "", spot.lon, spot.lat)
        stops[stop.key] = replace(stop, rings=(*stop.rings, ring))
    for round_ in rounds:
        for point in round_.points if not round_.missed else ():
            if not point.done:
                stop = _at(stops, point.building, point.words, point.words_en, point.lon, point.lat)
                stops[stop.key] = replace(stop, checks=(*stop.checks, Check(round_, point)))
    _knock(stops, seen_by, at)
    houses = [house for grant in seen_by.grants if grant.role == "keeper" for house in places.buildings(within=grant.area)]
    start = _middle(houses)
    nowhere = tuple(errand for errand in errands if errand.matter.id not in spots)
    records = tuple(sensing.own(since=midnight, seen_by=seen_by))
    sent = tuple(once.lately(since=midnight, seen_by=seen_by))
    return Trip(start, _walk(start, list(stops.values()), at), nowhere, tuple(rounds), records, sent, tuple(houses))


def _knock(stops: dict[str, Stop], seen_by: Actor, at: datetime) -> None:
    """Homes that are to be visited before long, at their houses."""
    for door in care.doors(seen_by=seen_by, at=at):
        place = places.at_building(door.building)
        if place is not None and place.lon is not None and place.lat is not None:
            stop = _at(stops, door.building, "", "", place.lon, place.lat)
            stops[stop.key] = replace(stop, doors=(*stop.doors, door))


def _errands(seen_by: Actor, at: datetime) -> tuple[list[Errand], dict[int, tuple[float, float, str]]]:
    owed = [line for line in tasks.todo(seen_by=seen_by, at=at, most=MOST) if line.about.startswith("matter:")]
    ids = [int(line.about.removeprefix("matter:")) for line in owed]
    found = matters.lines(ids, seen_by=seen_by)
    errands = [Errand(line, found[id_], found[id_].state == "returned") for line, id_ in zip(owed, ids, strict=True) if id_ in found]
    return errands, matters.spots(list(found), seen_by=seen_by)


def _rings(seen_by: Actor, at: datetime) -> list[tuple[Ring, sensing.IncidentSpot]]:
    owed = [line for line in tasks.todo(seen_by=seen_by, at=at, most=MOST) if line.about.startswith("incident:")]
    rings = [Ring(line, int(line.about.removeprefix("incident:"))) for line in owed]
    spots = sensing.incident_spots([ring.number for ring in rings]) if rings else {}
    return [(ring, spots[ring.number]) for ring in rings if ring.number in spots]


def _at(stops: dict[str, Stop], building: str, words: str, words_en: str, lon: float, lat: float) -> Stop:
    """The stop at this house or position, a new one if there is none; the register's own words for a house."""
    key = building or f"{lon:.5f},{lat:.5f}"
    if key in stops:
        return stops[key]
    place = places.at_building(building) if building else None
    if place is not None:
        words, words_en = place.words, place.words_en
    return Stop(key, words, words_en, lon, lat, (), ())


def _walk(start: tuple[float, float] | None, stops: Sequence[Stop], at: datetime) -> tuple[Stop, ...]:
    if not stops:
        return ()
    by_key, here = {stop.key: stop for stop in stops}, start or (stops[0].lon, stops[0].lat)
    walked = []
    for one in way.order(here, [way.Stop(stop.key, stop.lon, stop.lat, _minutes(stop.due, at)) for stop in stops]):
        walked.append(replace(by_key[one.key], metres=round(way.metres(here, (one.lon, one.lat)))))
        here = (one.lon, one.lat)
    return tuple(walked)


def _minutes(due: datetime | None, at: datetime) -> float | None:
    return None if due is None else (due - at).total_seconds() / 60


def _middle(houses: Sequence[places.BuildingLine]) -> tuple[float, float] | None:
    if not houses:
        return None
    return sum(house.lon for house in houses) / len(houses), sum(house.lat for house in houses) / len(houses)
