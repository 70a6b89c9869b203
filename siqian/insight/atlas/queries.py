"""What stands on the map for one question: read across, values only, each as far as its reader may see."""

from dataclasses import dataclass, field
from datetime import datetime

from siqian.kernel.permits import Actor
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from . import manned, spoken, waiting
from .listed import AreaLine, areas
from .rules import ORDER, Ask, Shade, modes_of

__all__ = ["AreaLine", "Chosen", "Found", "Layer", "areas", "chosen", "find", "layer", "reaches"]

MOST_ROWS = 500
MOST_PEOPLE, MOST_MATTERS, MOST_HOUSES = 12, 20, 4
LEGENDS = {
    "duty": ("on", "desk", "rest", "none"),
    "gaps": ("on", "desk", "none"),
    "open": (*ORDER, "late"),
    "heat": ("0", "1", "2", "3", "4", "few"),
    "load": ("0", "1", "2", "3", "4"),
}


@dataclass(frozen=True)
class Layer:
    """The answer: shades in the order of the table; what only some modes have is empty in the others."""

    ask: Ask
    shades: list[Shade]
    legend: tuple[str, ...]
    open: waiting.Waiting | None = None
    heat: spoken.Heat | None = None
    desks: list[tuple[str, str]] = field(default_factory=list)

    @property
    def rows(self) -> list[Shade]:
        """What the table lists; `left` are not listed."""
        return self.shades[:MOST_ROWS]

    @property
    def left(self) -> int:
        return max(0, len(self.shades) - MOST_ROWS)

    @property
    def counts(self) -> dict[str, int]:
        """How many areas stand at each step; of blocks, how many of their grids where that was counted."""
        found = dict.fromkeys(self.legend, 0)
        for shade in self.shades:
            for step, count in shade.tally or ((shade.step, 1),):
                found[step] = found.get(step, 0) + count
        return found


@dataclass(frozen=True)
class Chosen:
    """An area that somebody looks at: its people, and what waits there as far as they may see it."""

    spot: places.Spot
    level: str
    names: tuple[tuple[str, str], ...]
    cards: list[people.Card]
    lines: list[matters.OpenPoint]
    count: int
    reads: bool
    doors: int


@dataclass(frozen=True)
class Found:
    """Something that a search found. kind: building, area, person."""

    kind: str
    name: str
    name_en: str
    said: str
    said_en: str
    area: str
    lon: float
    lat: float


def layer(ask: Ask, *, seen_by: Actor, at: datetime) -> Layer:
    """The shades of every area of the level below the path that is asked, what needs somebody first."""
    legend = LEGENDS[ask.mode]
    if ask.mode == "load" and ask.mode in modes_of(seen_by):
        return Layer(ask, _sorted(manned.load(ask, seen_by=seen_by, at=at)), legend)
    if ask.mode == "gaps":
        return Layer(ask, _sorted(manned.gaps(ask, at=at)), legend, desks=manned.desks_missing(ask, at=at))
    if ask.mode == "open":
        found = waiting.waiting(ask, seen_by=seen_by, at=at)
        return Layer(ask, _sorted(found.shades), legend, open=found)
    if ask.mode == "heat":
        told = spoken.heat(ask, seen_by=seen_by, at=at)
        return Layer(ask, _sorted(told.shades), legend, heat=told)
    return Layer(ask, _sorted(manned.duty(ask, at=at)), LEGENDS["duty"])


def chosen(code: str, *, seen_by: Actor, at: datetime) -> Chosen | None:
    """An area by its code; None when there is none on the map."""
    found = next(((level, spot) for level in ("cell", "grid", "block", "community") if (spot := places.spots(level).get(code))), None)
    if found is None:
        return None
    level, spot = found
    cards = people.my_people(spot.path, at=at)
    if level in ("block", "community"):
        below = [card for _path, card in people.cards_within(spot.path, ("keeper",), at=at)]
        cards = [*sorted(below, key=lambda card: card.on)[:MOST_PEOPLE], *cards]
    rows = matters.open_by_area(seen_by=seen_by, at=at, within=spot.path)
    lines = matters.open_points(seen_by=seen_by, at=at, within=spot.path, most=MOST_MATTERS)
    reads = reaches(seen_by, spot.path)
    names = places.both_names(spot.path)
    return Chosen(
        spot, level, names, cards[: MOST_PEOPLE + 6], lines, sum(row.count for row in rows), reads, places.doors().get(spot.path, 0)
    )


def reaches(seen_by: Actor, path: str) -> bool:
    """Whether somebody reads matters of an area as a whole, or of a part of it."""
    if seen_by.fence.everything:
        return True
    return bool(set(places.fences([path])) & set(seen_by.fence.grids))


def find(words: str, *, at: datetime) -> list[Found]:
    """Areas, people who work here, and buildings, by name, code or address. All of it is public."""
    areas = [Found("area", spot.name, spot.name_en, *_above(spot.path), spot.code, spot.lon, spot.lat) for spot in places.named(words)]
    houses = [_house(line) for line in places.find(words, most=8)]
    workers = [one for path, card in people.people_called(words, at=at) if (one := _worker(path, card))]
    return [*workers, *houses[:1], *areas, *houses[1:MOST_HOUSES]]


def _house(line: places.BuildingLine) -> Found:
    return Found("building", line.name, line.name_en, *_above(line.path), line.path.rstrip("/").rpartition("/")[2], line.lon, line.lat)


def _worker(path: str, card: people.Card) -> Found | None:
    code = path.rstrip("/").rpartition("/")[2]
    spot = next((spot for level in ("cell", "grid", "block", "community") if (spot := places.spots(level).get(code))), None)
    return Found("person", card.name, card.name_en, card.area, card.area_en, code, spot.lon, spot.lat) if spot else None


def _above(path: str) -> tuple[str, str]:
    names = places.both_names(path)[2:-1]
    return " › ".join(name for name, _ in names), " › ".join(name for _, name in names)


def _sorted(shades: list[Shade]) -> list[Shade]:
    return sorted(shades, key=lambda shade: (shade.weight, shade.code))
