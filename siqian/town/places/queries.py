"""What others may know about places. Rows never leave; values do. Places are public."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from siqian.kernel import epochs
from siqian.kernel.permits import Refusal

from . import frames, index, labels, locating, rules
from .frames import in_wgs84 as in_wgs84
from .held import Held, HeldBuilding, HeldSite, cells, codes_of, community_of
from .mapped import Spot, area_rows, as_geojson, doors, drawn, named, spots
from .models import Area, Building, Drawing, Site, Unit
from .sheets import areas_named, sheet
from .spoken import Named as Named, Said as Said, around as around, kept as kept, said as said, settled as settled

__all__ = ["Spot", "area_rows", "areas_named", "as_geojson", "community_of", "doors", "drawn", "named", "sheet", "spots"]

# Rough box of mainland China: what lies outside was typed in the wrong order or in another frame.
WEST, SOUTH, EAST, NORTH = 73.0, 3.0, 136.0, 54.0


@dataclass(frozen=True)
class Place:
    """Where something is. `fence` is the smallest area that is known for certain, down to the grid."""

    area: int
    fence: int
    path: str
    words: str
    building: str = ""
    lon: float | None = None
    lat: float | None = None
    names: tuple[str, ...] = ()
    words_en: str = ""
    names_en: tuple[str, ...] = ()


@dataclass(frozen=True)
class AreaLine:
    """An area in force; rings are empty where they were not asked for."""

    id: int
    code: str
    level: int
    name: str
    name_en: str
    path: str
    rings: list[list[list[float]]]


@dataclass(frozen=True)
class BuildingLine:
    code: str
    name: str
    name_en: str
    area: int
    path: str
    lon: float
    lat: float
    ring: list[list[float]]
    storeys: int
    site: str


@dataclass(frozen=True)
class SiteLine:
    """An estate, village, park, school, mall or committee, and the smallest area that holds all of it."""

    code: str
    kind: str
    name: str
    name_en: str
    path: str


@dataclass(frozen=True)
class DrawingLine:
    """A map for a later day; areas: how many rows it has."""

    id: int
    day: date
    file: str
    areas: int
    state: str
    why: str


@dataclass(frozen=True)
class UnitLine:
    """A flat, shop or office that is there now. Its code is the building's and the label."""

    id: int
    building: str
    label: str
    floor: int
    use: str

    @property
    def code(self) -> str:
        return f"{self.building}-{self.label}"

    @property
    def use_words(self) -> str:
        return str(Unit.Use(self.use).label)


@dataclass(frozen=True)
class Addressed:
    """What an address says down to the unit. why: what is uncertain, empty when all that was said is in the register."""

    building: str = ""
    unit: UnitLine | None = None
    why: Refusal | None = None


def epoch() -> int:
    """The version of the map: another number after every change."""
    return epochs.current("map")


def at_point(lon: float, lat: float) -> Place | None:
    """The building grid at a point (WGS-84, degrees), or None outside the district."""
    if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
        return None
    cell = index.at_epoch(epoch(), cells).cell(lon, lat)
    return None if cell is None else _place(_held(), cell, lon=lon, lat=lat)


def cells_at(lons: Any, lats: Any) -> Any:
    """The area ids of the building grids at many points (arrays of WGS-84 degrees); 0 outside the district."""
    return index.at_epoch(epoch(), cells).cells(lons, lats)


def located(points: locating.Points, frame: frames.Frame) -> list[locating.Located]:
    """The building grid of each point; none where it lies outside of all, on a border between several, or is no point."""
    import numpy as np

    codes = {row.id: row.code for row in _held().areas.values()}
    known = np.isfinite(points.x) & np.isfinite(points.y)
    lon, lat = frames.exactly(frame, np.where(known, points.x, 0.0), np.where(known, points.y, 0.0))
    there = index.at_epoch(epoch(), cells)
    found, shared = there.cells(lon, lat).tolist(), there.shared(lon, lat)
    answers, no_number, outside = [], Refusal(locating.NO_NUMBER), Refusal(locating.OUTSIDE)
    for at, (name, number, cell) in enumerate(zip(points.names, known.tolist(), found, strict=True)):
        if not number:
            answers.append(locating.Located(name, "", no_number))
        elif not cell:
            answers.append(locating.Located(name, "", outside))
        elif at in shared:
            border = "、".join(codes[id_] for id_ in shared[at])
            answers.append(locating.Located(name, "", Refusal(locating.SHARED, codes=border)))
        else:
            answers.append(locating.Located(name, codes[cell]))
    return answers


def at_building(code: str) -> Place | None:
    held = _held()
    row = held.buildings.get(code)
    return None if row is None else _place(held, row.area, building=row, lon=row.lon, lat=row.lat)


