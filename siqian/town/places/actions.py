"""The only writers of places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from siqian.kernel import epochs
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, Permit, Refusal, Thing, declare, must

from . import rules
from .events import MapChanged
from .models import Area, Building, Site

declare("map", Permit("office", "draw", "area"), Permit("administrator", "draw", "any"))


@dataclass(frozen=True)
class SiteRow:
    code: str
    kind: str
    name: str
    name_en: str
    area: str
    aliases: tuple[str, ...] = ()
    rings: list[list[list[float]]] = field(default_factory=list)


@dataclass(frozen=True)
class BuildingRow:
    code: str
    name: str
    name_en: str
    site: str
    number: str
    area: str
    lon: float
    lat: float
    ring: list[list[float]]
    storeys: int
    doors: int


@office_verb
def lay_out(*, areas: Sequence[rules.AreaRow], sites: Sequence[SiteRow], buildings: Sequence[BuildingRow], by: Actor, at: datetime) -> None:
    """Lay out a new district: all of it or, with a fault anywhere, nothing. Records map.changed."""
    must(by, "draw", Thing("map", area="/"))
    faults = rules.area_faults(areas)
    if faults:
        raise BadInput(Refusal("{count}处要改：{first}", count=len(faults), first="；".join(fault.why for fault in faults[:20])))
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
