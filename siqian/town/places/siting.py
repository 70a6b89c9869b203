"""The verbs that bring in sites and buildings from files: what is there is changed, what is new is added."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from siqian.kernel import epochs
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, Refusal, Thing, must
from siqian.kernel.said import said

from . import queries, survey
from .events import BuildingsMoved, MapChanged
from .faults import SLIVER
from .models import Area, Building, Site
from .survey import HouseRow, SitedRow

MOST_SAID = 20
OUTSIDE = said("第{row}行：位置有一块在区外，核对坐标")
NO_AREA = said("第{row}行：写明区域编码，或给出它的点或轮廓")
NAMED = said("{site}{number}栋")
DRAWN = ("code", "name", "name_en", "area_id", "lon", "lat", "ring", "storeys", "doors")


class BadSites(BadInput):
    """Sites or buildings that cannot be taken; faults: all of them, in order."""

    def __init__(self, found: Sequence[Refusal]) -> None:
        first = "；".join(fault.why for fault in found[:MOST_SAID])
        super().__init__(Refusal("{count}处要改，一行也没有写：{first}", count=len(found), first=first))
        self.faults = tuple(found)


@dataclass(frozen=True)
class Sited:
    """What became of a list: how many are new, how many were changed; moved: buildings that lie in another building grid now."""

    added: int
    changed: int
    moved: int = 0


@office_verb
def place_sites(*, sites: Sequence[SitedRow], by: Actor, at: datetime) -> Sited:
    """Add sites, or change names, kind, area and outline of those that are there. BadSites names every fault. Records map.changed."""
    must(by, "draw", Thing("map", area="/"))
    rows, found = _sites(sites)
    if found:
        raise BadSites(found)
    ids, there = queries.area_ids(), {site.code: site for site in _of(Site, [row.code for row in rows])}
    wanted = {row.code: _site(row, ids) for row in rows}
    fresh = [Site(**values) for code, values in wanted.items() if code not in there]
    changed = [_written(there[code], values) for code, values in wanted.items() if code in there and _differs(there[code], values)]
    Site.objects.bulk_create(fresh, batch_size=500)
    Site.objects.bulk_update(changed, ["kind", "name", "name_en", "aliases", "rings", "area_id"], batch_size=200)
    _changed(len(fresh) + len(changed), 0, by, at)
    return Sited(len(fresh), len(changed))


def check_sites(*, sites: Sequence[SitedRow]) -> list[Refusal]:
    """What `place_sites` would say. Writes nothing."""
    return _sites(sites)[1]


@office_verb
def place_buildings(*, buildings: Sequence[HouseRow], by: Actor, at: datetime) -> Sited:
    """Add buildings, or change names, place, outline and storeys of those that are there; site and number stay, addresses hang on them.

    BadSites names every fault. Records map.changed, and buildings.moved when any came into another building grid.
    """
    must(by, "draw", Thing("map", area="/"))
    rows, found = _buildings(buildings)
    if found:
        raise BadSites(found)
    sites = {site.code: site for site in _of(Site, {row.site for row in rows})}
    there = {building.code: building for building in _of(Building, [row.code for row in rows])}
    ids = queries.area_ids()
    wanted = {row.code: _building(row, ids) for row in rows}
    moved = sorted(code for code, values in wanted.items() if code in there and there[code].area_id != values["area_id"])
    fresh = [Building(site_id=sites[row.site].id, number=row.number, **wanted[row.code]) for row in rows if row.code not in there]
    changed = [_written(there[code], values) for code, values in wanted.items() if code in there and _differs(there[code], values)]
    Building.objects.bulk_create(fresh, batch_size=500)
    Building.objects.bulk_update(changed, DRAWN[1:], batch_size=200)
    _changed(0, len(fresh) + len(changed), by, at)
    if moved:
        record(BuildingsMoved(_top(), moved), by=by, at=at)
    return Sited(len(fresh), len(changed), len(moved))


def check_buildings(*, buildings: Sequence[HouseRow]) -> list[Refusal]:
    """What `place_buildings` would say. Writes nothing."""
    return _buildings(buildings)[1]


def _sites(sites: Sequence[SitedRow]) -> tuple[list[SitedRow], list[Refusal]]:
    """The rows, each with its area, and every fault."""
    ids, found, rows = queries.area_ids(), survey.doubled(sites), []
    around = _Around()
    for row in sites:
        area = row.area or (_cell_at(row.point) if row.point else around.smallest(row.rings))
        if not area:
            found.append(Refusal(OUTSIDE if row.rings or row.point else NO_AREA, field="area", row=row.row))
        elif area not in ids:
            found.append(Refusal("第{row}行：没有{area}这个网格，核对编码", field="area", row=row.row, area=area))
        rows.append(replace(row, area=area))
    return rows, sorted(found, key=lambda fault: int(fault.values["row"]))


def _buildings(buildings: Sequence[HouseRow]) -> tuple[list[HouseRow], list[Refusal]]:
    """The rows, each with its building grid and its names, and every fault."""
    codes = {id_: code for code, id_ in queries.area_ids().items()}
    cells = queries.cells_at([row.lon for row in buildings], [row.lat for row in buildings]).tolist() if buildings else []
    sites = {site.code: site for site in _of(Site, {row.site for row in buildings})}
    there = {row.code: row for row in _of(Building, [row.code for row in buildings])}
    numbered = {
        (site, number): code
        for site, number, code in Building.objects.filter(site__in=[site.id for site in sites.values()]).values_list(
            "site__code", "number", "code"
        )
    }
    found, rows = survey.doubled(buildings), []
    for row, cell in zip(buildings, cells, strict=True):
        found += _faults(row, codes.get(cell, ""), sites, there.get(row.code), numbered)
        site = sites.get(row.site)
        name = row.name or (NAMED.format(site=site.name, number=row.number) if site else "")
        name_en = row.name_en or (f"{site.name_en} Building {row.number}" if site else "")
        rows.append(replace(row, area=codes.get(cell, ""), name=name[:60], name_en=name_en[:80]))
    return rows, sorted(found, key=lambda fault: int(fault.values["row"]))


def _faults(
    row: HouseRow, cell: str, sites: Mapping[str, Site], old: Building | None, numbered: dict[tuple[str, str], str]
) -> Iterable[Refusal]:
    if row.site not in sites:
        yield Refusal("第{row}行：没有场所{site}，先用 siqian import sites 导入", field="site", row=row.row, site=row.site or "—")
    elif old is not None and (old.site_id, old.number) != (sites[row.site].id, row.number):
        yield Refusal("第{row}行：{code}的场所和栋号不能改，另用一个楼栋编码", field="number", row=row.row, code=row.code)
    elif numbered.setdefault((row.site, row.number), row.code) != row.code:
        other = numbered[row.site, row.number]
        yield Refusal(
            "第{row}行：{site}的{number}栋已经是{other}", field="number", row=row.row, site=row.site, number=row.number, other=other
        )
    if not cell:
        yield Refusal("第{row}行：这个位置不在任何楼栋格里，经度在前，用WGS-84坐标", field="lon", row=row.row)
    elif row.area and row.area != cell:
        yield Refusal("第{row}行：位置在{cell}里，写的是{area}，改其中一个", field="area", row=row.row, cell=cell, area=row.area)


def _cell_at(point: tuple[float, float]) -> str:
    place = queries.at_point(*point)
    return place.path.split("/")[-2] if place else ""


class _Around:
    """Finds the smallest area that holds an outline; each area's own outline is read once."""

    def __init__(self) -> None:
        self._shapes: dict[str, Any] = {}

    def smallest(self, rings: Sequence[Any]) -> str:
        """Its code; empty where a part lies outside the district, or nothing is drawn."""
        if not rings:
            return ""
        import shapely

        own = shapely.Polygon(rings[0], rings[1:])
        inside = own.representative_point()
        place = queries.at_point(inside.x, inside.y)
        for code in reversed(place.path.split("/")[1:-1] if place else []):
            if own.difference(self._shape(code)).area <= SLIVER * own.area:
                return code
        return ""

    def _shape(self, code: str) -> Any:
        import shapely

        if code not in self._shapes:
            rings = Area.objects.filter(code=code, valid_to=None).values_list("rings", flat=True).get()
            self._shapes[code] = shapely.Polygon(rings[0], rings[1:])
        return self._shapes[code]