def at_area(code: str) -> Place | None:
    held = _held()
    row = held.by_code.get(code)
    return None if row is None else _place(held, row.id)


def district() -> Place | None:
    held = _held()
    top = next((row for row in held.areas.values() if row.level == Area.Level.DISTRICT), None)
    return None if top is None else _place(held, top.id)


def read(text: str, *, near: str = "", home: str = "") -> rules.Reading:
    """What building a text names, by the district's own register; near: a community's code, home: a building's."""
    return rules.read(text, register(epoch()), near=near, home=home)


def room(building: str, number: str) -> rules.Room | Refusal | None:
    """Storey and door of a room by its number, or why the building cannot have it; None when there is no such building."""
    row = _held().buildings.get(building)
    return None if row is None else rules.room(number, row.storeys, row.doors)


def uses() -> dict[str, str]:
    """What a unit may be used for: what it is called -> its code."""
    return {str(label): value for value, label in Unit.Use.choices}


def units(building: str) -> list[UnitLine]:
    """Every unit of a building that is there now, from the ground up. Asked of the database: a million are not held."""
    return units_of([building]).get(building, [])


def units_of(codes: Collection[str]) -> dict[str, list[UnitLine]]:
    """The same for several buildings, by building; one without a register of units is missing."""
    found: dict[str, list[UnitLine]] = {}
    rows = Unit.objects.filter(building__code__in=codes, valid_to=None).order_by("floor", "label")
    for row in rows.values_list("id", "building__code", "label", "floor", "use"):
        found.setdefault(row[1], []).append(UnitLine(*row))
    return found


def unit(building: str, stair: str, room: str) -> UnitLine | Refusal | None:
    """The unit that a room number means, or why it means none; None when the building has no register of units."""
    known = {line.label: line for line in units(building)}
    if not known or not room:
        return None
    label = labels.choose(known, stair, room)
    return label if isinstance(label, Refusal) else known[label]


def addressed(text: str, *, near: str = "", home: str = "") -> Addressed:
    """Building and unit of an address. A room that is not in the register leaves the building, and says so."""
    reading = read(text, near=near, home=home)
    if len(reading.buildings) != 1:
        return Addressed(why=Refusal(reading.why))
    found = unit(reading.buildings[0], reading.unit, reading.room)
    if isinstance(found, Refusal):
        return Addressed(reading.buildings[0], why=found)
    return Addressed(reading.buildings[0], found)


def building(code: str) -> BuildingLine | None:
    """One building with its outline."""
    return next(iter(_building_lines(_held(), [code] if code in _held().buildings else [])), None)


def find(words: str, most: int = 20) -> list[BuildingLine]:
    """Buildings whose name, site, alias or code has these words; for search boxes."""
    words = words.strip()
    if not words:
        return []
    held, exact = _held(), set(read(words).buildings)
    sites = [entry for entry in held.register if any(words in name or name in words for name in entry.names)]
    found = exact | {code for entry in sites for code in entry.buildings.values()}
    low = words.lower()
    found |= {row.code for row in held.buildings.values() if words in row.name or low in row.name_en.lower() or low == row.code.lower()}
    return _building_lines(held, sorted(found, key=lambda code: (code not in exact, code))[:most])


def communities() -> list[AreaLine]:
    """Every community, without rings."""
    return areas(level=rules.LEVELS.index("community"), rings=False)


def areas(*, level: int | None = None, within: str = "/", rings: bool = True) -> list[AreaLine]:
    """Areas in force, below a path, in order of code."""
    rows = [row for row in _held().areas.values() if row.path.startswith(within) and level in (None, row.level)]
    drawn: dict[int, Any] = {}
    if rings:
        for part in _batches([row.id for row in rows]):
            drawn |= dict(Area.objects.filter(id__in=part).values_list("id", "rings"))
    return [AreaLine(*row, drawn.get(row.id, [])) for row in rows]


def area_ids() -> dict[str, int]:
    """The id of every area in force by its code."""
    return {row.code: row.id for row in _held().areas.values()}


def buildings(*, within: str) -> list[BuildingLine]:
    """Every building below a path with its outline; ask for a community at most."""
    held = _held()
    below = set(held.below(within))
    return _building_lines(held, [row.code for row in held.buildings.values() if row.area in below])


def houses_in(paths: Collection[str]) -> dict[str, int]:
    """How many buildings lie below each of these area paths; none of them above another."""
    return _held().houses_in(paths)


def drawings() -> list[DrawingLine]:
    """Every map that was planned for a day, in order of day, those that are over as well."""
    return [DrawingLine(row.id, row.day, row.file, len(row.rows), row.state, row.why) for row in Drawing.objects.order_by("day", "id")]


