"""The only writers of places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from siqian.kernel import epochs, rows as table_rows
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, Permit, Refusal, Thing, declare, must

from . import faults, geojson, rules
from .events import BuildingsMoved, MapChanged, UnitsLaid
from .held import codes_of
from .index import Index
from .labels import UnitRow, by_rule, unit_faults
from .models import Area, Building, Site, Unit
from .rules import BuildingRow, SiteRow
from .siting import BadSites, Sited, check_buildings, check_sites, place_buildings, place_sites

__all__ = [
    "BadMap",
    "BadSites",
    "Redrawn",
    "Sited",
    "Units",
    "check_buildings",
    "check_sites",
    "check_units",
    "import_areas",
    "lay_out",
    "lay_units",
    "number_units",
    "place_buildings",
    "place_sites",
    "redraw",
]

MOST_SAID = 20
STANDING = 0  # in place of a row's number: an area that is there already


class BadMap(BadInput):
    """A map that cannot be taken; faults: all of them, in order."""

    def __init__(self, found: Sequence[Refusal]) -> None:
        first = "；".join(fault.why for fault in found[:MOST_SAID])
        super().__init__(Refusal("{count}处要改：{first}", count=len(found), first=first))
        self.faults = tuple(found)


@dataclass(frozen=True)
class Redrawn:
    """How many areas were drawn anew and added, and how many buildings came into another building grid by that."""

    changed: int
    added: int
    moved: int


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


@office_verb
def redraw(*, areas: Sequence[rules.AreaRow], by: Actor, at: datetime) -> Redrawn:
    """Draw areas anew and add new ones; what stood is kept as it was until today, and buildings follow the borders.

    Areas that are not named stay as they are. BadMap with a fault anywhere, and nothing is changed.
    Records map.changed, and buildings.moved when any did.
    """
    must(by, "draw", Thing("map", area="/"))
    standing = {row.code: row for row in Area.objects.filter(valid_to=None)}
    changed = [row for row in areas if row.code in standing and _differs(standing[row.code], row)]
    added = [row for row in areas if row.code not in standing]
    merged = [*(_row(row) for row in standing.values() if row.code not in {new.code for new in changed}), *changed, *added]
    moves, astray = _moves(merged, standing)
    found = [*_kept(areas, standing), *_new(faults.of(merged, [], [])), *astray]
    if found:
        raise BadMap(found)
    _archive([standing[row.code] for row in changed], at)
    _redraw(changed, standing)
    ids = _areas(added, at, standing)
    for code, cell in moves.items():
        Building.objects.filter(code=code).update(area=ids[cell])
    if changed or added:
        epochs.bump("map")
        top = next(row.code for row in merged if row.level == "district")
        record(MapChanged(f"area:{top}", len(changed) + len(added), 0, len(moves)), by=by, at=at)
        if moves:
            record(BuildingsMoved(f"area:{top}", sorted(moves)), by=by, at=at)
    return Redrawn(len(changed), len(added), len(moves))


def import_areas(*, text: str, by: Actor, at: datetime) -> Redrawn:
    """Take the areas of a GeoJSON file: a first map whole, later what is new or drawn anew. BadMap names every fault."""
    rows, unread = geojson.read(text)
    if unread:
        given = {row.code for row in rows}
        known = [_row(row) for row in Area.objects.filter(valid_to=None).exclude(code__in=given)]
        raise BadMap([*unread, *_new(rules.area_faults([*known, *rows]))])
    if Area.objects.exists():
        return redraw(areas=rows, by=by, at=at)
    lay_out(areas=rows, sites=[], buildings=[], by=by, at=at)
    return Redrawn(0, len(rows), 0)


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


def _kept(areas: Sequence[rules.AreaRow], standing: dict[str, Area]) -> list[Refusal]:
    """Whoever is known keeps level and parent: posts, buildings and matters hang on its path."""
    found = []
    for row in areas:
        old = _row(standing[row.code]) if row.code in standing else row
        if (old.level, old.parent) != (row.level, row.parent):
            found.append(Refusal("第{row}行：{code}的层级和上级不能改，另用一个编码", field="parent", row=row.row, code=row.code))
    return found


def _new(found: Sequence[Refusal]) -> list[Refusal]:
    """Without the faults of what stood before: it has no row in the file, and is not the file's fault."""
    return [fault for fault in found if fault.values.get("row") != STANDING]


def _row(area: Area) -> rules.AreaRow:
    parent = "".join(codes_of(area.path)[-2:-1])
    return rules.AreaRow(STANDING, area.code, rules.LEVELS[area.level], area.name, area.name_en, parent, area.rings)


def _differs(old: Area, new: rules.AreaRow) -> bool:
    return (old.name, old.name_en, old.rings) != (new.name, new.name_en, new.rings)


def _moves(merged: Sequence[rules.AreaRow], standing: dict[str, Area]) -> tuple[dict[str, str], list[Refusal]]:
    """Buildings whose building grid is another now (building -> grid), and those that lie in none."""
    cells = [row for row in merged if row.level == rules.LEVELS[-1] and faults.sound(row)]
    index = Index((number, row.code, row.rings) for number, row in enumerate(cells, start=1))
    codes = {row.id: code for code, row in standing.items()}
    rows = list(Building.objects.order_by("code").values_list("code", "name", "area_id", "lon", "lat"))
    at = index.cells([row[3] for row in rows], [row[4] for row in rows]).tolist()
    moves = {row[0]: cells[cell - 1].code for row, cell in zip(rows, at, strict=True) if cell and cells[cell - 1].code != codes[row[2]]}
    lost = [row for row, cell in zip(rows, at, strict=True) if not cell]
    return moves, [Refusal("楼栋{code}（{name}）落在所有楼栋格外面，核对边界", code=row[0], name=row[1]) for row in lost]


def _archive(rows: Sequence[Area], at: datetime) -> None:
    """Keep areas as they stood until today under rows of their own; whoever points at them goes on pointing at the present."""
    day = local(at).date()
    columns = ("code", "level", "name", "name_en", "path", "parent_id", "rings", "valid_from")
    old = [Area(valid_to=day, **{column: getattr(row, column) for column in columns}) for row in rows if row.valid_from < day]
    # The present begins today before the past gets its first day.
    Area.objects.filter(id__in=[row.id for row in rows]).update(valid_from=day)
    Area.objects.bulk_create(old, batch_size=500)


def _redraw(changed: Sequence[rules.AreaRow], standing: dict[str, Area]) -> None:
    rows = []
    for new in changed:
        row = standing[new.code]
        row.name, row.name_en, row.rings = new.name, new.name_en, new.rings
        rows.append(row)
    Area.objects.bulk_update(rows, ["name", "name_en", "rings"], batch_size=200)


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


def _areas(rows: Sequence[rules.AreaRow], at: datetime, standing: Mapping[str, Area] = MappingProxyType({})) -> dict[str, int]:
    """Write new areas, below each other or below those that stand; gives the ids of all by code."""
    ids = {code: area.id for code, area in standing.items()}
    paths = {"": "/"} | {code: area.path for code, area in standing.items()}
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