def _site(row: SitedRow, ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "code": row.code,
        "kind": row.kind,
        "name": row.name,
        "name_en": row.name_en,
        "aliases": list(row.aliases),
        "area_id": ids[row.area],
        "rings": row.rings,
    }


def _building(row: HouseRow, ids: Mapping[str, int]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DRAWN if name != "area_id"} | {"area_id": ids[row.area]}


def _differs(old: Site | Building, values: Mapping[str, Any]) -> bool:
    return any(getattr(old, name) != value for name, value in values.items())


def _written(old: Any, values: Mapping[str, Any]) -> Any:
    for name, value in values.items():
        setattr(old, name, value)
    return old


def _of(kind: Any, codes: Iterable[str]) -> list[Any]:
    """Rows by code, so many at a time: a statement takes only so many values."""
    wanted = sorted(codes)
    return [row for at in range(0, len(wanted), 500) for row in kind.objects.filter(code__in=wanted[at : at + 500])]


def _changed(sites: int, buildings: int, by: Actor, at: datetime) -> None:
    if sites or buildings:
        epochs.bump("map")
        record(MapChanged(_top(), 0, sites, buildings), by=by, at=at)


def _top() -> str:
    return f"area:{Area.objects.filter(level=Area.Level.DISTRICT, valid_to=None).values_list('code', flat=True).first() or ''}"
