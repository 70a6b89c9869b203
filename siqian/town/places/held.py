"""What one epoch of the map says, held in memory: areas without their outlines, buildings, sites and the address register.

Read whole when it is first asked for; after that nothing here asks the database again. About 35 MB for 10,621 areas, 2,400
sites and 40,000 buildings (bench/places.py), shared by everything in a process.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection
from functools import cached_property
from typing import NamedTuple

from . import rules
from .index import Rows, give_back
from .models import Area, Building, Site

LAST = "\U0010ffff"


class HeldArea(NamedTuple):
    id: int
    code: str
    level: int
    name: str
    name_en: str
    path: str


class HeldSite(NamedTuple):
    id: int
    code: str
    kind: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    area: int


class HeldBuilding(NamedTuple):
    code: str
    name: str
    name_en: str
    site: int
    number: str
    area: int
    lon: float
    lat: float
    storeys: int
    doors: int


class Along(NamedTuple):
    """What is above an area and itself: names from the district down, and the smallest area that is known for certain."""

    fence: int
    names: tuple[str, ...]
    names_en: tuple[str, ...]


class Held:
    """One epoch. Every part is read when it is first needed."""

    def __init__(self) -> None:
        self._along: dict[int, Along] = {}

    @cached_property
    def areas(self) -> dict[int, HeldArea]:
        """Areas in force, by id, in order of code."""
        rows = Area.objects.filter(valid_to=None).order_by("code").values_list(*HeldArea._fields)
        return {row[0]: HeldArea(*row) for row in rows}

    @cached_property
    def by_code(self) -> dict[str, HeldArea]:
        return {area.code: area for area in self.areas.values()}

    @cached_property
    def sites(self) -> dict[int, HeldSite]:
        columns = ("id", "code", "kind", "name", "name_en", "aliases", "area_id")
        rows = Site.objects.order_by("id").values_list(*columns)
        return {row[0]: HeldSite._make([*row[:5], tuple(row[5]), row[6]]) for row in rows}

    @cached_property
    def buildings(self) -> dict[str, HeldBuilding]:
        columns = ("code", "name", "name_en", "site_id", "number", "area_id", "lon", "lat", "storeys", "doors")
        numbers: dict[str, str] = {}
        found = {
            row[0]: HeldBuilding._make([*row[:4], numbers.setdefault(row[4], row[4]), *row[5:]])
            for row in Building.objects.order_by("code").values_list(*columns).iterator(5_000)
        }
        give_back()
        return found

    @cached_property
    def register(self) -> rules.Register:
        """The district's own address register."""
        numbers: dict[int, dict[str, str]] = {}
        for building in self.buildings.values():
            numbers.setdefault(building.site, {})[building.number] = building.code
        return rules.Register(
            rules.SiteEntry(site.code, (site.name, *site.aliases), numbers.get(site.id, {}), community_of(self.areas[site.area].path))
            for site in self.sites.values()
        )

    @cached_property
    def communities(self) -> dict[str, str]:
        """Codes of the communities by name; of two of one name neither."""
        level = rules.LEVELS.index("community")
        names = [(area.name, area.code) for area in self.areas.values() if area.level == level]
        often = Counter(name for name, _ in names)
        return {name: code for name, code in names if often[name] == 1}

    @cached_property
    def english(self) -> dict[str, str]:
        """English names of areas and buildings by the Chinese ones."""
        named = {area.name: area.name_en for area in self.areas.values()}
        return named | {building.name: building.name_en for building in self.buildings.values()}

    @cached_property
    def _paths(self) -> tuple[list[str], list[int]]:
        # Areas that are no longer in force keep their rows behind the fence.
        rows = sorted(Area.objects.values_list("path", "id"))
        return [path for path, _ in rows], [id_ for _, id_ in rows]

    def houses_in(self, paths: Collection[str]) -> dict[str, int]:
        """How many buildings lie below each of these area paths; none of them above another."""
        found = dict.fromkeys(paths, 0)
        for row in self.buildings.values():
            path = self.areas[row.area].path
            while path and path not in found:
                path = path.rstrip("/").rpartition("/")[0] + "/" if path.count("/") > 2 else ""
            if path:
                found[path] += 1
        return found

    def below(self, path: str) -> list[int]:
        """Ids of every area, in force or not, at or below a path."""
        paths, ids = self._paths
        return ids[bisect_left(paths, path) : bisect_left(paths, path + LAST)]

    def holding(self, cells: Collection[int]) -> tuple[str, int]:
        """(code of the smallest area, a grid at the smallest, that holds these building grids; in how many grids they lie)."""
        deep = rules.LEVELS.index("grid") + 1
        grids = {tuple(codes_of(self.areas[cell].path)[:deep]) for cell in cells}
        shared = [codes[0] for codes in zip(*grids, strict=False) if len(set(codes)) == 1]
        return shared[-1], len(grids)

    def along(self, area: HeldArea) -> Along:
        found = self._along.get(area.id)
        if found is None:
            above = [self.by_code[code] for code in codes_of(area.path) if code in self.by_code]
            fence = above[4].id if len(above) > 5 else area.id
            found = Along(fence, tuple(one.name for one in above), tuple(one.name_en for one in above))
            self._along[area.id] = found
        return found


def cells() -> Rows:
    """Every building grid in force, with its outline."""
    return Area.objects.filter(level=Area.Level.CELL, valid_to=None).values_list("id", "code", "rings").iterator(500)


def codes_of(path: str) -> list[str]:
    """The codes along an area path, from the district down."""
    return [code for code in path.split("/") if code]


def community_of(path: str) -> str:
    """The community's code in an area path, empty above it."""
    codes = codes_of(path)
    return codes[2] if len(codes) > 2 else ""
