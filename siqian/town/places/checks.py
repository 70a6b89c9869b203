"""Every fault of areas that come in, with its place, its size and what would mend it, before anything is written. Pure.

What is checked is the map as it would be: the rows of the file over those that stand. What stood before is not the file's fault.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

from . import checks_drawn, geojson
from .drafts import LEVELS, AreaRow, area_faults
from .faults import EAST, NORTH, SOUTH, WEST, sound
from .laid import Fault, Map
from .plane import plane_of
from .reading import Layer

KINDS = ("register", "geometry", "duplicate", "nesting", "overlap", "sliver", "gap")
MAY_BE_TAKEN = ("gap", "sliver")
REPAIRS = {
    "register": said("照说的改这一行的表格"),
    "duplicate": said("改成没用过的编码，或者删去这一行"),
    "nesting": said("补上上级那一行，或者改这一行的上级编码"),
    "geometry": said("照说的重画这一块"),
}


@dataclass(frozen=True)
class Checked:
    """What a file of areas would do. areas_m2: of every row with an outline; new, redrawn: codes; same: rows that change nothing."""

    rows: list[AreaRow]
    faults: list[Fault]
    areas_m2: dict[str, float]
    new: list[str]
    redrawn: list[str]
    same: int
    features: int = 0
    shapes: dict[str, Any] = field(default_factory=dict)

    def stopped_by(self, allowed: Collection[str] = ()) -> list[Fault]:
        """The faults that keep the file out; gaps and slivers may be allowed."""
        return [fault for fault in self.faults if fault.kind not in allowed or fault.kind not in MAY_BE_TAKEN]


def checked(layer: Layer, *, level: str = "", standing: Sequence[AreaRow] = ()) -> Checked:
    """Check the areas of a layer against each other and against those that stand."""
    rows, unread = geojson.areas(layer, level)
    found = [_fault(why) for why in unread] + _multiple(layer)
    there = {row.code: row for row in standing}
    given = {row.code for row in rows}
    kept = [replace(row, row=0) for row in standing if row.code not in given]
    town, crossed = _map([*kept, *rows])
    rows = checks_drawn.with_parents(rows, town)
    parts = [town.plane.flat(fault.shape) for fault in found if fault.why.template == DOUBLE and fault.shape is not None]
    town = replace(town, rows=[*kept, *rows], unsure=(*town.unsure, *parts))
    above_known = not level or any(row.level == _above(level) for row in town.rows) or level == LEVELS[0]
    found += crossed
    found += [
        _fault(why) for why in area_faults(town.rows) if why.values.get("row") and (above_known or why.values.get("kind") != "nesting")
    ]
    if not level and sum(row.level == LEVELS[0] for row in town.rows) != 1:
        found.append(_fault(Refusal(ONE_DISTRICT, row=0, count=sum(row.level == LEVELS[0] for row in town.rows))))
    # A code that stands twice was told of; its last outline is the one that lies on the map.
    found += checks_drawn.faults(replace(town, rows=list({row.code: row for row in town.rows}.values())), standing)
    new = [row.code for row in rows if row.code not in there]
    redrawn = [row.code for row in rows if row.code in there and _differs(there[row.code], row)]
    return Checked(
        rows=rows,
        faults=sorted(_once(found), key=lambda fault: (fault.row, KINDS.index(fault.kind))),
        areas_m2={row.code: _area(town, row.code) for row in rows if row.code in town.shapes}
        | {fault.code: fault.area_m2 for fault in found if fault.why.template == DOUBLE and fault.area_m2},
        new=new,
        redrawn=redrawn,
        same=len(rows) - len(new) - len(redrawn),
        features=len(layer.numbers) + len(layer.unread),
        shapes=town.shapes,
    )


ONE_DISTRICT = said("要有一个区（district），这里有{count}个。一份地图写一个区；只有一级的，加 --level 写明哪一级")
OUTSIDE = said("第{row}行：{name}的坐标不在中国，经度在前，纬度在后，核对 --crs")
CROSSED = said("第{row}行：{name}的边界自己和自己交叉：{where}")
MENDED = said("按顺序重画；自动修会变成{parts}块，面积从{was}平方米变成{then}平方米")
DOUBLE = said("第{row}行：{code}有{parts}块，一格只能是一块")


def with_more(found: Checked, more: Sequence[Refusal]) -> Checked:
    """With what the house says beyond the drawing: rows that would change their parent, buildings that would lie in no area."""
    faults = [Fault(int(why.values.get("row", 0)), str(why.values["code"]), "nesting", why, Refusal(MORE)) for why in more]
    return replace(found, faults=sorted([*found.faults, *faults], key=lambda fault: fault.row))


MORE = said("改这一行，或者先改它挂着的楼栋和下级")


def counts(checked: Checked) -> dict[str, int]:
    """How many rows there are of each level."""
    return dict(Counter(row.level for row in checked.rows))


def _map(rows: Sequence[AreaRow]) -> tuple[Map, list[Fault]]:
    """The map, and the outlines that are none of their own."""
    import numpy as np
    import shapely

    whole = {row.code: row for row in rows if sound(row)}
    codes = list(whole)
    drawn = np.array([shapely.Polygon(row.rings[0], row.rings[1:]) for row in whole.values()], dtype=object)
    plane = plane_of(drawn)
    flat = plane.flat(drawn) if len(codes) else drawn
    west, south, east, north = shapely.bounds(drawn).T if len(codes) else np.empty((4, 0))
    away = ~((west >= WEST) & (south >= SOUTH) & (east <= EAST) & (north <= NORTH))
    crossed = ~shapely.is_valid(drawn) if len(codes) else np.empty(0, dtype=bool)
    found = [_away(whole[codes[at]]) for at in np.flatnonzero(away).tolist() if whole[codes[at]].row]
    found += [_crossed(whole[codes[at]], drawn[at], flat[at]) for at in np.flatnonzero(crossed & ~away).tolist() if whole[codes[at]].row]
    usable = {code: shape for code, shape, bad in zip(codes, flat, (crossed | away).tolist(), strict=True) if not bad}
    unsure = tuple(shapely.convex_hull(flat[at]) for at in np.flatnonzero(crossed & ~away).tolist())
    return Map(list(rows), dict(zip(codes, drawn, strict=True)), usable, plane, unsure), found


def _away(row: AreaRow) -> Fault:
    lon, lat = row.rings[0][0]
    why = Refusal(OUTSIDE, row=row.row, name=row.name or row.code)
    return Fault(row.row, row.code, "geometry", why, Refusal(said("核对坐标系，经度在前、纬度在后")), 0.0, lon, lat)


def _crossed(row: AreaRow, drawn: Any, flat: Any) -> Fault:
    import shapely
    from shapely.validation import explain_validity

    mended = shapely.make_valid(flat)
    parts = [part for part in shapely.get_parts(mended) if part.area]
    at = explain_validity(drawn).rpartition("[")[2]
    point = [float(number) for number in at.rstrip("]").split()[:2]] or list(row.rings[0][0])
    why = Refusal(CROSSED, row=row.row, name=row.name or row.code, where=f"{point[0]:.6f}，{point[1]:.6f}")
    repair = Refusal(MENDED, parts=len(parts), was=round(flat.area), then=round(mended.area))
    return Fault(row.row, row.code, "geometry", why, repair, mended.area, point[0], point[1], drawn, (row.code,))


def _multiple(layer: Layer) -> list[Fault]:
    """Areas of several parts, which are no one ring: told with how many."""
    found = []
    for number, properties, geometry in zip(layer.numbers, layer.properties, layer.geometries, strict=True):
        parts = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "MultiPolygon" else None
        if isinstance(parts, list) and len(parts) > 1:
            code = geojson.code_of(properties)
            why = Refusal(DOUBLE, row=number, code=code or "—", parts=len(parts))
            repair = Refusal(said("拆成{parts}格，各给一个编码"), parts=len(parts))
            fault = Fault(number, code, "geometry", why, repair)
            found.append(_with_ground(fault, geometry) if geometry else fault)
    return found


def _with_ground(fault: Fault, geometry: dict[str, Any]) -> Fault:
    """With the ground of its parts, where they can be drawn at all."""
    import shapely

    shape = shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")
    if shape is None or shape.is_empty or not shape.is_valid:
        return fault
    point = shape.representative_point()
    area = float(plane_of([shape]).flat(shape).area)
    return replace(fault, area_m2=area, lon=point.x, lat=point.y, shape=shape, beside=())


def _fault(why: Refusal) -> Fault:
    kind = str(why.values.get("kind", "register"))
    return Fault(int(why.values.get("row", 0)), str(why.values.get("code", "")), kind, why, Refusal(REPAIRS[kind]))


def _once(found: Sequence[Fault]) -> Iterator[Fault]:
    """Of several faults that say the same of the same row only one: a row of several parts is no polygon either."""
    several = {fault.row for fault in found if fault.why.template == DOUBLE}
    for fault in found:
        if not (fault.row in several and fault.why.template == geojson.NO_POLYGON):
            yield fault


def _area(town: Map, code: str) -> float:
    import shapely

    shape = town.flat.get(code)
    return float(shape.area if shape is not None else shapely.make_valid(town.plane.flat(town.shapes[code])).area)


def _differs(old: AreaRow, new: AreaRow) -> bool:
    return (old.name, old.name_en, old.rings) != (new.name, new.name_en, new.rings)


def _above(level: str) -> str:
    return LEVELS[LEVELS.index(level) - 1] if level in LEVELS[1:] else ""


def as_json(found: Checked, allowed: Collection[str], words: Any) -> Mapping[str, Any]:
    """What a program reads of it; words: puts a sentence into the reader's language."""
    return {
        "features": found.features,
        "counts": counts(found),
        "area_m2": {
            "total": round(sum(found.areas_m2.values()), 2),
            "by_code": {code: round(area, 2) for code, area in found.areas_m2.items()},
        },
        "faults": [
            {
                "row": fault.row,
                "code": fault.code,
                "kind": fault.kind,
                "why": words(fault.why),
                "repair": words(fault.repair),
                "area_m2": round(fault.area_m2, 2),
                "lon": None if fault.lon is None else round(fault.lon, 7),
                "lat": None if fault.lat is None else round(fault.lat, 7),
            }
            for fault in found.faults
        ],
        "changes": {"new": found.new, "redrawn": found.redrawn, "same": found.same},
        "ok": not found.stopped_by(allowed),
    }