def site(code: str) -> rules.SiteEntry | None:
    """One line of the address register."""
    return register(epoch()).by_code.get(code)


def site_line(code: str) -> SiteLine | None:
    """A site by its code."""
    held = _held()
    return next(iter(_site_lines(held, [row.id for row in held.sites.values() if row.code == code])), None)


def site_at(building: str) -> SiteLine | None:
    """The site of a building."""
    row = _held().buildings.get(building)
    return None if row is None else _site_lines(_held(), [row.site])[0]


def buildings_of(site: str) -> list[BuildingLine]:
    """Every building of a site with its outline, in order of number."""
    entry = register(epoch()).by_code.get(site)
    numbers = sorted(entry.buildings.items(), key=lambda pair: (len(pair[0]), pair[0])) if entry else []
    return _building_lines(_held(), [code for _, code in numbers])


def sites_in(path: str) -> list[SiteLine]:
    """Sites with a building at or below an area path, in order of code."""
    held = _held()
    below = set(held.below(path))
    return _site_lines(held, {row.site for row in held.buildings.values() if row.area in below})


def sites_at(lon: float, lat: float) -> list[SiteLine]:
    """Sites whose outline covers a point; of those without an outline, the ones with a house there. In order of code."""
    held = _held()
    found = set(index.at_epoch(epoch(), _outlines).all_at(lon, lat))
    cell = index.at_epoch(epoch(), cells).cell(lon, lat)
    houses = [row for row in held.buildings.values() if row.area == cell and row.site not in found]
    lines = _building_lines(held, [row.code for row in houses])
    found |= {row.site for row, line in zip(houses, lines, strict=True) if index.Index([(1, "", [line.ring])]).cell(lon, lat)}
    return _site_lines(held, found)


def fences(paths: Sequence[str]) -> tuple[int, ...]:
    """Ids of every area at or below these paths: what the database's fence compares with."""
    held = _held()
    return tuple(dict.fromkeys(id_ for path in paths for id_ in held.below(path)))


def fences_of(paths: Collection[str]) -> dict[str, int]:
    """Path -> id of the smallest area at or above it down to the grid, of those that are on the map now."""
    held = _held()
    areas = {path: held.by_code.get(codes_of(path)[-1]) for path in paths if codes_of(path)}
    return {path: held.along(area).fence for path, area in areas.items() if area is not None and area.path == path}


def names(path: str) -> tuple[str, ...]:
    """Names of the areas along a path, from the district down."""
    return tuple(name for name, _ in both_names(path))


def both_names(path: str) -> tuple[tuple[str, str], ...]:
    """(name, English name) of the areas along a path, from the district down."""
    known = _held().by_code
    return tuple((known[code].name, known[code].name_en) for code in codes_of(path) if code in known)


def in_english(name: str) -> str:
    """The English name of a building or an area, by the Chinese one that a record keeps; as it is when the map has none."""
    return _held().english.get(name, name)


@lru_cache(maxsize=2)
def register(epoch: int) -> rules.Register:
    """The address register of one epoch of the map."""
    return _held().register


def _held() -> Held:
    return epochs.held("places", Held, of=("map",))


def _outlines() -> index.Rows:
    return (row for row in Site.objects.values_list("id", "code", "rings").iterator(500) if row[2])


def _place(held: Held, area: int, *, building: HeldBuilding | None = None, lon: float | None = None, lat: float | None = None) -> Place:
    row = held.areas[area]
    along = held.along(row)
    words, words_en = (building.name, building.name_en) if building else (row.name, row.name_en)
    code = building.code if building else ""
    return Place(row.id, along.fence, row.path, words, code, lon, lat, along.names, words_en, along.names_en)


def _building_lines(held: Held, codes: Sequence[str]) -> list[BuildingLine]:
    rings: dict[str, list[list[float]]] = {}
    for part in _batches(codes):
        rings |= dict(Building.objects.filter(code__in=part).values_list("code", "ring"))
    rows = [held.buildings[code] for code in codes if code in rings]
    return [
        BuildingLine(
            *row[:3], row.area, held.areas[row.area].path, row.lon, row.lat, rings[row.code], row.storeys, held.sites[row.site].code
        )
        for row in rows
    ]


def _site_lines(held: Held, ids: Iterable[int]) -> list[SiteLine]:
    rows: list[HeldSite] = sorted((held.sites[id_] for id_ in ids), key=lambda row: row.code)
    return [SiteLine(row.code, row.kind, row.name, row.name_en, held.areas[row.area].path) for row in rows]


def _batches(ids: Sequence[Any], most: int = 5_000) -> Iterable[Sequence[Any]]:
    """So many at a time: a statement takes only so many values."""
    return (ids[at : at + most] for at in range(0, len(ids), most))
