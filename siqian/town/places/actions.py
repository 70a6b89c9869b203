"""The only writers of places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from siqian.kernel import epochs, rows as table_rows
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, Permit, Refusal, Thing, declare, must

from . import faults, rules
from .events import MapChanged, UnitsLaid
from .labels import UnitRow, by_rule, unit_faults
from .models import Area, Building, Site, Unit
from .planning import draw_planned, plan_areas, withdraw_drawing
from .redrawing import BadMap, Redrawn, check_areas, redraw, write_areas
from .reshaping import check_reshape, reshape
from .rules import BuildingRow, SiteRow
from .siting import BadSites, Sited, check_buildings, check_sites, place_buildings, place_sites

__all__ = [
    "BadMap",
    "BadSites",
    "Redrawn",
    "Sited",
    "Units",
    "check_areas",
    "check_buildings",
    "check_reshape",
    "check_sites",
    "check_units",
    "draw_planned",
    "import_areas",
    "lay_out",
    "lay_units",
    "number_units",
    "place_buildings",
    "place_sites",
    "plan_areas",
    "redraw",
    "reshape",
    "withdraw_drawing",
]


@dataclass(frozen=True)
class Units:
    """What became of a list of units; same: those that were there already, just so."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    same: int = 0

    def __add__(self, other: "Units") -> "Units":
        return Units(self.added + other.added, self.changed + other.changed, self.ended + other.ended, self.same + other.same)


declare("map", Permit("office", "draw", "area"), Permit("administrator", "draw", "any"))


@office_verb
def lay_out(*, areas: Sequence[rules.AreaRow], sites: Sequence[SiteRow], buildings: Sequence[BuildingRow], by: Actor, at: datetime) -> None:
    """Lay out a new district: all of it or, with a fault anywhere (BadMap), nothing. Records map.changed."""
    must(by, "draw", Thing("map", area="/"))
    found = [*faults.of(areas, sites, buildings), *_taken(areas, sites, buildings)]
    if found:
        raise BadMap(found)
    ids = write_areas(areas, at)
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


def import_areas(*, areas: Sequence[rules.AreaRow], by: Actor, at: datetime) -> Redrawn:
    """Take areas: a first map whole, later what is new or drawn anew. BadMap names every fault."""
    if Area.objects.exists():
        return redraw(areas=areas, by=by, at=at)
    lay_out(areas=areas, sites=[], buildings=[], by=by, at=at)
    return Redrawn(0, len(areas), 0)


@office_verb
def lay_units(*, units: Sequence[UnitRow], by: Actor, at: datetime) -> Units:
    """Take units of buildings into the register: all of them or, with a fault anywhere (BadMap), none. Records units.laid.

    One that is there just so stays as it is; with another use or floor its version ends today and a new one begins.
    """
    must(by, "draw", Thing("map", area="/"))
    table_rows.ids(locks=tuple(f"units:{row.building}" for row in units))
    ids = dict(Building.objects.filter(code__in={row.building for row in units}).values_list("code", "id"))
    found = unit_faults(units, ids)
    if found:
        raise BadMap(found)
    there = {(row.building_id, row.label): row for row in Unit.objects.filter(building__in=ids.values(), valid_to=None)}
    fresh, anew, over, same, day = [], [], [], 0, local(at).date()
    for row in units:
        old = there.get((ids[row.building], row.label))
        if row.until is not None:
            over += [(old, row.until)] if old is not None else []
        elif old is None:
            fresh.append(row)
        elif (old.use, old.floor) != (row.use, row.floor):
            anew.append((old, row))
        else:
            same += 1
    for row in fresh:
        table_rows.put(Unit, building_id=ids[row.building], label=row.label, floor=row.floor, use=row.use, valid_from=day)
    _change_units(anew, over, day)
    done = Units(len(fresh), len(anew), len(over), same)
    if fresh or anew or over:
        table_rows.write_now()
        top = Area.objects.filter(level=Area.Level.DISTRICT, valid_to=None).values_list("code", flat=True).first() or ""
        record(UnitsLaid(f"area:{top}", len(ids), done.added, done.changed, done.ended), by=by, at=at)
    return done


def check_units(*, units: Sequence[UnitRow]) -> list[Refusal]:
    """What `lay_units` would say of this list. Writes nothing."""
    return unit_faults(units, set(Building.objects.filter(code__in={row.building for row in units}).values_list("code", flat=True)))


@office_verb
def number_units(*, buildings: Sequence[str], by: Actor, at: datetime) -> Units:
    """Give buildings that have no units yet those of the numbering rule: storeys by doors. Records units.laid."""
    have = set(Unit.objects.filter(building__code__in=buildings).values_list("building__code", flat=True).distinct())
    bare = [code for code in buildings if code not in have]
    shape = Building.objects.filter(code__in=bare).order_by("id").values_list("code", "site__kind", "storeys", "doors")
    return lay_units(units=[unit for row in shape for unit in by_rule(*row)], by=by, at=at)


def _change_units(anew: Sequence[tuple[Unit, UnitRow]], over: Sequence[tuple[Unit, date]], day: date) -> None:
    """What changes keeps its row, so that whoever lives there goes on pointing at the present; the past gets rows of its own."""
    for unit, row in anew:
        Unit.objects.filter(id=unit.id).update(valid_from=day, floor=row.floor, use=row.use)
        if unit.valid_from < day:
            past = {"floor": unit.floor, "use": unit.use, "valid_from": unit.valid_from, "valid_to": day}
            table_rows.put(Unit, building_id=unit.building_id, label=unit.label, **past)
    for unit, until in over:
        Unit.objects.filter(id=unit.id).update(valid_to=max(until, unit.valid_from))


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
