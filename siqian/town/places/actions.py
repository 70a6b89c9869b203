"""The only writers of places."""

from collections.abc import Sequence
from datetime import datetime

from siqian.kernel import epochs
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, Permit, Refusal, Thing, declare, must

from . import faults, geojson, rules
from .events import MapChanged
from .models import Area, Building, Site
from .rules import BuildingRow, SiteRow

MOST_SAID = 20


class BadMap(BadInput):
    """A map that cannot be taken; faults: all of them, in order."""

    def __init__(self, found: Sequence[Refusal]) -> None:
        first = "；".join(fault.why for fault in found[:MOST_SAID])
        super().__init__(Refusal("{count}处要改：{first}", count=len(found), first=first))
        self.faults = tuple(found)


declare("map", Permit("office", "draw", "area"), Permit("administrator", "draw", "any"))


@office_verb
def lay_out(*, areas: Sequence[rules.AreaRow], sites: Sequence[SiteRow], buildings: Sequence[BuildingRow], by: Actor, at: datetime) -> None:
    """Lay out a new district: all of it or, with a fault anywhere (BadMap), nothing. Records map.changed."""
    must(by, "draw", Thing("map", area="/"))
    found = [*faults.of(areas, sites, buildings), *_taken(areas, sites, buildings)]
    if found:
        raise BadMap(found)
    ids = _areas(areas, at)
    site_ids = _sites(sites, ids)
    Building.objects.bulk_create(
        [
            Building(
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                site_id=site_ids[row.site],
                number=row.number,
                area_id=ids[row.area],
                lon=row.lon,
                lat=row.lat,
                ring=row.ring,
                storeys=row.storeys,
                doors=row.doors,
            )
            for row in buildings
        ],
        batch_size=500,
    )
    epochs.bump("map")
    top = next(row.code for row in areas if row.level == "district")
    record(MapChanged(f"area:{top}", len(areas), len(sites), len(buildings)), by=by, at=at)


def import_areas(*, text: str, by: Actor, at: datetime) -> int:
    """Lay out the areas of a GeoJSON file, without sites and buildings; BadMap names every fault. Gives how many there are."""
    rows, unread = geojson.read(text)
    if unread:
        raise BadMap([*unread, *faults.of(rows, [], [])] if rows else unread)
    lay_out(areas=rows, sites=[], buildings=[], by=by, at=at)
    return len(rows)


def _taken(areas: Sequence[rules.AreaRow], sites: Sequence[SiteRow], buildings: Sequence[BuildingRow]) -> list[Refusal]:
    """Codes that somebody else bears already."""
    known = set(Area.objects.filter(valid_to=None).values_list("code", flat=True))
    found = [
        Refusal("第{row}行：编码{code}已经在用，换一个编码", field="code", row=row.row, code=row.code) for row in areas if row.code in known
    ]
    for kind, rows in ((Site, sites), (Building, buildings)):
        kept = set(kind.objects.values_list("code", flat=True))
        found += [Refusal("编码{code}已经在用，换一个编码", field="code", code=row.code) for row in rows if row.code in kept]
    return found


def _areas(rows: Sequence[rules.AreaRow], at: datetime) -> dict[str, int]:
    ids: dict[str, int] = {}
    paths: dict[str, str] = {"": "/"}
    day = local(at).date()
    for level, name in enumerate(rules.LEVELS):
        made = [
            Area(
                code=row.code,
                level=level,
                name=row.name,
                name_en=row.name_en,
                path=f"{paths[row.parent]}{row.code}/",
                parent_id=ids.get(row.parent),
                rings=row.rings,
                valid_from=day,
            )
            for row in rows
            if row.level == name
        ]
        for area in Area.objects.bulk_create(made, batch_size=500):
            ids[area.code], paths[area.code] = area.id, area.path
    return ids


def _sites(rows: Sequence[SiteRow], areas: dict[str, int]) -> dict[str, int]:
    made = [
        Site(
            code=row.code,
            kind=row.kind,
            name=row.name,
            name_en=row.name_en,
            aliases=list(row.aliases),
            area_id=areas[row.area],
            rings=row.rings,
        )
        for row in rows
    ]
    return {site.code: site.id for site in Site.objects.bulk_create(made, batch_size=500)}
