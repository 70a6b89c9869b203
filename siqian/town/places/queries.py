"""What others may know about places. Rows never leave; values do. Places are public."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from siqian.kernel import epochs

from . import index, rules
from .models import Area, Building, Site

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


def epoch() -> int:
    """The version of the map: another number after every change."""
    return epochs.current("map")


def at_point(lon: float, lat: float) -> Place | None:
    """The building grid at a point (WGS-84, degrees), or None outside the district."""
    if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
        return None
    cell = index.at_epoch(epoch(), _cells).cell(lon, lat)
    return None if cell is None else _place(Area.objects.get(id=cell), lon=lon, lat=lat)


def at_building(code: str) -> Place | None:
    row = Building.objects.select_related("area").filter(code=code).first()
    return None if row is None else _place(row.area, building=row, lon=row.lon, lat=row.lat)


def at_area(code: str) -> Place | None:
    row = Area.objects.filter(code=code, valid_to=None).first()
    return None if row is None else _place(row)


def district() -> Place | None:
    row = Area.objects.filter(level=0, valid_to=None).first()
    return None if row is None else _place(row)


def read(text: str, *, near: str = "", home: str = "") -> rules.Reading:
    """What building a text names, by the district's own register; near: a community's code, home: a building's."""
    return rules.read(text, register(epoch()), near=near, home=home)


def find(words: str, most: int = 20) -> list[BuildingLine]:
    """Buildings whose name, site, alias or code has these words; for search boxes."""
    words = words.strip()
    if not words:
        return []
    reading = read(words)
    wanted = Q(code__in=reading.buildings) | Q(code__iexact=words) | Q(name__contains=words) | Q(name_en__icontains=words)
    sites = [entry.code for entry in register(epoch()) if any(words in name or name in words for name in entry.names)]
    rows = Building.objects.filter(wanted | Q(site__code__in=sites)).select_related("area")
    exact = set(reading.buildings)
    return [_building(row) for row in sorted(rows, key=lambda row: (row.code not in exact, row.code))[:most]]


def communities() -> list[AreaLine]:
    return areas(level=2)


def areas(*, level: int | None = None, within: str = "/") -> list[AreaLine]:
    """Areas in force, below a path."""
    rows = Area.objects.filter(valid_to=None, path__startswith=within)
    if level is not None:
        rows = rows.filter(level=level)
    return [AreaLine(row.id, row.code, row.level, row.name, row.name_en, row.path, row.rings) for row in rows.order_by("code")]


def buildings(*, within: str) -> list[BuildingLine]:
    rows = Building.objects.filter(area__path__startswith=within).select_related("area")
    return [_building(row) for row in rows.order_by("code")]


def fences(paths: Sequence[str]) -> tuple[int, ...]:
    """Ids of every area at or below these paths: what the database's fence compares with."""
    wanted = Q()
    for path in paths:
        wanted |= Q(path__startswith=path)
    return tuple(Area.objects.filter(wanted).values_list("id", flat=True)) if paths else ()


def names(path: str) -> tuple[str, ...]:
    """Names of the areas along a path, from the district down."""
    return tuple(name for name, _ in both_names(path))


def both_names(path: str) -> tuple[tuple[str, str], ...]:
    """(name, English name) of the areas along a path, from the district down."""
    codes = [code for code in path.split("/") if code]
    rows = Area.objects.filter(code__in=codes, valid_to=None).values_list("code", "name", "name_en")
    found = {code: (name, name_en) for code, name, name_en in rows}
    return tuple(found[code] for code in codes if code in found)


def in_english(name: str) -> str:
    """The English name of a building or an area, by the Chinese one that a record keeps; as it is when the map has none."""
    return _english(epoch()).get(name, name)


@lru_cache(maxsize=2)
def register(epoch: int) -> tuple[rules.SiteEntry, ...]:
    """The address register of one epoch of the map."""
    buildings: dict[int, dict[str, str]] = {}
    for site, number, code in Building.objects.values_list("site_id", "number", "code"):
        buildings.setdefault(site, {})[number] = code
    rows = Site.objects.select_related("area")
    return tuple(
        rules.SiteEntry(row.code, (row.name, *row.aliases), buildings.get(row.id, {}), community_of(row.area.path)) for row in rows
    )


@lru_cache(maxsize=2)
def _english(epoch: int) -> dict[str, str]:
    return dict(Area.objects.filter(valid_to=None).values_list("name", "name_en")) | dict(Building.objects.values_list("name", "name_en"))


def community_of(path: str) -> str:
    """The community's code in an area path, empty above it."""
    codes = [code for code in path.split("/") if code]
    return codes[2] if len(codes) > 2 else ""


def _cells() -> list[tuple[int, str, list[list[list[float]]]]]:
    return list(Area.objects.filter(level=Area.Level.CELL, valid_to=None).values_list("id", "code", "rings"))


def _place(row: Area, *, building: Building | None = None, lon: float | None = None, lat: float | None = None) -> Place:
    along = both_names(row.path)
    codes = [code for code in row.path.split("/") if code]
    fence = row.id if len(codes) <= 5 else Area.objects.values_list("id", flat=True).get(code=codes[4], valid_to=None)
    words, words_en = (building.name, building.name_en) if building else (along[-1] if along else (row.name, row.name_en))
    zh, en = tuple(name for name, _ in along), tuple(name for _, name in along)
    return Place(row.id, fence, row.path, words, building.code if building else "", lon, lat, zh, words_en, en)


def _building(row: Building) -> BuildingLine:
    return BuildingLine(row.code, row.name, row.name_en, row.area_id, row.area.path, row.lon, row.lat, row.ring, row.storeys)
