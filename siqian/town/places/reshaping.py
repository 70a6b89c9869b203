"""The verb that changes which areas there are: some drawn anew or hung elsewhere, some added, some ended; the past stays as it was."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from siqian.kernel import epochs, store
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, Refusal, Thing, must
from siqian.kernel.said import said

from . import faults, rules
from .events import AreasMoved, BuildingsMoved, MapChanged
from .models import Area, Building, Site
from .redrawing import BadMap, Redrawn, archive, as_row, moves_of, of_the_file, write_areas

KEEPS_LEVEL = said("{code}的层级不能改，另用一个编码")
NOT_THERE = said("没有{code}这一格，或者已经并掉了，照现在的网格重新来")
NOT_EMPTY = said("{code}并掉以后，{child}没有上级，一起改它的上级")


@office_verb
def reshape(*, areas: Sequence[rules.AreaRow], ended: Mapping[str, str], by: Actor, at: datetime) -> Redrawn:
    """Draw areas anew, below other areas too, add new ones, end those of `ended` (code -> what takes it in), from today on.

    An area that ended before and is named again comes back. Whoever points at an ended area stands below what took it in. BadMap with a
    fault anywhere, and nothing is changed. Records map.changed; areas.moved and buildings.moved when any did.
    """
    must(by, "draw", Thing("map", area="/"))
    store.lock("map", "shape")
    standing = {row.code: row for row in Area.objects.filter(valid_to=None)}
    paths = {code: row.path for code, row in standing.items()}
    merged, moves, found = _as_it_would_be(areas, ended, standing)
    if found:
        raise BadMap(found)
    homes = dict(Building.objects.values_list("code", "area__path"))
    changed = [row for row in areas if row.code in standing and _is_other(standing[row.code], row)]
    archive([standing[code] for code in dict.fromkeys((*(row.code for row in changed), *ended))], at)
    back = _brought_back([row for row in areas if row.code not in standing], standing)
    _hang([row for row in areas if row.code in back], standing | back, at)
    ids = write_areas([row for row in areas if row.code not in standing and row.code not in back], at, standing | back)
    _hang(changed, standing | back, at)
    for code, cell in moves.items():
        Building.objects.filter(code=code).update(area=ids[cell])
    _end(ended, standing, at)
    epochs.bump("map")
    top = next(row.code for row in merged if row.level == rules.LEVELS[0])
    record(MapChanged(f"area:{top}", len(changed) + len(ended) + len(ids) - len(standing), 0, len(moves)), by=by, at=at)
    return _told(top, paths, homes, len(changed), by=by, at=at)


def check_reshape(*, areas: Sequence[rules.AreaRow], ended: Mapping[str, str]) -> list[Refusal]:
    """Everything that `reshape` would say. Writes nothing."""
    return _as_it_would_be(areas, ended, {row.code: row for row in Area.objects.filter(valid_to=None)})[2]


def _as_it_would_be(
    areas: Sequence[rules.AreaRow], ended: Mapping[str, str], standing: dict[str, Area]
) -> tuple[list[rules.AreaRow], dict[str, str], list[Refusal]]:
    """(the map, which buildings come into which building grid, every fault)."""
    given = {row.code for row in areas}
    merged = [*(as_row(row) for code, row in standing.items() if code not in given and code not in ended), *areas]
    known = {row.code for row in merged}
    found = [Refusal(NOT_THERE, code=code) for pair in ended.items() for code in pair if code not in standing and code not in known]
    for row in merged:
        if row.code in standing and rules.LEVELS[standing[row.code].level] != row.level:
            found.append(Refusal(KEEPS_LEVEL, code=row.code))
        elif row.parent in ended:
            found.append(Refusal(NOT_EMPTY, code=row.parent, child=row.code))
    moves, astray = moves_of(merged, standing)
    return merged, moves, [*found, *of_the_file(faults.of(merged, [], [])), *astray]


def _is_other(old: Area, new: rules.AreaRow) -> bool:
    was = as_row(old)
    return (was.name, was.name_en, was.rings, was.parent) != (new.name, new.name_en, new.rings, new.parent)


def _brought_back(rows: Sequence[rules.AreaRow], standing: Mapping[str, Area]) -> dict[str, Area]:
    """Areas that ended before, under the rows at which others point still."""
    found: dict[str, Area] = {}
    for row in rows:
        old = Area.objects.filter(code=row.code).exclude(valid_to=None).order_by("valid_from", "valid_to", "id").last()
        if old is not None:
            old.valid_to, old.parent_id = None, standing[row.parent].id
            found[row.code] = old
    return found


def _hang(rows: Sequence[rules.AreaRow], known: Mapping[str, Area], at: datetime) -> None:
    """Name, outline and place of areas as they are now, and the paths of whatever lies below."""
    wanted = {row.code: row for row in rows}
    ids = {area.code: area for area in Area.objects.filter(valid_to=None)} | dict(known)
    for row in sorted(rows, key=lambda row: rules.LEVELS.index(row.level)):
        area = ids[row.code]
        area.name, area.name_en, area.rings = row.name, row.name_en, row.rings
        area.parent_id, area.valid_from = ids[row.parent].id if row.parent else None, local(at).date()
        was, area.path = area.path, f"{ids[row.parent].path if row.parent else '/'}{row.code}/"
        area.save(update_fields=["name", "name_en", "rings", "parent", "path", "valid_from", "valid_to"])
        for below in [one for one in ids.values() if was != area.path and one.path.startswith(was) and one.code not in wanted]:
            archive([below], at)
            below.path = area.path + below.path.removeprefix(was)
            Area.objects.filter(id=below.id).update(path=below.path)


def _end(ended: Mapping[str, str], standing: Mapping[str, Area], at: datetime) -> None:
    """They end today. What still points at them stands below what took them in, so that its keepers go on seeing it."""
    day = local(at).date()
    for code, into in ended.items():
        taken = Area.objects.get(code=into, valid_to=None)
        row = standing[code]
        path = f"{taken.path}{code}/"
        Area.objects.filter(id=row.id).update(valid_from=day, valid_to=day, path=path, parent=taken)
        Site.objects.filter(area=row.id).update(area=taken)


def _told(top: str, paths: Mapping[str, str], homes: Mapping[str, str], changed: int, *, by: Actor, at: datetime) -> Redrawn:
    """What went where, by the paths before and after."""
    now = dict(Area.objects.filter(valid_to=None).values_list("code", "path"))
    moved = {path: now[code] for code, path in paths.items() if code in now and now[code] != path}
    moved |= {path: _where(code) for code, path in paths.items() if code not in now}
    houses = sorted(code for code, path in Building.objects.values_list("code", "area__path") if homes[code] != path)
    if moved:
        record(AreasMoved(f"area:{top}", moved), by=by, at=at)
    if houses:
        record(BuildingsMoved(f"area:{top}", houses), by=by, at=at)
    return Redrawn(changed, len(now.keys() - paths.keys()), len(houses))


def _where(code: str) -> str:
    """The path below which something ended lies."""
    parent = Area.objects.filter(code=code).order_by("valid_from", "valid_to", "id").values_list("parent__path", flat=True).last()
    return str(parent)
