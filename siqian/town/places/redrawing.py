"""The verbs that draw areas anew; what stood is kept as it was until that day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from siqian.kernel import epochs
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, Refusal, Thing, must

from . import faults, rules
from .events import BuildingsMoved, MapChanged
from .held import codes_of
from .index import Index
from .models import Area, Building

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


@office_verb
def redraw(*, areas: Sequence[rules.AreaRow], by: Actor, at: datetime) -> Redrawn:
    """Draw areas anew and add new ones; what stood is kept as it was until today, and buildings follow the borders.

    Areas that are not named stay as they are. BadMap with a fault anywhere, and nothing is changed.
    Records map.changed, and buildings.moved when any did.
    """
    must(by, "draw", Thing("map", area="/"))
    standing, changed, added, merged, moves, found = _over(areas)
    if found:
        raise BadMap(found)
    archive([standing[row.code] for row in changed], at)
    _redraw(changed, standing)
    ids = write_areas(added, at, standing)
    for code, cell in moves.items():
        Building.objects.filter(code=code).update(area=ids[cell])
    if changed or added:
        epochs.bump("map")
        top = next(row.code for row in merged if row.level == "district")
        record(MapChanged(f"area:{top}", len(changed) + len(added), 0, len(moves)), by=by, at=at)
        if moves:
            record(BuildingsMoved(f"area:{top}", sorted(moves)), by=by, at=at)
    return Redrawn(len(changed), len(added), len(moves))


def check_redraw(*, areas: Sequence[rules.AreaRow]) -> list[Refusal]:
    """Everything that `redraw` would say. Writes nothing."""
    return _over(areas)[-1]


def check_areas(*, areas: Sequence[rules.AreaRow]) -> tuple[int, list[Refusal]]:
    """(how many buildings would come into another building grid, what `redraw` would say beyond the drawing). Writes nothing."""
    standing = {row.code: row for row in Area.objects.filter(valid_to=None)}
    given = {row.code for row in areas}
    moves, astray = moves_of([*(as_row(row) for row in standing.values() if row.code not in given), *areas], standing)
    return len(moves), [*_kept(areas, standing), *astray]


def _over(
    areas: Sequence[rules.AreaRow],
) -> tuple[dict[str, Area], list[rules.AreaRow], list[rules.AreaRow], list[rules.AreaRow], dict[str, str], list[Refusal]]:
    """(what stands, what of it changes, what is new, the map as it would be, which buildings move, every fault) of areas drawn anew."""
    standing = {row.code: row for row in Area.objects.filter(valid_to=None)}
    changed = [row for row in areas if row.code in standing and _differs(standing[row.code], row)]
    added = [row for row in areas if row.code not in standing]
    merged = [*(as_row(row) for row in standing.values() if row.code not in {new.code for new in changed}), *changed, *added]
    moves, astray = moves_of(merged, standing)
    return standing, changed, added, merged, moves, [*_kept(areas, standing), *of_the_file(faults.of(merged, [], [])), *astray]


def _kept(areas: Sequence[rules.AreaRow], standing: dict[str, Area]) -> list[Refusal]:
    """Whoever is known keeps level and parent: posts, buildings and matters hang on its path."""
    found = []
    for row in areas:
        old = as_row(standing[row.code]) if row.code in standing else row
        if (old.level, old.parent) != (row.level, row.parent):
            found.append(Refusal("第{row}行：{code}的层级和上级不能改，另用一个编码", field="parent", row=row.row, code=row.code))
    return found


def of_the_file(found: Sequence[Refusal]) -> list[Refusal]:
    """Without the faults of what stood before: it has no row in the file, and is not the file's fault."""
    return [fault for fault in found if fault.values.get("row") != STANDING]


def as_row(area: Area) -> rules.AreaRow:
    parent = "".join(codes_of(area.path)[-2:-1])
    return rules.AreaRow(STANDING, area.code, rules.LEVELS[area.level], area.name, area.name_en, parent, area.rings)


def _differs(old: Area, new: rules.AreaRow) -> bool:
    return (old.name, old.name_en, old.rings) != (new.name, new.name_en, new.rings)


def moves_of(merged: Sequence[rules.AreaRow], standing: dict[str, Area]) -> tuple[dict[str, str], list[Refusal]]:
    """Buildings whose building grid is another now (building -> grid), and those that lie in none."""
    cells = [row for row in merged if row.level == rules.LEVELS[-1] and faults.sound(row)]
    index = Index((number, row.code, row.rings) for number, row in enumerate(cells, start=1))
    codes = {row.id: code for code, row in standing.items()}
    rows = list(Building.objects.order_by("code").values_list("code", "name", "area_id", "lon", "lat"))
    at = index.cells([row[3] for row in rows], [row[4] for row in rows]).tolist()
    moves = {row[0]: cells[cell - 1].code for row, cell in zip(rows, at, strict=True) if cell and cells[cell - 1].code != codes[row[2]]}
    lost = [row for row, cell in zip(rows, at, strict=True) if not cell]
    return moves, [Refusal("楼栋{code}（{name}）落在所有楼栋格外面，核对边界", code=row[0], name=row[1]) for row in lost]


def archive(rows: Sequence[Area], at: datetime) -> None:
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


def write_areas(rows: Sequence[rules.AreaRow], at: datetime, standing: Mapping[str, Area] = MappingProxyType({})) -> dict[str, int]:
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
